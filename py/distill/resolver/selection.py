"""What a walk has selected: what clashes with it, what could be selected instead, and what led to each of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from distill.debian.relation import Atom
from distill.resolver import consistency
from distill.resolver.consistency import Field
from distill.resolver.index import Package, Universe
from distill.resolver.wish import Want


@dataclass(slots=True)
class Selection:
    """Packages that are selected, with the relations that led to them."""

    universe: Universe
    left_out: Mapping[str, str]
    waivers: Mapping[str, str]
    banned: Mapping[Package, str]
    """What is out of the question, with what it led to."""
    base: Mapping[str, Package]
    """What is there already, by name: selected from the start, and never part of the resolution."""
    selected: dict[str, Package] = field(default_factory=dict)
    parents: dict[str, Want] = field(default_factory=dict)
    unwanted: dict[str, list[tuple[Package, Field, Atom]]] = field(default_factory=dict)
    """By name: the Conflicts and Breaks of what is selected."""
    by_name: dict[str, list[Package]] = field(default_factory=dict)
    """By real or provided name: what is selected."""

    def put(self, package: Package, want: Want) -> None:
        """Add `package` to what is selected."""
        self.selected[package.name] = package
        self.parents[package.name] = want
        for name in {package.name, *(atom.name for atom in package.provides)}:
            self.by_name.setdefault(name, []).append(package)
        for owner, kind, atom in _unwanted(package):
            self.unwanted.setdefault(atom.name, []).append((owner, kind, atom))

    def clash(self, package: Package) -> tuple[Package, Field, Atom, Package] | None:
        """Give the relation between `package` and something selected that forbids to have both, unless it is waived."""
        here = self.universe.architecture
        for name in (package.name, *(atom.name for atom in package.provides)):
            for owner, kind, atom in self.unwanted.get(name, ()):
                if (
                    consistency.hits(owner, atom, package, here)
                    and consistency.waiver(owner.name, kind, str(atom)) not in self.waivers
                ):
                    return owner, kind, atom, package
        for owner, kind, atom in _unwanted(package):
            for other in self.by_name.get(atom.name, ()):
                if (
                    consistency.hits(owner, atom, other, here)
                    and consistency.waiver(owner.name, kind, str(atom)) not in self.waivers
                ):
                    return owner, kind, atom, other
        return None

    def named(self, package: Package, atom: Atom, want: Want) -> bool:
        """Say whether `package` meets `atom` of `want` by its name, and is of the suite that is wanted."""
        right = want.suite in {"", package.origin.suite}
        return right and consistency.named(package, atom, self.universe.architecture)

    def provides(self, package: Package, atom: Atom, want: Want) -> bool:
        """Say whether `package` meets `atom` of `want` by what it provides, and is of the suite that is wanted."""
        right = want.suite in {"", package.origin.suite}
        return right and consistency.provides(package, atom, self.universe.architecture)

    def substitutes(self, want: Want) -> Iterator[Package]:
        """Give all that could meet `want` in some walk."""
        for atom in want.group:
            yield from (p for p in self.universe.real(atom.name) if self.named(p, atom, want))
            if not self.only_real(atom, want):
                yield from (p for p in self.universe.providers(atom.name) if self.provides(p, atom, want))

    def only_real(self, atom: Atom, want: Want) -> bool:
        """Say whether nothing that provides `atom` will do: who names a package that there is wants that package."""
        return not want.parent and any(self.named(p, atom, want) for p in self.universe.real(atom.name))

    def chain(self, name: str, *more: str) -> str:
        """Tell what led to the package `name`: `wish -> relation -> relation`."""
        links: list[str] = list(more)
        while name:
            if name in self.base:
                return " -> ".join([f"{self.base[name].origin.suite}: {name}", *links])
            want = self.parents[name]
            text = str(want)
            links.insert(0, text if name in {atom.name for atom in want.group} else f"{text} = {name}")
            name = want.parent
        return " -> ".join(links)

    def suspects(self, *names: str) -> list[str]:
        """Give the free choices on the ways to `names`, nearest first."""
        found: dict[str, None] = {}
        for name in names:
            while name and name not in self.base:
                want = self.parents[name]
                if any(other is not self.selected[name] for other in self.substitutes(want)):
                    found[name] = None
                name = want.parent
        return list(found)


def _unwanted(package: Package) -> Iterator[tuple[Package, Field, Atom]]:
    """Give the Conflicts and Breaks of `package`."""
    for group in package.conflicts:
        yield from ((package, "conflicts", atom) for atom in group)
    for group in package.breaks:
        yield from ((package, "breaks", atom) for atom in group)
