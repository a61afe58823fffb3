"""Which mirrors to ask for a suite: the manifest's, then the environment's, then the machine's apt sources."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from distill.errors import NetworkError
from distill.lock.apt_sources import AptSource, mirrors
from distill.lock.package_manifest import Source
from distill.near import nearest

VARIABLE = "DISTILL_DEBIAN_MIRROR"
"""Addresses with blanks between; `NAME=URL` is for the source NAME only."""

THREE_WAYS = (
    f"name a mirror under `mirrors` in the manifest, set {VARIABLE}=URL (or NAME=URL, for one source), or add the "
    "suite to this machine's apt sources"
)


def choose(source: Source, suite: str, environment: Mapping[str, str], apt: Sequence[AptSource]) -> list[str]:
    """Give the mirrors to try for `suite` of `source`, in order, without slashes at their ends.

    An unsigned source is looked for only where something names it: nothing would tell that a guess was wrong.

    Raises:
        NetworkError: there is none.
    """
    found = [*source.mirrors, *_from_variable(environment.get(VARIABLE, ""), source.name)]
    found += mirrors(list(apt), suite, source.components[0], guess=not source.unsigned)
    if not found:
        # The machine's apt sources may have that suite, and so a misspelt component in it.
        component = source.components[0]
        if suggested := nearest(component, known_components(apt, suite)):
            raise NetworkError(
                f"no mirror is known, got none for {suite} {component} of {source.name}; "
                f"did you mean {', '.join(suggested)}?"
            )
        raise NetworkError(f"no mirror is known, got none for {suite} of {source.name}; {THREE_WAYS}")
    return list(dict.fromkeys(url.rstrip("/") for url in found))


def known_components(apt: Sequence[AptSource], suite: str) -> set[str]:
    """Give the components that this machine's apt sources have of `suite`, or where none has it, of any."""
    named = {component for source in apt if suite in source.suites for component in source.components}
    return named or {component for source in apt for component in source.components}


def _from_variable(value: str, name: str) -> list[str]:
    found = []
    for word in value.split():
        only, equals, url = word.partition("=")
        if equals and "/" not in only:
            found += [url] if only == name else []
        else:
            found.append(word)
    return found


def public(url: str) -> str:
    """Give `url` without user name and password, for messages."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
