"""Tests of distill.elf.ld_so_cache."""

import itertools
import struct

import pytest
from distill.elf.ld_so_cache import Library, compare_names, directories, encode
from hypothesis import given
from hypothesis import strategies as st

GENERATOR = "ldconfig (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36"

# What ldconfig of Debian 12 wrote for a root with these three libraries, with zeros left out.
HEADER = bytes.fromhex("676c6962632d6c642e736f2e6361636865312e31 03000000 2b000000 02000000 a4000000") + bytes(12)
STRINGS = b"/lib/libz.so\0/lib/libc.so.6\0/lib/libz.so.1\0"
ENTRIES = ((0x99, 0x94), (0x7D, 0x78), (0x8A, 0x85))
EXTENSION = bytes.fromhex("7421a4ea 01000000 00000000 00000000 bc000000 43000000")


def library(name: str, **values: str) -> Library:
    return Library(name, f"/lib/{name}", 0x303, **values)


def test_the_bytes_are_ldconfigs() -> None:
    expected = HEADER + b"".join(struct.pack("<iIIIQ", 0x303, *entry, 0, 0) for entry in ENTRIES)
    expected += STRINGS + b"\0" + EXTENSION + GENERATOR.encode()
    assert encode([library("libc.so.6"), library("libz.so"), library("libz.so.1")], GENERATOR) == expected


def test_big_endian_is_the_same_with_its_bytes_turned() -> None:
    data = encode([library("libc.so.6")], "x", big_endian=True)
    assert data[20:28] == struct.pack(">II", 1, 15)
    assert data[28] == 3
    assert data[48:52] == struct.pack(">i", 0x303)
    assert struct.unpack(">I", data[32:36])[0] % 4 == 0


def test_no_library() -> None:
    data = encode([], "x")
    assert data[20:28] == bytes(8)
    assert data.endswith(b"x")


def test_subdirectories_come_first_and_have_numbers() -> None:
    given_ = [library("liba.so.1"), library("liba.so.1", hwcaps="x86-64-v3"), library("liba.so.1", hwcaps="x86-64-v2")]
    data = encode(given_, "x")
    fields = [struct.unpack_from("<iIIIQ", data, 48 + 24 * number)[4] for number in range(3)]
    assert fields == [1 << 62, 1 << 62 | 1, 0]


def test_of_equal_names_the_first_directory_comes_first() -> None:
    data = encode([Library("liba.so", "/b/liba.so", 3), Library("liba.so", "/a/liba.so", 3)], "x")
    first = struct.unpack_from("<iIII", data, 48)[2]
    assert data[first:].startswith(b"/b/")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("libx.so.9", "libx.so.10"),
        ("liba.so", "libb.so"),
        ("libx.so", "libx.so.1"),
        ("libx-a", "libx9"),
        ("libx\udcff", "libxa"),
        ("", "a"),
    ],
)
def test_numbers_count_by_value(less: str, more: str) -> None:
    assert compare_names(less, more) < 0
    assert compare_names(more, less) > 0


NAMES = st.text("ab019.", min_size=1, max_size=8)


@given(st.lists(NAMES, unique=True, max_size=12))
def test_every_name_reads_back_and_names_fall(names: list[str]) -> None:
    data = encode([library(name) for name in names], GENERATOR)
    read = []
    for number in range(len(names)):
        flags, key, value = struct.unpack_from("<iII", data, 48 + 24 * number)
        read.append(data[key : data.index(0, key)].decode())
        assert data[value : data.index(0, value)].decode() == f"/lib/{read[-1]}"
        assert flags == 0x303
    assert sorted(read) == sorted(names)
    assert all(compare_names(one, other) >= 0 for one, other in itertools.pairwise(read))


@given(NAMES, NAMES)
def test_the_order_is_one(one: str, other: str) -> None:
    assert (compare_names(one, other) > 0) == (compare_names(other, one) < 0)


LIBRARIES = [
    Library("libz.so.1", "/opt/z/libz.so.1", 3),
    Library("liba.so.1", "/opt/a b/liba.so.1", 3),
    Library("liba.so.1", "/opt/a b/glibc-hwcaps/x86-64-v3/liba.so.1", 3, hwcaps="x86-64-v3"),
    Library("lib\udcff.so", "/opt/\udcff/lib\udcff.so", 3),
]


@pytest.mark.parametrize("big_endian", [False, True])
def test_the_directories_of_a_cache(big_endian: bool) -> None:
    data = encode(LIBRARIES, "x", big_endian=big_endian)
    assert sorted(directories(data)) == ["/opt/a b", "/opt/z", "/opt/\udcff"]
    old = b"ld.so-1.7.0\0" + struct.pack(">I" if big_endian else "<I", 1) + bytes(16)
    assert directories(old + data) == directories(data)


@pytest.mark.parametrize("data", [b"", b"no cache", b"ld.so-1.7.0\0", b"ld.so-1.7.0\0\xff\xff\xff\xff"])
def test_what_is_no_cache_leads_nowhere(data: bytes) -> None:
    assert directories(data) == []


@given(st.data())
def test_a_damaged_cache_raises_nothing(draw: st.DataObject) -> None:
    data = bytearray(encode(LIBRARIES, "x"))
    for _ in range(draw.draw(st.integers(1, 5))):
        data[draw.draw(st.integers(20, len(data) - 1))] = draw.draw(st.integers(0, 255))
    directories(bytes(data[: draw.draw(st.integers(0, len(data)))]))
