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
    (wide, little): (struct.Struct(order + ("I2xH16x" if wide else "I10xH")), struct.Struct(order + "I"))
    for wide in (False, True)
    for little, order in ((True, "<"), (False, ">"))
}
"""st_name and st_shndx of a symbol; st_name alone."""
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
    found = {match.start(): match[1].decode() for match in _CALL.finditer(strings)}
    table = next((section for section in sections if section[1] == _SHT_DYNSYM), None)
    if table is None:
        found = {at: text for at, text in found.items() if not strings[at - 1]}
    elif found:
        symbol, name = _SYMBOL[wide, little]
        data = read(table)
        found = {at: text for at, text in found.items() if _is_undefined(data, symbol, name.pack(at))}
    return tuple(sorted(set(found.values())))


def _is_undefined(data: bytes, symbol: struct.Struct, name: bytes) -> bool:
    """Say whether a symbol whose st_name is `name` is in the table `data` with st_shndx SHN_UNDEF."""
    at = data.find(name)
    while at >= 0:
        if not at % symbol.size and at + symbol.size <= len(data):
            return not symbol.unpack_from(data, at)[1]
        at = data.find(name, at + 1)
    return False
