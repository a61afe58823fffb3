"""One walk from what is wanted to a resolution or a dead end; `resolve` starts it anew without a bad choice."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from distill.debian import relation
from distill.debian.relation import Atom
from distill.resolver import consistency, dead_end
from distill.resolver.index import Package, provided
from distill.resolver.selection import Selection
from distill.resolver.wish import Choice, DeadEnd, Resolution, Want, Wish

_MOST_NOTES = 5
"""Of packages passed over."""


@dataclass(slots=True)
class Walk(Selection):
    """One walk from the wishes to a resolution or a dead end."""

    preferred: Mapping[str, str] = field(default_factory=dict)
    """By name: which of its providers to take where there is a choice."""
    edges: dict[str, set[str]] = field(default_factory=dict)
    wished: set[str] = field(default_factory=set)
    cut: dict[str, set[str]] = field(default_factory=dict)
    waived: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    chosen: dict[str, Choice] = field(default_factory=dict)
    fresh: deque[Want] = field(default_factory=deque)

    def run(self, wishes: Sequence[Wish]) -> None:
        """Follow every relation; raises DeadEnd."""
        for package in self.base.values():
            self.put(package, Want("", (Atom(package.name),)))
        for wish in wishes:
            if not self.universe.has(wish.atom.name):
                raise dead_end.unknown(self.universe, wish)
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
                    self.select(choices[0], want, choices)
                elif choices:
                    open_wants.append(want)
                elif not self.waived_by(want):
                    raise dead_end.unmet(self, want)
            if open_wants:
                want = open_wants.popleft()
                if not self.satisfied(want):
                    self.choose(want)
        self.verify()

    def satisfied(self, want: Want) -> bool:
        """Say whether `want` is met by what is selected or left out, and note by which."""
        for atom in want.group:
            package = self.selected.get(atom.name)
            if package and self.named(package, atom, want):
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
                if self.provides(package, atom, want):
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

    def real(self, atom: Atom, want: Want) -> Iterator[Package]:
        """Give the real packages that meet `atom` and do not clash with what is selected, best first."""
        for package in self.universe.real(atom.name):
            if package not in self.banned and self.named(package, atom, want):
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
                found.update(dict.fromkeys(self.free_providers(atom, want)))
        return list(found)

    def free_providers(self, atom: Atom, want: Want) -> list[Package]:
        """Give the packages that provide `atom` and do not clash with what is selected, best first."""
        providers = [
            package
            for package in self.universe.providers(atom.name)
            if package not in self.banned and self.provides(package, atom, want)
        ]
        free = [p for p in providers if self.selected.get(p.name, p) is p and not self.clash(p)]
        preferred = self.preferred.get(atom.name)
        return sorted(free, key=lambda package: (package.name not in self.selected, package.name != preferred))

    def choose(self, want: Want) -> None:
        """Take the best of several choices."""
        choices = self.choices(want)
        if not choices:
            if not self.waived_by(want):
                raise dead_end.unmet(self, want)
            return
        self.select(choices[0], want, choices)

    def select(self, package: Package, want: Want, choices: Sequence[Package]) -> None:
        """Take `package` of `choices` to meet `want`, and follow what it needs."""
        self.note_edge(want, package.name)
        if package.name in self.selected:
            return
        self.note_choice(package, want, choices)
        self.put(package, want)
        self.fresh.extend(Want(package.name, group, "pre-depends") for group in package.pre_depends)
        self.fresh.extend(Want(package.name, group) for group in package.depends)

    def note_choice(self, package: Package, want: Want, choices: Sequence[Package]) -> None:
        """Remember which of `choices` was taken where it is a provider of what `want` names."""
        atom = next(atom for atom in want.group if consistency.meets(package, atom))
        if package.name == atom.name:
            return
        names = list(dict.fromkeys(other.name for other in choices if provided(other, atom)))
        self.chosen[atom.name] = Choice(package.name, tuple(sorted(set(names) - {package.name})))
        if len(names) > 1:
            self.notes.add(
                f"{atom.name}: {package.name} is taken of {', '.join(names)}; name one in packages to choose another"
            )

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

    def resolution(self) -> Resolution:
        """Give the result, sorted."""
        ours = sorted(self.selected.keys() - self.base.keys())
        faults = [f"{fault.rpartition(';')[0]}; it is passed over" for fault in self.universe.passed_over]
        more = (
            [f"{len(faults) - _MOST_NOTES} more faulty packages are passed over"] if len(faults) > _MOST_NOTES else []
        )
        return Resolution(
            packages={name: self.selected[name] for name in ours},
            depends={name: tuple(sorted(self.edges.get(name, set()) - {name})) for name in ours},
            wished=tuple(sorted(self.wished)),
            left_out={name: tuple(sorted(self.cut[name])) for name in sorted(self.cut)},
            waived=tuple(sorted(self.waived)),
            notes=(*sorted(self.notes), *faults[:_MOST_NOTES], *more),
            choices=dict(sorted(self.chosen.items())),
        )
