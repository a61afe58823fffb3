"""Contents indexes: which package of an archive has which file (https://wiki.debian.org/DebianRepository/Format)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from distill import globs, paths

_LITERAL = re.compile(r"[^*?\[\]]+")


class Match(NamedTuple):
    """A file that was looked for."""

    path: str
    """Relative to the root."""
    packages: tuple[str, ...]
    """The packages that have it, sorted."""


def paths_of(components: Sequence[str], architecture: str) -> list[str]:
    """Give where below a suite's folder the indexes of `architecture`, which may be `all`, are, without extension.

    Debian has one for each component, other archives have one for the suite.
    """
    return [*(f"{component}/Contents-{architecture}" for component in components), f"Contents-{architecture}"]


def search(lines: Iterable[bytes], wanted: str) -> Iterator[Match]:
    """Give the files of an index that `wanted` means, in the order of the index.

    Args:
        lines: `<path><blanks><package>[,<package>…]`, each package with its section before a slash.
        wanted: a name, such as a soname, or with a slash a path; `*`, `?`, `[…]` and `**` as in `globs`.
    """
    pattern = globs.compiled(wanted if "/" in wanted.strip("/") else f"**/{wanted.strip('/')}")
    # Millions of lines: most are done with by a search for bytes.
    literal = paths.encode(max(_LITERAL.findall(wanted.rstrip("/").rpartition("/")[2]), key=len, default=""))
    for line in lines:
        if literal not in line:
            continue
        fields = line.rsplit(None, 1)
        name = paths.decode(fields[0].removeprefix(b"./")) if len(fields) == 2 else ""
        if name and pattern.fullmatch(name):
            places = paths.decode(fields[1]).split(",")
            yield Match(name, tuple(sorted({place.rpartition("/")[2] for place in places})))
