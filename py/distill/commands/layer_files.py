"""LayerFiles: files, directories and links of the build as one layer."""

import msgspec

from distill.layer import file_lines, file_sources, layer_request
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.request import Request, outputs


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    mtime: int = 0
    """Of every entry, seconds since 1970."""
    modes: dict[str, str] = msgspec.field(default_factory=dict)
    """Octal modes of single paths."""
    owners: dict[str, str] = msgspec.field(default_factory=dict)
    """`uid:gid` of single paths."""


def run(request: Request) -> None:
    """Write the layer of the request's lines to its outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, *file_lines.FORMS)
    outs = outputs(lines, *OUTPUTS)
    files = [line for line in lines if isinstance(line, file_lines.FORMS)]
    tree = file_sources.build(files, settings.mtime, settings.modes, settings.owners)
    layer_request.write(tree, outs, settings)
