"""Building small trees, and reading layers back."""

import io
import tarfile
from pathlib import Path
from typing import Any

from distill import compression, listing
from distill.descriptor import Descriptor
from distill.layer import layer
from distill.layer.tree import Source, Tree
from distill.listing import Kind, Record
from distill.tar import Entry


def source(
    path: str, kind: Kind = "file", data: bytes = b"", origin: str = "", package: str = "", **more: Any
) -> Source:
    """Give a source whose bytes are `data`; `more` are fields of its Entry."""
    size = len(data) if kind == "file" else 0
    entry = Entry(path, kind, **{"size": size, **more})
    return Source(entry, origin or f"source of {path}", data=data if kind == "file" else None, package=package)


def on_disk(path: str, file: Path, **more: Any) -> Source:
    """Give a source whose bytes are those of `file`."""
    return Source(Entry(path, "file", **{"size": file.stat().st_size, **more}), str(file), file=str(file))


def tree_of(*sources: Source) -> Tree:
    """Give the tree of `sources`."""
    tree = Tree()
    for each in sources:
        tree.add(each)
    return tree


def write(tree: Tree, directory: Path, **settings: Any) -> Descriptor:
    """Write a layer to `blob`, `descriptor` and `listing` in `directory`; uncompressed by default."""
    settings = {"compression": "uncompressed", "level": "fast", **settings}
    return layer.write(tree, directory / "blob", directory / "descriptor", directory / "listing", **settings)


def records(directory: Path) -> dict[str, Record]:
    """Give the listing in `directory` by path."""
    return {listing.unescape(record.path): record for record in listing.read(directory / "listing")}


def plain(directory: Path) -> bytes:
    """Give the tar of the blob in `directory`, decompressed."""
    return compression.open_decompressed(io.BytesIO((directory / "blob").read_bytes())).read()


def members(directory: Path) -> list[tarfile.TarInfo]:
    """Give the entries of the blob in `directory` as Python's tarfile reads them."""
    with tarfile.open(fileobj=io.BytesIO(plain(directory)), errors="surrogateescape") as archive:
        return archive.getmembers()
