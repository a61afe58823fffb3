"""Findings: what a check of an image has to say, one line each."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
"""An image with an error would not run; one with a warning may."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with an image."""

    message: str
    """One line: `<what is wrong>, got <value>; <what to do>`."""
    subjects: tuple[str, ...] = ()
    """What it is about: paths relative to the root, sonames. A user who means it so names one of them in `allow`."""
    severity: Severity = "error"
