"""The one pass that makes a layer: each byte is read once, hashed and compressed as it goes."""

from collections.abc import Mapping
from pathlib import Path

from distill.compression import Compression, Level
from distill.descriptor import Descriptor
from distill.tree import Source, Tree

__all__ = ["Source", "Tree", "write"]


def write(
    tree: Tree,
    blob: str | Path,
    descriptor: str | Path,
    listing: str | Path,
    *,
    compression: Compression,
    level: Level,
    threads: int | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Descriptor:
    """Write the layer of `tree`: the compressed tar to `blob`, its descriptor and its listing.

    The three files appear together, whole, or not at all. What they hold depends on the tree, `compression`, `level`
    and `annotations` alone. Memory is bounded, whatever the layer's size.

    Args:
        tree: what is in the layer.
        blob: path of the blob.
        descriptor: path of the descriptor.
        listing: path of the listing.
        compression: how the blob is compressed.
        level: how hard.
        threads: how many threads compress; None is one for each core that the process may use.
        annotations: for the descriptor.

    Raises:
        InputError: a file that is missing, cannot be read, or changes while it is read.
    """
    raise NotImplementedError
