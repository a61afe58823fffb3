"""Names that a misspelt one may stand for."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """Give `did you mean a, b?` with those of `known` that are near to `name`, or `otherwise` where none is."""
    near = nearest(name, set(known))
    return f"did you mean {', '.join(near)}?" if near else otherwise


def nearest(name: str, known: Collection[str]) -> list[str]:
    """Give those of `known` that are near to `name`, and are not `name`; nearest first."""
    first = name[:1]
    # Comparing with all names of an index takes a second; the first letter is seldom the misspelt one. Where it is, the
    # rest has to be nearer, and of nearly the same length.
    alike = sorted(n for n in known if n[:1] == first and n != name)
    others = (n for n in known if n[:1] != first and abs(len(n) - len(name)) <= 2)
    return get_close_matches(name, alike, n=3, cutoff=0.75) or get_close_matches(name, sorted(others), n=3, cutoff=0.85)
