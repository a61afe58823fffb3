"""What a base has already: the packages of other locks, which are there at their versions and bring no layer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from distill.checksum import lock_checksum
from distill.errors import InputError, LockError
from distill.lock import lock as locks
from distill.lock.lock import Lock, LockedBase, LockedPackage
from distill.resolver.index import Origin, Package, Universe
from distill.resolver.wish import Wish


@dataclass(frozen=True, slots=True)
class BaseLock:
    """A lock that a manifest names in `provided_by`."""

    file: str
    """As the manifest has it."""
    lock: Lock
    checksum: str
    """Of its text, as `distill.checksum.lock_checksum` gives it."""

    @property
    def locked(self) -> LockedBase:
        """What our lock keeps of it."""
        return LockedBase(self.file, self.checksum)


def read(files: Iterable[str], folder: Path) -> list[BaseLock]:
    """Read the locks `files`, relative to `folder`.

    Raises:
        InputError: one that cannot be read.
        LockError: one that is no lock, or was edited by hand; HUB in its message is that lock's hub.
    """
    found = []
    for file in files:
        text = _text(file, folder)
        lock = locks.read(text, file, "bazel run @HUB//:lock")
        found.append(BaseLock(file, lock, lock_checksum(text)))
    return found


def _text(file: str, folder: Path) -> bytes:
    try:
        return (folder / file).read_bytes()
    except OSError as error:
        raise InputError(
            f"provided_by cannot be read, got {error.strerror} for {folder / file}; write that lock first, or correct "
            "the path, which is relative to the manifest"
        ) from None


def check(lock: Lock, folder: Path, file: str, command: str) -> None:
    """See that the bases of `lock`, which messages call `file`, are those that it was made with.

    Raises:
        LockError: one has changed since, or is gone.
    """
    for base in lock.bases:
        try:
            actual = lock_checksum(_text(base.file, folder))
        except InputError:
            actual = "not there"
        if actual != base.checksum:
            raise LockError(
                f"{file} is stale, got a lock on {base.file} {base.checksum} where that file is {actual}; "
                f"run `{command}`"
            )


def packages(bases: Iterable[BaseLock], universe: Universe) -> dict[str, Package]:
    """Give the packages of `bases` for one architecture, by name.

    A lock does not have what a package provides or breaks: that is taken from the index. Where the index does not have
    the version that is locked, as it has moved on, its best version tells; where it lacks the package, nothing is known
    but name and version.

    Raises:
        InputError: a base that is not locked for the architecture; two that have two versions of one package.
    """
    found: dict[str, Package] = {}
    for base in bases:
        if universe.architecture not in base.lock.packages:
            raise InputError(
                f"provided_by has a lock that lacks an architecture, got {base.file} for {universe.architecture}; "
                f"it has {', '.join(base.lock.packages)}: lock it for that, or leave it out of architectures"
            )
        for locked in base.lock.packages[universe.architecture]:
            package = _package(locked, base.file, universe)
            other = found.setdefault(locked.name, package)
            if other.version != locked.version:
                raise InputError(
                    f"provided_by has locks that do not go together, got {locked.name} {other.version} of "
                    f"{other.origin.suite} and {locked.version} of {base.file}; write them anew, the lower one first"
                )
    return found


def _package(locked: LockedPackage, file: str, universe: Universe) -> Package:
    here = Origin(file, file, "")
    known = universe.real(locked.name)
    for package in known:
        if package.version == locked.version:
            return replace(package, origin=here)
    if known:
        return replace(known[0], version=locked.version, origin=here)
    return Package(
        name=locked.name,
        version=locked.version,
        architecture=locked.architecture,
        origin=here,
        path=locked.path,
        size=locked.size,
        sha256=locked.sha256,
        source_package=locked.source_package,
        source_version=locked.source_version,
        section=locked.section,
        priority="",
        installed_size=locked.installed_size,
        essential=False,
        multi_arch="",
        pre_depends=(),
        depends=(),
        conflicts=(),
        breaks=(),
        provides=(),
    )


def check_wishes(there: Mapping[str, Package], wishes: Iterable[Wish]) -> None:
    """Refuse a wish for a package that is `there` already.

    Raises:
        InputError: it would get no target in the hub.
    """
    for wish in wishes:
        if (package := there.get(wish.atom.name)) is not None:
            raise InputError(
                f"packages has one that {package.origin.suite} brings already, got {package.name!r}; "
                "leave it out of packages, or that lock out of provided_by"
            )


def reason(package: Package) -> str:
    """Say why `package` of a base is left out of the lock."""
    return f"{package.origin.suite} has it"
