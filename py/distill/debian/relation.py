"""Relations between packages (Debian Policy, §7.1): `a (>= 1) | b:any, c` is two groups, the first of two atoms."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from distill.debian import version as versions
from distill.errors import FormatError

NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+", re.ASCII)
"""A package name (§5.6.1)."""

_ATOM = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|>=|>>|=|<|>)\s*([^\s()]+)\s*\))?\s*", re.ASCII
)
_OPERATORS: dict[str, Callable[[bytes, bytes], bool]] = {
    "<<": bytes.__lt__,
    "<=": bytes.__le__,
    "=": bytes.__eq__,
    ">=": bytes.__ge__,
    ">>": bytes.__gt__,
}
# "< and > were previously allowed, but they were confusingly defined to mean earlier/later or equal" (§7.1).
_OLD = {"<": "<=", ">": ">="}


@dataclass(frozen=True, slots=True)
class Atom:
    """One possibility of a relation: a name, perhaps an architecture qualifier, perhaps a version."""

    name: str
    qualifier: str = ""
    """`any`, `native` or an architecture; empty where there is none."""
    operator: str = ""
    """`<<`, `<=`, `=`, `>=` or `>>`; empty where any version will do."""
    version: str = ""

    def accepts(self, version: str) -> bool:
        """Say whether a package of `version` meets the atom.

        Raises:
            FormatError: `version` is none.
        """
        if not self.operator:
            return True
        return _OPERATORS[self.operator](versions.key(version), versions.key(self.version))

    def __str__(self) -> str:
        """Write the atom as the policy does."""
        name = f"{self.name}:{self.qualifier}" if self.qualifier else self.name
        return f"{name} ({self.operator} {self.version})" if self.operator else name


Group = tuple[Atom, ...]
"""Alternatives, in order of preference; one of them must be met."""


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> tuple[Group, ...]:
    """Read the value of a relation field; empty text gives no group.

    Raises:
        FormatError: text that is no relation.
    """
    return tuple(tuple(parse_atom(atom) for atom in group.split("|")) for group in text.split(",") if group.strip())


def parse_atom(text: str) -> Atom:
    """Read one atom.

    Raises:
        FormatError: text that is no atom, or a version that is none.
    """
    match = _ATOM.fullmatch(text)
    if not match:
        got = text.strip()
        raise FormatError(f"relation is not of the form NAME (OPERATOR VERSION), got {got!r}; see Debian Policy")
    name, qualifier, operator, version = match.groups(default="")
    if operator:
        versions.key(version)
    return Atom(name, qualifier, _OLD.get(operator, operator), version)


def text(group: Group) -> str:
    """Write `group` as the policy does."""
    return " | ".join(map(str, group))
