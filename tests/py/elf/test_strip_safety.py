"""Which programs may be stripped, and whether a program is the same one."""

import subprocess

import pytest
from distill.elf import layout as elf_layout
from distill.elf import strip_safety
from hypothesis import given
from hypothesis import strategies as st
from support_compiler import compiled, tool
from support_elf import Made

DEBUG = Made(sections=[(b".debug_info", 1), (b".symtab", 2)])
HEADER, TABLE = 64, 56


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Give a real program, and the same after strip."""
    path = compiled(tmp_path_factory.mktemp("program") / "x", "-static-pie")
    before = path.read_bytes()
    subprocess.run([tool("strip"), path], check=True)
    return before, path.read_bytes()


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"#!/bin/sh", "is a script"),
        (b"!<arch>\n", "is a static library"),
        (b"!<thin>\n", "is a static library"),
        (b"MZ\x90", "is a program for Windows"),
        (b"\xcf\xfa\xed\xfe", "is a program for macOS"),
        (b"PK\x03\x04", "is a zip archive"),
        (b"plain", "is no ELF file"),
        (Made(kind=1).build(), "is an object file or kernel module, whose symbols are needed"),
        (Made(kind=4).build(), "is no program"),
        (Made().build(), "is stripped already"),
        (Made(sections=[(b".gnu_debuglink", 1), (b".symtab", 2)]).build(), "has its debug part elsewhere already"),
        (DEBUG.build() + b"x", "has data after its end, 1 bytes, as programs with a payload have"),
        (
            DEBUG.build() + bytes((1 << 16) + 1),
            "has data after its end, 65537 bytes, as programs with a payload have",
        ),
        (DEBUG.build() + bytes(4096), ""),
        (DEBUG.build(), ""),
    ],
)
def test_reasons(head: bytes, reason: str) -> None:
    assert strip_safety.reason(head) == reason


def test_a_program_that_claims_more_than_there_is() -> None:
    data = bytearray(DEBUG.build())
    data[HEADER + 32 : HEADER + 40] = (1 << 40).to_bytes(8, "little")  # p_filesz of the first segment
    assert strip_safety.reason(bytes(data)) == f"is truncated: its tables claim {1 << 40} bytes of {len(data)}"


def test_a_stripped_program_is_the_same(programs: tuple[bytes, bytes]) -> None:
    before, after = programs
    assert len(after) < len(before)
    assert strip_safety.difference(before, before) == ""
    assert strip_safety.difference(before, after) == ""


def test_every_byte_that_is_loaded_counts(programs: tuple[bytes, bytes]) -> None:
    before, after = programs
    layout = elf_layout.read(after)
    loads = [segment for segment in layout.segments if segment.kind == elf_layout.LOAD]
    for segment in loads:
        first = max(segment.offset, layout.segment_table[1])
        for at in {first, (first + segment.offset + segment.size) // 2, segment.offset + segment.size - 1}:
            changed = bytearray(after)
            changed[at] ^= 1
            assert strip_safety.difference(before, bytes(changed)).endswith("differs"), hex(at)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (5, "file is no ELF file of a known class and byte order, or truncated"),
        (7, "its ELF header differs"),
        (24, "its ELF header differs"),
        (HEADER + 4, "its segments differ"),
        (HEADER + 40, "its segments differ"),
        (HEADER + 48, "its segments differ"),
    ],
)
def test_headers_count(at: int, message: str) -> None:
    before = DEBUG.build()
    after = bytearray(before)
    after[at] ^= 4
    assert strip_safety.difference(before, bytes(after)) == message


def test_a_program_that_was_cut() -> None:
    before = Made(sections=[]).build()
    moved = bytearray(before)
    moved[HEADER + 8 : HEADER + 16] = (1 << 30).to_bytes(8, "little")  # p_offset
    assert strip_safety.difference(before, bytes(moved)) == "it is truncated"


def test_zeros_at_the_end_of_a_segment_need_not_be_in_the_file() -> None:
    data = bytearray(Made(is_dynamic=False, sections=[]).build())
    size = len(data) + 8
    for at in (32, 40):
        data[HEADER + at : HEADER + at + 8] = size.to_bytes(8, "little")
    before = bytes(data) + bytes(8)
    after = bytearray(before)
    after[HEADER + 32 : HEADER + 40] = (size - 8).to_bytes(8, "little")
    assert strip_safety.difference(before, bytes(after[:-8])) == ""


def test_the_names_of_sections_may_stand_among_what_is_loaded() -> None:
    before = Made(sections=[(b".debug_info", 1)]).build()
    after = before.replace(b".debug_info\0", bytes(12))
    assert after != before
    assert elf_layout.read(before).segments[0].size == len(before)
    assert strip_safety.difference(before, after) == ""


@given(st.binary(max_size=400), st.integers(0, 400))
def test_anything_is_judged(data: bytes, at: int) -> None:
    made = DEBUG.build()
    for mixed in (data, made[:at] + data, made[:at] + data + made[at + len(data) :]):
        strip_safety.reason(mixed)
        strip_safety.difference(made, mixed)
        strip_safety.difference(mixed, made)
