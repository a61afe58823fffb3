"""LayerLdSoCache: /etc/ld.so.cache of an image, from the listings of its layers."""

from distill import listing, paths
from distill.elf import ld_so_cache
from distill.layer import layer_request, shared_libraries
from distill.layer.layer import Source, Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings, ListingLine
from distill.request import Request, outputs
from distill.tar import Entry

CACHE = "etc/ld.so.cache"


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    directories: tuple[str, ...] = ()
    """Absolute, searched before the usual ones."""


def run(request: Request) -> None:
    """Write the layer to the outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, ListingLine)
    outs = outputs(lines, *OUTPUTS)
    rootfs = layer_request.below(lines)
    found = shared_libraries.find(rootfs, settings.directories)
    data = ld_so_cache.encode(found.libraries, found.generator, big_endian=found.big_endian)
    tree = Tree()
    tree.add(Source(Entry(path=CACHE, kind="file", mode=0o644, size=len(data)), origin="the cache", data=data))
    for path, target in found.links.items():
        entry = Entry(path=paths.normalize(listing.unescape(path)), kind="symlink", mode=0o777, link=target)
        tree.add(Source(entry, origin="the cache"))
    layer_request.write(tree, outs, settings)
