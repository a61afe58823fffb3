"""AssetsBundle: assets for hosting outside of an image, under names with hashes, and the manifest of these names."""

from pathlib import Path

import msgspec

from distill.assets import assets
from distill.layer import file_sources, layer_request
from distill.layer.file_lines import SourceLine
from distill.request import Request, outputs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    hash_names: bool = True


def run(request: Request) -> None:
    """Write the outs `bundle` (a directory), `manifest` (JSON) and `report` (text).

    Raises:
        DistillError: an asset that is no file or cannot be read, or two of one name.
    """
    settings = request.settings(Settings)
    lines = layer_request.read(request, SourceLine)
    outs = outputs(lines, "bundle", "manifest", "report")
    tree = file_sources.build([line for line in lines if isinstance(line, SourceLine)])
    found = assets.bundle(tree, Path(outs["bundle"]), hash_names=settings.hash_names)
    Path(outs["manifest"]).write_bytes(assets.manifest(found))
    Path(outs["report"]).write_text(assets.report(found), "utf-8")
