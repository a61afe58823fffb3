"""PNG files: chunks, and pixels compressed again."""

import struct
import zlib

import pytest
from distill.assets import png
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st
from support_picture import chunk, picture, pixels


def header(width: int = 1, height: int = 1, depth: int = 8, colour: int = 0, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


END = chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_compressed_again_the_pixels_are_the_same(mode: str) -> None:
    data = picture(mode, (64, 64))
    smaller = png.compress(data)
    assert pixels(smaller) == pixels(data)
    assert len(smaller) <= len(data)
    assert png.compress(smaller) == smaller


def test_all_chunks_stay_and_pixels_become_one() -> None:
    rows = b"\0" + bytes(32)
    packed = zlib.compress(rows, 0)
    data = png.MAGIC + header(32) + chunk(b"teSt", b"x") + chunk(b"IDAT", packed[:9]) + chunk(b"IDAT", packed[9:]) + END
    found = list(png.chunks(png.compress(data)))
    assert [kind for kind, _ in found] == [b"IHDR", b"teSt", b"IDAT", b"IEND"]
    assert zlib.decompress(found[2][1]) == rows


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png.MAGIC, "PNG file is truncated"),
        (png.MAGIC + END, "PNG file has no header"),
        (png.MAGIC + b"\0\0\0\x0dIHDR", "PNG file is truncated"),
        (png.MAGIC + header()[:-1] + b"x", "PNG file is broken, in chunk b'IHDR'"),
        (png.MAGIC + header(width=0) + END, "PNG file has a header of no known form"),
        (png.MAGIC + header(colour=5) + END, "PNG file has a header of no known form"),
        (png.MAGIC + header(depth=3) + END, "PNG file has a header of no known form"),
        (png.MAGIC + header(1 << 20, 1 << 20) + END, "PNG file is too large, 1048576 x 1048576 pixels"),
        (png.MAGIC + header(), "PNG file is truncated"),
        (png.MAGIC + header() + END, "PNG file is broken, its pixels are not as many as it says"),
        (
            png.MAGIC + header() + chunk(b"IDAT", zlib.compress(bytes(9))) + END,
            "PNG file is broken, its pixels are not as many as it says",
        ),
        (
            png.MAGIC + header() + chunk(b"IDAT", b"x" * 9) + END,
            "PNG file is broken (Error -3 while decompressing data: incorrect header check)",
        ),
    ],
)
def test_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as error:
        png.compress(data)
    assert str(error.value) == message


@given(st.binary(max_size=60), st.integers(0, 200))
def test_anything_is_compressed_or_refused(data: bytes, at: int) -> None:
    made = picture()
    for mixed in (png.MAGIC + data, made[:at] + data, made[:at] + data + made[at + len(data) :]):
        try:
            png.compress(mixed)
        except FormatError:
            continue
