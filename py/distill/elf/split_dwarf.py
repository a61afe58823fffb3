"""Split DWARF: programs whose debug information lies in files of its own (DWARF 5, 7.3.2; GCC's `-gsplit-dwarf`).

What such a program has itself is a skeleton for each unit: lines and addresses, and the name of a `.dwo` file that has
types, variables and names of functions. A debug part made of the program has no more than that. Input may be hostile:
units and abbreviations are walked forward, each byte once or less.
"""

import struct
import zlib

from distill.elf.layout import Data, Layout

_SKELETON = 4
"""DW_UT_skeleton."""
_GNU_DWO_NAME = 0x2130
"""DW_AT_GNU_dwo_name, before DWARF 5."""
_COMPRESSED, _ZLIB = 0x800, 1
"""SHF_COMPRESSED, ELFCOMPRESS_ZLIB."""
_MOST_UNPACKED = 1 << 20
"""Bytes that are unpacked of a compressed section: its first units."""
_MOST_ABBREVIATION = 1 << 12
"""Bytes that are looked at for the abbreviation of a unit, which is the first of its table as compilers write it."""


def skeletons(data: Data, layout: Layout) -> int:
    """Give how many units of the program whose bytes are `data` are skeletons; what cannot be read is none."""
    order = "<" if layout.little else ">"
    info, abbreviations = (_section(data, layout, name) for name in (".debug_info", ".debug_abbrev"))
    count = at = 0
    try:
        while at < len(info):
            (length,) = struct.unpack_from(order + "I", info, at)
            at += 4
            word = "I"
            if length == 0xFFFFFFFF:  # DWARF of 64 bits
                (length,) = struct.unpack_from(order + "Q", info, at)
                at, word = at + 8, "Q"
            count += _is_skeleton(info[at : at + min(length, 64)], abbreviations, order, word)
            at += length or len(info)
    except (struct.error, IndexError):
        pass  # a table that ends early, or is none
    return count


def _is_skeleton(unit: bytes, abbreviations: bytes, order: str, word: str) -> bool:
    """Say whether the unit that begins with `unit`, behind its length, is a skeleton."""
    (version,) = struct.unpack_from(order + "H", unit)
    if version >= 5:
        return unit[2] == _SKELETON
    offset, _ = struct.unpack_from(order + word + "B", unit, 2)
    code, _ = _number(unit, 2 + struct.calcsize(order + word) + 1)
    table = abbreviations[offset : offset + _MOST_ABBREVIATION]
    at = 0
    while True:
        found, at = _number(table, at)
        if not found:
            return False
        _, at = _number(table, at)  # the tag
        at += 1  # whether it has children
        name, form = 1, 1
        while name or form:
            name, at = _number(table, at)
            form, at = _number(table, at)
            if found == code and name == _GNU_DWO_NAME:
                return True
        if found == code:
            return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Give the unsigned LEB128 number at `at`, and where it ends (DWARF 5, 7.6)."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def _section(data: Data, layout: Layout, name: str) -> bytes:
    """Give the bytes of a section, empty where there is none or it is compressed in a way not known."""
    section = next((found for found in layout.sections if found.name == name), None)
    if section is None:
        return b""
    raw = data[section.offset : section.offset + section.size]
    if not section.flags & _COMPRESSED:
        return bytes(raw)
    head = struct.Struct(("<" if layout.little else ">") + ("IIQQ" if layout.wide else "III"))
    if len(raw) < head.size or head.unpack_from(raw)[0] != _ZLIB:
        return b""
    try:
        return zlib.decompressobj().decompress(bytes(raw[head.size :]), _MOST_UNPACKED)
    except zlib.error:
        return b""
