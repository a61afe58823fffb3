"""What a rule of lint is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from distill.lint.image import Image

Severity = Literal["error", "warning", "note"]
"""By default an error fails the build, a warning is shown, and a note stands in the reports."""


@dataclass(frozen=True)
class Problem:
    """One place where an image breaks a rule."""

    path: str = ""
    """Relative to the root; empty where it is the image, not a file."""
    detail: str = ""
    """What is particular about this place; may be empty where there is a path."""
    size: int = 0
    """Bytes that it costs, 0 where that is not the point."""


Check = Callable[[Image], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule; its page is the docstring of its function."""

    id: str
    """Stable, kebab-case: users name it in `lint_allow`."""
    severity: Severity
    title: str
    """What is wrong, as the beginning of a message."""
    advice: str
    """What to do, as its end."""
    check: Check

    @property
    def page(self) -> str:
        """What the rule finds, why it matters and what to do, Markdown."""
        lines = (self.check.__doc__ or "").split("\n")
        return "\n".join([lines[0], *(line.removeprefix("    ") for line in lines[1:])]).strip()


def rule(name: str, severity: Severity, title: str, advice: str) -> Callable[[Check], Rule]:
    """Make a Rule of a function that gives the problems of an image."""
    return lambda check: Rule(name, severity, title, advice, check)
