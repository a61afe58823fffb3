"""From a manifest to its lock: every suite proven, every index read, every architecture resolved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from distill.errors import InputError, VerificationError
from distill.lock import contents, names, provided_by, signature, suite
from distill.lock import lock as locks
from distill.lock.apt_sources import AptSource
from distill.lock.facts import Facts
from distill.lock.facts_cache import FactsCache
from distill.lock.fetch import Fetcher
from distill.lock.lock import Lock, LockedSuite
from distill.lock.mirror import choose
from distill.lock.package_facts import Reader
from distill.lock.package_manifest import PackageManifest, Source
from distill.lock.workers import Workers
from distill.progress import Progress
from distill.resolver.index import Origin, Package, Universe
from distill.resolver.resolve import Resolution, resolve

_AT_ONCE = 4
_PATIENCE = 5.0
"""Seconds for downloads to end where one has failed: each takes away what it should not leave."""


@dataclass(frozen=True, slots=True)
class World:
    """What a lock is made from beside its manifest: the clock, the network, the machine."""

    now: datetime
    fetcher: Fetcher
    environment: Mapping[str, str]
    apt: Sequence[AptSource]
    folder: Path
    """Where the manifest is: keyrings and other locks are named relative to it."""
    cache: Path | None
    """Keeps indexes."""
    progress: Progress
    facts: Path | None = None
    """Keeps what packages' own bytes say."""


def make(manifest: PackageManifest, world: World, previous: Lock | None = None) -> Lock:
    """Make the lock of `manifest`; `previous` is the lock that it replaces.

    The suites of `previous` must not be newer, and what was chosen in it among packages that provide a name is chosen
    again where it still fits.

    Raises:
        NetworkError: a suite or index that no mirror gives.
        VerificationError: a signature, date, size or hash that is not right.
        ResolutionError: packages that are not there, or do not go together.
        InputError: a keyring or base that is not there; a suite or base without a component or architecture.
        LockError: a base that is no lock.
        FormatError: a package that is no sound one.
    """
    bases = provided_by.read(manifest.provided_by, world.folder)

    def read(job: tuple[suite.Proven, Origin, str, str]) -> bytes:
        return suite.read_index(job[0], job[3], world.fetcher, world.cache, world.progress)

    with _downloads(world) as pool:
        proven = _prove(manifest, world, previous, pool)
        jobs = [(p, *index) for p in proven for index in suite.index_paths(p, manifest.architectures)]
        data = list(pool.map(read, jobs))
    universes = {architecture: Universe(architecture) for architecture in manifest.architectures}
    for (one, origin, architecture, _), text in zip(jobs, data, strict=True):
        for universe in universes.values():
            if architecture in {"all", universe.architecture} and one.source.covers(universe.architecture):
                universe.add(text, origin)
    del data
    names.check(manifest, universes)
    left_out = {**manifest.exclude, **manifest.provided}
    resolutions: dict[str, Resolution] = {}
    reasons: dict[str, str] = {}
    for name, universe in universes.items():
        there = provided_by.packages(bases, universe)
        provided_by.check_wishes(there, manifest.wishes(name))
        reasons.update((package.name, provided_by.reason(package)) for package in there.values())
        preferred = previous.chosen(name) if previous else {}
        resolutions[name] = resolve(universe, manifest.wishes(name), left_out, manifest.waivers, there, preferred)
    for resolution in resolutions.values():
        _check_paths(resolution)
    _report(manifest, resolutions, world.progress.say)
    facts = _facts(resolutions, world, proven, previous)
    locked = [base.locked for base in bases]
    return locks.build(manifest, [_suite(p) for p in proven], resolutions, locked, reasons, facts)


def _facts(
    resolutions: Mapping[str, Resolution], world: World, proven: Sequence[suite.Proven], previous: Lock | None
) -> dict[str, Facts]:
    """Give what the bytes of all packages say; one that `previous` has is not read again."""
    known = {
        package.sha256: Facts(package.effects, package.sonames)
        for packages in (previous.packages.values() if previous else ())
        for package in packages
    }
    suites = {(p.source.name, p.suite): p for p in proven}
    reader = Reader(suites, world.fetcher, FactsCache(world.facts), world.progress)
    packages = [package for resolution in resolutions.values() for package in resolution.packages.values()]
    with _downloads(world) as pool:
        return reader.read(packages, known, pool)


def provides(
    manifest: PackageManifest, world: World, previous: Lock | None, wanted: str, architectures: Sequence[str]
) -> list[tuple[str, contents.Match]]:
    """Say which packages of the manifest's suites have a file, by the archive's Contents indexes.

    Args:
        manifest: whose suites are searched.
        world: as for `make`.
        previous: the lock that there is, whose suites must not be newer.
        wanted: see `contents.search`.
        architectures: those to search.

    Returns:
        Pairs of an architecture, or `all`, and a path with its packages, sorted.

    Raises:
        InputError: no suite has a Contents index.
        NetworkError: a suite or index that no mirror gives.
        VerificationError: a signature, date, size or hash that is not right.
    """

    def read(job: tuple[suite.Proven, str, str]) -> list[tuple[str, contents.Match]]:
        found = suite.lines(job[0], job[2], world.fetcher, world.cache, world.progress)
        return [(job[1], match) for match in contents.search(found, wanted)]

    with _downloads(world) as pool:
        proven = _prove(manifest, world, previous, pool)
        jobs = [
            (p, architecture, path)
            for p in proven
            for architecture in (*architectures, "all")
            for path in contents.paths_of(p.source.components, architecture)
            if suite.has(p, path)
        ]
        if not jobs:
            suites = ", ".join(p.suite for p in proven)
            raise InputError(
                f"no suite says what files its packages have, got no Contents index in {suites}; use another mirror"
            )
        return sorted({match for matches in pool.map(read, jobs) for match in matches})


@contextmanager
def _downloads(world: World) -> Iterator[Workers]:
    """Run several downloads at once; where one fails, the others end."""
    workers = Workers(_AT_ONCE)
    try:
        yield workers
    except BaseException as error:  # an interrupt too: the other downloads are of no use any more
        world.fetcher.stop(error)
        workers.end(_PATIENCE)
        raise
    finally:
        world.progress.done()
    workers.end()


def _prove(manifest: PackageManifest, world: World, previous: Lock | None, pool: Workers) -> list[suite.Proven]:
    """Get and verify the Release files of all suites of `manifest`."""
    dates = {(s.source, s.suite): datetime.fromisoformat(s.date) for s in previous.suites} if previous else {}
    there = {name for source in world.apt for name in source.suites}
    others = there | {name for source in manifest.sources for name in source.suites}
    certificates = {source.name: _keyring(source, world.folder) for source in manifest.sources}

    def prove(item: tuple[Source, str]) -> suite.Proven:
        source, name = item
        mirrors = choose(source, name, world.environment, world.apt)
        locked = dates.get((source.name, name))
        keys = certificates[source.name]
        known = () if name in there else others - {name}
        return suite.prove(source, name, mirrors, world.fetcher, keys, now=world.now, locked=locked, known=known)

    return list(pool.map(prove, [(source, name) for source in manifest.sources for name in source.suites]))


def _keyring(source: Source, folder: Path) -> list[signature.Certificate]:
    if not source.keyring:
        return []
    try:
        data = (folder / source.keyring).read_bytes()
    except OSError as error:
        raise InputError(
            f"keyring of {source.name} cannot be read, got {error.strerror} for {folder / source.keyring}; "
            "put the archive's public keys there"
        ) from None
    return signature.keyring(data, source.keyring)


def _suite(proven: suite.Proven) -> LockedSuite:
    release = proven.release
    return LockedSuite(proven.source.name, proven.suite, release.codename, release.version, release.date.isoformat())


def _check_paths(resolution: Resolution) -> None:
    """Refuse two packages that a source has at one path: one of them is not what it says."""
    found: dict[tuple[str, str], Package] = {}
    for package in resolution.packages.values():
        other = found.setdefault((package.origin.source, package.path), package)
        if other is not package:
            raise VerificationError(
                f"index of {package.origin.source} has one path for two packages, got {package.path} for {other} and "
                f"{package}; tell the archive's owner, or use another mirror"
            )


def _report(manifest: PackageManifest, resolutions: Mapping[str, Resolution], say: Callable[[str], None]) -> None:
    """Tell what a user may want to change in the manifest."""
    used = {name for resolution in resolutions.values() for name in resolution.left_out}
    for name in {**manifest.exclude, **manifest.provided}:
        if name not in used:
            say(f"note: nothing wants {name}, so that leaving it out changes nothing; remove it from the manifest")
    waived = {name for resolution in resolutions.values() for name in resolution.waived}
    for name in manifest.waivers:
        if name not in waived:
            say(f"note: the waiver {name!r} is not needed; remove it from the manifest")
    for architecture, resolution in resolutions.items():
        for note in resolution.notes:
            say(f"note: {architecture}: {note}")
