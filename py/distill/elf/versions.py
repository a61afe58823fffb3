"""Symbol versions of an ELF file (Linux Standard Base Core 5.0, chapter 10.7, "Symbol Versioning"; elf(5) has none).

The tables are linked lists of offsets that only go forward, and of one size in all classes. Input may be hostile: how
many entries are followed has a limit.
"""

import struct
from collections.abc import Callable
from typing import TypeVar

from distill.errors import FormatError

T = TypeVar("T")

_BASE, _WEAK = 1, 2
_FIRST, _MOST = 1 << 12, 1 << 20
"""Bytes of a table that are read at first, and at most; the tables of glibc have two thousand."""
_MOST_ENTRIES = 1 << 16

_NEED = {little: struct.Struct(order + "HHIII") for little, order in ((True, "<"), (False, ">"))}
"""vn_version, vn_cnt, vn_file, vn_aux, vn_next."""
_NEED_AUX = {little: struct.Struct(order + "IHHII") for little, order in ((True, "<"), (False, ">"))}
"""vna_hash, vna_flags, vna_other, vna_name, vna_next."""
_DEFINED = {little: struct.Struct(order + "HHHHIII") for little, order in ((True, "<"), (False, ">"))}
"""vd_version, vd_flags, vd_ndx, vd_cnt, vd_hash, vd_aux, vd_next."""
_DEFINED_AUX = {little: struct.Struct(order + "II") for little, order in ((True, "<"), (False, ">"))}
"""vda_name, vda_next."""

Strings = Callable[[int], str]
"""Gives the string at an offset of the dynamic string table."""
Read = Callable[[int], bytes]
"""Gives up to so many bytes from the begin of a table on, fewer only at the end of the file."""


def needed(read: Read, count: int, little: bool, strings: Strings) -> dict[str, tuple[str, ...]]:
    """Give, by library, the versions that must be there; weak ones, which may be missing, are left out.

    Args:
        read: the table, `.gnu.version_r`.
        count: the number of its entries.
        little: whether the file is little-endian.
        strings: the dynamic string table; its budget holds for what this gives.

    Raises:
        FormatError: a table that points beyond the file, or is too big.
    """
    entry, auxiliary = _NEED[little].unpack_from, _NEED_AUX[little].unpack_from

    def walk(data: bytes) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        at, left = 0, _MOST_ENTRIES
        for _ in range(count):
            _, number, file, aux, following = entry(data, at)
            names, where = [], at + aux
            left -= number + 1
            if left < 0:
                raise _too_many()
            for _ in range(number):
                _, flags, _, name, step = auxiliary(data, where)
                if not flags & _WEAK:
                    names.append(strings(name))
                where += step
                if not step:
                    break
            if names:
                found.setdefault(strings(file), []).extend(names)
            at += following
            if not following:
                break
        return {library: tuple(names) for library, names in found.items()}

    return _walked(read, walk)


def defined(read: Read, count: int, little: bool, strings: Strings) -> tuple[str, ...]:
    """Give the versions that the file defines, in the order of its table `.gnu.version_d`, without its own name.

    Args and errors are those of `needed`.
    """
    entry, auxiliary = _DEFINED[little].unpack_from, _DEFINED_AUX[little].unpack_from

    def walk(data: bytes) -> tuple[str, ...]:
        found: list[str] = []
        at = 0
        if count > _MOST_ENTRIES:
            raise _too_many()
        for _ in range(count):
            _, flags, _, _, _, aux, following = entry(data, at)
            if not flags & _BASE:
                found.append(strings(auxiliary(data, at + aux)[0]))
            at += following
            if not following:
                break
        return tuple(found)

    return _walked(read, walk)


def _walked(read: Read, walk: Callable[[bytes], T]) -> T:
    """Walk a table whose size nothing tells: as much of it as most files have, and only then more."""
    for size in (_FIRST, _MOST):
        data = read(size)
        try:
            return walk(data)
        except struct.error:
            if len(data) < size:
                break
    raise FormatError("ELF table of symbol versions points beyond its end; build the file again")


def _too_many() -> FormatError:
    return FormatError(f"ELF table of symbol versions is too big, got more than {_MOST_ENTRIES}; build the file again")
