"""How a layer's blob is compressed: one output for one input, in parallel.

A blob is cut into chunks of a fixed number of bytes, and each chunk is compressed on its own: one gzip member (RFC
1952, 2.2: members may follow one another) or one zstd frame (RFC 8878, 3: frames may). So any number of threads gives
the same bytes, and those depend on the data, the compression, the level and the version of the library alone:

- gzip is libdeflate's. Its code for single processors is in checksums and in filling and rebasing its tables, which
  have one right result each; which matches it tries is the same everywhere, by integer arithmetic: a build in plain C
  without unaligned reads gave the same bytes on 40 MB of libraries, at every level used here. Its author says
  the same (libdeflate issue 400). Where words are big-endian it hashes other numbers and may find other matches; no
  such machine is one that the tools run on. The header has no name, no time, and 255 for the system: unknown.
- zstd gives one output for a version, level and input (zstd issue 999). Before 1.5.7 that did not hold where there
  was no SIMD, which chose another match finder (zstd issue 4099).
- igzip of ISA-L is faster and not used: it chooses among match finders by the processor it runs on.

A chunk of what is compressed already (pictures, films, fonts, archives) would become no smaller, and gzip needs as
long for it as for any other. So a sample of it is compressed first: pieces at fixed places of the chunk, so that what
comes of it depends on nothing but the chunk. Where that does not shrink, gzip stores the chunk, and zstd, which skips
such data by itself at lower levels, takes the default.

A golden test pins digests, for a new version of either library may change every digest of every user.
"""

from collections.abc import Callable
from typing import Literal

from distill.decompression import DATA_ERRORS, open_decompressed
from distill.descriptor import LAYER_GZIP, LAYER_TAR, LAYER_ZSTD

__all__ = [
    "DATA_ERRORS",
    "Compression",
    "Compressor",
    "Level",
    "chunk_size",
    "compressor",
    "media_type",
    "open_decompressed",
]

Compression = Literal["gzip", "zstd", "uncompressed"]
Level = Literal["fast", "default", "best"]
Compressor = Callable[[memoryview], bytes | bytearray | memoryview]
"""Compresses one chunk without holding the GIL; one object may be used by one thread at a time."""

# Every digest depends on these numbers. zstd's window is megabytes wide and gains from big chunks; gzip's is 32 KiB,
# and half a megabyte stays in a core's cache.
_CHUNK: dict[Compression, int] = {"gzip": 1 << 19, "zstd": 1 << 21, "uncompressed": 1 << 19}
_GZIP: dict[Level, int] = {"fast": 1, "default": 5, "best": 10}
_STORED = 0
_ZSTD: dict[Level, int] = {"fast": 1, "default": 3, "best": 19}
_MEDIA_TYPE = {"gzip": LAYER_GZIP, "zstd": LAYER_ZSTD, "uncompressed": LAYER_TAR}


_PIECE, _PIECES = 256, 32
"""Bytes and number of the pieces of a sample: 8 KiB, which take a hundredth of the time of a chunk."""
_SAMPLED = 1 << 16
"""Bytes of a chunk that is worth a sample."""
_SHRINKS = 0.98
"""What a sample has to shrink to: pictures hardly ever do, programs and texts far below it."""


def media_type(compression: Compression) -> str:
    """Give the media type of a layer that is compressed so (OCI image-spec, layer.md)."""
    return _MEDIA_TYPE[compression]


def chunk_size(compression: Compression) -> int:
    """Give the bytes of a chunk; only the last one has fewer."""
    return _CHUNK[compression]


def compressor(compression: Compression, level: Level) -> Compressor:
    """Give a compressor of single chunks; that of `uncompressed` gives its argument back."""
    # The libraries are imported when they are used: a one-shot run of a small command shall not wait for them.
    if compression == "gzip":
        import deflate

        number = _GZIP[level]
        return lambda chunk: deflate.gzip_compress(chunk, number if _shrinks(chunk) else _STORED)
    if compression == "zstd":
        usual = _zstd(level)
        if level != "best":
            return usual
        quick = _zstd("default")
        return lambda chunk: usual(chunk) if _shrinks(chunk) else quick(chunk)
    return lambda chunk: chunk


def _zstd(level: Level) -> Compressor:
    import zstandard

    # No checksum: the blob's digest is one. No threads: they would cut where they like.
    return zstandard.ZstdCompressor(level=_ZSTD[level], write_checksum=False, write_content_size=True).compress


def _shrinks(chunk: memoryview) -> bool:
    """Say whether a sample of `chunk` becomes smaller."""
    if len(chunk) < _SAMPLED:
        return True
    import deflate

    step = len(chunk) // _PIECES
    sample = b"".join([chunk[at : at + _PIECE] for at in range(0, step * _PIECES, step)])
    return len(deflate.gzip_compress(sample, _GZIP["fast"])) < _SHRINKS * len(sample)
