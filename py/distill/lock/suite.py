"""A suite, from a mirror to indexes that are proven: InRelease signature, then the size and SHA-256 of each index."""

import bz2
import contextlib
import gzip
import hashlib
import io
import lzma
import os
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from distill.errors import InputError, NetworkError, VerificationError
from distill.lock import download, partial, release, signature
from distill.lock.download import Wanted
from distill.lock.fetch import Fetcher, NotFoundError, RedirectError
from distill.lock.mirror import THREE_WAYS, public
from distill.lock.package_manifest import Source
from distill.lock.release import Digest, Release
from distill.near import suggestion
from distill.progress import Progress
from distill.resolver.index import Origin

_RELEASE_LIMIT = 32 << 20
_INDEX_LIMIT = 2 << 30
_LINE_LIMIT = 1 << 20
_KEPT = 40
_WHOLE = re.compile(r"[0-9a-f]{64}")
_UNPACKING = (OSError, EOFError, lzma.LZMAError)
# The best compression first; a mirror has at least one of them.
_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    ".xz": lambda stream: cast(BinaryIO, lzma.LZMAFile(stream)),  # noqa: SIM115 (the caller closes it)
    ".gz": lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=stream)),
    ".bz2": lambda stream: cast(BinaryIO, bz2.BZ2File(stream)),
    "": lambda stream: stream,
}


@dataclass(frozen=True, slots=True)
class Proven:
    """A suite whose Release file was verified, and the mirror that it came from."""

    source: Source
    suite: str
    mirror: str
    release: Release
    others: tuple[str, ...] = ()
    """Mirrors to ask where that one breaks off: the Release file says what an index has to be, whoever gives it."""

    @property
    def base(self) -> str:
        """The folder of the Release file."""
        return _base(self.mirror, self.suite)

    def addresses(self, path: str, sha256: str) -> list[str]:
        """Give where the index `path` may be, best first: what a name by hash stands for cannot change under us."""
        bases = [_base(mirror, self.suite) for mirror in (self.mirror, *self.others)]
        folder = path.rpartition("/")[0]
        by_hash = f"{folder}/by-hash/SHA256/{sha256}".lstrip("/")
        return [f"{base}/{by_hash}" for base in bases if self.release.by_hash] + [f"{base}/{path}" for base in bases]

    def package_addresses(self, path: str) -> list[str]:
        """Give where the package `path` of the pool may be; some servers take a plus for a space."""
        quoted = path.replace("%", "%25").replace("+", "%2B")
        return [f"{mirror}/{quoted}" for mirror in (self.mirror, *self.others)]


def _base(mirror: str, suite: str) -> str:
    return f"{mirror}/{suite}".rstrip("/.") if suite.endswith("/") else f"{mirror}/dists/{suite}"


def prove(
    source: Source,
    suite: str,
    mirrors: Sequence[str],
    fetcher: Fetcher,
    certificates: list[signature.Certificate],
    *,
    now: datetime,
    locked: datetime | None,
    known: Collection[str] = (),
) -> Proven:
    """Get and verify the Release file of `suite`, from the first of `mirrors` that has it.

    Args:
        source: whose suite it is.
        suite: its name.
        mirrors: in order; only those that cannot be reached or do not have it are passed over.
        fetcher: downloads.
        certificates: the source's keyring; unused where the source is unsigned.
        now: the time.
        locked: see `release.check`.
        known: other suites, one of which may be meant where no mirror has this one.

    Raises:
        NetworkError: no mirror has it.
        VerificationError: signature, suite or date are not right.
    """
    faults: list[NetworkError] = []
    for number, mirror in enumerate(mirrors, 1):
        try:
            proven = _prove(source, suite, mirror, fetcher, certificates, now, locked)
            return replace(proven, others=tuple(mirrors[number:]))
        except RedirectError:
            raise
        except NetworkError as error:
            faults.append(error)
    got = " / ".join(str(fault).rpartition(";")[0] for fault in faults)
    misspelt = all(isinstance(fault, NotFoundError) for fault in faults)
    advice = suggestion(suite, known, THREE_WAYS) if misspelt else THREE_WAYS
    raise NetworkError(f"no mirror has {suite} of {source.name}, got: {got}; {advice}")


def _prove(
    source: Source,
    suite: str,
    mirror: str,
    fetcher: Fetcher,
    certificates: list[signature.Certificate],
    now: datetime,
    locked: datetime | None,
) -> Proven:
    """Do what `prove` does, with one mirror: by InRelease, or where there is none, by Release and Release.gpg."""
    base = _base(mirror, suite)

    def get(name: str) -> bytes:
        return fetcher.fetch(f"{base}/{name}", _RELEASE_LIMIT, redirects=source.redirects)

    where = public(f"{base}/InRelease")
    at = None if source.snapshot else now
    try:
        data, sign = get("InRelease"), None
    except NotFoundError as lacking:
        where = public(f"{base}/Release")
        try:
            data, sign = get("Release"), b"" if source.unsigned else get("Release.gpg")
        except NotFoundError:
            raise lacking from None
    if source.unsigned:
        text = signature.unwrapped(data)
    elif sign is None:
        text = signature.verify(data, certificates, where, source.keyring, now=at).text
    else:
        text = signature.verify_detached(data, sign, certificates, where, source.keyring, now=at).text
    found = release.parse(text, where)
    release.check(found, suite, where, now=now, snapshot=source.snapshot, locked=locked)
    return Proven(source, suite, mirror, found)


def index_paths(proven: Proven, architectures: Sequence[str]) -> list[tuple[Origin, str, str]]:
    """Give origin, architecture and path without extension of each index to read; `all` stands for every architecture.

    Raises:
        InputError: a component or architecture that the suite does not have.
    """
    suite, automatic = proven.suite, proven.release.automatic
    if suite.endswith("/"):
        return [(Origin(proven.source.name, suite, "", automatic), "all", "Packages")]
    covered = [architecture for architecture in architectures if proven.source.covers(architecture)]
    for kind, wanted, there in (
        ("component", proven.source.components, proven.release.components),
        ("architecture", covered, proven.release.architectures),
    ):
        for name in wanted:
            if there and name not in {item.rpartition("/")[2] for item in there} | set(there):
                near = suggestion(name, there, f"it has {', '.join(there)}")
                raise InputError(f"{suite} of {proven.source.name} lacks the {kind}, got {name!r}; {near}")
    names = [*covered, *(["all"] if proven.release.separate_all else [])]
    listed = proven.release.files
    return [
        (Origin(proven.source.name, suite, component, automatic), name, f"{component}/binary-{name}/Packages")
        for component in proven.source.components
        for name in names
        if name != "all" or any(f"{component}/binary-all/Packages{extension}" in listed for extension in _OPENERS)
    ]


def read_index(proven: Proven, path: str, fetcher: Fetcher, cache: Path | None, progress: Progress) -> bytes:
    """Get one index, uncompressed.

    Args:
        proven: the suite.
        path: below its folder, without extension.
        fetcher: downloads.
        cache: a folder that keeps indexes by their hash, and parts of them; None for none.
        progress: told of what is downloaded.

    Raises:
        VerificationError: size or hash are not what the Release file says, or it does not unpack.
        NetworkError: it cannot be had.
    """
    data, opener, where = _packed(proven, path, fetcher, cache, progress)
    files = proven.release.files
    limit = files[path].size if path in files else _INDEX_LIMIT
    try:
        with opener(io.BytesIO(data)) as stream:
            unpacked = stream.read(limit + 1)
    except _UNPACKING as error:
        raise _broken(error, where) from None
    if len(unpacked) > limit:
        raise VerificationError(
            f"index unpacks to more than it may, got over {limit} bytes from {where}; use another mirror"
        )
    return unpacked


def lines(proven: Proven, path: str, fetcher: Fetcher, cache: Path | None, progress: Progress) -> Iterator[bytes]:
    """Get one index line by line, for one too large to be held unpacked; otherwise as `read_index`."""
    data, opener, where = _packed(proven, path, fetcher, cache, progress)
    try:
        with opener(io.BytesIO(data)) as stream:
            while line := stream.readline(_LINE_LIMIT):
                yield line
    except _UNPACKING as error:
        raise _broken(error, where) from None


def has(proven: Proven, path: str) -> bool:
    """Say whether the suite has the index `path`, given without extension."""
    return any(path + extension in proven.release.files for extension in _OPENERS)


def _packed(
    proven: Proven, path: str, fetcher: Fetcher, cache: Path | None, progress: Progress
) -> tuple[bytes, Callable[[BinaryIO], BinaryIO], str]:
    """Give the verified bytes of an index as they are packed, what unpacks them, and its name in errors."""
    files = proven.release.files
    extension = next((e for e in _OPENERS if path + e in files), None)
    if extension is None:
        raise VerificationError(
            f"Release of {proven.suite} lists no index, got no {path}.xz, .gz or .bz2; use another mirror"
        )
    digest = files[path + extension]
    data = _cached(cache, digest)
    if data is None:
        url = f"{proven.base}/{path}{extension}"
        with partial.hold(cache, digest.sha256, digest.size) as part:
            what = f"fetching {public(url)} ({digest.size / 1e6:.1f} MB)"
            progress.say(f"{what}, resuming at {len(part) / 1e6:.1f} MB" if part.taken_up else what)
            wanted = Wanted(
                "index is not what its Release says",
                url,
                tuple(proven.addresses(path + extension, digest.sha256)),
                digest,
                proven.source.redirects,
            )
            data = download.verified(wanted, fetcher, part, progress.begin(digest.size), progress.say)
        _keep(cache, digest, data)
    return data, _OPENERS[extension], public(f"{proven.base}/{path}{extension}")


def _broken(error: Exception, where: str) -> VerificationError:
    return VerificationError(f"index does not unpack, got {error} for {where}; use another mirror")


def _cached(cache: Path | None, digest: Digest) -> bytes | None:
    try:
        data = (cache / digest.sha256).read_bytes() if cache else b""
    except OSError:
        return None
    if cache and data:
        with contextlib.suppress(OSError):
            os.utime(cache / digest.sha256)  # it is used, and so kept for longer
    return data if data and hashlib.sha256(data).hexdigest() == digest.sha256 else None


def _keep(cache: Path | None, digest: Digest, data: bytes) -> None:
    """Keep `data`, and forget all but the 40 used last, and the 40 newest of parts that other runs left or write.

    A cache that cannot be written is none.
    """
    if cache is None:
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part = cache / f".{digest.sha256}.{threading.get_ident()}"
        part.write_bytes(data)
        part.replace(cache / digest.sha256)
        found = sorted(cache.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
        whole = [file for file in found if _WHOLE.fullmatch(file.name)]
        parts = [file for file in found if file not in whole]
        for file in [*whole[_KEPT:], *parts[_KEPT:]]:
            file.unlink(missing_ok=True)
    except OSError:
        return
