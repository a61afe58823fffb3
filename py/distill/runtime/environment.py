"""The environment of an image's config: what an image adds to its base's, with variables expanded.

`$NAME` and `${NAME}` stand for a variable of the base, or for one that was set before; `$$` is a dollar. Anything
else behind a dollar, and a variable that is not set, is an error: a build must not guess.
"""

import re
from collections.abc import Iterable, Mapping

from distill.errors import FormatError, InputError

_EXPANSION = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<bare>[A-Za-z_][A-Za-z0-9_]*)|\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}|)"
)


def parse(entries: Iterable[str]) -> dict[str, str]:
    """Read the `NAME=VALUE` entries of a config, in order; a name that comes twice keeps its place and its last value.

    Raises:
        FormatError: an entry without a name.
    """
    variables: dict[str, str] = {}
    for entry in entries:
        name, _, value = entry.partition("=")
        if not name:
            raise FormatError(f"environment of the base is no list of NAME=VALUE, got {entry!r}; repair the base image")
        variables[name] = value
    return variables


def extend(base: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Give the variables of `base`, then those of `own`, expanded in their order.

    A variable of the base that is set again keeps its place, as with docker's ENV.

    Raises:
        InputError: a wrong name, a variable that is not set, or a dollar that begins nothing.
    """
    variables = dict(base)
    for name, value in own.items():
        if not name or "=" in name or "\0" in name + value:
            raise InputError(
                f"env has a wrong name or value, got {name + '=' + value!r}; write NAME: value, without = and NUL"
            )
        variables[name] = expand(value, variables, name)
    return variables


def search_path(directories: Iterable[str], variable: str) -> str:
    """Give the value of `variable`, which lists `directories`, each once, as `extend` takes it.

    Raises:
        InputError: a directory with a colon, which would be two.
    """
    found = dict.fromkeys(directories)
    for directory in found:
        if ":" in directory:
            raise InputError(f"{variable} cannot list a directory with a colon, got {directory!r}; rename it")
    return ":".join(found).replace("$", "$$")


def expand(text: str, variables: Mapping[str, str], name: str) -> str:
    """Put the values of `variables` for `$NAME` and `${NAME}` in `text`, the value of the variable `name`.

    Raises:
        InputError: a variable that is not set, or a dollar that begins nothing.
    """

    def value(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        wanted = match["bare"] or match["braced"]
        if not wanted:
            raise InputError(
                f"env has a dollar that begins no variable, got {name + '=' + text!r};"
                " write $NAME, ${NAME}, or $$ for a dollar"
            )
        if wanted not in variables:
            raise InputError(
                f"env uses a variable that neither the base nor an earlier entry sets, got {wanted}"
                f" in {name + '=' + text!r}; set it first, or write $$ for a dollar"
            )
        return variables[wanted]

    return _EXPANSION.sub(value, text) if "$" in text else text
