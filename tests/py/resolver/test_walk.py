"""The check of the whole set at the end of a walk: it must see what the walk itself got wrong."""

import pytest
from distill.debian.relation import Atom
from distill.resolver.index import Universe
from distill.resolver.walk import Walk
from distill.resolver.wish import DeadEnd, Want, Wish
from support_debian import paragraph, universe


def walk(found: Universe, waivers: dict[str, str], *names: str) -> Walk:
    """Give a walk that has selected `names` for `aa` without looking at any relation."""
    made = Walk(found, {}, waivers, {}, {})
    for name in names:
        made.put(found.real(name)[0], Want("" if name == "aa" else "aa", (Atom(name),)))
    return made


def failure(found: Universe, *names: str) -> str:
    with pytest.raises(DeadEnd) as caught:
        walk(found, {}, *names).verify()
    return str(caught.value)


ARCHIVE = universe(
    paragraph("aa", depends="bb, cc"),
    paragraph("bb", depends="cc (>= 2) | dd"),
    paragraph("cc", "1"),
    paragraph("ee", conflicts="bb"),
)


def test_a_dependency_that_does_not_hold() -> None:
    assert failure(ARCHIVE, "aa", "bb", "cc") == (
        "relation does not hold for amd64, got aa -> bb depends cc (>= 2) | dd; "
        "exclude a package on the way, or add 'bb depends cc (>= 2) | dd' to waivers"
    )


def test_a_conflict_tells_both_sides() -> None:
    assert failure(universe(paragraph("aa"), paragraph("bb"), paragraph("ee", conflicts="bb")), "aa", "bb", "ee") == (
        "relation does not hold for amd64, got aa -> ee conflicts bb while aa -> bb is wanted; "
        "exclude a package on the way, or add 'ee conflicts bb' to waivers"
    )


def test_a_waiver_is_kept() -> None:
    waived = walk(ARCHIVE, {"bb depends cc (>= 2) | dd": "a bug", "ee conflicts bb": "unneeded"}, "aa", "bb", "cc")
    waived.verify()
    assert waived.resolution().waived == ("bb depends cc (>= 2) | dd",)


def test_the_walk_ends_with_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(Walk, "verify", lambda self: called.append(sorted(self.selected)))
    Walk(universe(paragraph("aa", depends="bb"), paragraph("bb")), {}, {}, {}, {}).run([Wish(Atom("aa"))])
    assert called == [["aa", "bb"]]
