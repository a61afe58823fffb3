"""Release files: what a suite says of itself and of its indexes (https://wiki.debian.org/DebianRepository/Format)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from distill.debian import deb822
from distill.errors import FormatError, VerificationError

_SKEW = timedelta(days=1)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file must be."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The fields of a Release file that matter."""

    suite: str
    codename: str
    version: str
    date: datetime
    valid_until: datetime | None
    architectures: tuple[str, ...]
    components: tuple[str, ...]
    by_hash: bool
    automatic: bool
    """False where it says `NotAutomatic: yes`, as experimental and backports do."""
    separate_all: bool
    """Whether packages of architecture `all` have an index of their own."""
    files: Mapping[str, Digest]
    """By path below the folder of the Release file."""


def parse(text: bytes, where: str) -> Release:
    """Read a Release file; `where` names it in errors.

    Raises:
        FormatError: not of its form, without a date, or without SHA-256 sums.
    """
    fields = deb822.parse_one(text, where)
    files: dict[str, Digest] = {}
    for line in fields.get("SHA256", "").split("\n"):
        words = line.split()
        if not words:
            continue
        if len(words) != 3 or not _SHA256.fullmatch(words[0]) or not _SIZE.fullmatch(words[1]):
            raise FormatError(
                f"{where} has a SHA256 line of another form, got {line.strip()[:100]!r}; use another mirror"
            )
        files[words[2].removeprefix("./")] = Digest(int(words[1]), words[0])
    if not files:
        raise FormatError(f"{where} has no SHA256 sums, got {', '.join(fields)}; an archive that old cannot be trusted")
    date = _date(fields.get("Date", ""), "Date", where)
    architectures = tuple(fields.get("Architectures", "").split())
    return Release(
        suite=fields.get("Suite", ""),
        codename=fields.get("Codename", ""),
        version=fields.get("Version", ""),
        date=date,
        valid_until=_date(fields["Valid-Until"], "Valid-Until", where) if "Valid-Until" in fields else None,
        architectures=architectures,
        components=tuple(fields.get("Components", "").split()),
        by_hash=fields.get("Acquire-By-Hash", "") == "yes",
        automatic=fields.get("NotAutomatic", "") != "yes",
        separate_all="all" in architectures and fields.get("No-Support-for-Architecture-all", "") != "Packages",
        files=files,
    )


def _date(text: str, field: str, where: str) -> datetime:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise FormatError(f"{where} has no good {field}, got {text[:60]!r}; use another mirror") from None


def check(release: Release, suite: str, where: str, *, now: datetime, snapshot: bool, locked: datetime | None) -> None:
    """Check that `release` is of the suite that was asked for, and of now.

    Args:
        release: what was read.
        suite: what was asked for; a flat repository (it ends in `/`) has no name to check.
        where: names the file in errors.
        now: the time, with its zone.
        snapshot: whether `Valid-Until` may have passed.
        locked: the date of the Release file that the lock was made from, which must not be newer; None for no lock.

    Raises:
        VerificationError: another suite, expired, from the future, or older than what the lock was made from.
    """
    names = {release.suite, release.codename, f"{release.suite}/updates", f"{release.codename}/updates"}
    if not suite.endswith("/") and (release.suite or release.codename) and suite not in names:
        raise VerificationError(
            f"{where} is of another suite, got {release.codename or release.suite} for {suite}; use another mirror"
        )
    if release.date > now + _SKEW:
        raise VerificationError(f"{where} is from the future, got Date {release.date:%F}; set this machine's clock")
    if release.valid_until and release.valid_until < now and not snapshot:
        raise VerificationError(
            f"{where} has expired, got Valid-Until {release.valid_until:%F}; use a mirror that is up to date, or set "
            "snapshot: true if the source is a picture of the past"
        )
    if locked and release.date < locked and not snapshot:
        raise VerificationError(
            f"{where} is older than what was locked, got Date {release.date:%F} after {locked:%F}; "
            "use a mirror that is up to date, or delete the lock to go back"
        )
