"""LayerAlternatives: the links of update-alternatives(1), from the listings of an image's layers."""

import msgspec

from distill.layer import alternatives, layer_request
from distill.layer.layer import Source, Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings, ListingLine
from distill.request import Request, outputs
from distill.tar import Entry


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    choices: dict[str, str] = msgspec.field(default_factory=dict)
    """Name of an alternative to the absolute path that it leads to, whatever the priorities."""


def run(request: Request) -> None:
    """Write the layer to the outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, ListingLine)
    outs = outputs(lines, *OUTPUTS)
    rootfs = layer_request.below(lines)
    tree = Tree()
    for path, target in alternatives.links(rootfs, settings.choices).items():
        tree.add(Source(Entry(path=path, kind="symlink", mode=0o777, link=target), origin="the alternatives"))
    layer_request.write(tree, outs, settings)
