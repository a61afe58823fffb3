"""Marks: short words on what the bytes of a file are, found while a layer is written, for the lint of images.

A listing carries them because nothing that inspects an image reads a blob. A mark does not say that something is wrong:
that is for the rules in `distill.lint`. A secret itself never stands in one.
"""

from collections.abc import Iterable

from distill.elf import upx
from distill.elf.file import MAGIC

HEAD = upx.HEAD
"""Bytes at the beginning of a file that `of_head` looks at."""

COMPRESSED = frozenset({"bzip2", "gzip", "lz4", "xz", "zip", "zstd"})
"""Marks of files that are stored compressed."""
FOREIGN = {"mach-o": "macOS", "pe": "Windows"}
"""Marks of programs and libraries for other systems than Linux, and those systems."""
UPX = "upx"
BYTECODE = "bytecode:"
"""What stands before the sha256 of the source that a file of bytecode was compiled from, however old either is."""
SECRET = "secret:"  # noqa: S105 - a word, not a password
"""What stands before the kind of a secret, one of `secrets.KINDS`."""

_MAGICS: dict[bytes, tuple[tuple[bytes, str], ...]] = {
    b"\x04\x22": ((b"\x04\x22\x4d\x18", "lz4"),),
    b"\x1f\x8b": ((b"\x1f\x8b\x08", "gzip"),),
    b"\x28\xb5": ((b"\x28\xb5\x2f\xfd", "zstd"),),
    # The number of CPUs; in a class of Java its version stands there, 45 or more.
    b"\xca\xfe": tuple((b"\xca\xfe\xba\xbe\x00\x00\x00%c" % cpus, "mach-o") for cpus in range(1, 20)),
    b"\xce\xfa": ((b"\xce\xfa\xed\xfe", "mach-o"),),
    b"\xcf\xfa": ((b"\xcf\xfa\xed\xfe", "mach-o"),),
    b"\xfd7": ((b"\xfd7zXZ\x00", "xz"),),
    b"BZ": tuple((b"BZh%d1AY&SY" % level, "bzip2") for level in range(1, 10)),
    b"MZ": ((b"MZ", "pe"),),
    b"PK": ((b"PK\x03\x04", "zip"),),
}
"""By the first two bytes of a file: how it begins, and its mark."""


def of_head(head: bytes) -> tuple[str, ...]:
    """Give the mark of a file that begins with `head`: its first `HEAD` bytes, or all it has."""
    if head.startswith(MAGIC):
        return (UPX,) if upx.is_packed(head) else ()
    for magic, mark in _MAGICS.get(head[:2], ()):
        if head.startswith(magic) and (mark != "pe" or _is_pe(head)):
            return (mark,)
    return ()


def of_secrets(kinds: Iterable[str]) -> tuple[str, ...]:
    """Give the marks of a file with secrets of `kinds`."""
    return tuple([SECRET + kind for kind in kinds])


def _is_pe(head: bytes) -> bool:
    """Say whether the DOS header in `head` leads to a PE header (Microsoft's PE Format, "Signature")."""
    at = int.from_bytes(head[0x3C:0x40], "little")
    return head[at : at + 4] == b"PE\0\0"
