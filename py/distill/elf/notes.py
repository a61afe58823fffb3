"""Notes of an ELF file (System V ABI, chapter 5, "Note Section"): the build id, and what it opens by dlopen(3).

The loader reads neither, so a note that makes no sense is passed over. `.note.dlopen` is that of systemd and the UAPI
group ("ELF dlopen Metadata"): JSON, a list of objects with `soname` (names, of which the first that is there is taken),
`priority` (`recommended` where it says nothing), `feature` and `description`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from distill.listing import Dlopen, escape

MOST = 1 << 16
"""Bytes of notes of one file that are looked at; segments that claim more, or the same bytes again, are passed over."""
_GNU, _BUILD_ID = b"GNU\0", 3
_FDO, _DLOPEN = b"FDO\0", 0x407C0C0A
_MOST_BUILD_ID = 64

_HEADS = {little: struct.Struct(order + "III") for little, order in ((True, "<"), (False, ">"))}
"""n_namesz, n_descsz, n_type."""


class _Entry(msgspec.Struct, frozen=True):
    """One object of the JSON; what a later version of the specification adds is passed over."""

    soname: tuple[str, ...]
    priority: Literal["required", "recommended", "suggested"] = "recommended"
    feature: str = ""


_DECODER = msgspec.json.Decoder(list[_Entry])


@dataclass
class Notes:
    """What the notes of a file say."""

    build_id: str = ""
    """Hex."""
    dlopen: tuple[Dlopen, ...] = ()
    left: int = MOST
    """Bytes that are still looked at."""

    def add(self, data: bytes, alignment: int, little: bool) -> None:
        """Take what the segment `data` says, whose p_align is `alignment`."""
        self.left -= len(data)
        found: list[Dlopen] = []
        for owner, kind, value in _notes(data, 8 if alignment == 8 else 4, little):
            if owner == _GNU and kind == _BUILD_ID and not self.build_id and len(value) <= _MOST_BUILD_ID:
                self.build_id = value.hex()
            elif owner == _FDO and kind == _DLOPEN:
                found += _dlopen(value)
        self.dlopen += tuple(found)


def _notes(data: bytes, alignment: int, little: bool) -> Iterator[tuple[bytes, int, bytes]]:
    """Give owner, type and value of each note, up to one that does not fit."""
    head, at, end = _HEADS[little], 0, len(data)
    while at + head.size <= end:
        name_size, size, kind = head.unpack_from(data, at)
        start = at + -(-(head.size + name_size) // alignment) * alignment
        if start + size > end:
            return
        yield data[at + head.size : at + head.size + name_size], kind, data[start : start + size]
        at = start + -(-size // alignment) * alignment


def _dlopen(value: bytes) -> tuple[Dlopen, ...]:
    try:
        entries = _DECODER.decode(value.rstrip(b"\0"))
    except msgspec.DecodeError:
        return ()
    return tuple(
        Dlopen(tuple(escape(name) for name in entry.soname), entry.priority, escape(entry.feature))
        for entry in entries
        if entry.soname and not any("\0" in name for name in entry.soname)
    )
