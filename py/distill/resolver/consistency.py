"""The final check of a resolved set, apart from how it was resolved: does every relation hold (Debian Policy, §7)?"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from distill.debian import relation
from distill.debian.relation import Atom, Group
from distill.resolver.index import Package, offers, provided

Field = Literal["depends", "pre-depends", "conflicts", "breaks"]
_Relations = tuple[tuple[Field, tuple[Group, ...]], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A relation that does not hold."""

    package: str
    """Whose relation it is."""
    field: Field
    relation: str
    other: str = ""
    """For conflicts and breaks: the package that is hit."""

    @property
    def waiver(self) -> str:
        """What a manifest's `waivers` calls it: `a breaks b (<< 2)`."""
        return waiver(self.package, self.field, self.relation)


def waiver(package: str, field: Field, text: str) -> str:
    """Give the name of a waiver."""
    return f"{package} {field} {text}"


def meets(package: Package, atom: Atom) -> bool:
    """Say whether `package` meets `atom`, by its name and version or by what it provides, whatever its qualifier."""
    return (package.name == atom.name and atom.accepts(package.version)) or provided(package, atom)


def named(package: Package, atom: Atom, architecture: str) -> bool:
    """Say whether `package` of a closure for `architecture` meets the dependency `atom` by its name and version.

    `:any` is for packages that say `Multi-Arch: allowed`. `Architecture: all` counts as the architecture of the
    closure, as for dpkg.
    """
    if package.name != atom.name or not atom.accepts(package.version):
        return False
    if atom.qualifier == "any":
        return package.multi_arch == "allowed"
    return atom.qualifier in {"", "native", architecture}


def provides(package: Package, atom: Atom, architecture: str) -> bool:
    """Say whether `package` of a closure for `architecture` meets the dependency `atom` by what it provides."""
    return atom.qualifier in {"", "any", "native", architecture} and provided(package, atom)


def hits(package: Package, atom: Atom, other: Package, architecture: str) -> bool:
    """Say whether the Conflicts or Breaks `atom` of `package` hits `other` of a closure for `architecture`.

    A package never conflicts with itself or with what it provides (§7.4). `:any`, here or in what is provided, is every
    package of the name: for dpkg no qualifier means the same.
    """
    if package.name == other.name or atom.qualifier not in {"", "any", "native", architecture}:
        return False
    return (other.name == atom.name and atom.accepts(other.version)) or any(
        p.name == atom.name and offers(p, atom) for p in other.provides
    )


def check(packages: Mapping[str, Package], architecture: str, assumed: Collection[str] = ()) -> Iterator[Problem]:
    """Give every relation of `packages` (by name) that does not hold among them.

    `assumed` are names, real or virtual, that are met from outside whatever their version.
    """
    by_name: dict[str, list[Package]] = {}
    for package in packages.values():
        for name in {package.name, *(atom.name for atom in package.provides)}:
            by_name.setdefault(name, []).append(package)

    def holds(group: Group) -> bool:
        return any(
            atom.name in assumed
            or any(named(p, atom, architecture) or provides(p, atom, architecture) for p in by_name.get(atom.name, ()))
            for atom in group
        )

    for package in packages.values():
        required: _Relations = (("pre-depends", package.pre_depends), ("depends", package.depends))
        for field, groups in required:
            for group in groups:
                if not holds(group):
                    yield Problem(package.name, field, relation.text(group))
        forbidden: _Relations = (("conflicts", package.conflicts), ("breaks", package.breaks))
        for kind, groups in forbidden:
            for group in groups:
                for atom in group:
                    for other in by_name.get(atom.name, ()):
                        if hits(package, atom, other, architecture):
                            yield Problem(package.name, kind, str(atom), other.name)
