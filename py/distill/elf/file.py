"""What the loader must know of an ELF file, read from its program headers (System V ABI, chapters 4 and 5; elf(5)).

Section headers are looked at only for symbols, so a file without them is read as well. Nothing is executed, and input
may be hostile: every offset is checked, every size has a limit.
"""

import os
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from distill.elf import machine as elf_machine
from distill.elf import symbols as elf_symbols
from distill.elf import versions as elf_versions
from distill.elf.notes import Notes
from distill.elf.strings import LONGEST_NAME, Strings, text
from distill.errors import FormatError
from distill.listing import Elf

T = TypeVar("T")

MAGIC = b"\x7fELF"

_KINDS: dict[int, Literal["executable", "shared", "relocatable", "core"]] = {
    1: "relocatable",
    2: "executable",
    3: "shared",
    4: "core",
}

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP, _PT_NOTE = 1, 2, 3, 4
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_STRSZ, _DT_SONAME, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 10, 14, 15, 29
_DT_VERDEF, _DT_VERDEFNUM, _DT_VERNEED, _DT_VERNEEDNUM = 0x6FFFFFFC, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF
_DT_FLAGS_1, _DT_AUXILIARY, _DT_FILTER = 0x6FFFFFFB, 0x7FFFFFFD, 0x7FFFFFFF
_DT_AUDITS = (0x6FFFFEFC, 0x6FFFFEFB)
"""DT_AUDIT and DT_DEPAUDIT."""
_DF_1_NODEFLIB = 0x800
_EXTENDED = 0xFFFF

_MOST_HEADERS = 1 << 20
"""Bytes of program headers, section headers or dynamic entries that are read; real files have a few thousand."""
_MOST_NAMES = 1 << 24
"""Bytes of section names; files with a section for each function have some megabytes."""
_FIRST = 1 << 12
"""Bytes that are read first: header, segments, interpreter and notes stand there, as linkers lay files out."""

ReadAt = Callable[[int, int], bytes]
"""Gives up to so many bytes (second) of a file at an offset (first), fewer only at its end."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where fields stand in the structures of one class and byte order."""

    rest: struct.Struct
    """The ELF header from e_type on: type, machine, version, entry, phoff, shoff, flags, ehsize, then six halves."""
    segment: struct.Struct
    fields: tuple[int, int, int, int, int]
    """Indexes of p_type, p_offset, p_vaddr, p_filesz and p_align."""
    section: struct.Struct
    """sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign, sh_entsize."""
    dynamic: struct.Struct


FORMS: dict[tuple[bool, bool], Form] = {
    (wide, little): Form(
        struct.Struct(order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")),
        struct.Struct(order + ("IIQQQQQQ" if wide else "IIIIIIII")),
        (0, 2, 3, 5, 7) if wide else (0, 1, 2, 4, 7),
        struct.Struct(order + ("IIQQQQIIQQ" if wide else "IIIIIIIIII")),
        struct.Struct(order + ("qQ" if wide else "iI")),
    )
    for wide in (False, True)
    for little, order in ((True, "<"), (False, ">"))
}


def parse(data: bytes | bytearray | memoryview) -> Elf | None:
    """Give the facts of the ELF file whose bytes are `data`, None where it is no ELF file.

    Raises:
        FormatError: an ELF file that is truncated or contradicts itself where the loader would look.
    """
    view = memoryview(data)
    return parse_at(lambda offset, size: bytes(view[offset : offset + size]), len(view))


def parse_file(fd: int, offset: int, size: int) -> Elf | None:
    """Do as `parse` for the `size` bytes at `offset` of the open file `fd`, of which little is read.

    Raises:
        FormatError: as `parse`.
        OSError: the file cannot be read.
    """

    def read(at: int, count: int) -> bytes:
        return os.pread(fd, max(0, min(count, size - at)), offset + at)

    return parse_at(read, size)


def parse_at(read: ReadAt, size: int) -> Elf | None:
    """Do as `parse` for a file of `size` bytes that `read` gives."""
    head = read(0, min(size, _FIRST))
    if not head.startswith(MAGIC):
        return None
    if len(head) < 52 or head[4] not in (1, 2) or head[5] not in (1, 2) or (head[4] == 2 and len(head) < 64):
        raise FormatError("ELF header is of no known class or byte order, or truncated; build the file again")
    return _File(read, size, head).facts()


class _File:
    def __init__(self, read: ReadAt, size: int, head: bytes) -> None:
        self._read = read
        self._size = size
        self._head = head
        self._wide = head[4] == 2
        self._little = head[5] == 1
        self._form = form = FORMS[self._wide, self._little]
        (self._type, self._machine, _, _, self._phoff, self._shoff, self._flags, _, phentsize, self._phnum, shentsize,
         self._shnum, self._shstrndx) = form.rest.unpack_from(head, 16)  # fmt: skip
        self._sections = self._section_headers(shentsize)
        self._segments = self._program_headers(phentsize)

    def _at(self, offset: int, size: int, most: int = _MOST_HEADERS) -> bytes:
        if size > most or offset + size > self._size:
            raise FormatError(
                f"ELF file points beyond its end or has tables too big, got {size} bytes at {offset} of "
                f"{self._size}; build the file again"
            )
        if offset + size <= len(self._head):
            return self._head[offset : offset + size]
        data = self._read(offset, size)
        if len(data) != size:
            raise FormatError(f"ELF file is truncated, got {len(data)} of {size} bytes at {offset}; build it again")
        return data

    def _section_headers(self, entry_size: int) -> list[tuple[int, ...]]:
        """Give the section headers, none where they are missing or make no sense: the loader does without them."""
        form = self._form.section
        if not self._shoff or entry_size != form.size:
            return []
        try:
            if not self._shnum or self._shstrndx == _EXTENDED or self._phnum == _EXTENDED:
                # What does not fit into the ELF header's halves stands in the first section header.
                first = form.unpack(self._at(self._shoff, form.size))
                self._shnum = self._shnum or first[5]
                self._shstrndx = first[6] if self._shstrndx == _EXTENDED else self._shstrndx
                self._phnum = first[7] if self._phnum == _EXTENDED else self._phnum
            return list(form.iter_unpack(self._at(self._shoff, self._shnum * form.size, 1 << 23)))
        except FormatError:
            return []

    def _program_headers(self, entry_size: int) -> list[tuple[int, int, int, int, int]]:
        form = self._form.segment
        if not self._phnum or not self._phoff:
            return []
        if entry_size != form.size:
            raise FormatError(f"ELF program headers have a wrong size, got {entry_size}; build the file again")
        table = self._at(self._phoff, self._phnum * form.size)
        kind, offset, address, size, align = self._form.fields
        return [(row[kind], row[offset], row[address], row[size], row[align]) for row in form.iter_unpack(table)]

    def facts(self) -> Elf:
        interpreter = self._interpreter()
        dynamic: list[tuple[int, int]] = []
        # The loader takes the last one; each of them may claim the same bytes.
        for _, offset, address, size, _ in [row for row in self._segments if row[0] == _PT_DYNAMIC and row[3]][-1:]:
            dynamic = self._dynamic(address, size, offset)
        notes = self._notes()
        tags = dict(reversed(dynamic))  # the first of each stands
        strings = self._strings(tags)
        symbols, strippable = elf_symbols.strippable(self._sections, self._names)
        return Elf(
            machine=elf_machine.name(self._machine, self._wide, self._little, self._flags, interpreter),
            kind=_KINDS.get(self._type, "other"),
            interpreter=interpreter,
            soname=strings.name(tags[_DT_SONAME]) if _DT_SONAME in tags else "",
            needed=tuple(strings.name(value) for tag, value in dynamic if tag == _DT_NEEDED),
            rpath=strings.directories(tags[_DT_RPATH]) if _DT_RPATH in tags else (),
            runpath=strings.directories(tags[_DT_RUNPATH]) if _DT_RUNPATH in tags else (),
            filters=tuple(strings.name(value) for tag, value in dynamic if tag == _DT_FILTER),
            auxiliary=tuple(strings.name(value) for tag, value in dynamic if tag == _DT_AUXILIARY),
            audit=tuple(name for tag in _DT_AUDITS if tag in tags for name in strings.directories(tags[tag])),
            own_directories_only=bool(tags.get(_DT_FLAGS_1, 0) & _DF_1_NODEFLIB),
            stripped=not symbols,
            strippable=min(strippable, self._size),
            calls=self._calls(tags, strings),
            versions_needed=self._versions(tags, _DT_VERNEED, _DT_VERNEEDNUM, elf_versions.needed, strings.name) or {},
            versions=self._versions(tags, _DT_VERDEF, _DT_VERDEFNUM, elf_versions.defined, strings.name) or (),
            dlopen=notes.dlopen,
            build_id=notes.build_id,
        )

    def _interpreter(self) -> str:
        """Give what the first PT_INTERP names: the kernel looks at no other."""
        for kind, offset, _, size, _ in self._segments:
            if kind == _PT_INTERP and size:
                return text(self._at(offset, size, LONGEST_NAME).split(b"\0", 1)[0])
        return ""

    def _notes(self) -> Notes:
        notes = Notes()
        for kind, offset, _, size, alignment in self._segments:
            if kind == _PT_NOTE and size <= notes.left and offset + size <= self._size:
                notes.add(self._at(offset, size), alignment, self._little)
        return notes

    def _versions(
        self,
        tags: dict[int, int],
        table: int,
        number: int,
        walk: Callable[[elf_versions.Read, int, bool, elf_versions.Strings], T],
        strings: elf_versions.Strings,
    ) -> T | None:
        """Give what `walk` finds in the table of symbol versions that the tag `table` tells of; None without one."""
        count = tags.get(number, 0)
        if table not in tags or not count:
            return None
        start = self._file_offset(tags[table])
        if start is None:
            raise FormatError(f"ELF table of symbol versions is not loaded, got {tags[table]:#x}; build the file again")
        return walk(lambda size: self._at(start, max(0, min(size, self._size - start))), count, self._little, strings)

    def _file_offset(self, address: int) -> int | None:
        """Give where in the file the byte stands that is loaded at `address`."""
        for kind, offset, start, size, _ in self._segments:
            if kind == _PT_LOAD and start <= address < start + size:
                return offset + address - start
        return None

    def _dynamic(self, address: int, size: int, offset: int) -> list[tuple[int, int]]:
        """Read the dynamic entries up to DT_NULL, from where the loader finds them."""
        found = self._file_offset(address)
        form = self._form.dynamic
        table = self._at(offset if found is None else found, size - size % form.size)
        entries: list[tuple[int, int]] = list(form.iter_unpack(table))
        tags = [tag for tag, _ in entries]
        return entries[: tags.index(_DT_NULL)] if _DT_NULL in tags else entries

    def _strings(self, tags: dict[int, int]) -> Strings:
        address = tags.get(_DT_STRTAB)
        start = None if address is None else self._file_offset(address)
        return Strings(self._at, start, tags.get(_DT_STRSZ, 0), self._size)

    def _names(self) -> bytes:
        """Give the names of the sections."""
        return self._section(self._sections[self._shstrndx]) if 0 < self._shstrndx < len(self._sections) else b""

    def _section(self, section: Sequence[int]) -> bytes:
        """Give the bytes of a section, none where it points beyond the file: the loader does without them."""
        try:
            return self._at(section[4], section[5], _MOST_NAMES)
        except FormatError:
            return b""

    def _calls(self, tags: dict[int, int], table: Strings) -> tuple[str, ...]:
        """Give the functions that it takes from libraries, of those that lint asks for."""
        start = self._file_offset(tags.get(_DT_STRTAB, 0))
        length = tags.get(_DT_STRSZ, 0)
        if start is None or _DT_NEEDED not in tags or length > _MOST_NAMES or start + length > self._size:
            return ()
        strings = table.whole or self._at(start, length, _MOST_NAMES)
        return elf_symbols.calls(strings, self._sections, self._wide, self._little, self._section)
