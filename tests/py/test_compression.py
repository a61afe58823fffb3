"""Tests of distill.compression. The digests pinned here are promises: read the message before changing one."""

import functools
import hashlib
import io
from typing import get_args

import deflate
import pytest
from distill import compression
from distill.compression import Compression, Level
from support_data import mixed, noise

# Of `_KNOWN`, cut and compressed chunk by chunk.
GOLDEN = {
    ("gzip", "fast"): "dd4d25a36dc475d262744cd93fe1d727c8d99c986b48825d15f9bbc9d546b5b8",
    ("gzip", "default"): "3f723c76e603d6dffe07ec87062a1eeb07277f123b831c3af0976c99c2ff6aad",
    ("gzip", "best"): "3f88a1ae9d9f2219108e21a9c9a6aa72087eee99942a621df06193ba677d592f",
    ("zstd", "fast"): "eb05487dd92a1ba14e16ff92638b4ed824665ae13bb41d865cecf625e3eaca2f",
    ("zstd", "default"): "5c7735497fcac3d12e80cda86da7c1d123715760242eb3bcad888cbcb6116914",
    ("zstd", "best"): "1437fe70209d0f6611961bc2f07c87c90ac4bd474bc8de7e1b385a6a02476a81",
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


@pytest.mark.parametrize("level", get_args(Level))
def test_what_does_not_shrink_is_stored(level: Level) -> None:
    data = memoryview(noise(1 << 19))
    stored = compression.compressor("gzip", level)(data)
    assert stored[10] == 0, "the first block is stored (RFC 1951, 3.2.4)"
    assert len(data) < len(stored) < len(data) * 1.0002
    assert compression.open_decompressed(io.BytesIO(bytes(stored))).read() == data


def test_zstd_takes_the_default_for_what_does_not_shrink() -> None:
    chunks = {data: memoryview(data) for data in (noise(1 << 21), mixed(1 << 21))}
    same = [_compress_one(chunk, "best") == _compress_one(chunk, "default") for chunk in chunks.values()]
    assert same == [True, False]


def _compress_one(chunk: memoryview, level: Level) -> bytes:
    return bytes(compression.compressor("zstd", level)(chunk))


@pytest.mark.parametrize("size", [1, 1 << 16, (1 << 16) + 1, 300_001, 1 << 19])
def test_a_chunk_of_any_size_is_given_back(size: int) -> None:
    for data in (noise(size), mixed(size), bytes(size)):
        for kind in ("gzip", "zstd"):
            made = bytes(compression.compressor(kind, "best")(memoryview(data)))
            assert compression.open_decompressed(io.BytesIO(made)).read() == data


@pytest.mark.parametrize("part", [8, 4, 2])
def test_a_chunk_that_is_partly_compressed_already_is_compressed(part: int) -> None:
    data = noise((1 << 19) - (1 << 19) // part) + mixed((1 << 19) // part)
    made = compression.compressor("gzip", "default")(memoryview(data))
    assert len(made) < len(data) * (1 - 0.3 / part)


def test_a_small_chunk_is_not_sampled() -> None:
    data = noise(60_000)
    assert compression.compressor("gzip", "default")(memoryview(data)) == deflate.gzip_compress(data, 5)


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
