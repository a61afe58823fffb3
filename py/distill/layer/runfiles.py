"""Runfiles in an image: which place a file has, and what a layer of them leaves out.

The runfiles directory of an image is laid out as Bazel lays out the one of `bazel run`: a folder for each repository,
by its canonical name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from distill import listing, paths

_EXTERNAL = "../"
"""How the short path of a file of another repository begins (File.short_path of Bazel)."""


def place(short_path: str, repository: str) -> str:
    """Give where the file with `short_path` is in the runfiles directory; `repository` is the main one's folder.

    Raises:
        PathError: a path that cannot stand in an image.
    """
    if short_path.startswith(_EXTERNAL):
        return paths.normalize(short_path[len(_EXTERNAL) :])
    return paths.normalize(paths.join(repository, short_path))


@dataclass(frozen=True)
class LeftOut:
    """What a layer leaves out, although lines name it."""

    files: frozenset[str] = frozenset()
    """Files, by their paths on disk."""
    places: frozenset[str] = frozenset()
    """Paths in the image, with all that is below them."""
    lower: frozenset[str] = field(default_factory=frozenset)
    """Paths in the image that layers below have."""

    also: tuple[re.Pattern[str], ...] = ()
    """Paths below the runfiles directory that come in although a line is for others only."""

    def wants(self, short_path: str, repository: str, only: str) -> bool:
        """Say whether a line that is for what begins with `only` is for the file `short_path`.

        Raises:
            PathError: a path that cannot stand in an image.
        """
        if short_path.startswith(only):
            return True
        return bool(self.also) and any(glob.fullmatch(place(short_path, repository)) for glob in self.also)

    def __contains__(self, dest: str) -> bool:
        """Say whether the path `dest` in the image is left out."""
        if dest in self.lower:
            return True
        return bool(self.places) and (dest in self.places or any(path in self.places for path in paths.parents(dest)))


def lower(listings: Iterable[str]) -> frozenset[str]:
    """Give the paths of all that the layers of `listings` have, without directories, which any layer may name again.

    Raises:
        FormatError: a file that is no listing.
        InputError: one that cannot be read.
    """
    return frozenset(
        listing.unescape(record.path)
        for path in listings
        for record in listing.read(path)
        if record.type != "directory"
    )
