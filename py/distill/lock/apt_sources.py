"""The machine's apt sources (sources.list(5)): one-line and deb822 style. Starlark reads them too, for the build.

rules/debian/private/apt_sources.bzl reads the same forms, and has tests of the same cases.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from distill.debian import deb822
from distill.errors import FormatError

_OPTIONS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class AptSource:
    """Where apt finds binary packages of some suites."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]


def parse_one_line(text: str) -> Iterator[AptSource]:
    """Read `deb [options] URI SUITE [COMPONENT …]` lines; comments, `deb-src` and malformed lines give nothing."""
    for line in text.split("\n"):
        words = _OPTIONS.sub(" ", line.partition("#")[0], count=1).split()
        if len(words) >= 3 and words[0] == "deb":
            yield AptSource(words[1].rstrip("/"), (words[2],), tuple(words[3:]))


def parse_deb822(text: str) -> Iterator[AptSource]:
    """Read stanzas of `Types`, `URIs`, `Suites`, `Components`; others give nothing."""
    try:
        stanzas = list(deb822.parse(text, "apt sources"))
    except FormatError:
        return
    for stanza in stanzas:
        enabled = stanza.get("Enabled", "yes").lower() not in {"no", "false"}
        if enabled and "deb" in stanza.get("Types", "").split():
            suites, components = tuple(stanza.get("Suites", "").split()), tuple(stanza.get("Components", "").split())
            for uri in stanza.get("URIs", "").split():
                yield AptSource(uri.rstrip("/"), suites, components)


def read(folder: Path) -> list[AptSource]:
    """Read what apt reads below `folder` (/etc/apt), in its order; files that cannot be read give nothing."""
    parts = folder / "sources.list.d"
    files = [folder / "sources.list", *(sorted(parts.iterdir()) if parts.is_dir() else [])]
    found: list[AptSource] = []
    for file in files:
        try:
            text = file.read_text("utf-8", "surrogateescape")
        except OSError:
            continue
        if file.suffix == ".list":
            found += parse_one_line(text)
        elif file.suffix == ".sources":
            found += parse_deb822(text)
    return found


def mirrors(sources: list[AptSource], suite: str, component: str, *, guess: bool = True) -> list[str]:
    """Give the addresses that may have `component` of `suite`, likeliest first.

    Those that name both (a flat repository, whose suite ends in `/`, has no components); or, with `guess`, for a suite
    that the machine does not use, those of the same kind (security or not), for an archive has many suites. Signatures
    and hashes tell whether it is the right archive.
    """
    flat = suite.endswith("/")
    exact = [s.uri for s in sources if suite in s.suites and (flat or component in s.components)]
    alike = [
        s.uri
        for s in sources
        if guess and not flat and component in s.components and any(_kind(x) == _kind(suite) for x in s.suites)
    ]
    known = [
        uri for uri in [*exact, *(alike if not exact else [])] if uri.startswith(("http://", "https://", "file:/"))
    ]
    return list(dict.fromkeys(known))


def _kind(suite: str) -> bool:
    return suite.endswith(("-security", "/updates"))
