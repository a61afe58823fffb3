"""Time zones: which entries of the tzdata package a layer takes.

Zones are files below usr/share/zoneinfo in the form TZif (RFC 8536), or links to such files; `posix/` and `right/` hold
all of them again, the latter with leap seconds.
"""

from collections.abc import Mapping, Sequence

from distill import near
from distill.errors import FormatError, InputError
from distill.package import selection
from distill.tar import Entry

ROOT = "usr/share/zoneinfo"
MAGIC = b"TZif"
VARIANTS = ("posix", "right")

_TABLES = frozenset(
    (
        "iso3166.tab",
        "leap-seconds.list",
        "leapseconds",
        "tzdata.zi",
        "zone.tab",
        "zone1970.tab",
        "zonenow.tab",
        "+VERSION",
    )
)
"""What stands beside the zones: kept with all of them, of no use to few."""

_MACHINE = frozenset(("localtime", "posixrules"))
"""Links to what the machine's administrator chooses: Debian's `localtime` leads to /etc/localtime."""


def names(entries: Mapping[str, Entry]) -> list[str]:
    """Give the IANA names of all zones among `entries` (tzdata's, by path), sorted; variants are not among them."""
    return sorted(
        name
        for path, entry in entries.items()
        if entry.kind != "directory"
        and path.startswith(f"{ROOT}/")
        and (name := path.removeprefix(f"{ROOT}/")) not in _TABLES | _MACHINE
        and name.partition("/")[0] not in VARIANTS
    )


def select(entries: Mapping[str, Entry], zones: Sequence[str], variants: bool) -> list[str]:
    """Give the sorted paths of `entries` (tzdata's, by path) that make up `zones`, an empty list being all.

    A zone that is a link brings what it leads to, step by step. With `variants` the same zones of `posix/` and `right/`
    come along. All zones bring the tables beside them. Links to what the machine chooses stay out, they would dangle.

    Raises:
        InputError: a zone that there is not.
        FormatError: a zone that leads nowhere.
    """
    known = names(entries)
    for zone in zones:
        if zone not in known:
            hint = near.suggestion(zone, known, "use an IANA name, such as Europe/Berlin")
            raise InputError(f"zones names no time zone, got {zone!r}; {hint}")
    prefixes = [ROOT, *(f"{ROOT}/{variant}" for variant in VARIANTS if variants)]
    paths = {f"{prefix}/{zone}" for prefix in prefixes for zone in zones or known}
    found = {step for path in paths if path in entries for step in _way(path, entries)}
    if not zones:
        found |= {path for path in entries if path.removeprefix(f"{ROOT}/") in _TABLES}
    return sorted(found)


def check(path: str, head: bytes) -> None:
    """See that the zone file `path` begins (`head`) as a zone does.

    Raises:
        FormatError: it does not.
    """
    if path.removeprefix(f"{ROOT}/") not in _TABLES and not head.startswith(MAGIC):
        raise FormatError(f"{path} is no time zone, got {head[:4]!r} at its start; use another version of tzdata")


def _way(path: str, entries: Mapping[str, Entry]) -> list[str]:
    """Give `path` and what it leads to, link by link."""
    way = selection.follow(path, entries)
    while way and entries[way[-1]].kind == "hardlink":
        way.append(entries[way[-1]].link)
    if not way or entries[way[-1]].kind != "file":
        raise FormatError(f"{path} leads to no time zone, got {entries[path].link!r}; use another version of tzdata")
    return way
