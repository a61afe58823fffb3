"""Facts of packages on disk, by the SHA-256 of the .deb: a package that was read once is not fetched again.

A file holds the SHA-256 of the rest of it, then the facts as JSON. What is not of that form is not there.
"""

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from distill import atomic
from distill.lock.facts import Facts

READER = 1
"""Of the facts: raised where a package is read otherwise than before, together with the version of the lock."""

_MOST_KEPT = 20_000
_DECODER = msgspec.json.Decoder(Facts)


class FactsCache:
    """Facts below a folder; None for no folder. What cannot be written is not kept, which is no error."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder / str(READER) if folder else None
        """Where they are."""

    def get(self, sha256: str) -> Facts | None:
        """Give the facts of the package with `sha256`, None where they are not there."""
        try:
            data = self._file(self.folder, sha256).read_bytes() if self.folder else b""
        except OSError:
            return None
        digest, _, rest = data.partition(b"\n")
        if hashlib.sha256(rest).hexdigest().encode() != digest:
            return None
        try:
            return _DECODER.decode(rest)
        except msgspec.DecodeError:
            return None

    def put(self, sha256: str, facts: Facts) -> None:
        """Keep the facts of the package with `sha256`."""
        if self.folder is None:
            return
        rest = msgspec.json.encode(facts)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            checked = hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest
            atomic.write(self._file(self.folder, sha256), checked)

    def prune(self, most: int = _MOST_KEPT) -> None:
        """Forget all but the `most` newest."""
        try:
            with os.scandir(self.folder or "") as found:
                files = [entry for entry in found if entry.is_file(follow_symlinks=False)]
            if len(files) > most:
                for entry in sorted(files, key=lambda entry: entry.stat().st_mtime)[:-most]:
                    Path(entry.path).unlink(missing_ok=True)
        except OSError:
            return

    @staticmethod
    def _file(folder: Path, sha256: str) -> Path:
        return folder / f"{sha256}.json"
