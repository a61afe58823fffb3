"""Pictures made smaller, not one pixel of which changes: PNG and JPEG.

What is done must not depend on the machine. So filters of PNG are chosen by rules of integers, and zopfli's
compressor, which reckons with logarithms, is left out: libdeflate takes its place.
"""

import msgspec
from mozjpeg_lossless_optimization import COPY_MARKERS
from mozjpeg_lossless_optimization import optimize as optimize_jpeg
from zopfli.png import optimize as optimize_png

from distill.assets import jpeg, png
from distill.assets.formats import Made
from distill.errors import FormatError

_PLAIN = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"))
"""Chunks that are the pixels: they may come in another colour type."""
_INDEPENDENT = frozenset((b"cHRM", b"eXIf", b"gAMA", b"iTXt", b"pHYs", b"sRGB", b"tEXt", b"tIME", b"zTXt"))
"""Chunks that mean the same whatever the colour type is."""
_FILTERS = "0mp"
"""For zopflipng: none, the least sum of differences, and those that the picture has."""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one picture."""

    name: str
    before: int
    after: int
    saved: int
    left_alone: str = ""
    """Why the picture is as it was, empty where it is smaller."""
    formats: tuple[Made, ...] = ()
    """What became of it in other formats."""


def optimize(data: bytes, name: str) -> tuple[bytes, Report]:
    """Give the picture `data` made smaller, or as it is where it cannot be, and what was saved.

    All that a picture says of itself stays: colour profile, orientation, gamma, texts. `name` is for the report.
    """
    size = len(data)
    try:
        if data.startswith(png.MAGIC):
            smaller = _png(data)
        elif data.startswith(jpeg.MAGIC):
            smaller = _jpeg(data)
        else:
            return data, Report(name, size, size, 0, "is neither PNG nor JPEG")
    except FormatError as error:
        return data, Report(name, size, size, 0, f"cannot be read: {error}")
    if len(smaller) >= size:
        return data, Report(name, size, size, 0, "is as small as it gets")
    return smaller, Report(name, size, len(smaller), size - len(smaller))


def _png(data: bytes) -> bytes:
    found = [png.compress(data)]
    kinds = {kind for kind, _ in png.chunks(data)}
    # A profile, a background or an animation is for the colour type that the picture has.
    if kinds <= _PLAIN | _INDEPENDENT:
        keep = sorted(kind.decode() for kind in kinds & _INDEPENDENT)
        try:
            other = optimize_png(data, use_zopfli=False, filter_strategies=_FILTERS, keepchunks=keep)
        except ValueError as error:
            raise FormatError(f"PNG file is broken ({error})") from None
        found.append(png.compress(other))
    return min(found, key=len)


def _jpeg(data: bytes) -> bytes:
    if jpeg.end(data) != len(data):
        raise FormatError("JPEG file has something behind its picture, such as another one")
    try:
        return bytes(optimize_jpeg(data, copy=COPY_MARKERS.ALL))
    except ValueError as error:
        raise FormatError(f"JPEG file is broken ({error})") from None
