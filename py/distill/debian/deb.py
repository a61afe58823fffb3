"""Debian binary packages (deb(5)): the control files in memory, the data as a plain tar in an unlinked temporary file.

A .deb is an `ar` archive of `debian-binary`, `control.tar*` and `data.tar*`, in this order; members whose names
begin with `_` are left for others and skipped. What follows data.tar is not looked at, as dpkg-deb does not. Nothing is
unpacked: a layer is written from regions of the plain tar, so owners, modes, hard links and odd names stay as they are.

What a package unpacks to is bounded by what it weighs. `Installed-Size` would be no better bound: whoever makes a bomb
writes that field too, and honest packages leave it out or have it wrong.
"""

import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from msgspec.structs import replace

from distill import compression, paths, tar
from distill.debian import ar, deb822, relation, version
from distill.debian.deb822 import Paragraph
from distill.errors import DistillError, FormatError
from distill.tar import Entry

_SUFFIXES = ("", ".gz", ".bz2", ".lzma", ".xz", ".zst")
_MOST_CONTROL = 64 << 20
_LEAST_DATA, _MOST_DATA = 64 << 20, 32 << 30
_RATIO = 1000
"""How many times larger than its .deb data.tar may be. Of Debian 12 the most is 244, and the largest has 5.8 GB."""
_COPY = 1 << 20


@dataclass(frozen=True)
class Deb:
    """An opened package; its `file` is closed when the context of `open_deb` ends."""

    path: str
    control: str
    """The file `control`, verbatim."""
    fields: Paragraph
    control_files: Mapping[str, bytes]
    """All files of control.tar by name: `control`, `md5sums`, `conffiles`, maintainer scripts…"""
    entries: list[tuple[Entry, int]]
    """What data.tar holds, in its order, with the offset of each file's data in `file`. Paths and hard link targets are
    relative to the root; the root itself is left out."""
    file: BinaryIO
    """The plain data.tar, seekable."""

    @property
    def name(self) -> str:
        """The field `Package`."""
        return self.fields["Package"]

    @property
    def version(self) -> str:
        """The field `Version`."""
        return self.fields["Version"]

    @property
    def architecture(self) -> str:
        """The field `Architecture`."""
        return self.fields["Architecture"]

    @property
    def identity(self) -> str:
        """`name_version_architecture`, as a listing's `package` has it."""
        return f"{self.name}_{self.version}_{self.architecture}"

    @property
    def md5sums(self) -> bytes | None:
        """The file `md5sums`, verbatim; None where there is none."""
        return self.control_files.get("md5sums")

    def read(self, entry: Entry, offset: int) -> bytes:
        """Give the bytes of the regular file `entry` whose data stands at `offset`."""
        self.file.seek(offset)
        return self.file.read(entry.size)


@contextmanager
def open_deb(path: str | os.PathLike[str], name: str = "") -> Iterator[Deb]:
    """Open the package at `path`, reading all of it once.

    Args:
        path: where it is.
        name: what errors call it; its path by default.

    Raises:
        FormatError: the file is no sound package; the message begins with its name.
        OSError: it cannot be read.
    """
    name = name or os.fspath(path)
    with open(path, "rb") as stream, tempfile.TemporaryFile(prefix="data.tar.") as plain:
        control, data = _archives(stream, name)
        files = _control_files(stream, control, name)
        if "control" not in files:
            raise FormatError(f"{name}: control.tar has no control file, got {sorted(files)}; fetch the package again")
        text = files["control"].decode("utf-8", "surrogateescape")
        fields = _fields(text, name)
        try:
            most = min(max(_LEAST_DATA, _RATIO * data.size), _MOST_DATA)
            _unpack(stream, data, plain, most, f" of {fields['Package']} {fields['Version']}")
            entries = _entries(plain, data.name)
        except DistillError as error:
            raise FormatError(f"{name}: {error}") from None
        yield Deb(name, text, fields, files, entries, plain)


def _archives(stream: BinaryIO, name: str) -> tuple[ar.Member, ar.Member]:
    """Give the members control.tar* and data.tar* of the package in `stream`."""
    found = list(islice((member for member in ar.members(stream, name) if not member.name.startswith("_")), 3))
    names = [member.name for member in found]
    kinds = [next((k for k in ("control", "data") if n in {f"{k}.tar{s}" for s in _SUFFIXES}), n) for n in names]
    if kinds != ["debian-binary", "control", "data"]:
        raise FormatError(
            f"{name} is no package, got members {', '.join(names) or 'none'};"
            " a package has debian-binary, control.tar and data.tar, in this order"
        )
    stream.seek(found[0].offset)
    number = stream.read(min(found[0].size, 100))
    if not number.startswith(b"2.") or b"\n" not in number:
        raise FormatError(f"{name} is of a format that is not known, got {number!r}; only format 2 is")
    return found[1], found[2]


def _control_files(stream: BinaryIO, member: ar.Member, name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with io.BytesIO() as plain:
        try:
            _unpack(stream, member, plain, _MOST_CONTROL)
            for entry, offset in tar.scan(plain, member.name):
                if entry.kind == "file":
                    plain.seek(offset)
                    files[paths.normalize(entry.path)] = plain.read(entry.size)
        except DistillError as error:
            raise FormatError(f"{name}: {error}") from None
    return files


def _fields(text: str, name: str) -> Paragraph:
    """Read the control file; what else is made of it must be able to rely on its name, version and architecture."""
    fields = deb822.parse_one(text, f"{name}: control")
    for field in ("Package", "Version", "Architecture"):
        if not fields.get(field):
            raise FormatError(f"{name}: control lacks a field, got no {field}; fetch the package again")
    if not relation.NAME.fullmatch(fields["Package"]):
        raise FormatError(f"{name}: control gives no package name, got {fields['Package']!r}; see Debian Policy, 5.6.1")
    try:
        version.parse(fields["Version"])
    except FormatError as error:
        raise FormatError(f"{name}: {error}") from None
    architecture = fields["Architecture"]
    if not architecture.replace("-", "").isalnum() or not architecture.isascii():
        raise FormatError(f"{name}: control gives no architecture, got {architecture!r}; see Debian Policy, 5.6.8")
    return fields


def _unpack(stream: BinaryIO, member: ar.Member, plain: BinaryIO, most: int, whose: str = "") -> None:
    """Write the decompressed `member` to `plain`; more than `most` bytes are an error, which tells `whose` it is."""
    size = 0
    with compression.open_decompressed(io.BufferedReader(_Region(stream, member), _COPY)) as source:
        while chunk := source.read(_COPY):
            size += len(chunk)
            if size > most:
                raise FormatError(
                    f"{member.name}{whose} unpacks to more than it may, got over {most} bytes from {member.size}; "
                    "take another version of the package"
                )
            plain.write(chunk)
    plain.flush()  # regions are read by the file descriptor


def _entries(plain: BinaryIO, name: str) -> list[tuple[Entry, int]]:
    """Scan the data tar in `plain`: paths made relative, links checked."""
    entries: list[tuple[Entry, int]] = []
    kinds: dict[str, str] = {}
    for raw, offset in tar.scan(plain, name):
        if paths.is_root(raw.path):
            continue
        entry = replace(raw, path=paths.normalize(raw.path))
        if entry.kind == "hardlink":
            entry = replace(entry, link=paths.normalize(entry.link))
            if kinds.get(entry.link) not in {"file", "hardlink"}:
                raise FormatError(
                    f"{name} has a hard link that leads to no file before it, got {entry.path} to {entry.link};"
                    " take another version of the package"
                )
        before = kinds.setdefault(entry.path, entry.kind)
        if len(kinds) > len(entries):
            entries.append((entry, offset))
        elif before != "directory" or entry.kind != "directory":
            raise FormatError(f"{name} has a path twice, got {entry.path}; take another version of the package")
    return entries


class _Region(io.RawIOBase):
    """The bytes of one member of an archive, as a stream of their own."""

    def __init__(self, stream: BinaryIO, member: ar.Member) -> None:
        self._stream = stream
        self._position = member.offset
        self._end = member.offset + member.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._stream.seek(self._position)
        count = self._stream.readinto(memoryview(buffer)[: self._end - self._position])  # type: ignore[attr-defined]
        self._position += count
        return int(count)
