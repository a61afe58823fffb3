"""Strings of an ELF file's dynamic string table, with a budget (System V ABI, chapter 4, "String Table").

Tables of needed libraries and symbol versions name strings by their offsets, so that a hostile file can name one long
string many thousand times: what is read would be a multiple of the file. Names have a limit each, all strings together
one that the file's own size sets.
"""

from collections.abc import Callable

from distill.errors import FormatError
from distill.listing import escape
from distill.paths import decode

LONGEST_NAME = 1 << 12
"""Bytes of the name of a library, an interpreter or a symbol version: what the kernel takes for a path (PATH_MAX)."""
LONGEST_LIST = 1 << 16
"""Bytes of a list of directories (DT_RPATH, DT_RUNPATH)."""
MOST = 1 << 20
"""Bytes of all strings of a file that are read."""
_FIRST = 256
_WHOLE = 1 << 15
"""Bytes of a table that is read whole; of a larger one each string is read for itself."""

Read = Callable[[int, int], bytes]
"""Gives so many bytes (second) of the file at an offset (first), which are there."""


class Strings:
    """The string table of one file."""

    def __init__(self, read: Read, start: int | None, length: int, size: int) -> None:
        """Take the table that stands at `start` (None for nowhere) of a file of `size` bytes, and has `length` bytes.

        Raises:
            FormatError: a table that cannot be read.
        """
        self._read = read
        self._start = start
        self._length = length
        # A linker names a string twice at most: a library is needed, and has symbol versions.
        self._left = self._budget = min(MOST, 2 * size)
        whole = start is not None and length <= _WHOLE and start + length <= size
        self.whole = read(start, length) if whole and start is not None else b""
        """The table, empty where it is too large to be read at once."""

    def name(self, at: int) -> str:
        """Give the name at the offset `at`, as a listing has it.

        Raises:
            FormatError: it is outside of the table, has no end, is too long, or all strings together are.
        """
        return text(self._bytes(at, LONGEST_NAME))

    def directories(self, at: int) -> tuple[str, ...]:
        """Give the list of directories at `at`, split at colons.

        Raises:
            FormatError: as `name`.
        """
        found = text(self._bytes(at, LONGEST_LIST))
        return tuple(found.split(":")) if found else ()

    def _bytes(self, at: int, longest: int) -> bytes:
        if self._start is None or at >= self._length:
            raise FormatError(f"ELF string is outside of its table, got offset {at}; build the file again")
        room = self._length - at
        raw = self._upto(at, min(_FIRST, room))
        if b"\0" not in raw and len(raw) < room:
            raw = self._upto(at, min(longest + 1, room))
        found, nul, _ = raw.partition(b"\0")
        if len(found) > longest:
            raise FormatError(f"ELF string has more than {longest} bytes, got one at offset {at}; build the file again")
        if not nul:
            raise FormatError(f"ELF string has no end, got offset {at}; build the file again")
        self._left -= len(found) + 1
        if self._left < 0:
            raise FormatError(
                f"ELF strings that the file names are more than {self._budget} bytes in all, got another one at offset"
                f" {at}; build the file again"
            )
        return found

    def _upto(self, at: int, size: int) -> bytes:
        if self.whole:
            return self.whole[at : at + size]
        return self._read((self._start or 0) + at, size)


def text(raw: bytes) -> str:
    """Give the string `raw` as a listing has it."""
    return raw.decode("ascii") if raw.isascii() and b"\\" not in raw else escape(decode(raw))
