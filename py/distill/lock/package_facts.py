"""The facts of all packages of a lock: from the lock before, from the cache, or from the packages themselves."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from distill.debian.deb import open_deb
from distill.errors import FormatError, VerificationError
from distill.lock import download, facts, partial
from distill.lock.download import Wanted
from distill.lock.facts import Facts
from distill.lock.facts_cache import FactsCache
from distill.lock.fetch import Fetcher
from distill.lock.release import Digest
from distill.lock.suite import Proven
from distill.lock.workers import Workers
from distill.progress import Progress
from distill.resolver.index import Package

_MOST = 2 << 30
"""Bytes of a package; Debian's largest have 1.5 billion."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens packages of proven suites."""

    suites: Mapping[tuple[str, str], Proven]
    """By source and suite."""
    fetcher: Fetcher
    cache: FactsCache
    progress: Progress

    def read(self, packages: Iterable[Package], known: Mapping[str, Facts], pool: Workers) -> dict[str, Facts]:
        """Give the facts of `packages` by SHA-256; each that has to be fetched is fetched once.

        Args:
            packages: those of all architectures.
            known: facts by SHA-256, as the lock before has them.
            pool: runs several downloads at once.

        Raises:
            NetworkError: a package that no mirror gives.
            VerificationError: one that is not what the index says.
            FormatError: one that is no sound package.
        """
        found: dict[str, Facts] = {}
        wanted: dict[str, Package] = {}
        for package in packages:
            kept = known.get(package.sha256) or self.cache.get(package.sha256)
            if kept is not None:
                found[package.sha256] = kept
            else:
                wanted.setdefault(package.sha256, package)
        if not wanted:
            return found
        size = sum(package.size for package in wanted.values())
        self.progress.say(f"reading packages for their scripts and libraries: {len(wanted)} ({size / 1e6:.1f} MB)")
        jobs = [(package, self.progress.begin(package.size)) for package in wanted.values()]
        for package, read in zip(wanted.values(), pool.map(self._job, jobs), strict=True):
            found[package.sha256] = read
        self.cache.prune()
        return found

    def _job(self, job: tuple[Package, Callable[[int], None]]) -> Facts:
        package, arrived = job
        read = self._read(package, arrived)
        self.cache.put(package.sha256, read)
        return read

    def _read(self, package: Package, arrived: Callable[[int], None]) -> Facts:
        name = f"{package.name}_{package.version}_{package.architecture}"
        if package.size > _MOST:
            raise VerificationError(
                f"{name} is larger than a package may be, got {package.size} bytes; it may have {_MOST}"
            )
        proven = self.suites[package.origin.source, package.origin.suite]
        addresses = proven.package_addresses(package.path)
        wanted = Wanted(
            f"{name} is not what its index says",
            addresses[0],
            addresses,
            Digest(package.size, package.sha256),
            proven.source.redirects,
        )
        with tempfile.NamedTemporaryFile(prefix="lock.", suffix=".deb") as file:
            with partial.hold(self.cache.folder, package.sha256, package.size) as part:
                file.write(download.verified(wanted, self.fetcher, part, arrived, self.progress.say))
            file.flush()
            with open_deb(file.name, name) as deb:
                if deb.identity != name:
                    raise FormatError(
                        f"{name} is another package than its index says, got {deb.identity}; tell the archive's owner,"
                        " or use another mirror"
                    )
                return facts.of(deb)
