"""ELF files that UPX has packed: they hold a program that unpacks another one, which stands compressed behind it."""

HEAD = 1024
"""Bytes at the beginning of a file that `is_packed` looks at."""
_MAGIC = b"UPX!"
"""In the l_info, which stands behind the program headers (UPX, src/stub/src/include/linux.h)."""


def is_packed(head: bytes) -> bool:
    """Say whether the ELF file that begins with `head` is packed."""
    return _MAGIC in head[:HEAD]
