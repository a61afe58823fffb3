"""The archive that is resolved: the index of one suite, main, as our own lock command gets and proves it."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from distill.debian.relation import Atom
from distill.errors import ResolutionError
from distill.lock import apt_sources, mirror, signature, suite
from distill.lock.fetch import Fetcher
from distill.lock.package_manifest import Source
from distill.progress import Progress
from distill.resolver.index import Origin, Universe
from distill.resolver.resolve import Wish, resolve

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Of Debian's package debian-archive-keyring."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What our resolver says of one package."""

    name: str
    packages: dict[str, str]
    """Name and version of all that it needs, itself included."""
    fault: str
    """Why there is nothing; empty where there is something."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index of main for one architecture."""

    suite: str
    architecture: str
    file: Path
    """Uncompressed."""
    version: str
    """Of the suite, with the date of its Release file."""

    def universe(self) -> Universe:
        """Read it as the lock command does."""
        found = Universe(self.architecture)
        found.add(self.file.read_bytes(), Origin("debian", self.suite, "main"))
        return found


def fetch(name: str, architecture: str, folder: Path) -> Index:
    """Get the index of suite `name` into `folder`, which keeps what was downloaded."""
    source = Source("debian", (name,), keyring=str(KEYRING))
    certificates = signature.keyring(KEYRING.read_bytes(), KEYRING.name)
    mirrors = mirror.choose(source, name, os.environ, apt_sources.read(Path("/etc/apt")))
    proven = suite.prove(source, name, mirrors, Fetcher(), certificates, now=datetime.now(UTC), locked=None)
    file = folder / f"Packages.{name}.{architecture}"
    ((_, _, path),) = suite.index_paths(proven, [architecture])
    file.write_bytes(suite.read_index(proven, path, Fetcher(), folder / "cache", Progress(sys.stderr)))
    release = proven.release
    return Index(name, architecture, file, f"{release.version} of {release.date:%Y-%m-%d}")


def resolve_all(index: Index, file: Path, say: Callable[[str], None]) -> tuple[float, float]:
    """Resolve every package of `index` by itself, a line each in `file`.

    Gives seconds, and those of the processor, which other load on the machine changes less.
    """
    start, processor = time.monotonic(), time.process_time()
    universe = index.universe()
    with file.open("w") as stream:
        for count, name in enumerate(sorted(universe.names()), 1):
            found = closure(universe, name)
            stream.write(json.dumps([name, found.packages, found.fault]) + "\n")
            if count % 10000 == 0:
                say(f"resolved {count} packages for {index.architecture}")
    return time.monotonic() - start, time.process_time() - processor


def closure(universe: Universe, name: str) -> Closure:
    """Resolve the package `name` by itself."""
    try:
        found = resolve(universe, [Wish(Atom(name))]).packages
    except ResolutionError as error:
        return Closure(name, {}, str(error))
    return Closure(name, {package.name: package.version for package in found.values()}, "")


def closures(file: Path) -> Iterator[Closure]:
    """Read what `resolve_all` wrote."""
    with file.open() as stream:
        for line in stream:
            name, packages, fault = json.loads(line)
            yield Closure(sys.intern(name), {sys.intern(n): sys.intern(v) for n, v in packages.items()}, fault)
