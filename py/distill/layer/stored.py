"""Layers as they are stored, read back: listings answer most questions, bytes are read from the blobs.

Each blob is decompressed once, when the first file of it is asked for.
"""

import mmap
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from distill import descriptor, listing, paths
from distill.decompression import open_decompressed
from distill.errors import FormatError
from distill.listing import Record
from distill.runtime.rootfs import Node, Rootfs
from distill.tar import reader as tar_reader
from distill.tar.header import Entry

_COPY = 1 << 20


class Tar:
    """The files of the uncompressed tar `file`, by path as in a listing; errors call it `name`."""

    def __init__(self, file: Path, name: str) -> None:
        self._entries: dict[str, tuple[Entry, int]] = {}
        with file.open("rb") as stream:
            for entry, offset in tar_reader.scan(stream, name):
                if not paths.is_root(entry.path):
                    self._entries[listing.escape(paths.normalize(entry.path))] = entry, offset
            # There is something to map: a tar has an end.
            self._bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)

    def records(self) -> Iterator[Record]:
        """Give all entries as a listing would."""
        for path, (entry, _) in self._entries.items():
            yield Record(
                path=path,
                type=entry.kind,
                mode=f"{entry.mode:04o}",
                uid=entry.uid,
                gid=entry.gid,
                size=entry.size,
                link=listing.escape(paths.normalize(entry.link) if entry.kind == "hardlink" else entry.link),
            )

    def read(self, path: str) -> bytes:
        """Give the bytes of the regular file at `path`."""
        start, end = self._range(path)
        return self._bytes[start:end]

    def copy(self, path: str, target: int) -> None:
        """Write the bytes of the regular file at `path` to the open file `target`."""
        start, end = self._range(path)
        with memoryview(self._bytes) as view, view[start:end] as part:
            done = 0
            while done < len(part):
                done += os.write(target, part[done:])

    def _range(self, path: str) -> tuple[int, int]:
        entry, offset = self._entries.get(path, (None, 0))
        if entry is None or entry.kind != "file":
            raise FormatError(f"listing and blob of a layer differ, got no file /{path}; build the layer again")
        return offset, offset + entry.size


class Layers:
    """Layers on disk, lowest first: listings now, blobs when they are asked for, decompressed into `scratch`."""

    def __init__(
        self, listings: Sequence[str], blobs: Sequence[str], descriptors: Sequence[str], scratch: Path
    ) -> None:
        described = [descriptor.read(path) for path in descriptors]
        # No image has a layer without entries.
        empty = {number for number, found in enumerate(described) if found.is_empty}
        kept = [number for number in range(len(listings)) if number not in empty]
        self._records = [{record.path: record for record in listing.read(listings[number])} for number in kept]
        self._blobs = [blobs[number] for number in kept]
        self._scratch = scratch
        self._tars: dict[int, Tar] = {}
        self.compressed = sum(found.size for found in described if not found.is_empty)
        """Bytes of the blobs."""
        self.count = len(kept)
        """Those that have entries."""
        self.rootfs = Rootfs([records.values() for records in self._records])

    def decompress(self) -> None:
        """Read all blobs, so that a process which is forked from this one has not to."""
        for number in range(self.count):
            self.tar(number)

    def place(self, node: Node) -> tuple[int, str]:
        """Give the layer, and the path there, that hold the bytes of the file `node`."""
        path = node.file.path
        for number in range(node.layer, -1, -1):  # a hard link may lead to a layer below its own
            if self._records[number].get(path) is node.file:
                return number, path
        raise FormatError(f"/{path} is in no layer, but a hard link leads to it; build the layer again")

    def tar(self, number: int) -> Tar:
        """Give the files of layer `number`, 0 the lowest."""
        if number not in self._tars:
            file = self._scratch / f"layer{number}.tar"
            with open(self._blobs[number], "rb") as blob, open_decompressed(blob) as stream, file.open("wb") as target:
                shutil.copyfileobj(stream, target, _COPY)
            self._tars[number] = Tar(file, f"layer {number}")
        return self._tars[number]

    def read(self, node: Node) -> bytes:
        """Give the bytes of the file `node`."""
        number, path = self.place(node)
        return self.tar(number).read(path)

    def copy(self, node: Node, target: int) -> None:
        """Write the bytes of the file `node` to the open file `target`."""
        number, path = self.place(node)
        self.tar(number).copy(path, target)
