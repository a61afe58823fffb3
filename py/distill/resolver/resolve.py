"""From packages that are wanted to all that they need, for one architecture.

A relation with a single choice is followed at once; when none is left, the first open one takes its best choice, and so
on. A choice that leads to a dead end is undone: the search starts again without that package. Recommends are not
followed, and Essential packages are not added: nothing that no relation names gets into an image.

A relation that something selected meets, be it only by what it provides, adds nothing. Otherwise the best choice for a
name is the real package of that name, at its highest version, before any package that provides it; among providers the
order is by priority, then by name.
"""

from collections.abc import Mapping, Sequence

from distill.errors import ResolutionError
from distill.resolver.index import Package, Universe
from distill.resolver.walk import Walk
from distill.resolver.wish import DeadEnd, Resolution, Wish

__all__ = ["Resolution", "Wish", "resolve"]

ATTEMPTS = 400
"""How many walks are begun, each without a choice that led another one to a dead end."""


def resolve(
    universe: Universe,
    wishes: Sequence[Wish],
    left_out: Mapping[str, str] = {},
    waivers: Mapping[str, str] = {},
    base: Mapping[str, Package] = {},
    preferred: Mapping[str, str] = {},
) -> Resolution:
    """Give all that `wishes` need.

    Args:
        universe: what there is.
        wishes: in order of preference.
        left_out: names that are met from outside, or not needed, with the reason; the chain through them is cut.
        waivers: relations that need not hold (`a breaks b (<< 2)`), with the reason.
        base: what is there already, by name, at a version that is not ours to choose. It meets relations, conflicts and
            is broken as if it were selected; what it needs itself is not asked.
        preferred: by name, which of its providers to take where nothing else decides: the choices of an earlier
            resolution, so that a new provider changes nothing.

    Raises:
        ResolutionError: wishes that cannot be met, or not together; the message tells what leads there.
    """
    attempts = 0
    given_up = False

    def search(banned: Mapping[Package, str]) -> Walk:
        nonlocal attempts, given_up
        attempts += 1
        attempt = Walk(universe, left_out, waivers, banned, base, preferred=preferred)
        try:
            attempt.run(wishes)
        except DeadEnd as dead:
            story = dead
            for suspect in dead.suspects:
                if attempts >= ATTEMPTS:
                    given_up = True
                    break
                out = attempt.selected[suspect]
                try:
                    return search({**banned, out: dead.reason})
                except DeadEnd as other:
                    if story is dead and out in other.tells:
                        story = other  # it tells all that this one does, and of the other choices
            raise story from None
        return attempt

    try:
        return search({}).resolution()
    except DeadEnd as dead:
        if given_up:
            raise ResolutionError(
                f"gave up after {ATTEMPTS} ways to choose for {universe.architecture}, got {dead.reason}; "
                "name what to take in packages, or exclude a package on the way"
            ) from None
        raise ResolutionError(str(dead)) from None
