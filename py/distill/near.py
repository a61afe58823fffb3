"""Names that a misspelt one may stand for."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """Give `did you mean a, b?` with those of `known` that are near to `name`, or `otherwise` where none is."""
    first = name[:1]
    # Comparing with all names of an index takes a second; the first letter is seldom the misspelt one.
    near = get_close_matches(name, sorted(n for n in known if n[:1] == first), n=3, cutoff=0.75)
    return f"did you mean {', '.join(near)}?" if near else otherwise
