"""What rules of lint see of an image."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from distill.layer import marks
from distill.listing import Record
from distill.runtime import environment
from distill.runtime.rootfs import Node, Rootfs

BIG = 4096
"""Bytes of a file whose place in the layers matters: a block of a disk, a page of memory."""


@dataclass
class Layer:
    """What one layer holds, seen on its own."""

    entries: int = 0
    size: int = 0
    """Bytes of its files."""


class Image:
    """An image: its config, what its layers hold, and what is seen of it once they lie over each other.

    Listings are read once, as a stream. What is kept is the merged view and, of files that it may hide, those that
    matter.
    """

    def __init__(self, config: Mapping[str, Any], listings: Sequence[Iterable[Record]]) -> None:
        """Read `config` (OCI image-spec 1.1, config.md, decoded) and the listing of each layer, lowest first."""
        self.config = config
        self.architecture = str(config.get("architecture") or "")
        self.execution: Mapping[str, Any] = config.get("config") or {}
        self.environment = environment.parse(self.execution.get("Env") or [])
        self.layers = [Layer() for _ in listings]
        self.big: list[tuple[int, Record]] = []
        """Files of at least `BIG` bytes with the numbers of their layers, hidden ones too."""
        self.secret: list[tuple[int, Record]] = []
        """Files with secrets, likewise: who gets the image gets each of its layers."""
        self.rootfs = Rootfs([self._watched(number, records) for number, records in enumerate(listings)])
        self.files: list[Node] = []
        """Regular files that are seen, by path; of hard links to one file the first."""
        self.visible: set[int] = set()
        """The `id` of the record of each."""
        for node in self.rootfs:
            if node.file.type == "file" and id(node.file) not in self.visible:
                self.visible.add(id(node.file))
                self.files.append(node)

    def _watched(self, number: int, records: Iterable[Record]) -> Iterator[Record]:
        layer = self.layers[number]
        for record in records:
            layer.entries += 1
            layer.size += record.size
            if record.size >= BIG and record.type == "file":
                self.big.append((number, record))
            if any(mark.startswith(marks.SECRET) for mark in record.marks):
                self.secret.append((number, record))
            yield record

    def has(self, path: str) -> bool:
        """Say whether `path` leads to something, links followed."""
        return self.rootfs.resolve(path).node is not None

    def has_bytes(self, path: str) -> bool:
        """Say whether `path` leads to a file that is not empty, links followed."""
        node = self.rootfs.resolve(path).node
        return node is not None and node.kind == "file" and node.file.size > 0

    def has_content(self, path: str) -> bool:
        """Say whether the directory that `path` leads to has anything in it."""
        return bool(self.rootfs.children(self.rootfs.resolve(path).path))
