"""Debian versions and their order (Debian Policy, §5.6.12: `[epoch:]upstream_version[-debian_revision]`)."""

import re
from functools import lru_cache

from distill.errors import FormatError

_VERSION = re.compile(r"(?:(\d+):)?([A-Za-z0-9.+~:-]*?)(?:-([A-Za-z0-9.+~]+))?", re.ASCII)
_PARTS = re.compile(rb"([^0-9]*)0*([0-9]*)")

# "the letters sort earlier than all the non-letters and [...] a tilde sorts before anything, even the end of a part":
# one byte each, with _END between the tilde and the letters.
_END = b"\x02"
_ORDER = bytes(
    1 if byte == ord("~") else byte if chr(byte).isalpha() and byte < 128 else 128 + byte % 128 for byte in range(256)
)


def parse(version: str) -> tuple[int, str, str]:
    """Split `version` into epoch (0 where there is none), upstream version and revision (empty where there is none).

    Raises:
        FormatError: characters that a version may not have, or no upstream version.
    """
    match = _VERSION.fullmatch(version)
    if not match or not match[2] or (":" in match[2] and match[1] is None) or ("-" in match[2] and match[3] is None):
        raise FormatError(f"version is not of the form [epoch:]upstream[-revision], got {version!r}; see Debian Policy")
    return int(match[1] or 0), match[2], match[3] or ""


@lru_cache(maxsize=1 << 16)
def key(version: str) -> bytes:
    """Give bytes that sort as versions do; versions that are equal (`1.0`, `0:1.0-0`) give equal bytes.

    Raises:
        FormatError: no version.
    """
    epoch, upstream, revision = parse(version)
    return _number(b"%d" % epoch if epoch else b"") + _part(upstream) + _part(revision)


def _part(text: str) -> bytes:
    """Encode one part so that byte order is its order.

    A part is a row of pairs: what is no digit, then a number (missing: 0). It ends with the empty pair. No pair between
    the first and that one begins with _END, so no encoding is the beginning of another one.
    """
    pairs = _PARTS.findall((text or "0").encode())
    return b"".join(word.translate(_ORDER) + _END + _number(digits) for word, digits in pairs)


def _number(digits: bytes) -> bytes:
    """Encode a number without leading zeros: its length, then its digits."""
    return len(digits).to_bytes(2, "big") + digits


def compare(left: str, right: str) -> int:
    """Give -1, 0 or 1 as `left` is earlier than, equal to or later than `right`.

    Raises:
        FormatError: no version.
    """
    first, second = key(left), key(right)
    return (first > second) - (first < second)
