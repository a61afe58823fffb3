"""PNG files, as far as making them smaller needs it (PNG specification, third edition, 5 and 11)."""

import struct
import zlib
from collections.abc import Iterator

import deflate

from distill.errors import FormatError

MAGIC = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type."""
_MOST = 1 << 28
"""Bytes of pixels; a picture that is unpacked to more is refused."""
_LEVEL = 12
"""Of libdeflate, its highest: this runs once for a picture."""


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give type and content of each chunk of the PNG file whose bytes are `data`.

    Raises:
        FormatError: a file that is truncated, does not end with IEND, or whose checksums are wrong.
    """
    at, kind = len(MAGIC), b""
    while at < len(data):
        if at + 12 > len(data):
            raise FormatError("PNG file is truncated")
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        if at + 12 + size > len(data):
            raise FormatError("PNG file is truncated")
        if zlib.crc32(kind + body) != int.from_bytes(data[at + 8 + size : at + 12 + size], "big"):
            raise FormatError(f"PNG file is broken, in chunk {kind!a}")
        yield kind, body
        at += 12 + size
    if kind != b"IEND":
        raise FormatError("PNG file is truncated")


def pixel_bytes(data: bytes) -> int:
    """Give how many bytes the pixels of the PNG file `data` take at most once they are decompressed.

    Raises:
        FormatError: as `chunks`, or a header of no known form, or a picture that is too large to be looked at.
    """
    kind, header = next(chunks(data), (b"", b""))
    if kind != b"IHDR" or len(header) != 13:
        raise FormatError("PNG file has no header")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if not width or not height or colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16):
        raise FormatError("PNG file has a header of no known form")
    row = 1 + -(-width * depth * _CHANNELS[colour] // 8)
    # Seven small pictures, whose rows begin on bytes of their own, together of the same pixels.
    size: int = row * height + (7 * (height + 7) * 2 if interlaced else 0)
    if size > _MOST:
        raise FormatError(f"PNG file is too large, {width} x {height} pixels")
    return size


def compress(data: bytes) -> bytes:
    """Give the PNG file `data` with the same rows and all its chunks, its pixels compressed as small as libdeflate can.

    Raises:
        FormatError: as `pixel_bytes`, or pixels that are not compressed as they should be.
    """
    most = pixel_bytes(data)
    parts = list(chunks(data))
    packed = b"".join(body for kind, body in parts if kind == b"IDAT")
    stream = zlib.decompressobj()
    try:
        rows = stream.decompress(packed, most + 1)
    except zlib.error as error:
        raise FormatError(f"PNG file is broken ({error})") from None
    if not stream.eof or len(rows) > most:
        raise FormatError("PNG file is broken, its pixels are not as many as it says")
    smaller = bytes(deflate.zlib_compress(rows, _LEVEL))
    out, done = bytearray(MAGIC), False
    for kind, body in parts:
        if kind != b"IDAT":
            out += _chunk(kind, body)
        elif not done:
            out += _chunk(kind, min(smaller, packed, key=len))
            done = True
    return bytes(out)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
