"""One walk from what is wanted to a resolution or a dead end; `resolve` starts it anew without a bad choice."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from distill.debian import relation
from distill.debian.relation import Atom
from distill.near import suggestion
from distill.resolver import consistency
from distill.resolver.consistency import Field
from distill.resolver.index import Package, Universe, provided
from distill.resolver.wish import DeadEnd, Resolution, Want, Wish


@dataclass(slots=True)
class Walk:
    """One walk from the wishes to a resolution or a dead end."""

    universe: Universe
    left_out: Mapping[str, str]
    waivers: Mapping[str, str]
    banned: frozenset[Package]
    base: Mapping[str, Package]
    """What is there already, by name: selected from the start, and never part of the resolution."""
    selected: dict[str, Package] = field(default_factory=dict)
    parents: dict[str, Want] = field(default_factory=dict)
    edges: dict[str, set[str]] = field(default_factory=dict)
    wished: set[str] = field(default_factory=set)
    cut: dict[str, set[str]] = field(default_factory=dict)
    waived: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    fresh: deque[Want] = field(default_factory=deque)
    unwanted: dict[str, list[tuple[Package, Field, Atom]]] = field(default_factory=dict)
    """By name: the Conflicts and Breaks of what is selected."""
    by_name: dict[str, list[Package]] = field(default_factory=dict)
    """By real or provided name: what is selected."""

    def run(self, wishes: Sequence[Wish]) -> None:
        """Follow every relation; raises DeadEnd."""
        for package in self.base.values():
            self.put(package, Want("", (Atom(package.name),)))
        for wish in wishes:
            if not (self.universe.real(wish.atom.name) or self.universe.providers(wish.atom.name)):
                known = self.universe.names() | self.universe.virtual_names()
                near = suggestion(wish.atom.name, known, "add the source or suite that has it")
                raise DeadEnd(
                    f"package is in no index for {self.universe.architecture}, got {wish.atom.name!r}; {near}", ()
                )
        self.fresh.extend(Want("", (wish.atom,), suite=wish.suite) for wish in wishes)
        open_wants: deque[Want] = deque()
        while self.fresh or open_wants:
            while self.fresh:
                want = self.fresh.popleft()
                if self.satisfied(want):
                    continue
                choices = self.choices(want)
                # A real package that others provide too is no single choice: one of them may come along anyway.
                if len({package.name for package in choices}) == 1 == len({p.name for p in self.substitutes(want)}):
                    self.select(choices[0], want)
                elif choices:
                    open_wants.append(want)
                elif not self.waived_by(want):
                    raise self.unmet(want)
            if open_wants:
                want = open_wants.popleft()
                if not self.satisfied(want):
                    self.choose(want)
        self.verify()

    def satisfied(self, want: Want) -> bool:
        """Say whether `want` is met by what is selected or left out, and note by which."""
        for atom in want.group:
            package = self.selected.get(atom.name)
            if package and self.may(package, atom, want) and atom.accepts(package.version):
                self.note_edge(want, package.name)
                return True
        for atom in want.group:
            for name in self.outside(atom):
                self.note_cut(want, name)
                return True
        for atom in want.group:
            if self.only_real(atom, want):
                continue
            for package in self.by_name.get(atom.name, ()):
                if self.may(package, atom, want) and provided(package, atom):
                    self.note_edge(want, package.name)
                    return True
        return False

    def outside(self, atom: Atom) -> Iterator[str]:
        """Give the names of what is left out and meets `atom`."""
        if atom.name in self.left_out:
            yield atom.name
        elif not self.universe.real(atom.name):
            yield from (
                p.name for p in self.universe.providers(atom.name) if p.name in self.left_out and provided(p, atom)
            )

    def may(self, package: Package, atom: Atom, want: Want) -> bool:
        """Say whether the qualifier and the pinned suite allow `package`."""
        return consistency.fits(atom, package, self.universe.architecture) and want.suite in {"", package.origin.suite}

    def real(self, atom: Atom, want: Want) -> Iterator[Package]:
        """Give the real packages that meet `atom` and do not clash with what is selected, best first."""
        for package in self.universe.real(atom.name):
            if package not in self.banned and self.may(package, atom, want) and atom.accepts(package.version):
                held = self.selected.get(package.name, package)
                if held is package and not self.clash(package):
                    yield package

    def choices(self, want: Want) -> list[Package]:
        """Give what may be selected to meet `want`, best first; several versions of one package are several choices."""
        found: dict[Package, None] = {}
        for atom in want.group:
            real = list(self.real(atom, want))
            found.update(dict.fromkeys(real))
            if not real and not self.only_real(atom, want):
                providers = [
                    package
                    for package in self.universe.providers(atom.name)
                    if package not in self.banned and self.may(package, atom, want) and provided(package, atom)
                ]
                free = [p for p in providers if self.selected.get(p.name, p) is p and not self.clash(p)]
                found.update(dict.fromkeys(sorted(free, key=lambda package: package.name not in self.selected)))
        return list(found)

    def substitutes(self, want: Want) -> Iterator[Package]:
        """Give all that could meet `want` in some walk."""
        for atom in want.group:
            yield from (p for p in self.universe.real(atom.name) if self.may(p, atom, want) and atom.accepts(p.version))
            if not self.only_real(atom, want):
                yield from (
                    p for p in self.universe.providers(atom.name) if self.may(p, atom, want) and provided(p, atom)
                )

    def only_real(self, atom: Atom, want: Want) -> bool:
        """Say whether nothing that provides `atom` will do: who names a package that there is wants that package."""
        return not want.parent and any(
            self.may(p, atom, want) and atom.accepts(p.version) for p in self.universe.real(atom.name)
        )

    def choose(self, want: Want) -> None:
        """Take the best of several choices."""
        choices = self.choices(want)
        if not choices:
            if not self.waived_by(want):
                raise self.unmet(want)
            return
        best = choices[0]
        virtual = [atom.name for atom in want.group if best.name != atom.name and provided(best, atom)]
        names = list(dict.fromkeys(package.name for package in choices))
        if len(want.group) == 1 and virtual and len(names) > 1:
            self.notes.add(
                f"{virtual[0]}: {best.name} is taken of {', '.join(names)}; name one in packages to choose another"
            )
        self.select(best, want)

    def select(self, package: Package, want: Want) -> None:
        """Take `package` to meet `want`, and follow what it needs."""
        self.note_edge(want, package.name)
        if package.name in self.selected:
            return
        self.put(package, want)
        self.fresh.extend(Want(package.name, group, "pre-depends") for group in package.pre_depends)
        self.fresh.extend(Want(package.name, group) for group in package.depends)

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

    def note_edge(self, want: Want, name: str) -> None:
        """Remember that `name` meets `want`."""
        if name in self.base:
            self.note_cut(want, name)
        elif want.parent:
            self.edges.setdefault(want.parent, set()).add(name)
        else:
            self.wished.add(name)

    def note_cut(self, want: Want, name: str) -> None:
        """Remember that `name`, which is not of the resolution, meets `want`."""
        self.cut.setdefault(name, set()).update({want.parent} - {""})

    def waived_by(self, want: Want) -> bool:
        """Say whether the manifest waives the relation."""
        return consistency.waiver(want.parent, want.field, relation.text(want.group)) in self.waivers

    def verify(self) -> None:
        """Check the whole set afresh; raises DeadEnd."""
        assumed = set(self.left_out)
        for name in self.left_out:
            assumed.update(atom.name for package in self.universe.real(name) for atom in package.provides)
        for problem in consistency.check(self.selected, self.universe.architecture, assumed):
            if problem.package in self.base and (not problem.other or problem.other in self.base):
                continue  # the base is as it is
            if problem.waiver in self.waivers:
                self.waived.add(problem.waiver)
                continue
            got = f"{self.chain(problem.package)} {problem.field} {problem.relation}"
            if problem.other:
                got += f" while {self.chain(problem.other)} is wanted"
            raise DeadEnd(
                f"relation does not hold for {self.universe.architecture}, got {got}; "
                f"exclude a package on the way, or add {problem.waiver!r} to waivers",
                self.suspects(problem.package, problem.other),
            )

    def chain(self, name: str, *more: str) -> str:
        """Tell what led to the package `name`: `wish -> relation -> relation`."""
        links: list[str] = list(more)
        while name:
            if name in self.base:
                return " -> ".join([f"{self.base[name].origin.suite}: {name}", *links])
            want = self.parents[name]
            text = relation.text(want.group)
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

    def unmet(self, want: Want) -> DeadEnd:
        """Tell why `want` cannot be met."""
        here = self.universe.architecture
        chain = self.chain(want.parent, relation.text(want.group))
        advice = "relax one of them, or exclude a package on the way"
        known = []
        for atom in want.group:
            held = self.selected.get(atom.name)
            if held and atom.operator:
                return DeadEnd(
                    f"relations cannot be met together for {here}, got {chain}, and {self.chain(held.name)} "
                    f"which is at {held.version}; {advice}",
                    self.suspects(held.name, want.parent),
                )
            for package in (*self.universe.real(atom.name), *self.universe.providers(atom.name)):
                refused = atom.qualifier == "any" and not self.may(package, atom, Want("", want.group))
                known.append(f"{package} without Multi-Arch: allowed" if refused else str(package))
                clash = (
                    self.clash(package) if consistency.meets(package, atom) and self.may(package, atom, want) else None
                )
                if clash:
                    owner, kind, text, other = clash
                    held = owner if owner is not package else other
                    return DeadEnd(
                        f"packages cannot be had together for {here}, got {chain}, and {self.chain(held.name)}, "
                        f"but {owner.name} {kind} {text}; {advice}",
                        self.suspects(held.name, want.parent),
                    )
        name = want.group[0].name
        near = suggestion(name, self.universe.names(), "add the suite that has it, or exclude a package on the way")
        if known:
            near = "relax the relation, add a suite that meets it, or exclude a package on the way"
        there = ", ".join(dict.fromkeys(known[:4])) or f"no package {name}"
        return DeadEnd(
            f"nothing meets a relation for {here}, got {chain} where there is {there}; {near}",
            self.suspects(want.parent),
        )

    def resolution(self) -> Resolution:
        """Give the result, sorted."""
        ours = sorted(self.selected.keys() - self.base.keys())
        return Resolution(
            packages={name: self.selected[name] for name in ours},
            depends={name: tuple(sorted(self.edges.get(name, set()) - {name})) for name in ours},
            wished=tuple(sorted(self.wished)),
            left_out={name: tuple(sorted(self.cut[name])) for name in sorted(self.cut)},
            waived=tuple(sorted(self.waived)),
            notes=tuple(sorted(self.notes)),
        )


def _unwanted(package: Package) -> Iterator[tuple[Package, Field, Atom]]:
    """Give the Conflicts and Breaks of `package`."""
    for group in package.conflicts:
        yield from ((package, "conflicts", atom) for atom in group)
    for group in package.breaks:
        yield from ((package, "breaks", atom) for atom in group)
