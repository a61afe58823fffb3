"""Layers as they are stored, read back: listings answer most questions, bytes are read from the blobs.

Each blob is decompressed once, when the first file of it is asked for.
"""

import os
import shutil
from collections.abc import Sequence
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
        self._file = file
        self.records: dict[str, Record] = {}
        self._offsets: dict[str, int] = {}
        with file.open("rb") as stream:
            for entry, offset in tar_reader.scan(stream, name):
                if not paths.is_root(entry.path):
                    self._add(entry, offset)

    def _add(self, entry: Entry, offset: int) -> None:
        path = listing.escape(paths.normalize(entry.path))
        self._offsets[path] = offset
        self.records[path] = Record(
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
        size = self._size(path)
        with self._file.open("rb") as stream:
            stream.seek(self._offsets[path])
            return stream.read(size)

    def copy(self, path: str, target: int) -> None:
        """Write the bytes of the regular file at `path` to the open file `target`."""
        left, offset = self._size(path), self._offsets[path]
        with self._file.open("rb") as stream:
            while left:  # the scan has seen that the file holds all of it
                done = os.sendfile(target, stream.fileno(), offset, left)
                offset += done
                left -= done

    def _size(self, path: str) -> int:
        record = self.records.get(path)
        if record is None or record.type != "file":
            raise FormatError(f"listing and blob of a layer differ, got no file /{path}; build the layer again")
        return record.size


class Layers:
    """Layers on disk, lowest first: listings now, blobs when they are asked for, decompressed into `scratch`."""

    def __init__(
        self, listings: Sequence[str], blobs: Sequence[str], descriptors: Sequence[str], scratch: Path
    ) -> None:
        self._records = [{record.path: record for record in listing.read(path)} for path in listings]
        self._blobs = blobs
        self._scratch = scratch
        self._tars: dict[int, Tar] = {}
        self.compressed = sum(descriptor.read(path).size for path in descriptors)
        """Bytes of the blobs."""
        self.count = len(listings)
        self.rootfs = Rootfs([records.values() for records in self._records])

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
