"""What is wanted of a resolution, and what it gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from distill.debian import relation
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
class Choice:
    """What was taken for a name that packages provide."""

    chosen: str
    others: tuple[str, ...]
    """What could have been taken; sorted."""


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
    """What a user may want to know or decide: virtual packages with several providers, faulty packages passed over."""
    choices: Mapping[str, Choice]
    """By name: what was taken because it provides it."""


@dataclass(slots=True)
class Want:
    """A relation to follow: `parent` wants `group`."""

    parent: str
    """Empty for a wish."""
    group: Group
    field: Field = "depends"
    suite: str = ""

    def __str__(self) -> str:
        """Write the relation, or the wish."""
        return str(Wish(self.group[0], self.suite)) if self.suite else relation.text(self.group)


class DeadEnd(Exception):  # noqa: N818 (it steers the search and never leaves it)
    """Relations that this walk cannot meet."""

    def __init__(
        self, message: str, suspects: Sequence[str], reason: str = "", tells: Collection[Package] = ()
    ) -> None:
        """Take what is known of it.

        Args:
            message: the whole error.
            suspects: the free choices that led there, nearest first.
            reason: the error in short, for one that tells it as why a package is out.
            tells: packages that were out of the question, and of which the message tells why.
        """
        super().__init__(message)
        self.suspects = suspects
        self.reason = reason or message
        self.tells = frozenset(tells)
