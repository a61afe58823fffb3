"""Symbols of an ELF file: what `strip` would remove, and which functions it calls (System V ABI, chapter 4)."""

import re
import struct
from collections.abc import Callable, Sequence

WATCHED = ("getpwnam", "getpwuid", "localtime")
"""Functions of a C library that read files which an image may lack; each stands for its `_r` too."""

_CALL = re.compile(rb"(getpwnam|getpwuid|localtime)(?:_r)?(?=\0)")
"""Also as the end of another name: linkers keep a string that ends another one within that one."""
_STARTS = (b"getpw", b"localtime")
"""Looked for first: `bytes.find` is ten times as fast as the expression."""
_SYMBOL = {
    (wide, little): struct.Struct(order + ("I2xH16x" if wide else "I10xH"))
    for wide in (False, True)
    for little, order in ((True, "<"), (False, ">"))
}
"""st_name and st_shndx of a symbol."""
_SHT_SYMTAB, _SHT_NOBITS, _SHT_DYNSYM = 2, 8, 11
_DEBUG = (b".debug_", b".zdebug_")

Section = Sequence[int]
"""sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign, sh_entsize."""
Read = Callable[[Section], bytes]
"""Gives the bytes of a section, none where they cannot be read."""


def strippable(sections: Sequence[Section], names: Callable[[], bytes]) -> tuple[bool, int]:
    """Say whether there are symbols or debug information, and of how many bytes.

    Args:
        sections: the section headers.
        names: gives the table of their names, empty where it cannot be read.
    """
    found, size = False, 0
    for section in sections:
        if section[1] == _SHT_SYMTAB:
            found = True
            size += section[5] + (sections[section[6]][5] if section[6] < len(sections) else 0)
    table = names()
    if b"debug_" in table:
        for section in sections:
            if table.startswith(_DEBUG, section[0]):
                found = True
                size += section[5] if section[1] != _SHT_NOBITS else 0
    return found, size


def calls(strings: bytes, sections: Sequence[Section], wide: bool, little: bool, read: Read) -> tuple[str, ...]:
    """Give those of `WATCHED` that are in `strings` and that the file does not define itself, sorted.

    Args:
        strings: the dynamic string table, `.dynstr`.
        sections: the section headers; without a dynamic symbol table among them every whole name counts as called.
        wide: whether the file is of 64 bits.
        little: whether it is little-endian.
        read: gives the dynamic symbol table.
    """
    if _STARTS[0] not in strings and _STARTS[1] not in strings:
        return ()
    table = next((section for section in sections if section[1] == _SHT_DYNSYM), None)
    if table is None:
        found = [match for match in _CALL.finditer(strings) if not strings[match.start() - 1]]
    else:
        found = [
            match
            for at in _undefined(read(table), _SYMBOL[wide, little], strings)
            if (match := _CALL.match(strings, at))
        ]
    return tuple(sorted({match[1].decode() for match in found}))


def _undefined(data: bytes, symbol: struct.Struct, strings: bytes) -> set[int]:
    """Give the st_name of the symbols in the table `data` that may be watched and whose st_shndx is SHN_UNDEF.

    The table is walked once, however often a name stands in `strings`.
    """
    rows = symbol.iter_unpack(data[: len(data) - len(data) % symbol.size])
    return {name for name, section in rows if not section and strings.startswith(_STARTS, name)}
