"""Reading tars: v7, ustar, GNU and pax (POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format"). Input may be hostile.

A sparse file, a missing end of archive, and a header whose meaning depends on the reader are refused, not guessed.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from distill import paths
from distill.errors import FormatError
from distill.listing import Kind
from distill.tar.header import BLOCK, TYPES, Entry

_KINDS: dict[bytes, Kind] = {flag: kind for kind, flag in TYPES.items()} | {b"\0": "file", b"7": "file"}
_ZERO = bytes(BLOCK)
_MOST_EXTRA = 1 << 20
"""Bytes a long name or the pax records of one entry may have: 250 times the longest path of Linux."""
_OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
_DECIMAL = re.compile(r"[0-9]{1,20}")
_RECORD = re.compile(rb"([0-9]{1,7}) ")
_TIME = re.compile(r"(-?[0-9]{1,20})(\.[0-9]*)?")


def scan(file: BinaryIO, name: str = "tar") -> Iterator[tuple[Entry, int]]:
    """Read the entries of the seekable, uncompressed tar `file`, each with the offset of its data in `file`.

    Names and links are as they stand (`./usr/bin/`); `paths.normalize` tells what they mean, or that they are wrong.
    `file` is seeked before each read, so a caller may move it between two entries.

    Args:
        file: the tar, from its position 0 on.
        name: what errors call it.

    Raises:
        FormatError: no tar, a truncated one, or one with sparse files or types that no image can hold.
    """
    return _Scanner(file, name).entries()


class _Scanner:
    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file = file
        self.name = name
        self.end = file.seek(0, 2)
        self.offset = 0
        self.globals: dict[str, str] = {}

    def error(self, what: str) -> FormatError:
        return FormatError(f"{self.name} is no tar that can be read: {what} at byte {self.offset}")

    def read(self, offset: int, size: int) -> bytes:
        self.file.seek(offset)
        data = self.file.read(size)
        if len(data) != size:
            raise self.error(f"it ends after {offset + len(data)} bytes, truncated")
        return data

    def entries(self) -> Iterator[tuple[Entry, int]]:
        extra: dict[str, str] = {}
        long: dict[str, str] = {}
        while True:
            block = self.read(self.offset, BLOCK)
            if block == _ZERO:
                if extra or long:
                    raise self.error("a long name or pax header is followed by no entry")
                if self.read(self.offset + BLOCK, BLOCK) != _ZERO:
                    raise self.error("a lone block of zeros stands among the entries")
                return
            self.check(block)
            flag = block[156:157]
            if flag in b"xgLK":
                self.read_extra(block, flag, extra, long)
                continue
            entry = self.entry(block, flag, self.globals | extra if self.globals else extra, long)
            data = self.offset + BLOCK
            after = data + entry.size + -entry.size % BLOCK
            if after > self.end:
                raise self.error(f"its data ends beyond the file's {self.end} bytes, truncated")
            yield entry, data
            self.offset = after
            extra = {}
            long = {}

    def check(self, block: bytes) -> None:
        stored = self.number(block[148:156], "checksum")
        # The bytes of the checksum itself count as spaces; tars of old summed signed characters.
        rest = block[:148] + block[156:]
        total = sum(rest) + 8 * 0x20
        if stored != total and stored != total - 256 * sum(byte > 127 for byte in rest):
            raise self.error("a header has a wrong checksum")

    def read_extra(self, block: bytes, flag: bytes, extra: dict[str, str], long: dict[str, str]) -> None:
        size = self.number(block[124:136], "size")
        if not 0 <= size <= _MOST_EXTRA:
            raise self.error(f"a long name or pax header has {size} bytes")
        data = self.read(self.offset + BLOCK, size)
        if flag == b"L":
            long["path"] = paths.decode(data.split(b"\0", 1)[0])
        elif flag == b"K":
            long["linkpath"] = paths.decode(data.split(b"\0", 1)[0])
        else:
            (extra if flag == b"x" else self.globals).update(self.records(data))
        self.offset += BLOCK + size + -size % BLOCK

    def records(self, data: bytes) -> Iterator[tuple[str, str]]:
        """Read pax records: `<length> <key>=<value>` and a newline, where the length counts all of it."""
        at = 0
        while at < len(data):
            found = _RECORD.match(data, at)
            end = at + int(found[1]) if found else 0
            record = data[found.end() : end] if found else b""
            key, equals, value = record.partition(b"=")
            if end > len(data) or not record.endswith(b"\n") or not equals or not key:
                raise self.error("a pax record is of no legal form")
            yield paths.decode(key), paths.decode(value[:-1])
            at = end

    def entry(self, block: bytes, flag: bytes, pax: dict[str, str], long: dict[str, str]) -> Entry:
        if flag == b"S" or any(key.startswith("GNU.sparse.") for key in pax):
            raise self.error("sparse files are not supported: a sparse file")
        kind = _KINDS.get(flag)
        if kind is None:
            raise self.error(f"an entry of the unknown type {flag!r}")
        path = pax.get("path") or long.get("path") or self.path(block)
        link = pax.get("linkpath") or long.get("linkpath") or paths.decode(block[157:257].split(b"\0", 1)[0])
        if "\0" in path or "\0" in link:
            raise self.error("a name with a NUL")
        size = self.decimal(pax["size"], "size") if pax.get("size") else self.number(block[124:136], "size")
        if kind == "file" and path.endswith("/"):  # how v7 says directory
            if size:
                raise self.error(f"the directory {path!r} has {size} bytes of data")
            kind = "directory"
        uid, gid = (
            self.decimal(pax[key], key) if pax.get(key) else self.number(block[at : at + 8], key)
            for key, at in (("uid", 108), ("gid", 116))
        )
        mtime = self.time(pax["mtime"]) if pax.get("mtime") else self.number(block[136:148], "mtime")
        if size < 0 or not 0 <= uid < 1 << 32 or not 0 <= gid < 1 << 32 or not -(1 << 63) <= mtime < 1 << 63:
            raise self.error(f"size, owner or time out of range ({size}, {uid}:{gid}, {mtime})")
        device = None
        if kind in ("char", "block"):
            device = (self.number(block[329:337], "major"), self.number(block[337:345], "minor"))
            if min(device) < 0:
                raise self.error(f"a device {device} that is negative")
        return Entry(
            path=path,
            kind=kind,
            mode=self.number(block[100:108], "mode") & 0o7777,
            uid=uid,
            gid=gid,
            mtime=mtime,
            # Some writers give a link the size of its target; no data follows it all the same.
            size=size if kind == "file" else 0,
            link=link if kind in ("symlink", "hardlink") else "",
            device=device,
        )

    def path(self, block: bytes) -> str:
        name = block[:100].split(b"\0", 1)[0]
        # Only POSIX's ustar has a prefix; GNU keeps times there, and star ends its own shorter prefix with a mark.
        if block[257:263] == b"ustar\0":
            prefix = block[345 : 476 if block[508:512] == b"tar\0" else 500].split(b"\0", 1)[0]
            if prefix:
                name = prefix + b"/" + name
        return paths.decode(name)

    def number(self, field: bytes, what: str) -> int:
        """Read a field in octal, or in base 256 where its first bit is set."""
        if field[0] & 0x80:
            # The first bit marks base 256; the rest is a number in two's complement.
            value = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
            return value - (1 << (8 * len(field) - 1)) if field[0] & 0x40 else value
        match = _OCTAL.fullmatch(field)
        if match is None:
            raise self.error(f"the {what} is no number ({field!r})")
        return int(match[1] or b"0", 8)

    def decimal(self, value: str, what: str) -> int:
        if not _DECIMAL.fullmatch(value):
            raise self.error(f"the {what} of a pax header is no number ({value[:40]!r})")
        return int(value)

    def time(self, value: str) -> int:
        match = _TIME.fullmatch(value)
        if match is None:
            raise self.error(f"the mtime of a pax header is no number ({value[:40]!r})")
        fraction = (match[2] or "").strip(".0")
        return int(match[1]) - bool(fraction and value.startswith("-"))
