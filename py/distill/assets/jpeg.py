"""JPEG files, as far as it must be known where one ends (ITU-T T.81, B.1.1)."""

from distill.errors import FormatError

MAGIC = b"\xff\xd8\xff"
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers without a segment: TEM, and RST0 to RST7."""
_END = 0xD9


def end(data: bytes) -> int:
    """Give where the first picture of the JPEG file `data` ends. Cameras put others, or films, behind it.

    Raises:
        FormatError: a file that ends before.
    """
    at = 2
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise FormatError("JPEG file is truncated")
        kind = data[at + 1]
        if kind == _END:
            return at + 2
        if kind == 0xFF:  # a byte that fills
            at += 1
        elif kind == 0 or kind in _ALONE:
            at += 2
        else:
            # After the header of a scan come its bits, where every FF that is no marker is followed by 00.
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
