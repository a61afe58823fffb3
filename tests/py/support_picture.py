"""Pictures that Pillow makes, and their pixels as it sees them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(mode: str = "RGB", size: tuple[int, int] = (16, 9), **options: Any) -> bytes:
    """Give a PNG file that Pillow makes, compressed badly."""
    out = io.BytesIO()
    image = Image.new(mode, size)
    image.putdata([(x * 7 + x // 5) % 2 if mode == "1" else _pixel(mode, x) for x in range(size[0] * size[1])])
    image.save(out, "PNG", compress_level=1, **options)
    return out.getvalue()


def _pixel(mode: str, x: int) -> int | tuple[int, ...]:
    values = tuple(x * step % 251 for step in (1, 3, 7, 11))
    return values[: len(mode)] if len(mode) > 1 else values[0]


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Give width and height, and all pixels with their transparency."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image.size, image.convert("RGBA").tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Give a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg_picture(**options: Any) -> bytes:
    """Give a JPEG file that Pillow makes."""
    out = io.BytesIO()
    image = Image.new("RGB", (64, 48))
    image.putdata([(x % 256, x * 3 % 256, x // 64) for x in range(64 * 48)])
    image.save(out, "JPEG", quality=90, **options)
    return out.getvalue()
