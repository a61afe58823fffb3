"""WebP and AVIF of pictures, beside them: for browsers that ask for what is smaller.

A colour profile stays, and the orientation that a camera notes is applied to the pixels. All else that a picture says
of itself is left out: the picture beside it has it. Everything is fixed that could make the same picture other bytes:
one thread, one effort, no tiles.
"""

import io
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from PIL import Image, ImageOps, UnidentifiedImageError

from distill.assets import png
from distill.errors import FormatError

Format = Literal["avif", "webp"]
_MOST = 1 << 26
"""Pixels; a picture of more is left alone."""
_PLAIN = frozenset(("1", "L", "LA", "P", "PA", "RGB", "RGBA"))
"""Modes whose pixels are, or stand for, eight bits of red, green and blue."""
_RGB_PROFILE = b"RGB "
_USUAL_GAMMA = 45455
"""Of sRGB, in the chunk gAMA (PNG specification, 11.3.2.2)."""


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one picture in one format."""

    format: Format
    after: int = 0
    """Bytes; 0 where there is none."""
    lossless: bool = False
    left_out: str = ""
    """Why there is none, empty where there is one."""


def encode(data: bytes, qualities: Mapping[Format, int], size: int) -> list[tuple[Made, bytes]]:
    """Give the picture `data`, PNG or JPEG, in each format of `qualities`, with its bytes, empty where it is left out.

    WebP of a PNG is lossless; all else is of its quality. A format is left out that has not less than `size` bytes.

    Args:
        data: the picture.
        qualities: format to quality, 0 to 100.
        size: bytes of the picture as it is served otherwise.
    """
    try:
        image = _read(data)
    except FormatError as error:
        return [(Made(format=name, left_out=str(error)), b"") for name in qualities]
    found = []
    for name, quality in qualities.items():
        lossless = name == "webp" and data.startswith(png.MAGIC)
        try:
            made = _write(image, name, quality, lossless=lossless, subsampled=not data.startswith(png.MAGIC))
        except (OSError, ValueError) as error:
            found.append((Made(format=name, left_out=f"cannot be written: {error}"), b""))
            continue
        if len(made) >= size:
            found.append((Made(format=name, left_out=f"is not smaller, {len(made)} bytes"), b""))
        else:
            found.append((Made(format=name, after=len(made), lossless=lossless), made))
    return found


def _read(data: bytes) -> Image.Image:
    """Give the picture of eight bits of red, green and blue, and transparency where it has any."""
    if data.startswith(png.MAGIC):
        _check_png(data)
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if image.width * image.height > _MOST:
            raise FormatError(f"is too large, {image.width} x {image.height} pixels")
        if getattr(image, "is_animated", False):
            raise FormatError("is an animation")
        if image.mode not in _PLAIN:
            raise FormatError(f"has pixels of another kind, {image.mode}")
        profile = image.info.get("icc_profile", b"")
        if profile and profile[16:20] != _RGB_PROFILE:
            raise FormatError(f"has a colour profile that is not of RGB, {profile[16:20]!a}")
        turned = ImageOps.exif_transpose(image)
        clear = "A" in turned.getbands() or "transparency" in image.info
        made = turned.convert("RGBA" if clear else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise FormatError(f"cannot be read: {error}") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise FormatError(f"cannot be read: {error}") from None
    made.info = {"icc_profile": profile}
    return made


def _check_png(data: bytes) -> None:
    """Refuse what would look different in eight bits of red, green and blue."""
    try:
        png.pixel_bytes(data)
        chunks = dict(png.chunks(data))
    except FormatError as error:
        raise FormatError(f"cannot be read: {error}") from None
    if chunks[b"IHDR"][8] == 16:
        raise FormatError("has 16 bits a colour")
    gamma = int.from_bytes(chunks.get(b"gAMA", b""), "big")
    if gamma not in (0, _USUAL_GAMMA) and not chunks.keys() & {b"iCCP", b"sRGB"}:
        raise FormatError(f"has a gamma of its own, {gamma}")


def _write(image: Image.Image, name: Format, quality: int, *, lossless: bool, subsampled: bool) -> bytes:
    settings: dict[str, Any] = {"icc_profile": image.info["icc_profile"] or None, "exif": b"", "xmp": b""}
    if name == "webp":
        # Lossless, the quality is the effort; the colours behind full transparency stay.
        settings |= {"lossless": lossless, "quality": 100 if lossless else quality, "method": 6, "exact": lossless}
    else:
        settings |= {
            "quality": quality,
            "subsampling": "4:2:0" if subsampled else "4:4:4",
            "speed": 4,
            "max_threads": 1,
            "codec": "aom",
            "autotiling": False,
        }
    out = io.BytesIO()
    image.save(out, name.upper(), **settings)
    return out.getvalue()
