"""The lock: a committed JSON file that pins every package of a manifest. Its format: docs/debian_lock.md.

It names no host, one line holds one package for one architecture, all is sorted, and a checksum tells whether somebody
else than the lock command wrote it.
"""

import json
from collections.abc import Mapping, Sequence

import msgspec

from distill.checksum import lock_checksum
from distill.cycles import cycles
from distill.errors import LockError
from distill.lock.facts import Facts
from distill.lock.package_manifest import PackageManifest
from distill.resolver.index import Package
from distill.resolver.wish import Resolution

VERSION = 2
"""Of the form, and of what is read of packages: an older lock lacks their effects and sonames."""

_OPTIONAL = {"bases", "choices"}
"""Sections that are not written where they would be empty."""


class LockedPackage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One package, for one architecture."""

    name: str
    version: str
    architecture: str
    """`Architecture` of the package: the one it is locked for, or `all`."""
    source: str
    """The manifest's name of the source that it is from."""
    suite: str
    component: str
    section: str
    source_package: str
    source_version: str
    path: str
    """In the pool: relative to the root of a mirror."""
    size: int
    sha256: str
    installed_size: int
    depends: tuple[str, ...]
    """Packages of this lock."""
    cycle: str = ""
    """Of packages that depend on each other: the first name of the group."""
    wished: bool = False
    """Whether the manifest names it."""
    effects: tuple[str, ...] = ()
    """What its maintainer scripts would have made, which no image has of itself: see `facts.Facts`."""
    sonames: tuple[str, ...] = ()
    """The libraries that it puts where the loader looks."""


class LockedSuite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a suite said of itself when it was locked."""

    source: str
    suite: str
    codename: str
    version: str
    date: str
    """`Date` of its Release file, ISO 8601: an older one is refused from then on."""


class LockedBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lock whose packages are there already."""

    file: str
    """Relative to the manifest."""
    checksum: str


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A name that is not locked though packages want it."""

    name: str
    reason: str
    wanted_by: tuple[str, ...]
    architectures: tuple[str, ...] = ()
    """Where that is so; empty for everywhere."""


class Waived(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relation that does not hold."""

    relation: str
    reason: str


class LockedChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A package that was taken because it provides a name; it is taken again as long as it fits."""

    name: str
    chosen: str
    others: tuple[str, ...] = ()
    """What could have been taken as well."""
    architectures: tuple[str, ...] = ()
    """Where that is so; empty for everywhere."""


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a lock."""

    version: int
    checksum: str
    manifest: str
    """The checksum of the manifest."""
    suites: tuple[LockedSuite, ...]
    left_out: tuple[LeftOut, ...]
    waived: tuple[Waived, ...]
    packages: dict[str, tuple[LockedPackage, ...]]
    """By architecture."""
    bases: tuple[LockedBase, ...] = ()
    choices: tuple[LockedChoice, ...] = ()

    def chosen(self, architecture: str) -> dict[str, str]:
        """Give what was chosen for `architecture`, by the name that it provides."""
        return {c.name: c.chosen for c in self.choices if architecture in (c.architectures or (architecture,))}


def build(
    manifest: PackageManifest,
    suites: Sequence[LockedSuite],
    resolutions: Mapping[str, Resolution],
    bases: Sequence[LockedBase] = (),
    provided: Mapping[str, str] = {},
    facts: Mapping[str, Facts] = {},
) -> Lock:
    """Make the lock of `manifest` from a resolution for each of its architectures.

    `provided` says of each package of `bases` why it is left out; `facts` are those of the packages, by their SHA-256.
    """
    waived = {name for resolution in resolutions.values() for name in resolution.waived}
    return Lock(
        version=VERSION,
        checksum="",
        manifest=manifest.checksum,
        suites=tuple(sorted(suites, key=lambda suite: (suite.source, suite.suite))),
        bases=tuple(bases),
        left_out=_left_out(resolutions, {**provided, **manifest.exclude, **manifest.provided}),
        choices=_choices(resolutions),
        waived=tuple(Waived(name, manifest.waivers[name]) for name in sorted(waived)),
        packages={architecture: _locked(resolutions[architecture], facts) for architecture in sorted(resolutions)},
    )


def _left_out(resolutions: Mapping[str, Resolution], reasons: Mapping[str, str]) -> tuple[LeftOut, ...]:
    wanted_by: dict[str, set[str]] = {}
    where: dict[str, list[str]] = {}
    for architecture in sorted(resolutions):
        for name, parents in resolutions[architecture].left_out.items():
            wanted_by.setdefault(name, set()).update(parents)
            where.setdefault(name, []).append(architecture)
    return tuple(
        LeftOut(name, reasons[name], tuple(sorted(wanted_by[name])), _unless_all(where[name], resolutions))
        for name in sorted(wanted_by)
    )


def _choices(resolutions: Mapping[str, Resolution]) -> tuple[LockedChoice, ...]:
    where: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for architecture in sorted(resolutions):
        for name, choice in resolutions[architecture].choices.items():
            where.setdefault((name, choice.chosen, choice.others), []).append(architecture)
    return tuple(LockedChoice(*choice, _unless_all(where[choice], resolutions)) for choice in sorted(where))


def _unless_all(architectures: Sequence[str], resolutions: Mapping[str, Resolution]) -> tuple[str, ...]:
    return tuple(architectures) if len(architectures) < len(resolutions) else ()


def _locked(resolution: Resolution, facts: Mapping[str, Facts]) -> tuple[LockedPackage, ...]:
    groups = cycles(resolution.depends)

    def locked(package: Package) -> LockedPackage:
        said = facts.get(package.sha256, Facts())
        return LockedPackage(
            name=package.name,
            version=package.version,
            architecture=package.architecture,
            source=package.origin.source,
            suite=package.origin.suite,
            component=package.origin.component,
            section=package.section,
            source_package=package.source_package,
            source_version=package.source_version,
            path=package.path,
            size=package.size,
            sha256=package.sha256,
            installed_size=package.installed_size,
            depends=resolution.depends[package.name],
            cycle=groups.get(package.name, ""),
            wished=package.name in resolution.wished,
            effects=said.effects,
            sonames=said.sonames,
        )

    return tuple(locked(package) for package in resolution.packages.values())


def write(lock: Lock) -> bytes:
    """Give the text of `lock`, its checksum filled in; ASCII, the same for the same lock."""
    checksum = lock_checksum(_text(lock, ""))
    return _text(lock, checksum)


def _text(lock: Lock, checksum: str) -> bytes:
    sections = [
        f'  "version": {lock.version}',
        f'  "checksum": {_line(checksum)}',
        f'  "manifest": {_line(lock.manifest)}',
        *(
            _list(f'  "{name}": ', getattr(lock, name), "    ")
            for name in ("suites", "bases", "left_out", "waived", "choices")
            if name not in _OPTIONAL or getattr(lock, name)
        ),
        '  "packages": {\n'
        + ",\n".join(_list(f"    {_line(name)}: ", packages, "      ") for name, packages in lock.packages.items())
        + "\n  }",
    ]
    return ("{\n" + ",\n".join(sections) + "\n}\n").encode("ascii")


def _list(head: str, items: Sequence[object], indent: str) -> str:
    if not items:
        return f"{head}[]"
    body = ",\n".join(indent + _line(msgspec.to_builtins(item)) for item in items)
    return f"{head}[\n{body}\n{indent[2:]}]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(", ", ": "))


def read(text: bytes, file: str, command: str, manifest_checksum: str | None = None) -> Lock:
    """Read a lock.

    Args:
        text: its bytes.
        file: what errors call it.
        command: what a user runs to write it.
        manifest_checksum: the checksum of its manifest; None where staleness does not matter.

    Raises:
        LockError: a lock of another form or version, edited by hand, or stale.
    """
    try:
        lock = msgspec.json.decode(text, type=Lock)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LockError(f"{file} is no lock, got {error}; run `{command}`") from None
    if lock.version != VERSION:
        raise LockError(f"{file} is of another version, got {lock.version}; run `{command}`")
    if lock.checksum != (actual := lock_checksum(text)):
        raise LockError(
            f"{file} was not written by the lock command, got checksum {lock.checksum} where its text has {actual}; "
            f"run `{command}`"
        )
    if manifest_checksum is not None and lock.manifest != manifest_checksum:
        raise LockError(
            f"{file} is stale, got a lock of manifest {lock.manifest} where the manifest is {manifest_checksum}; "
            f"run `{command}`"
        )
    return lock
