"""Where the bytes of an ELF file stand: its segments and sections, for whoever rewrites it (elf(5)).

`elf` says what the loader needs; this says which bytes are claimed by what. Input may be hostile: no table is read
beyond the file, and `Layout.end` says whether the tables claim more than there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from distill.elf.file import FORMS, MAGIC
from distill.elf.notes import MOST, Notes
from distill.errors import FormatError

Data = bytes | memoryview

EXECUTABLE, SHARED = 2, 3
"""e_type of what can be run or loaded."""
LOAD, GNU_RELRO = 1, 0x6474E552
"""p_type."""
PROGBITS, SYMTAB, STRTAB, NOBITS = 1, 2, 3, 8
"""sh_type."""
ALLOC = 2
"""sh_flags: the section is in memory when the program runs."""
_MOST_NAME = 256
"""Bytes of the name of a section; a longer one counts as none."""
_LEAST_BUILD_ID = 4
"""Hex digits: two are the directory of a debug part, the rest its name."""

_MOST = 1 << 23
"""Bytes of section headers that are read; files with a section for each function have some megabytes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A program header."""

    kind: int
    flags: int
    offset: int
    address: int
    physical: int
    size: int
    memory: int
    align: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section header, with its name."""

    name: str
    kind: int
    flags: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of an ELF file."""

    wide: bool
    little: bool
    kind: int
    machine: int
    entry: int
    flags: int
    segment_table: tuple[int, int]
    """Where the program headers begin and end."""
    section_table: tuple[int, int]
    """Where the section headers begin and end, both 0 where there are none."""
    names_index: int
    """Which section has the names."""
    segments: tuple[Segment, ...]
    sections: tuple[Section, ...]

    @property
    def header_size(self) -> int:
        """Bytes of the ELF header."""
        return 64 if self.wide else 52

    def end(self) -> int:
        """Give where the last byte ends that a header, segment or section claims."""
        ends = [self.header_size, self.segment_table[1], self.section_table[1]]
        ends += [segment.offset + segment.size for segment in self.segments]
        ends += [section.offset + section.size for section in self.sections if section.kind not in (0, NOBITS)]
        return max(ends)


def read(data: Data) -> Layout:
    """Give the layout of the ELF file whose bytes are `data`.

    Raises:
        FormatError: no ELF file, or one whose tables are truncated, outside of it or of a wrong size.
    """
    head = bytes(data[:64])
    if not head.startswith(MAGIC) or len(head) < 52 or head[4] not in (1, 2) or head[5] not in (1, 2):
        raise FormatError("file is no ELF file of a known class and byte order, or truncated; build the file again")
    wide, little = head[4] == 2, head[5] == 1
    form = FORMS[wide, little]
    if len(head) < 16 + form.rest.size:
        raise FormatError("ELF header is truncated; build the file again")
    (kind, machine, _, entry, phoff, shoff, flags, _, phentsize, phnum, shentsize, shnum, shstrndx) = (
        form.rest.unpack_from(head, 16)
    )  # fmt: skip
    rows: list[tuple[int, ...]] = []
    if shoff:
        if shentsize != form.section.size:
            raise FormatError(f"ELF section headers have a wrong size, got {shentsize}; build the file again")
        # What does not fit into the ELF header's halves stands in the first section header.
        first = form.section.unpack(_bytes(data, shoff, form.section.size))
        shnum, phnum = shnum or first[5], first[7] if phnum == 0xFFFF else phnum
        shstrndx = first[6] if shstrndx == 0xFFFF else shstrndx
        rows = list(form.section.iter_unpack(_bytes(data, shoff, shnum * form.section.size)))
    if phnum and phentsize != form.segment.size:
        raise FormatError(f"ELF program headers have a wrong size, got {phentsize}; build the file again")
    table = _bytes(data, phoff, phnum * form.segment.size) if phnum else b""
    return Layout(
        wide, little, kind, machine, entry, flags,
        (phoff, phoff + len(table)) if phnum else (0, 0),
        (shoff, shoff + len(rows) * form.section.size) if rows else (0, 0),
        shstrndx,
        tuple(_segment(row, wide) for row in form.segment.iter_unpack(table)),
        tuple(_sections(data, rows, shstrndx)),
    )  # fmt: skip


def build_id(data: Data, layout: Layout) -> str:
    """Give the build-id (hex), empty where there is none that makes sense.

    Debuggers look for the section `.note.gnu.build-id`; Go's linker makes it without a segment.
    """
    for section in layout.sections:
        if section.name == ".note.gnu.build-id":
            notes = Notes()
            notes.add(bytes(data[section.offset : section.offset + min(section.size, MOST)]), 4, layout.little)
            return notes.build_id if len(notes.build_id) >= _LEAST_BUILD_ID else ""
    return ""


def _bytes(data: Data, offset: int, size: int) -> bytes:
    if size > _MOST or offset + size > len(data):
        raise FormatError(
            f"ELF file points beyond its end or has tables too big, got {size} bytes at {offset} of {len(data)}; "
            "build the file again"
        )
    return bytes(data[offset : offset + size])


def _segment(row: tuple[int, ...], wide: bool) -> Segment:
    if wide:
        kind, flags, offset, address, physical, size, memory, align = row
    else:
        kind, offset, address, physical, size, memory, flags, align = row
    return Segment(kind, flags, offset, address, physical, size, memory, align)


def _sections(data: Data, rows: list[tuple[int, ...]], names_index: int) -> Iterator[Section]:
    names = b""
    if 0 < names_index < len(rows):
        names = bytes(data[rows[names_index][4] : rows[names_index][4] + rows[names_index][5]])
    for row in rows:
        end = names.find(b"\0", row[0], row[0] + _MOST_NAME)
        name = names[row[0] : end] if end >= 0 else b""
        yield Section(name.decode("latin-1"), row[1], row[2], row[4], row[5])
