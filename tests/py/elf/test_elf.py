"""Tests of distill.elf.file, on files made by hand and on those of the machine, which pyelftools reads too."""

import contextlib
import functools
import os
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distill.elf import file as elf
from distill.errors import FormatError
from distill.listing import Elf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_elf import BASE, Made
from support_match import exactly

NEEDED, SONAME, RPATH, RUNPATH = 1, 14, 15, 29
FULL = Made(
    interpreter="/lib64/ld-linux-x86-64.so.2",
    dynamic=[
        (NEEDED, b"libz.so.1"),
        (NEEDED, b"libc.so.6"),
        (SONAME, b"me.so"),
        (RPATH, b"/a:$ORIGIN/../lib"),
        (RUNPATH, b"/b"),
    ],
)


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_facts_in_each_class_and_byte_order(wide: bool, little: bool) -> None:
    assert elf.parse(replace(FULL, wide=wide, little=little, machine=0x1234).build()) == Elf(
        machine="em-4660",
        kind="shared",
        interpreter="/lib64/ld-linux-x86-64.so.2",
        soname="me.so",
        needed=("libz.so.1", "libc.so.6"),
        rpath=("/a", "$ORIGIN/../lib"),
        runpath=("/b",),
        stripped=True,
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, "relocatable"), (2, "executable"), (3, "shared"), (4, "core"), (0, "other"), (0xFE00, "other")],
)
def test_kinds(number: int, kind: str) -> None:
    found = elf.parse(Made(kind=number, is_dynamic=False).build())
    assert found == Elf(machine="amd64", kind=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sections", "stripped"),
    [
        ([], True),
        ([(b".text", 1), (b".dynsym", 11)], True),
        ([(b".symtab", 2)], False),
        ([(b".debug_info", 1)], False),
        ([(b".zdebug_line", 1)], False),
        ([(b".gnu_debuglink", 1), (b".not.debug_info", 1)], True),
    ],
)
def test_stripped(sections: list[tuple[bytes, int]], stripped: bool) -> None:
    found = elf.parse(Made(sections=sections).build())
    assert found is not None
    assert found.stripped == stripped


@pytest.mark.parametrize("offset", [0, 1 << 20, (1 << 64) - 1])
def test_section_headers_that_are_gone_do_not_matter(offset: int) -> None:
    data = bytearray(replace(FULL, sections=[(b".symtab", 2)]).build())
    data[40:48] = struct.pack("<Q", offset)
    assert elf.parse(bytes(data)) == elf.parse(FULL.build())


def test_numbers_too_big_for_the_header_stand_in_the_first_section() -> None:
    made = replace(FULL, sections=[(b".debug_info", 1)])
    data = bytearray(made.build())
    sections = struct.unpack_from("<Q", data, 40)[0]
    phnum, _, shnum, shstrndx = struct.unpack_from("<HHHH", data, 56)
    struct.pack_into("<HHHH", data, 56, 0xFFFF, 64, 0, 0xFFFF)
    struct.pack_into("<QII", data, sections + 32, shnum, shstrndx, phnum)  # sh_size, sh_link, sh_info
    assert elf.parse(bytes(data)) == elf.parse(made.build())


@pytest.mark.parametrize("data", [b"", b"\x7fEL", b"#!/bin/sh\n", b"\x7fELG" + bytes(100), b"MZ"])
def test_what_is_no_elf_file(data: bytes) -> None:
    assert elf.parse(data) is None


def test_a_name_that_is_no_utf_8_is_written_as_in_a_listing() -> None:
    found = elf.parse(Made(dynamic=[(NEEDED, b"lib\xff\\.so")]).build())
    assert found is not None
    assert found.needed == ("lib\\xff\\x5c.so",)


def test_a_long_string() -> None:
    found = elf.parse(Made(dynamic=[(RUNPATH, b":".join([b"/opt/lib"] * 100))]).build())
    assert found is not None
    assert found.runpath == ("/opt/lib",) * 100


def test_rare_tags_of_the_loader() -> None:
    tags: list[tuple[int, int | bytes]] = [(0x7FFFFFFF, b"libf.so"), (0x7FFFFFFD, b"libx.so"), (0x7FFFFFFD, b"liby.so")]
    tags += [(0x6FFFFEFC, b"liba.so:libb.so"), (0x6FFFFEFB, b"libd.so"), (0x6FFFFFFB, 0x801)]
    facts = elf.parse(Made(dynamic=tags).build())
    assert facts is not None
    assert (facts.filters, facts.auxiliary) == (("libf.so",), ("libx.so", "liby.so"))
    assert facts.audit == ("liba.so", "libb.so", "libd.so")
    assert facts.own_directories_only
    plain = elf.parse(Made(dynamic=[(0x6FFFFFFB, 1)]).build())
    assert plain is not None
    assert not plain.own_directories_only


HEADER = "ELF header is of no known class or byte order, or truncated; build the file again"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x7fELF", HEADER),
        (b"\x7fELF\x03\x01\x01".ljust(64, b"\0"), HEADER),
        (b"\x7fELF\x02\x00\x01".ljust(64, b"\0"), HEADER),
        (FULL.build()[:63], HEADER),
        (
            FULL.build()[:100],
            "ELF file points beyond its end or has tables too big, got 168 bytes at 64 of 100; build the file again",
        ),
        (
            Made(dynamic=[(SONAME, 1 << 20)]).build(),
            "ELF string is outside of its table, got offset 1048576; build the file again",
        ),
        (
            Made(dynamic=[(SONAME, b"x"), (5, BASE - 1)]).build(),
            "ELF string is outside of its table, got offset 1; build the file again",
        ),
        (Made(dynamic=[(SONAME, b"me"), (10, 2)]).build(), "ELF string has no end, got offset 1; build the file again"),
        (
            FULL.build()[:54] + b"\x10\0" + FULL.build()[56:],
            "ELF program headers have a wrong size, got 16; build the file again",
        ),
    ],
)
def test_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=exactly(message)):
        elf.parse(data)


def test_a_file_that_is_shorter_than_its_size(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(FULL.build()[:200])
    with open(tmp_path / "x", "rb") as stream, pytest.raises(FormatError) as error:
        elf.parse_file(stream.fileno(), 0, 1000)
    assert str(error.value) == "ELF file is truncated, got 136 of 168 bytes at 64; build it again"


def test_a_region_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"before" + FULL.build() + b"after")
    with open(tmp_path / "x", "rb") as stream:
        assert elf.parse_file(stream.fileno(), 6, len(FULL.build())) == elf.parse(FULL.build())
        assert elf.parse_file(stream.fileno(), 0, 6) is None


def test_a_memoryview_is_a_buffer_too() -> None:
    assert elf.parse(memoryview(bytearray(FULL.build()))) == elf.parse(FULL.build())


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_damage_raises_nothing_but_format_errors(draw: st.DataObject) -> None:
    made = replace(FULL, wide=draw.draw(st.booleans()), sections=[(b".debug_x", 1)])
    data = bytearray(made.build())
    for _ in range(draw.draw(st.integers(1, 6))):
        data[draw.draw(st.integers(4, len(data) - 1))] = draw.draw(st.sampled_from([0, 1, 2, 0x7F, 0x80, 0xFF]))
    with contextlib.suppress(FormatError):
        elf.parse(bytes(data[: draw.draw(st.sampled_from([len(data), 64, 100, 300]))]))


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_format_errors(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        elf.parse(b"\x7fELF\x02\x01" + data)


def _is_elf(path: Path) -> bool:
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(4) == elf.MAGIC
    except OSError:
        return False


def _files_of_the_machine() -> list[Path]:
    roots = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/bin")
    return sorted(path for root in roots for path in Path(root).rglob("*") if _is_elf(path))


def _as_pyelftools(theirs: Any) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], str]:
    """Give symbol versions needed, without weak ones, and defined, and the build id."""
    needed: dict[str, tuple[str, ...]] = {}
    defined: list[str] = []
    for section in theirs.iter_sections():
        if section["sh_type"] == "SHT_GNU_verneed":
            for need, versions in section.iter_versions():
                names = tuple(version.name for version in versions if not version.entry.vna_flags & 2)
                if names:
                    needed[need.name] = names
        if section["sh_type"] == "SHT_GNU_verdef":
            defined += [next(names).name for it, names in section.iter_versions() if not it.entry.vd_flags & 1]
    ids = [
        note["n_desc"]
        for segment in theirs.iter_segments()
        if segment["p_type"] == "PT_NOTE"
        for note in segment.iter_notes()
        if note["n_type"] == "NT_GNU_BUILD_ID"
    ]
    return needed, tuple(defined), ids[0] if ids else ""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(st.data())
def test_damage_to_files_of_the_machine_raises_nothing_but_format_errors(draw: st.DataObject) -> None:
    files = _small_files_of_the_machine()
    if not files:
        pytest.skip("NO ELF FILE ON THIS MACHINE: none is damaged")
    data = bytearray(draw.draw(st.sampled_from(files)).read_bytes())
    facts = elf.parse(bytes(data))
    assert facts is not None
    # What is read stands at both ends of a file, and in the tables behind the header.
    places = st.one_of(st.integers(4, min(4096, len(data) - 1)), st.integers(4, len(data) - 1))
    for _ in range(draw.draw(st.integers(1, 8))):
        at = draw.draw(places)
        value = draw.draw(st.sampled_from([b"\0", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xff" * 4, b"\xff" * 8]))
        data[at : at + len(value)] = value
    with contextlib.suppress(FormatError):
        elf.parse(bytes(data[: draw.draw(st.sampled_from([len(data), len(data) // 2, 4096]))]))


@functools.cache
def _small_files_of_the_machine() -> list[Path]:
    return [path for path in _files_of_the_machine() if path.stat().st_size < 40000][:40]


def test_as_pyelftools_reads_the_files_of_the_machine() -> None:
    elffile = pytest.importorskip("elftools.elf.elffile")
    files = _files_of_the_machine()
    if not files:
        pytest.skip("NO ELF FILE ON THIS MACHINE: nothing is compared with pyelftools")
    # Every tenth, for pyelftools is slow; DISTILL_ALL_ELF_FILES=1 takes them all.
    step = 1 if os.environ.get("DISTILL_ALL_ELF_FILES") else 10
    for path in files[::step]:
        with open(path, "rb") as stream:
            ours = elf.parse_file(stream.fileno(), 0, path.stat().st_size)
            theirs = elffile.ELFFile(stream)
            assert ours is not None
            expected: dict[str, list[str]] = {"DT_NEEDED": [], "DT_SONAME": [], "DT_RPATH": [], "DT_RUNPATH": []}
            interpreter = ""
            for segment in theirs.iter_segments():
                if segment["p_type"] == "PT_INTERP":
                    interpreter = segment.get_interp_name()
                if segment["p_type"] == "PT_DYNAMIC" and segment["p_filesz"]:
                    for tag in segment.iter_tags():
                        if tag.entry.d_tag in expected:
                            names = {
                                "DT_NEEDED": "needed",
                                "DT_SONAME": "soname",
                                "DT_RPATH": "rpath",
                                "DT_RUNPATH": "runpath",
                            }
                            expected[tag.entry.d_tag].append(getattr(tag, names[tag.entry.d_tag]))
            assert ours.interpreter == interpreter, path
            assert list(ours.needed) == expected["DT_NEEDED"], path
            assert [ours.soname][: bool(ours.soname)] == expected["DT_SONAME"], path
            for found, tag in ((ours.rpath, "DT_RPATH"), (ours.runpath, "DT_RUNPATH")):
                assert ":".join(found) == "".join(expected[tag]), path
            sections = [section.name for section in theirs.iter_sections()]
            has_symbols = any(name == ".symtab" or name.startswith((".debug_", ".zdebug_")) for name in sections)
            assert ours.stripped == (not has_symbols), path
            assert (ours.versions_needed, ours.versions, ours.build_id) == _as_pyelftools(theirs), path
            kinds = {"ET_EXEC": "executable", "ET_DYN": "shared", "ET_REL": "relocatable", "ET_CORE": "core"}
            assert ours.kind == kinds[theirs["e_type"]], path
