"""Canonical JSON: one text for one value, so that a document's digest is a function of what it says.

Keys sorted by code point, no white space, UTF-8, no newline at the end: what RFC 8785 gives for documents of strings
and integers, which is all that OCI and SPDX documents hold.
"""

from typing import Any

import msgspec

from distill.errors import FormatError

_ENCODER = msgspec.json.Encoder(order="sorted")


def encode(document: object) -> bytes:
    """Give the canonical JSON of `document` (mappings, sequences, strings, integers, booleans, None, structs)."""
    return _ENCODER.encode(document)


def decode_object(data: bytes, source: str) -> dict[str, Any]:
    """Read a JSON object; `source` names it in errors.

    Raises:
        FormatError: no JSON, or JSON that is no object.
    """
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise FormatError(f"{source} is no JSON object: {error}") from None
