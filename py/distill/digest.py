"""Digests: SHA-256 as `sha256:<hex>` (OCI image-spec, descriptor.md, "Digests")."""

import hashlib
from pathlib import Path
from typing import BinaryIO


def of_bytes(data: bytes) -> str:
    """Give the digest of `data`."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def digest_of(path: str | Path) -> tuple[str, int]:
    """Give the digest and the size in bytes of the file at `path`, read once.

    Raises:
        OSError: the file cannot be read.
    """
    with open(path, "rb", buffering=0) as stream:
        value = hashlib.file_digest(stream, "sha256")
        return f"sha256:{value.hexdigest()}", stream.tell()


class HashingWriter:
    """A writer that hands all bytes on to `stream` and keeps their digest and number."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0
        """Bytes written so far."""

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Write all of `data`; gives its number of bytes."""
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self.size += len(view)
        done = 0
        while done < len(view):  # a raw file may take less than it is given
            done += self._stream.write(view[done:])
        return done

    @property
    def digest(self) -> str:
        """The digest of what was written so far."""
        return f"sha256:{self._hash.hexdigest()}"
