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
_ZSTD: dict[Level, int] = {"fast": 1, "default": 3, "best": 19}
_MEDIA_TYPE = {"gzip": LAYER_GZIP, "zstd": LAYER_ZSTD, "uncompressed": LAYER_TAR}


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
        return lambda chunk: deflate.gzip_compress(chunk, number)
    if compression == "zstd":
        import zstandard

        # No checksum: the blob's digest is one. No threads: they would cut where they like.
        return zstandard.ZstdCompressor(level=_ZSTD[level], write_checksum=False, write_content_size=True).compress
    return lambda chunk: chunk
