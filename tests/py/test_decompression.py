"""Tests of distill.decompression."""

import bz2
import contextlib
import gzip
import io
import lzma
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard
from distill.decompression import open_decompressed
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st
from support_data import mixed, noise
from support_match import exactly

Compress = Callable[[bytes], bytes]


def _lzma_alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


KINDS: dict[str, Compress] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": _lzma_alone,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}
DATA = mixed(400_000)


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_is_told_by_its_first_bytes(kind: str) -> None:
    packed = KINDS[kind](DATA)
    assert open_decompressed(io.BytesIO(packed)).read() == DATA
    assert open_decompressed(io.BytesIO(KINDS[kind](b""))).read() == b""


@pytest.mark.parametrize("kind", KINDS)
def test_members_that_follow_one_another_are_one_stream(kind: str) -> None:
    packed = b"".join(KINDS[kind](part) for part in (b"one ", b"", b"two ", noise(200_000)))
    assert open_decompressed(io.BytesIO(packed)).read() == b"one two " + noise(200_000)


@pytest.mark.parametrize("kind", KINDS)
def test_zeros_may_fill_the_end(kind: str) -> None:
    assert open_decompressed(io.BytesIO(KINDS[kind](DATA) + bytes(300_000))).read() == DATA


@pytest.mark.parametrize("kind", KINDS)
def test_something_else_after_the_data_is_an_error(kind: str) -> None:
    message = f"{kind} data is followed by something else, got b'other'; fetch the file again"
    with pytest.raises(FormatError, match=exactly(message)):
        open_decompressed(io.BytesIO(KINDS[kind](DATA) + b"other")).read()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [10, 100, 0.5, 0.999])
def test_truncated_data_is_an_error(kind: str, part: float) -> None:
    packed = KINDS[kind](DATA)
    cut = packed[: int(part if part > 1 else len(packed) * part)]
    message = f"{kind} data is truncated, got an end within a member; fetch the file again"
    with pytest.raises(FormatError, match=exactly(message)):
        open_decompressed(io.BytesIO(cut)).read()


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd"])
def test_broken_data_is_an_error(kind: str) -> None:
    packed = bytearray(KINDS[kind](DATA))
    packed[6:5000] = noise(4994)
    with pytest.raises(FormatError, match=rf"\A{kind} data is (broken|truncated), got .*; fetch the file again\Z"):
        open_decompressed(io.BytesIO(packed)).read()


def test_zstd_skippable_frames_are_skipped() -> None:
    skippable = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    packed = skippable + KINDS["zstd"](b"one ") + skippable + KINDS["zstd"](b"two") + skippable
    assert open_decompressed(io.BytesIO(packed)).read() == b"one two"


def test_a_window_too_wide_is_refused() -> None:
    # A frame header that asks for a window of 2 GiB (RFC 8878, 3.1.1.1.2), then an empty last block.
    packed = b"\x28\xb5\x2f\xfd" + b"\x00" + bytes(((31 - 10) << 3,)) + b"\x01\x00\x00"
    with pytest.raises(FormatError, match="zstd data is broken"):
        open_decompressed(io.BytesIO(packed)).read()


@pytest.mark.parametrize("data", [b"", b"a", b"\x1f", b"plain text", bytes(1000), noise(300_000)])
def test_anything_else_stands_as_it_is(data: bytes) -> None:
    assert open_decompressed(io.BytesIO(data)).read() == data


@pytest.mark.parametrize("kind", KINDS)
def test_the_stream_need_not_be_seekable_nor_give_all_at_once(kind: str) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.inner = io.BytesIO(data)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self.inner.read(min(size, 7) if size > 6 else size)

    small = mixed(5000)
    assert open_decompressed(Pipe(KINDS[kind](small))).read() == small  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_what_expands_a_lot_takes_little_memory(kind: str) -> None:
    packed = KINDS[kind](bytes(1 << 27))
    tracemalloc.start()
    try:
        with open_decompressed(io.BytesIO(packed)) as stream:
            size = 0
            while chunk := stream.read(1 << 16):
                size += len(chunk)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 1 << 27
    assert peak < 1 << 25


def test_closing_leaves_the_stream_open() -> None:
    stream = io.BytesIO(KINDS["gzip"](b"abc"))
    open_decompressed(stream).close()
    assert not stream.closed


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=40), st.data())
def test_no_damage_raises_anything_else(kind: str, tail: bytes, data: st.DataObject) -> None:
    packed = bytearray(KINDS[kind](b"some text " * 20))
    for _ in range(data.draw(st.integers(0, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(packed[: data.draw(st.integers(0, len(packed)))]) + tail
    with contextlib.suppress(FormatError):
        open_decompressed(io.BytesIO(damaged)).read()
