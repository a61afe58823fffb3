"""What is wanted of a resolution, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from distill.debian.relation import Atom, Group
from distill.resolver.consistency import Field
from distill.resolver.index import Package


@dataclass(frozen=True, slots=True)
class Wish:
    """A package that the user asks for, perhaps from a certain suite."""

    atom: Atom
    suite: str = ""

    def __str__(self) -> str:
        """Write the wish as a manifest does."""
        pinned = f"{self.atom.name}/{self.suite}" if self.suite else self.atom.name
        return f"{pinned} ({self.atom.operator} {self.atom.version})" if self.atom.operator else pinned


@dataclass(frozen=True, slots=True)
class Resolution:
    """All that the wishes need. All names sort."""

    packages: dict[str, Package]
    depends: dict[str, tuple[str, ...]]
    """By name: the packages of the resolution that meet its Pre-Depends and Depends."""
    wished: tuple[str, ...]
    """The packages that meet the wishes."""
    left_out: dict[str, tuple[str, ...]]
    """By name of what is left out: the packages of the resolution that wanted it."""
    waived: tuple[str, ...]
    """The waivers that were needed."""
    notes: tuple[str, ...]
    """What a user may want to decide: virtual packages with several providers."""


@dataclass(slots=True)
class Want:
    """A relation to follow: `parent` wants `group`."""

    parent: str
    """Empty for a wish."""
    group: Group
    field: Field = "depends"
    suite: str = ""


class DeadEnd(Exception):  # noqa: N818 (it steers the search and never leaves it)
    """Relations that this walk cannot meet; `suspects` are the free choices that led there, nearest first."""

    def __init__(self, message: str, suspects: Sequence[str]) -> None:
        super().__init__(message)
        self.suspects = suspects
