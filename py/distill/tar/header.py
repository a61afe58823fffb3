"""Tar entries as they go into a layer: GNU format, which every engine reads and which has room for any name and size.

Numeric owners only, no times but mtime: what is written is a function of the entry.
"""

import functools

import msgspec

from distill import paths
from distill.listing import Kind

BLOCK = 512
END = bytes(2 * BLOCK)
"""The end of an archive."""

TYPES: dict[Kind, bytes] = {
    "file": b"0",
    "hardlink": b"1",
    "symlink": b"2",
    "char": b"3",
    "block": b"4",
    "directory": b"5",
    "fifo": b"6",
}
"""The type flag of each kind of entry (POSIX.1-2017, pax, ustar interchange format)."""

_ZEROS = [bytes(size) for size in range(BLOCK)]
_MAGIC = b"ustar  \0"
_LONG = 100


class Entry(msgspec.Struct, frozen=True):
    """One entry of a tar."""

    path: str
    """In a layer as `paths` says; from `scan` as the tar has it, decoded with surrogateescape."""
    kind: Kind
    mode: int = 0o644
    """All 12 bits."""
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    """Seconds since 1970."""
    size: int = 0
    """Bytes of a regular file, 0 for all else."""
    link: str = ""
    """The target of a symlink as it stands, of a hard link the path of an entry."""
    device: tuple[int, int] | None = None
    """Major and minor of a device."""


def padding(size: int) -> bytes:
    """Give the zeros that fill data of `size` bytes to whole blocks."""
    return _ZEROS[-size % BLOCK]


def header(entry: Entry) -> bytes:
    """Give the header of `entry`, with the `L` and `K` headers of a long name and link before it: whole blocks.

    The data of a file, then its `padding`, has to follow. A directory's name gets the slash that old readers look for.
    """
    name = paths.encode(entry.path + "/" if entry.kind == "directory" else entry.path)
    link = paths.encode(entry.link)
    long = b""
    if len(link) > _LONG:
        long += _long(b"K", link)
    if len(name) > _LONG:
        long += _long(b"L", name)
    return long + _block(name, TYPES[entry.kind], link, entry)


def _long(flag: bytes, name: bytes) -> bytes:
    data = name + b"\0"
    return _block(b"././@LongLink", flag, b"", Entry("", "file", 0o644, size=len(data))) + data + padding(len(data))


def _block(name: bytes, flag: bytes, link: bytes, entry: Entry) -> bytes:
    start = b"%b%b%b%b%b%b" % (
        name[:_LONG].ljust(_LONG, b"\0"),
        b"%07o\0" % entry.mode,
        _number(entry.uid, 8),
        _number(entry.gid, 8),
        _number(entry.size, 12),
        _number(entry.mtime, 12),
    )
    end = b"%b%b%b" % (flag, link[:_LONG].ljust(_LONG, b"\0") if link else _ZEROS[_LONG], _MAGIC)
    if entry.device is not None:
        end += _ZEROS[64] + _number(entry.device[0], 8) + _number(entry.device[1], 8)
    # The checksum is the sum of the header's bytes with eight spaces in its own place.
    checksum = sum(start) + sum(end) + 8 * 0x20
    return (b"%b%06o\0 %b" % (start, checksum, end)).ljust(BLOCK, b"\0")


@functools.lru_cache(maxsize=1024)
def _number(value: int, width: int) -> bytes:
    """Write a number in octal, or where it does not fit in base 256, as GNU tar and star do."""
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return (value + (1 << (8 * width - 1) if value >= 0 else 1 << (8 * width))).to_bytes(width, "big")
