"""Which programs strip may touch, judged by their bytes; and whether what it made is still the same program.

A linker's output can be stripped. What was made from one afterwards often cannot: programs that carry a payload find it
by its place in the file, which strip moves or cuts off.
"""

from distill.elf import file as elf
from distill.elf import layout as elf_layout
from distill.elf import upx
from distill.elf.layout import (
    ALLOC,
    EXECUTABLE,
    GNU_RELRO,
    LOAD,
    NOBITS,
    PROGBITS,
    SHARED,
    SYMTAB,
    Data,
    Layout,
    Segment,
)
from distill.errors import FormatError

RECORDS = (".dep-v0",)
"""Sections that scanners read and no program: they stay (`cargo auditable`: what a Rust program is made of)."""

_BY_TOOLS = (
    ".ARM.attributes", ".GCC.command.line", ".annobin", ".comment", ".debug", ".gdb_index", ".gnu.attributes",
    ".gnu.build.attributes", ".gnu.lto_", ".gnu.warning", ".gnu_debugaltlink", ".gnu_debugdata", ".line", ".llvm",
    ".note", ".riscv.attributes", ".rustc", ".stab", ".swift1_autolink_entries", ".zdebug", *RECORDS,
)  # fmt: skip
"""How the names of sections begin that compilers and linkers write and that are not in memory when the program runs."""

_PADDING = 1 << 16
"""Most zero bytes after the end of an ELF file that are taken for padding."""

_MAGICS = (
    (b"#!", "is a script"),
    (b"!<arch>\n", "is a static library"),
    (b"!<thin>\n", "is a static library"),
    (b"MZ", "is a program for Windows"),
    (b"\xcf\xfa\xed\xfe", "is a program for macOS"),
    (b"PK\x03\x04", "is a zip archive"),
)
_CHUNK = 1 << 20


def reason(data: Data) -> str:
    """Say why the file whose bytes are `data` must be left alone, empty where it can be stripped."""
    if bytes(data[:4]) != elf.MAGIC:
        head = bytes(data[:8])
        return next((said for magic, said in _MAGICS if head.startswith(magic)), "is no ELF file")
    try:
        layout = elf_layout.read(data)
    except FormatError as error:
        return f"is malformed: {str(error).partition(';')[0]}"
    if layout.kind not in (EXECUTABLE, SHARED):
        return "is an object file or kernel module, whose symbols are needed" if layout.kind == 1 else "is no program"
    if upx.is_packed(bytes(data[: upx.HEAD])):
        return "is packed with UPX"
    return _payload(data, layout) or _nothing(layout)


def _nothing(layout: Layout) -> str:
    """Say why there is nothing to strip."""
    if not layout.sections:
        return "has no sections: it is packed, or stripped of all"
    if any(section.name == ".gnu_debuglink" for section in layout.sections):
        return "has its debug part elsewhere already"
    if not _debugging(layout):
        return "is stripped already"
    return ""


def _payload(data: Data, layout: Layout) -> str:
    """Say what the file carries that is no part of a linker's output."""
    end, size = layout.end(), len(data)
    if end > size:
        return f"is truncated: its tables claim {end} bytes of {size}"
    if size - end > _PADDING or any(bytes(data[end:])):
        return f"has data after its end, {size - end} bytes, as programs with a payload have"
    for section in layout.sections:
        known = section.flags & ALLOC or section.kind != PROGBITS or not section.size
        if not known and not section.name.startswith(_BY_TOOLS) and section.name != ".gnu_debuglink":
            return f"has a section of its own, {section.name or 'without a name'}, as programs with a payload have"
    return ""


def _debugging(layout: Layout) -> dict[str, int]:
    """Give the sections that are for debuggers, with their types; Rust's `.debug_gdb_scripts` is loaded, and stays."""
    return {
        section.name: section.kind
        for section in layout.sections
        if section.kind == SYMTAB or (section.name.startswith((".debug_", ".zdebug_")) and not section.flags & ALLOC)
    }


def lost(program: Layout, debug: Layout) -> str:
    """Name the sections for debuggers that `program` has and its debug part `debug` lacks, empty where it has all."""
    kept = {name for name, kind in _debugging(debug).items() if kind != NOBITS}
    return ", ".join(sorted(set(_debugging(program)) - kept))


def difference(before: Data, after: Data) -> str:
    """Say how the program `after` is not what the kernel and the loader make of `before`, empty where it is.

    What is in memory when the program starts must be equal, byte for byte; where it stands in the file may differ, and
    so may the tables that say that.
    """
    try:
        old, new = elf_layout.read(before), elf_layout.read(after)
    except FormatError as error:
        return str(error).partition(";")[0]
    one, other = ((it.kind, it.machine, it.entry, it.flags) for it in (old, new))
    if one != other or bytes(before[:16]) != bytes(after[:16]):
        return "its ELF header differs"
    if [_facts(segment) for segment in old.segments] != [_facts(segment) for segment in new.segments]:
        return "its segments differ"
    if old.end() > len(before) or new.end() > len(after):
        return "it is truncated"
    for here, there in zip(old.segments, new.segments, strict=True):
        if here.kind == LOAD and not _equal(before, here, after, there, _tables(old, here) + _tables(new, there)):
            return f"what is loaded at {here.address:#x} differs"
    return ""


def _facts(segment: Segment) -> tuple[int, ...]:
    """Give what must not change: all but the offset, and the size where memory beyond it is zero anyway."""
    size = 0 if segment.kind in (LOAD, GNU_RELRO) else segment.size
    return (segment.kind, segment.flags, segment.address, segment.physical, size, segment.memory, segment.align)


def _tables(layout: Layout, segment: Segment) -> list[tuple[int, int]]:
    """Give what of `segment` is tables of where things stand, as ranges relative to its start."""
    ranges = [(0, layout.header_size), layout.segment_table, layout.section_table]
    # Go's linker put the names of the sections among what is loaded, where nothing reads them.
    if 0 < layout.names_index < len(layout.sections) and not layout.sections[layout.names_index].flags & ALLOC:
        names = layout.sections[layout.names_index]
        ranges.append((names.offset, names.offset + names.size))
    return [(max(0, start - segment.offset), end - segment.offset) for start, end in ranges if end > segment.offset]


def _equal(before: Data, here: Segment, after: Data, there: Segment, but: list[tuple[int, int]]) -> bool:
    """Whether both segments are equal in memory, where the ranges `but` are not looked at."""
    at, size = 0, max(here.size, there.size)
    for start, end in [*sorted(but), (size, size)]:
        for chunk in range(at, min(start, size), _CHUNK):
            count = min(_CHUNK, min(start, size) - chunk)
            if _memory(before, here, chunk, count) != _memory(after, there, chunk, count):
                return False
        at = max(at, end)
    return True


def _memory(data: Data, segment: Segment, at: int, count: int) -> bytes:
    """Give `count` bytes of `segment` from `at` on; beyond what is in the file memory is zero."""
    start = segment.offset + at
    return bytes(data[start : min(start + count, segment.offset + segment.size)]).ljust(count, b"\0")
