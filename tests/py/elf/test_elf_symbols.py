"""Tests of distill.elf.symbols."""

import struct
from pathlib import Path
from typing import Any

import pytest
from distill.elf import file as elf
from distill.elf import symbols as elf_symbols
from hypothesis import given
from hypothesis import strategies as st
from support_elf import Made


def section(name: int, kind: int, size: int, link: int = 0) -> tuple[int, ...]:
    return (name, kind, 0, 0, 0, size, link, 0, 1, 0)


NAMES = b"\0.symtab\0.strtab\0.debug_info\0.zdebug_line\0.text\0"
SYMTAB, STRTAB, DEBUG, ZDEBUG, TEXT = (NAMES.index(name) for name in NAMES.split(b"\0")[1:-1])


@pytest.mark.parametrize(
    ("sections", "found", "size"),
    [
        ([], False, 0),
        ([section(TEXT, 1, 1000)], False, 0),
        ([section(SYMTAB, 2, 100, link=1), section(STRTAB, 3, 20)], True, 120),
        ([section(SYMTAB, 2, 100, link=9)], True, 100),
        ([section(DEBUG, 1, 700), section(ZDEBUG, 1, 7)], True, 707),
        ([section(DEBUG, 8, 700)], True, 0),  # SHT_NOBITS: a file of debug information alone
        ([section(SYMTAB, 2, 100, link=1), section(STRTAB, 3, 20), section(DEBUG, 1, 700)], True, 820),
        ([section(1000, 1, 5)], False, 0),
    ],
)
def test_what_strip_would_remove(sections: list[tuple[int, ...]], found: bool, size: int) -> None:
    assert elf_symbols.strippable(sections, lambda: NAMES) == (found, size)


def test_names_that_cannot_be_read() -> None:
    assert elf_symbols.strippable([section(DEBUG, 1, 700)], lambda: b"") == (False, 0)


STRINGS = b"\0libc.so.6\0localtime_r\0getpwnam\0my_getpwuid\0getpwuid_r\0localtime64\0malloc\0"


def symbols(wide: bool, little: bool, *defined: bytes) -> bytes:
    """Give a dynamic symbol table with all of STRINGS, of which `defined` are in a section."""
    order = "<" if little else ">"
    table = b""
    for name in STRINGS.split(b"\0")[1:-1]:
        at, shndx = STRINGS.index(b"\0" + name + b"\0") + 1, 7 if name in defined else 0
        table += (
            struct.pack(order + "IBBHQQ", at, 0x12, 0, shndx, 0, 0)
            if wide
            else struct.pack(order + "IIIBBH", at, 0, 0, 0x12, 0, shndx)
        )
    return table


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_calls_in_each_class_and_byte_order(wide: bool, little: bool) -> None:
    table = [section(0, 11, 0)]

    def calls(*defined: bytes) -> tuple[str, ...]:
        return elf_symbols.calls(STRINGS, table, wide, little, lambda _: symbols(wide, little, *defined))

    assert calls() == ("getpwnam", "getpwuid", "localtime")
    assert calls(b"getpwnam", b"localtime_r") == ("getpwuid",)
    assert elf_symbols.calls(STRINGS, [], wide, little, lambda _: b"") == ("getpwnam", "getpwuid", "localtime")
    assert elf_symbols.calls(STRINGS, table, wide, little, lambda _: b"") == ()


def test_a_name_that_is_the_end_of_another() -> None:
    strings = b"\0mygetpwnam_r\0"
    undefined = struct.pack("<IBBHQQ", 1, 0x12, 0, 7, 0, 0) + struct.pack("<IBBHQQ", 3, 0x12, 0, 0, 0, 0)
    assert elf_symbols.calls(strings, [section(0, 11, 0)], True, True, lambda _: undefined) == ("getpwnam",)
    assert elf_symbols.calls(strings, [], True, True, lambda _: b"") == ()


def test_other_names_are_no_calls() -> None:
    assert elf_symbols.calls(b"\0my_getpwnam\0localtime\0"[:-1], [], True, True, lambda _: b"") == ()
    assert elf_symbols.calls(b"", [], True, True, lambda _: b"") == ()


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_any_symbol_table(data: bytes, wide: bool, little: bool) -> None:
    found = elf_symbols.calls(STRINGS, [section(0, 11, 0)], wide, little, lambda _: data)
    assert set(found) <= set(elf_symbols.WATCHED)


def test_a_file_is_never_said_to_lose_more_than_it_has() -> None:
    data = Made(sections=[(b".debug_info", 1)]).build()
    at = data.index(struct.pack("<II", 1, 1), len(data) - 64 * 2)  # its section header
    broken = data[: at + 32] + b"\xff" * 8 + data[at + 40 :]
    facts = elf.parse(broken)
    assert facts is not None
    assert facts.strippable == len(broken)


def test_as_pyelftools_reads_programs_of_the_machine() -> None:
    elffile = pytest.importorskip("elftools.elf.elffile")
    files = [path for path in sorted(Path("/usr/bin").iterdir()) if path.is_file() and not path.is_symlink()]
    files += sorted(Path("/usr/lib").glob("*-linux-gnu/lib[cn]*.so.*"))
    compared = 0
    for path in files[::7]:
        with path.open("rb") as stream:
            ours = elf.parse_file(stream.fileno(), 0, path.stat().st_size) if stream.read(4) == elf.MAGIC else None
            if ours is None or not ours.needed:
                continue
            compared += 1
            assert (ours.strippable, ours.calls) == _as_pyelftools(elffile.ELFFile(stream)), path
    if not compared:
        pytest.skip("NO ELF FILE ON THIS MACHINE: nothing is compared with pyelftools")


def _as_pyelftools(theirs: Any) -> tuple[int, tuple[str, ...]]:
    size, calls = 0, set()
    for each in theirs.iter_sections():
        if each.name.startswith((".debug_", ".zdebug_")) or each.name == ".symtab":
            size += each["sh_size"]
            if each.name == ".symtab":
                size += theirs.get_section(each["sh_link"])["sh_size"]
        if each.name == ".dynsym":
            undefined = {symbol.name for symbol in each.iter_symbols() if symbol["st_shndx"] == "SHN_UNDEF"}
            calls = {name for name in elf_symbols.WATCHED if {name, f"{name}_r"} & undefined}
    return size, tuple(sorted(calls))
