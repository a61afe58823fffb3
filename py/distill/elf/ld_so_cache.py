"""/etc/ld.so.cache: where glibc's loader finds a library by its name (glibc 2.36, elf/cache.c and dl-cache.h).

Only the format `glibc-ld.so.cache1.1` is written, which is what ldconfig writes and every loader since 2.2 reads. Given
the same libraries the bytes are those of ldconfig; other than it, this writes for any architecture.
"""

import functools
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_MAGIC = b"glibc-ld.so.cache1.1"
_OLD_MAGIC = b"ld.so-1.7.0\0"
_HEADER = 48
_ENTRY = 24
_EXTENSION_MAGIC = 0xEAA42174
_GENERATOR, _HWCAPS = 0, 1
_LONGEST = 4096
_HWCAP_EXTENSION = 1 << 62
"""Says that the number of a subdirectory of glibc-hwcaps stands in the field, not bits (DL_CACHE_HWCAP_EXTENSION)."""


@dataclass(frozen=True, slots=True)
class Library:
    """A name that programs ask for, and where it leads."""

    name: str
    """The soname; bytes that are not UTF-8 as surrogates."""
    path: str
    """Absolute."""
    flags: int
    """What it is for: the low byte is the kind of C library, the next one the architecture."""
    hwcaps: str = ""
    """The subdirectory of glibc-hwcaps that it is in (`x86-64-v3`), empty where it is in none."""


def encode(libraries: Sequence[Library], generator: str, *, big_endian: bool = False) -> bytes:
    """Give the bytes of the cache of `libraries`, which are in the order in which ldconfig finds them.

    Args:
        libraries: of equal ones the first is what the loader takes.
        generator: what `ldconfig -p` says wrote it.
        big_endian: whether the architecture is.
    """
    order = ">" if big_endian else "<"
    entries = sorted(libraries, key=functools.cmp_to_key(_compare))
    subdirectories = sorted({library.hwcaps for library in libraries} - {""})
    texts = {text for library in libraries for text in (library.name, library.path)} | set(subdirectories)
    strings, offsets = _string_table([text.encode("utf-8", "surrogateescape") for text in texts])
    start = _HEADER + _ENTRY * len(entries)

    def at(text: str) -> int:
        return start + offsets[text.encode("utf-8", "surrogateescape")]

    body = b"".join(
        struct.pack(
            f"{order}iIIIQ",
            library.flags,
            at(library.name),
            at(library.path),
            0,
            _HWCAP_EXTENSION | subdirectories.index(library.hwcaps) if library.hwcaps else 0,
        )
        for library in entries
    )
    extension = -(-(start + len(strings)) // 4) * 4
    head = struct.pack(f"{order}20sIIB3xI12x", _MAGIC, len(entries), len(strings), 3 if big_endian else 2, extension)
    padding = bytes(extension - start - len(strings))
    hwcaps = struct.pack(f"{order}{len(subdirectories)}I", *map(at, subdirectories))
    return head + body + strings + padding + _extension(order, extension, hwcaps, generator.encode())


def directories(data: bytes) -> list[str]:
    """Give the directories, absolute, that the cache `data` leads to, as it names them; none where it is no cache.

    Those of glibc-hwcaps are left out: what stands there is for some processors only, and elsewhere for all.
    """
    start = 0
    if data.startswith(_OLD_MAGIC) and len(data) >= 16:  # the format before, with this one behind it
        count = min(struct.unpack_from(order, data, 12)[0] for order in ("<I", ">I"))
        start = -(-(16 + 12 * count) // 8) * 8
    if not data.startswith(_MAGIC, start) or len(data) < start + _HEADER:
        return []
    order = ">" if data[start + 28] & 3 == 3 else "<"
    count = struct.unpack_from(f"{order}I", data, start + 20)[0]
    found: dict[bytes, None] = {}
    end = min(start + _HEADER + count * _ENTRY, len(data))
    for at in range(start + _HEADER, end - _ENTRY + 1, _ENTRY):
        _, _, path, _, hwcap = struct.unpack_from(f"{order}iIIIQ", data, at)
        text = data[start + path : start + path + _LONGEST].partition(b"\0")[0]
        if not hwcap and text.startswith(b"/"):
            found[text.rpartition(b"/")[0]] = None
    return [name.decode("utf-8", "surrogateescape") for name in found]


def _extension(order: str, offset: int, hwcaps: bytes, generator: bytes) -> bytes:
    """Give the extension that stands at `offset`: a directory of sections, then the bytes of the sections."""
    count = 2 if hwcaps else 1
    data = offset + 8 + 16 * count
    directory = struct.pack(f"{order}II", _EXTENSION_MAGIC, count)
    directory += struct.pack(f"{order}IIII", _GENERATOR, 0, data + len(hwcaps), len(generator))
    if hwcaps:
        directory += struct.pack(f"{order}IIII", _HWCAPS, 0, data, len(hwcaps))
    return directory + hwcaps + generator


def _string_table(texts: Sequence[bytes]) -> tuple[bytes, dict[bytes, int]]:
    """Put `texts`, each ended by NUL, one behind the other; one that ends another is not there twice."""
    table, offsets, previous = b"", {}, b""
    for text in sorted(texts, key=functools.cmp_to_key(_compare_ends)):
        if previous.endswith(text) and table:
            offsets[text] = len(table) - 1 - len(text)
            continue
        offsets[text] = len(table)
        table += text + b"\0"
        previous = text
    return table, offsets


def _compare_ends(one: bytes, other: bytes) -> int:
    """Compare from the last byte on, the greater first; of two that end alike the longer is first."""
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            return right - left
    return len(other) - len(one)


def _compare(one: Library, other: Library) -> int:
    """Compare as the loader, which searches by halves, expects it: names and flags fall, subdirectories come first."""
    if order := compare_names(other.name, one.name):
        return order
    if one.flags != other.flags:
        return other.flags - one.flags
    if bool(one.hwcaps) != bool(other.hwcaps):
        return -1 if one.hwcaps else 1
    return (one.hwcaps > other.hwcaps) - (one.hwcaps < other.hwcaps)


def compare_names(one: str, other: str) -> int:
    """Compare two names of libraries, digits by their value: libx.so.9 is before libx.so.10 (_dl_cache_libcmp)."""
    left, right = (text.encode("utf-8", "surrogateescape") + b"\0" for text in (one, other))
    i = j = 0
    while left[i]:
        if _digit(left[i]):
            if not _digit(right[j]):
                return 1
            first, i = _number(left, i)
            second, j = _number(right, j)
            if first != second:
                return first - second
        elif _digit(right[j]):
            return -1
        elif left[i] != right[j]:
            return _signed(left[i]) - _signed(right[j])
        else:
            i, j = i + 1, j + 1
    return _signed(left[i]) - _signed(right[j])


def _digit(byte: int) -> bool:
    return 0x30 <= byte <= 0x39


def _number(text: bytes, at: int) -> tuple[int, int]:
    end = at
    while _digit(text[end]):
        end += 1
    return int(text[at:end]), end


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte
