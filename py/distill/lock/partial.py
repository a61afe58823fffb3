"""What has arrived of a download, on disk, so that a run that was cut off is taken up by the next one.

A partial file is named by the SHA-256 of the whole: whatever stands in it, from whichever mirror, the end is verified.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from distill.errors import VerificationError


class Partial:
    """The bytes of a download that have arrived, in memory, and on disk where there is a file."""

    def __init__(self, file: BinaryIO | None = None, most: int = 0) -> None:
        """Begin with what `file` holds; more than `most` bytes cannot be a part of the whole and are dropped."""
        self._file = file
        self._data = bytearray()
        if file is not None:
            self._data += file.read(most + 1)
            if len(self._data) > most:
                self.clear()
        self.taken_up = len(self._data)
        """Bytes that an earlier run left."""

    def __len__(self) -> int:
        return len(self._data)

    def __bytes__(self) -> bytes:
        return bytes(self._data)

    def add(self, chunk: bytes) -> None:
        """Add what arrived."""
        self._data += chunk
        if self._file is not None:
            self._write(chunk)

    def clear(self) -> None:
        """Begin anew."""
        self._data.clear()
        self.taken_up = 0
        if self._file is not None:
            try:
                self._file.seek(0)
                self._file.truncate()
            except OSError:
                self._file = None

    def _write(self, chunk: bytes) -> None:
        try:
            if self._file is not None:
                self._file.write(chunk)
        except OSError:  # a full disk costs the resuming, not the download
            self._file = None


@contextmanager
def hold(folder: Path | None, sha256: str, size: int) -> Iterator[Partial]:
    """Give what is there of the file with `sha256` and `size`; of two processes, the second one begins anew.

    The file goes when the context ends well, and when it ends by a VerificationError: nothing false is kept. It stays
    for the next run where the context ends otherwise, as by an interrupt.

    Args:
        folder: where partial files are; None, or one that cannot be written, for none.
        sha256: of the whole, in hex.
        size: of the whole.
    """
    path = folder / f"{sha256}.part" if folder else None
    file = _locked(path) if path else None
    if path is None or file is None:
        yield Partial()
        return
    with file:
        try:
            yield Partial(file, size)
        except VerificationError:
            path.unlink(missing_ok=True)
            raise
        except BaseException:
            if not os.fstat(file.fileno()).st_size:
                path.unlink(missing_ok=True)
            raise
        path.unlink(missing_ok=True)


def _locked(path: Path) -> BinaryIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+b", buffering=0)  # noqa: SIM115 (the caller closes it)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.seek(0)
    except OSError:
        file.close()
        return None
    return file
