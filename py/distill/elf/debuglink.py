"""The link from a stripped ELF file to its debug part: `.gnu_debuglink` (GDB manual, "Separate Debug Files").

It is written here and not by objcopy, because C++ toolchains always have a strip and not always an objcopy.
"""

import zlib
from pathlib import Path

from distill.elf import layout as elf_layout
from distill.elf.file import FORMS
from distill.elf.layout import PROGBITS
from distill.errors import FormatError

SECTION = ".gnu_debuglink"
_CHUNK = 1 << 20


def crc32(path: Path) -> int:
    """Give the checksum of the file `path` that the link holds."""
    value = 0
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            value = zlib.crc32(data, value)
    return value


def add(path: Path, name: str, checksum: int) -> None:
    """Add to the ELF file `path` the section that names its debug part.

    What is loaded stays where it is: the link, the names of the sections and the section headers go to the end of the
    file, in place of the old ones where those were the last.

    Args:
        path: a file with sections, rewritten.
        name: base name of the debug part.
        checksum: of the debug part, as `crc32` gives it.

    Raises:
        FormatError: a file without the names of its sections.
    """
    data = path.read_bytes()
    layout = elf_layout.read(data)
    form = FORMS[layout.wide, layout.little]
    start, end = layout.section_table
    rows = [list(row) for row in form.section.iter_unpack(data[start:end])]
    if not 0 < layout.names_index < len(rows) or len(rows) + 1 >= 0xFF00:
        raise FormatError(f"ELF file has no names of sections, got {len(rows)} sections; build the file again")
    names_row = rows[layout.names_index]
    names = data[names_row[4] : names_row[4] + names_row[5]]
    body = bytearray(data[: _keep(layout)])
    link = name.encode() + b"\0"
    link += bytes(-len(link) % 4) + checksum.to_bytes(4, "little" if layout.little else "big")
    body += bytes(-len(body) % 4)
    rows.append([len(names), PROGBITS, 0, 0, len(body), len(link), 0, 0, 4, 0])
    body += link
    names_row[4], names_row[5] = len(body), len(names) + len(SECTION) + 1
    body += names + SECTION.encode() + b"\0"
    body += bytes(-len(body) % 8)
    head = list(form.rest.unpack_from(body, 16))
    head[5], head[11] = len(body), len(rows)
    form.rest.pack_into(body, 16, *head)
    for row in rows:
        body += form.section.pack(*row)
    path.write_bytes(body)


def _keep(layout: elf_layout.Layout) -> int:
    """Give how many bytes stay: all before the names of the sections and the section headers, if those are the last."""
    names = layout.sections[layout.names_index]
    tables = ((names.offset, names.offset + names.size), layout.section_table)
    others = [layout.header_size, layout.segment_table[1]]
    others += [segment.offset + segment.size for segment in layout.segments]
    others += [
        section.offset + section.size
        for index, section in enumerate(layout.sections)
        if index != layout.names_index and section.kind not in (0, elf_layout.NOBITS)
    ]
    last = max(others)
    # Tables that stand before the last of the others stay as dead bytes; the rest is written again.
    return max([last, *(end for start, end in tables if start < last)])
