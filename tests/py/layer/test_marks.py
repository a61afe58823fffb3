"""Tests of distill.layer.marks."""

import bz2
import gzip
import io
import lzma
import zipfile

import pytest
import zstandard
from distill.layer import marks
from hypothesis import given
from hypothesis import strategies as st
from support_elf import Made


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x", "x")
    return stream.getvalue()


def windows_program(at: int = 0x80) -> bytes:
    head = bytearray(b"MZ".ljust(0x100, b"\0"))
    head[0x3C:0x40] = at.to_bytes(4, "little")
    head[at : at + 4] = b"PE\0\0"
    return bytes(head)


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (gzip.compress(b"x"), "gzip"),
        (lzma.compress(b"x"), "xz"),
        (bz2.compress(b"x"), "bzip2"),
        (zstandard.ZstdCompressor().compress(b"x"), "zstd"),
        (b"\x04\x22\x4d\x18\x64\x40\xa7", "lz4"),
        (zipped(), "zip"),
        (windows_program(), "pe"),
        (bytes.fromhex("cffaedfe07000001"), "mach-o"),
        (bytes.fromhex("cefaedfe07000000"), "mach-o"),
        (bytes.fromhex("cafebabe00000002"), "mach-o"),
        (Made().build() + b"\0" * 40 + b"UPX!" + bytes(28), "upx"),
    ],
)
def test_a_file_by_its_head(data: bytes, mark: str) -> None:
    assert marks.of_head(data[: marks.HEAD]) == (mark,)
    assert mark in marks.COMPRESSED | set(marks.FOREIGN) | {marks.UPX}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P",
        b"PK\x05\x06",
        b"BZhello",
        b"MZ is no program",
        windows_program(0x80)[:0x82],
        bytes.fromhex("cafebabe00000041"),  # a class of Java 21
        Made().build(),
        b"UPX! in a text",
    ],
)
def test_a_file_without_a_mark(data: bytes) -> None:
    assert marks.of_head(data[: marks.HEAD]) == ()


def test_secrets_have_their_kinds_as_marks() -> None:
    assert marks.of_secrets(["credentials", "private-key"]) == ("secret:credentials", "secret:private-key")
    assert marks.of_secrets([]) == ()


@given(st.binary(max_size=80), st.sampled_from([b"", b"MZ", b"PK", b"BZ", b"\x1f\x8b", b"\x7fELF"]))
def test_any_bytes(data: bytes, start: bytes) -> None:
    assert len(marks.of_head(start + data)) <= 1
