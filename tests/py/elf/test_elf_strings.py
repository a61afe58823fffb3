"""Tests of distill.elf.strings: what is read of a file is no multiple of it."""

import contextlib
import struct
from dataclasses import replace

import pytest
from distill import listing
from distill.elf import file as elf
from distill.elf import notes as elf_notes
from distill.elf import symbols as elf_symbols
from distill.elf import versions as elf_versions
from distill.elf.strings import LONGEST_NAME, MOST, Strings
from distill.errors import FormatError
from distill.listing import Record
from hypothesis import given, settings
from hypothesis import strategies as st
from support_elf import Made, note
from support_match import exactly

NEEDED, SONAME, RPATH, RUNPATH = 1, 14, 15, 29
LARGEST_LINE = 6
"""Bytes of a listing for a byte of a string: JSON writes a control character as six."""


def line(data: bytes) -> bytes:
    """Give the line of a listing for the ELF file `data`, as layers have it; empty for one that is refused."""
    with contextlib.suppress(FormatError):
        facts = elf.parse(data)
        return listing.encode(Record("x", "file", "0755", elf=facts))
    return b""


def shared(count: int, text: bytes, tag: int = NEEDED) -> bytes:
    """Give a file that names one string `count` times."""
    return Made(dynamic=[(tag, text), *[(NEEDED, 1)] * (count - 1)]).build()


def test_many_libraries_of_one_long_name() -> None:
    data = shared(4000, b"x" * 4000)
    message = (
        "ELF strings that the file names are more than {} bytes in all, got another one at offset 1;"
        " build the file again"
    )
    with pytest.raises(FormatError, match=exactly(message.format(2 * len(data)))):
        elf.parse(data)
    large = data + bytes(MOST)
    with pytest.raises(FormatError, match=exactly(message.format(MOST))):
        elf.parse(large)


def test_a_name_that_is_too_long() -> None:
    longest = b"x" * LONGEST_NAME
    facts = elf.parse(shared(1, longest))
    assert facts is not None
    assert facts.needed == (longest.decode(),)
    message = "ELF string has more than 4096 bytes, got one at offset 1; build the file again"
    for count, text in ((1, longest + b"x"), (4000, b"x" * 60000)):
        with pytest.raises(FormatError, match=exactly(message)):
            elf.parse(shared(count, text))


@pytest.mark.parametrize("tag", [RPATH, RUNPATH])
def test_a_list_of_directories_may_be_longer(tag: int) -> None:
    directories = [b"$ORIGIN/../_solib_k8/%d" % number for number in range(2000)]
    facts = elf.parse(Made(dynamic=[(tag, b":".join(directories))]).build())
    assert facts is not None
    assert facts.rpath + facts.runpath == tuple(name.decode() for name in directories)
    with pytest.raises(FormatError) as error:
        elf.parse(Made(dynamic=[(tag, b"x" * 65537)]).build())
    assert str(error.value) == "ELF string has more than 65536 bytes, got one at offset 1; build the file again"


def test_a_table_that_is_read_piece_by_piece() -> None:
    names = [b"lib%d.so" % number for number in range(5000)]
    made = Made(dynamic=[(NEEDED, name) for name in names])
    assert sum(len(name) + 1 for name in names) > 1 << 15
    facts = elf.parse(made.build())
    assert facts is not None
    assert facts.needed == tuple(name.decode() for name in names)


def test_symbol_versions_of_one_long_name() -> None:
    table = struct.pack("<HHIII", 1, 60000, 0, 16, 0) + struct.pack("<IHHII", 0, 0, 2, 1, 16) * 60000
    strings = Strings(lambda at, size: (b"\0" + b"V" * 4000 + b"\0")[at : at + size], 0, 4002, 2 << 20)
    with pytest.raises(FormatError, match="ELF strings that the file names are more than 1048576 bytes in all"):
        elf_versions.needed(lambda size: table[:size], 1, True, strings.name)


def test_a_library_that_is_named_by_many_entries() -> None:
    """Each entry brings its version; what came before is not copied again."""
    count = 32768
    table = struct.pack("<HHIII", 1, 1, 0, 16, 32) + struct.pack("<IHHII", 0, 0, 2, 1, 0)
    found = elf_versions.needed(lambda size: (table * count)[:size], count, True, lambda at: f"s{at}")
    assert found == {"s0": ("s1",) * count}


def test_interpreters_dynamic_sections_and_notes_that_come_many_times() -> None:
    value = b'[{"soname":["libx.so"]}]\0'
    made = Made(interpreter="/lib/ld.so", dynamic=[(NEEDED, b"liba.so")], notes=note(b"FDO\0", 0x407C0C0A, value))
    data = bytearray(made.build())
    facts = elf.parse(bytes(data))
    assert facts is not None
    (count,) = struct.unpack_from("<H", data, 56)
    table = bytes(data[64 : 64 + 56 * count])
    times = 4000
    struct.pack_into("<Q", data, 32, len(data))  # e_phoff
    struct.pack_into("<H", data, 56, count * times)
    many = bytes(data) + table * times
    read = 0

    def counted(offset: int, size: int) -> bytes:
        nonlocal read
        read += size
        return many[offset : offset + size]

    repeated = elf.parse_at(counted, len(many))
    assert repeated is not None
    assert (repeated.interpreter, repeated.needed) == (facts.interpreter, facts.needed)
    assert repeated.dlopen == facts.dlopen * (elf_notes.MOST // len(made.notes))
    assert read < 2 * len(many)


class Counted(bytes):
    """Bytes that count how often they are looked at."""

    looked = 0

    def startswith(self, *what: object) -> bool:
        """Count, and do as bytes do."""
        self.looked += 1
        return super().startswith(*what)  # type: ignore[arg-type]

    def find(self, *what: object) -> int:
        """Count, and do as bytes do."""
        self.looked += 1
        return super().find(*what)  # type: ignore[arg-type]


def test_watched_names_in_any_number_cost_one_walk_of_the_symbols() -> None:
    strings = Counted(b"\0" + b"getpwnam\0" * 4000)
    symbols = Counted(struct.pack("<IBBHQQ", 0, 0x12, 0, 0, 0, 0) * 10000 + struct.pack("<IBBHQQ", 1, 0x12, 0, 0, 0, 0))
    tables = 0

    def read(section: object) -> bytes:
        nonlocal tables
        tables += 1
        return symbols

    section = (0, 11, 0, 0, 0, len(symbols), 0, 0, 8, 24)
    assert elf_symbols.calls(strings, [section], True, True, read) == ("getpwnam",)
    assert tables == 1
    assert strings.looked + symbols.looked <= len(symbols) / 24 + 1


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([NEEDED, SONAME, RPATH, RUNPATH]),
    st.integers(1, 3000),
    st.binary(max_size=5000).map(lambda raw: raw.replace(b"\0", b":")) | st.integers(0, 70000).map(lambda n: b"\1" * n),
    st.integers(0, 1000),
    st.booleans(),
)
def test_what_is_read_is_bounded_by_the_file(tag: int, count: int, text: bytes, versions: int, wide: bool) -> None:
    made = Made(wide=wide, dynamic=[(tag, text), *[(NEEDED, 1)] * count], needs={text: [(b"V", 0)] * versions})
    data = replace(made, defines=[(text, 0)] * (versions // 100)).build()
    assert len(line(data)) <= LARGEST_LINE * 2 * len(data) + 1000
