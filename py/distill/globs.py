"""Globs over the paths of an image: `*` and `?` stay within one name, `**` crosses directories, `[…]` is a set."""

import difflib
import functools
import re
from collections.abc import Iterable

from distill.errors import InputError

_PART = re.compile(r"\*\*/|/\*\*(?=\Z)|\*+|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)

_MEMBER = re.compile(r".-.|.", re.DOTALL)
"""A range of a set, or one character."""


@functools.cache
def compiled(glob: str) -> re.Pattern[str]:
    """Give the expression whose `fullmatch` tells whether a path, relative to the root, is one that `glob` means.

    A glob that matches a directory means all that is below it too, so `a`, `a/` and `a/**` are the same. `**` between
    slashes stands for any number of names, none included. A leading `/` is left out. Upper and lower case differ, and
    a name that begins with a dot is like any other.

    Raises:
        InputError: a set with a range that goes backwards, as `[z-a]`.
    """
    body = "".join(_translate(part) for part in _PART.findall(glob.strip("/")))
    try:
        return re.compile(f"{body}(?:/.*)?", re.DOTALL)
    except re.error:
        raise InputError(f"glob has a range that goes backwards, got {glob!r}; write it as [a-z]") from None


def near(glob: str, paths: Iterable[str], count: int = 3) -> list[str]:
    """Give up to `count` of `paths` that a user may have meant by `glob`, which matches none.

    They are those with the same last name, by path; where there is none, those that are spelt most alike.
    """
    known = sorted(set(paths))
    name = glob.strip("/").rpartition("/")[2]
    if name.strip("*"):
        last = compiled(name)
        if same := [path for path in known if last.fullmatch(path.rpartition("/")[2])]:
            return same[:count]
    return difflib.get_close_matches(glob.strip("/"), known, count, cutoff=0.75)


def _translate(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part == "/**":
        return ""
    if part.startswith("*"):
        return ".*" if len(part) > 1 else "[^/]*"
    if part == "?":
        return "[^/]"
    if part.startswith("[") and len(part) > 2:
        negated = part[1] == "!"
        members = "".join(map(_member, _MEMBER.findall(part[2:-1] if negated else part[1:-1])))
        return f"(?!/)[{'^' if negated else ''}{members}]" if members else re.escape(part)
    return re.escape(part)


def _member(text: str) -> str:
    """Write a character or a range of a set so that it has no other meaning to `re`."""
    return f"{re.escape(text[0])}-{re.escape(text[2])}" if len(text) > 1 else re.escape(text)
