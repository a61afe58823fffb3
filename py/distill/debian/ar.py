"""The members of an `ar` archive in the form that dpkg writes (deb(5)): a magic line, then 60-byte headers and data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from distill.errors import FormatError

MAGIC = b"!<arch>\n"
_HEADER = 60
_END = b"`\n"


@dataclass(frozen=True)
class Member:
    """One member: where its data stands in the archive."""

    name: str
    """Without the padding and the `/` that System V puts at its end."""
    offset: int
    size: int


def members(stream: BinaryIO, name: str) -> Iterator[Member]:
    """Read the headers of the seekable archive `stream` in order, skipping over the data; `name` is for errors.

    A header's times, owners and mode say nothing of use and are not looked at. The padding byte after a last member of
    odd size may be missing, as some writers leave it out.

    Raises:
        FormatError: no archive, a header that is none (as where garbage follows the last member), or a size that goes
            beyond the end of the stream.
    """
    end = stream.seek(0, 2)
    stream.seek(0)
    magic = stream.read(len(MAGIC))
    if magic != MAGIC:
        raise FormatError(f"{name} is no ar archive, got {magic!r} at its start; give a .deb file")
    offset = len(MAGIC)
    while offset < end:
        stream.seek(offset)
        header = stream.read(_HEADER)
        if len(header) < _HEADER:
            raise FormatError(
                f"{name} ends within a member's header, got {len(header)} of {_HEADER} bytes; fetch the file again"
            )
        size = header[48:58].strip(b" ")
        if header[58:] != _END or not size.isdigit():
            raise FormatError(f"{name} has no member's header at byte {offset}, got {header!r}; fetch the file again")
        member = Member(_name(header[:16]), offset + _HEADER, int(size))
        if member.offset + member.size > end:
            raise FormatError(
                f"{name} ends within member {member.name}, got {end - member.offset} of {member.size} bytes;"
                " fetch the file again"
            )
        yield member
        offset = member.offset + member.size + member.size % 2


def _name(field: bytes) -> str:
    text = field.rstrip(b" ").decode("latin-1")
    return text[:-1] if len(text) > 1 and text.endswith("/") else text
