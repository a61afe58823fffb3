"""Tests of distill.elf.versions, through distill.elf.file, which finds the tables."""

import contextlib
import struct
from dataclasses import replace

import pytest
from distill.elf import file as elf
from distill.elf import versions as elf_versions
from distill.errors import FormatError
from distill.listing import Elf
from hypothesis import given
from hypothesis import strategies as st
from support_elf import Made
from support_match import exactly

MADE = Made(
    needs={b"libc.so.6": [(b"GLIBC_2.34", 0), (b"GLIBC_2.38", 2), (b"GLIBC_2.2.5", 0)], b"libm.so.6": [(b"M_1", 2)]},
    defines=[(b"me.so", 1), (b"ME_1", 0), (b"ME_2", 0)],
)


def parsed(made: Made) -> Elf:
    facts = elf.parse(made.build())
    assert facts is not None
    return facts


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_needed_and_defined_in_each_class_and_byte_order(wide: bool, little: bool) -> None:
    facts = parsed(replace(MADE, wide=wide, little=little))
    # Weak ones may be missing, and the first definition is the name of the file itself.
    assert facts.versions_needed == {"libc.so.6": ("GLIBC_2.34", "GLIBC_2.2.5")}
    assert facts.versions == ("ME_1", "ME_2")


def test_a_file_without_versions() -> None:
    facts = parsed(Made())
    assert (facts.versions_needed, facts.versions) == ({}, ())


def test_a_library_with_more_versions_than_are_read_at_first() -> None:
    names = [(b"V_%d" % number, 0) for number in range(1000)]
    facts = parsed(Made(needs={b"a.so": names}, defines=names))
    assert facts.versions_needed == {"a.so": tuple(name.decode() for name, _ in names)}
    assert facts.versions == facts.versions_needed["a.so"]


NEED, NEEDED_NUMBER, DEFINED_NUMBER = 0x6FFFFFFE, 0x6FFFFFFF, 0x6FFFFFFD


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            replace(MADE, dynamic=[(NEED, 0x10)]),
            "ELF table of symbol versions is not loaded, got 0x10; build the file again",
        ),
    ],
)
def test_broken_tables(made: Made, message: str) -> None:
    with pytest.raises(FormatError, match=exactly(message)):
        elf.parse(made.build())


def need(count: int, aux: int, following: int, *auxiliary: tuple[int, int]) -> bytes:
    data = struct.pack("<HHIII", 1, count, 0, aux, following)
    return data + b"".join(struct.pack("<IHHII", 0, 0, 2, name, step) for name, step in auxiliary)


def text(at: int) -> str:
    return f"s{at}"


def test_a_count_that_is_too_high_ends_with_the_list() -> None:
    assert elf_versions.needed(lambda _: need(9, 16, 0, (1, 16), (2, 0)), 9, True, text) == {"s0": ("s1", "s2")}


BEYOND = "ELF table of symbol versions points beyond its end; build the file again"
BIG = "ELF table of symbol versions is too big, got more than 65536; build the file again"


@pytest.mark.parametrize(
    ("data", "count", "message"),
    [
        (b"", 1, BEYOND),
        (need(1, 16, 0), 1, BEYOND),
        (need(1, 16, 1 << 31, (1, 0)), 2, BEYOND),
        (need(1, 1 << 31, 0), 1, BEYOND),
        # Entries that share one long list would cost the square of its length.
        (need(40000, 16, 32, (1, 0)) * 2, 2, BIG),
    ],
)
def test_hostile_tables(data: bytes, count: int, message: str) -> None:
    with pytest.raises(FormatError, match=exactly(message)):
        elf_versions.needed(lambda size: data[:size], count, True, text)


def test_too_many_definitions() -> None:
    with pytest.raises(FormatError, match=exactly(BIG)):
        elf_versions.defined(lambda _: b"", 1 << 17, True, text)


@given(st.binary(max_size=200), st.integers(0, 1 << 40), st.booleans())
def test_any_bytes_raise_nothing_but_format_errors(data: bytes, count: int, little: bool) -> None:
    for walk in (elf_versions.needed, elf_versions.defined):
        with contextlib.suppress(FormatError):
            walk(lambda size: data[:size], count, little, text)
