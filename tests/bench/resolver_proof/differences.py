"""Why apt's answer is another than ours: the choices in which they part, proven by making apt's choices in our own.

A difference is explained if our resolver, told by additional wishes to take what apt took wherever a relation leaves a
choice, gives exactly apt's answer. Nothing is explained by its looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from distill.debian import relation
from distill.debian.relation import Atom, Group
from distill.errors import ResolutionError
from distill.resolver import consistency
from distill.resolver.index import Package, Universe
from distill.resolver.resolve import Wish, resolve

PROVIDED = "a provider is there anyway"
REAL = "real package"
PROVIDER = "another provider"
LATER = "a later alternative is there anyway"
FIRST = "first alternative"
OTHER = "another alternative"
GIVEN_UP = "apt gives up"
UNEXPLAINED = "NOT EXPLAINED"


@dataclass(frozen=True, slots=True)
class Choice:
    """A relation that leaves a choice, and what meets it."""

    kind: str
    relation: str
    ours: tuple[str, ...]
    """Packages of our answer."""
    apt: tuple[str, ...]

    def __str__(self) -> str:
        return f"`{self.relation}`: we {' and '.join(self.ours)}, apt {' and '.join(self.apt)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer of apt's that is not ours."""

    name: str
    choices: tuple[Choice, ...]
    """Those that make the difference."""
    explained: bool
    fewer: int
    """By how many packages ours is smaller; negative where it is larger."""


def explain(universe: Universe, name: str, apt: dict[str, str]) -> Difference:
    """Find the choices that turn our answer for `name` into `apt`, an answer that is another."""
    wishes = [Wish(Atom(name))]
    choices: list[Choice] = []
    ours = first = resolve(universe, wishes).packages
    theirs = {n: _package(universe, n, version) for n, version in apt.items()}
    while ours.keys() != theirs.keys():
        found = list(_choices(ours, theirs))
        known = {wish.atom.name for wish in wishes}
        more = dict.fromkeys(n for choice in found for n in choice.apt if n not in ours and n not in known)
        if not more:
            break
        choices += found
        wishes += [Wish(Atom(n, "", "=", apt[n])) for n in more]
        try:
            ours = resolve(universe, wishes).packages
        except ResolutionError:
            break
    explained = {n: package.version for n, package in ours.items()} == apt
    return Difference(name, tuple(sorted(set(choices), key=str)), explained, len(apt) - len(first))


def _package(universe: Universe, name: str, version: str) -> Package:
    return next(package for package in universe.real(name) if package.version == version)


def _choices(ours: dict[str, Package], theirs: dict[str, Package]) -> Iterator[Choice]:
    """Give the relations of packages of both answers that are met by what the other does not have."""
    for name in sorted(ours.keys() & theirs.keys()):
        for group in (*ours[name].pre_depends, *ours[name].depends):
            our, their = _met(group, ours), _met(group, theirs)
            if set(our) != set(their) and set(their) - set(ours):
                kind = _kind(group, our, their)
                yield Choice(kind, relation.text(group), tuple(our), tuple(their))


def _met(group: Group, packages: dict[str, Package]) -> list[str]:
    """Give what of `packages` meets `group`, what is named first first."""
    return list(dict.fromkeys(n for atom in group for n, p in packages.items() if consistency.meets(p, atom)))


def _kind(group: Group, ours: list[str], theirs: list[str]) -> str:
    """Say what is special in ours."""
    first = group[0].name
    if len(group) == 1:
        if first in theirs and first not in ours:
            return PROVIDED
        return REAL if first in ours and first not in theirs else PROVIDER
    if first in theirs and first not in ours:
        return LATER
    return FIRST if first in ours and first not in theirs else OTHER
