"""Why a walk cannot go on, with the ways that led there: of one choice in full, of several each with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from distill.debian.relation import Atom
from distill.near import suggestion
from distill.resolver.index import Package, Universe
from distill.resolver.selection import Selection
from distill.resolver.wish import DeadEnd, Want, Wish

_RELAX = "relax one of them, or exclude a package on the way"
_MOST = 4
"""Reasons in one message."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why something that is named, or provides what is named, cannot be had."""

    who: str
    what: str
    """The error where this is the only refusal: `WHAT for ARCHITECTURE, got CHAIN TAIL; ADVICE`."""
    tail: str
    advice: str
    reason: str
    """The same in short, where there are others."""
    suspects: tuple[str, ...] = ()
    banned: Package | None = None


def unknown(universe: Universe, wish: Wish) -> DeadEnd:
    """Say that there is nothing called as `wish` is."""
    name = wish.atom.name
    for fault in universe.faults(name):
        return DeadEnd(fault, ())
    known = universe.names() | universe.virtual_names()
    near = suggestion(name, known, "add the source or suite that has it")
    return DeadEnd(f"package is in no index for {universe.architecture}, got {name!r}; {near}", ())


def unmet(walk: Selection, want: Want) -> DeadEnd:
    """Say why `want` cannot be met."""
    here = walk.universe.architecture
    chain = walk.chain(want.parent, str(want))
    refusals: dict[str, _Refusal] = {}
    for atom in want.group:
        for refusal in _refusals(walk, want, atom):
            refusals.setdefault(refusal.who, refusal)
    found = list(refusals.values())
    suspects = dict.fromkeys([name for refusal in found for name in refusal.suspects])
    suspects.update(dict.fromkeys(walk.suspects(want.parent)))
    if len(found) == 1:
        one = found[0]
        got = f"{chain}{one.tail}"
        return DeadEnd(f"{one.what} for {here}, got {got}; {one.advice}", list(suspects), got)
    if len(found) > _MOST:  # what the search has tried tells most
        found.sort(key=lambda refusal: refusal.banned is None)
    reasons = [refusal.reason for refusal in found[:_MOST]]
    if len(found) > _MOST:
        reasons.append(f"{len(found) - _MOST} more")
    return DeadEnd(
        f"nothing that would meet a relation can be had for {here}, got {chain}: {' / '.join(reasons)}; {_RELAX}",
        list(suspects),
        f"{chain}, of which nothing can be had",
        [refusal.banned for refusal in found[:_MOST] if refusal.banned],
    )


def _refusals(walk: Selection, want: Want, atom: Atom) -> Iterator[_Refusal]:
    """Give why each package that could meet `atom` is refused; where there is none, that."""
    held = walk.selected.get(atom.name)
    if held and atom.operator:
        yield _held(walk, want, held, f"not {atom}")
        return
    candidates = (*walk.universe.real(atom.name), *walk.universe.providers(atom.name))
    met = [p for p in candidates if walk.named(p, atom, want) or walk.provides(p, atom, want)]
    for package in met:
        if clash := walk.clash(package):
            owner, kind, text, other = clash
            held = owner if owner is not package else other
            way = f"{walk.chain(held.name)}, but {owner.name} {kind} {text}"
            suspects = tuple(walk.suspects(held.name, want.parent))
            yield _Refusal(
                package.name,
                "packages cannot be had together",
                f", and {way}",
                _RELAX,
                f"not {package.name}, for {way}",
                suspects,
            )
        elif package in walk.banned:
            reason = walk.banned[package]
            yield _Refusal(
                package.name,
                "nothing that would meet a relation can be had",
                f": not {package.name}, for {reason}",
                _RELAX,
                f"not {package.name}, for {reason}",
                banned=package,
            )
        elif (other := walk.selected.get(package.name, package)) is not package:
            yield _held(walk, want, other, f"not {package}")
    if not met:
        yield _nothing(walk, want, atom, candidates)


def _held(walk: Selection, want: Want, held: Package, what: str) -> _Refusal:
    """Say that `held` is there at a version that will not do."""
    way = walk.chain(held.name)
    return _Refusal(
        held.name,
        "relations cannot be met together",
        f", and {way} which is at {held.version}",
        _RELAX,
        f"{what}, for {way} is at {held.version}",
        tuple(walk.suspects(held.name, want.parent)),
    )


def _nothing(walk: Selection, want: Want, atom: Atom, candidates: tuple[Package, ...]) -> _Refusal:
    known = []
    for package in candidates:
        refused = atom.qualifier == "any" and package.multi_arch != "allowed"
        known.append(f"{package} without Multi-Arch: allowed" if refused else str(package))
    faults = walk.universe.faults(atom.name)
    if known:
        where = f" where there is {', '.join(dict.fromkeys(known[:4]))}"
        where += "".join(f", and {fault.rpartition(';')[0]}" for fault in faults[:1])
        advice = "relax the relation, add a suite that meets it, or exclude a package on the way"
    elif faults:
        fault, _, advice = faults[0].rpartition("; ")
        where = f" where {fault}"
    else:
        where = f" where there is no package {atom.name}"
        otherwise = "add the suite that has it, or exclude a package on the way"
        advice = suggestion(atom.name, walk.universe.names(), otherwise)
    return _Refusal(str(atom), "nothing meets a relation", where, advice, f"not {atom}{where}")
