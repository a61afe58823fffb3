"""Which files the slices that a target names take of each package."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from distill import globs
from distill.errors import InputError
from distill.near import suggestion
from distill.package import slices
from distill.package.catalogue import Catalogue, Item, Slice
from distill.package.usr_merge import merged_path


@dataclass
class Part:
    """What is taken of one package."""

    generic: set[str] = field(default_factory=set)
    """Names of slices that every package has."""
    named: list[Slice] = field(default_factory=list)
    """Slices of the catalogue."""
    architecture: str = ""

    def takes(self, path: str) -> bool:
        """Say whether a slice of the catalogue has `path`, with a merged /usr or without."""
        place = merged_path(path)
        return any(self._has(slice_.contents, place) and not self._has(slice_.without, place) for slice_ in self.named)

    def check(self, paths: Iterable[str], origin: str) -> None:
        """See that each glob matches one of `paths`, which are those of the package, called `origin`.

        Raises:
            InputError: a slice that names a path that is not there.
        """
        known = [merged_path(path) for path in paths]
        for slice_ in self.named:
            for item in slice_.contents + slice_.without:
                if not item.applies(self.architecture):
                    continue
                if not any(globs.compiled(item.text).fullmatch(path) for path in known):
                    near = globs.near(item.text, known)
                    advice = f"did you mean {', '.join(f'/{p}' for p in near)}?" if near else "list the package's files"
                    raise InputError(
                        f"slice {slice_} names what {origin} does not have, got '/{item.text}' at {slice_.where};"
                        f" {advice}"
                    )

    def _has(self, items: Iterable[Item], place: str) -> bool:
        return any(
            item.applies(self.architecture) and globs.compiled(item.text).fullmatch(place) is not None for item in items
        )


def choose(
    names: Sequence[str], catalogue: Catalogue, packages: Mapping[str, str], provided: Collection[str] = ()
) -> dict[str, Part]:
    """Give what the slices `names` take, and those that they need, by package.

    Args:
        names: as `libc6/libs`. A slice that the catalogue does not have may be one of `slices.CATALOGUE`.
        catalogue: the slices of packages.
        packages: the packages of the layer, with their architectures.
        provided: packages that other layers of the image bring: slices of theirs that others need are left out.

    Raises:
        InputError: a slice that there is not, one of a package that the layer has not, slices that need each other, or
            a provided package that the layer has.
    """
    for name in sorted(set(provided) & packages.keys()):
        raise InputError(f"provided names a package of the layer, got {name!r}; leave it out of one of them")
    chooser = _Chooser(catalogue, packages, provided)
    for name in names:
        chooser.add(name, ())
    return chooser.parts


@dataclass
class _Chooser:
    catalogue: Catalogue
    packages: Mapping[str, str]
    provided: Collection[str]
    parts: dict[str, Part] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def add(self, name: str, way: tuple[str, ...]) -> None:
        """Add the slice `name`, which the last of `way` needs, that one needs the one before, and so on."""
        if name in way:
            cycle = " -> ".join([*way[way.index(name) :], name])
            where = self.catalogue[name].where
            raise InputError(f"slices need each other, got {cycle}; cut one essential, the first is at {where}")
        if name in self.done:
            return
        package, _, short = name.partition("/")
        if package not in self.packages:
            self._outside(package, name, way)
            return
        part = self.parts.setdefault(package, Part(architecture=self.packages[package]))
        if slice_ := self.catalogue.get(name):
            part.named.append(slice_)
            for item in slice_.essential:
                if item.applies(self._architecture(package)):
                    self.add(item.text, (*way, name))
        elif short in slices.CATALOGUE:
            part.generic.add(short)
        else:
            own = [s.name for s in self.catalogue.values() if s.package == package]
            known = [*own, *sorted(slices.CATALOGUE.keys() - set(own))]
            advice = suggestion(short, known, f"{package} has {', '.join(known)}")
            raise InputError(f"slices has an unknown slice, got {name!r}{self._because(way)}; {advice}")
        self.done.add(name)

    def _outside(self, package: str, name: str, way: tuple[str, ...]) -> None:
        if way and package in self.provided:
            return
        advice = suggestion(package, self.packages, "add the package to packages, or set transitive")
        if way:
            advice = f"add {package} to packages, or to provided if another layer of the image brings it"
        raise InputError(
            f"slices has a slice of a package that the layer has not, got {name!r}{self._because(way)}; {advice}"
        )

    def _because(self, way: tuple[str, ...]) -> str:
        return f" (needed by {way[-1]}, at {self.catalogue[way[-1]].where})" if way else ""

    def _architecture(self, package: str) -> str:
        """The architecture of the package, or for one that is for all that of the layer."""
        found = self.packages[package]
        return found if found != "all" else next((a for a in self.packages.values() if a != "all"), found)
