"""Tests of distill.compression. The digests pinned here are promises: read the message before changing one."""

import functools
import hashlib
import io
from typing import get_args

import pytest
from distill import compression
from distill.compression import Compression, Level
from support_data import mixed, noise

# Of `_KNOWN`, cut and compressed chunk by chunk.
GOLDEN = {
    ("gzip", "fast"): "6021dd2d6bc1156868ed9f6aaa55f1cabb551496e9c7e4d2d0a3b14d6d8f8327",
    ("gzip", "default"): "887dbbb8eaa435f22a60b0ebb34f4088cd137d43c89b214c5e6cedbaec38db61",
    ("gzip", "best"): "d3d02051c04f5ed24ac16c9b69947f5a0fae55d456174241763438caec33a453",
    ("zstd", "fast"): "94da61d7004f196f5f2b23636795dcc85f8530e628c2fc7fb3af3743b81ba075",
    ("zstd", "default"): "17d08c3e17f4df8ce7e2c518e6831e52e5c122e157e9dcfc0dc75027dca256d8",
    ("zstd", "best"): "34f51aee4178efc3b54525cf402f0d2aec751bf1916e715449b293af97e1fe75",
}
CHANGED = """\
The same data and level give other bytes than before: a library was bumped, a level or the size of a chunk changed.
Every digest of every user who compresses so changes with it. If that is wanted, say so in CHANGELOG.md and pin anew."""


@functools.cache
def _known() -> bytes:
    return mixed(1_200_000) + noise(100_000) + bytes(3_000_000) + mixed(100_000)


@functools.cache
def _compress(data: bytes, kind: Compression, level: Level) -> bytes:
    compress = compression.compressor(kind, level)
    size = compression.chunk_size(kind)
    view = memoryview(data)
    return b"".join(compress(view[at : at + size]) for at in range(0, len(data), size))


def test_the_known_data_is_known() -> None:
    assert hashlib.sha256(_known()).hexdigest() == "a4ae65868a4152bf019f7e4155cacc3b1db9bfb6a7a06ca6bf7a73f80ac0de12"


@pytest.mark.parametrize("level", get_args(Level))
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_golden(kind: Compression, level: Level) -> None:
    data = _compress(_known(), kind, level)
    assert hashlib.sha256(data).hexdigest() == GOLDEN[kind, level], CHANGED
    assert compression.open_decompressed(io.BytesIO(data)).read() == _known()


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_higher_level_gives_fewer_bytes(kind: Compression) -> None:
    sizes = [len(_compress(_known(), kind, level)) for level in get_args(Level)]
    assert sizes == sorted(sizes, reverse=True)


def test_uncompressed_gives_the_data() -> None:
    assert _compress(b"abc", "uncompressed", "best") == b"abc"


def test_a_compressor_has_no_memory() -> None:
    for kind in get_args(Compression):
        compress = compression.compressor(kind, "default")
        first = bytes(compress(memoryview(mixed(100_000))))
        compress(memoryview(noise(1000)))
        assert bytes(compress(memoryview(mixed(100_000)))) == first


def test_gzip_header_has_no_name_no_time_and_no_system() -> None:
    data = _compress(b"abc", "gzip", "default")
    assert data[:4] == b"\x1f\x8b\x08\0"  # no flags: no name, no comment, no extra field
    assert data[4:8] == bytes(4)
    assert data[9] == 255


def test_zstd_frame_has_its_size_and_no_checksum() -> None:
    data = _compress(b"abc" * 1000, "zstd", "default")
    descriptor = data[4]
    assert descriptor >> 6 == 1  # two bytes of content size
    assert descriptor & 0x04 == 0


def test_media_types() -> None:
    assert [compression.media_type(kind) for kind in get_args(Compression)] == [
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.oci.image.layer.v1.tar",
    ]
