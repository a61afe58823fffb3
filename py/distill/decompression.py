"""Reading a stream that may be compressed: gzip, bzip2, xz, lzma and zstd, told apart by their first bytes.

Input may be hostile: memory stays bounded whatever a stream expands to, and anything broken is a FormatError.
"""

import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from distill.errors import FormatError

if TYPE_CHECKING:
    from typing_extensions import Buffer

DATA_ERRORS = (FormatError,)
"""What reading from `open_decompressed` raises for broken data."""

_READ = 1 << 17
_MOST = 1 << 20
"""Bytes to decompress at a time."""
_WINDOW = 1 << 27
"""The widest window of zstd that is accepted, as its own tool does without being asked."""

_XZ_MEMORY = 1 << 28
"""Bytes that xz may use: four times what its strongest preset needs."""


class _Decoder(Protocol):
    """Decodes one member; what `bz2` and `lzma` offer."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstd:
    # The library bounds its output by its input only, so it gets little at a time: 256 bytes may be 64 blocks of
    # 128 KiB.
    _STEP = 1 << 8

    def __init__(self) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        self._pending = b""
        self._at = 0

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return self._at >= len(self._pending)

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._pending[self._at :]

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if data:
            self._pending = self._pending[self._at :] + data
            self._at = 0
        pieces: list[bytes] = []
        size = 0
        while not self.needs_input and not self.eof and size < max_length:
            pieces.append(self._inner.decompress(self._pending[self._at : self._at + self._STEP]))
            self._at += self._STEP
            size += len(pieces[-1])
        return b"".join(pieces)


def _bzip2() -> _Decoder:
    import bz2

    return bz2.BZ2Decompressor()


def _xz() -> _Decoder:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _lzma() -> _Decoder:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_XZ_MEMORY)


# gzip: RFC 1952, 2.3.1; zstd and its skippable frames: RFC 8878, 3.1; xz: its file format, 2.1.1.1.
_FORMATS: tuple[tuple[str, tuple[bytes, ...], Callable[[], _Decoder]], ...] = (
    ("gzip", (b"\x1f\x8b",), _Gzip),
    ("zstd", (b"\x28\xb5\x2f\xfd", *(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))), _Zstd),
    ("xz", (b"\xfd7zXZ\0",), _xz),
    ("bzip2", (b"BZh",), _bzip2),
    ("lzma", (b"\x5d\0\0",), _lzma),
)


class _Reader(io.RawIOBase):
    def __init__(self, stream: BinaryIO, data: bytes, name: str, magic: tuple[bytes, ...], new: Callable[[], _Decoder]):
        super().__init__()
        self._stream = stream
        self._data = data
        self._name = name
        self._magic = magic
        self._new = new
        self._decoder: _Decoder | None = new()
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer).cast("B")
        while not self._output and self._decoder is not None:
            self._output = memoryview(self._step(self._decoder))
        size = min(len(view), len(self._output))
        view[:size] = self._output[:size]
        self._output = self._output[size:]
        return size

    def _step(self, decoder: _Decoder) -> bytes:
        if decoder.needs_input and not self._data:
            self._data = self._stream.read(_READ)
            if not self._data:
                raise FormatError(f"{self._name} data is truncated, got an end within a member; fetch the file again")
        data, self._data = self._data, b""
        try:
            output = decoder.decompress(data, _MOST)
        except MemoryError:
            raise
        except Exception as error:  # every library has errors of its own, and lzma has several
            reason = str(error) or type(error).__name__
            raise FormatError(f"{self._name} data is broken, got {reason}; fetch the file again") from None
        if decoder.eof:
            self._next_member(decoder.unused_data)
        return output

    def _next_member(self, data: bytes) -> None:
        """Look for another member; zeros may fill the end of the stream."""
        while True:
            data = data.lstrip(b"\0")
            if len(data) < len(max(self._magic)) and (more := self._stream.read(_READ)):
                data += more
                continue
            break
        if data and not data.startswith(self._magic):
            raise FormatError(
                f"{self._name} data is followed by something else, got {data[:8]!r}; fetch the file again"
            )
        self._data = data
        self._decoder = self._new() if data else None


def open_decompressed(stream: BinaryIO) -> BinaryIO:
    """Give what `stream` holds, decompressed: by its first bytes gzip, bzip2, xz, lzma, zstd, or as it stands.

    Members or frames that follow one another are one stream. Closing the result leaves `stream` open.

    Args:
        stream: at the beginning of the data; it need not be seekable.

    Raises:
        FormatError: on reading: broken or truncated data, or something else after it.
    """
    start = stream.read(6)
    for name, magic, new in _FORMATS:
        if start.startswith(magic):
            return io.BufferedReader(_Reader(stream, start, name, magic, new), _READ)
    return cast(BinaryIO, io.BufferedReader(_Plain(stream, start), _READ))


class _Plain(io.RawIOBase):
    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        super().__init__()
        self._stream = stream
        self._start = start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer).cast("B")
        data = self._start[: len(view)] or self._stream.read(len(view))
        self._start = self._start[len(data) :]
        view[: len(data)] = data
        return len(data)
