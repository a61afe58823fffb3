"""Time zones."""

import pytest
from distill.errors import FormatError, InputError
from distill.package import zoneinfo
from distill.tar import Entry
from support_entry import directory, file, hardlink, symlink

ROOT = zoneinfo.ROOT


def tree(*entries: Entry) -> dict[str, Entry]:
    return {entry.path: entry for entry in entries}


TZDATA = tree(
    directory(ROOT),
    directory(f"{ROOT}/America"),
    file(f"{ROOT}/America/New_York"),
    symlink(f"{ROOT}/localtime", "/etc/localtime"),
    symlink(f"{ROOT}/posixrules", "America/New_York"),
    directory(f"{ROOT}/Etc"),
    file(f"{ROOT}/Etc/UTC"),
    symlink(f"{ROOT}/UTC", "Etc/UTC"),
    symlink(f"{ROOT}/Zulu", "UTC"),
    hardlink(f"{ROOT}/UCT", f"{ROOT}/Etc/UTC"),
    directory(f"{ROOT}/US"),
    symlink(f"{ROOT}/US/Eastern", "../America/New_York"),
    file(f"{ROOT}/right/Etc/UTC"),
    symlink(f"{ROOT}/right/Zulu", "Etc/UTC"),
    directory(f"{ROOT}/posix"),
    symlink(f"{ROOT}/posix/Zulu", "../Zulu"),
    file(f"{ROOT}/tzdata.zi"),
    file(f"{ROOT}/zone1970.tab"),
    file("usr/share/doc/tzdata/copyright"),
)


def chosen(*zones: str, variants: bool = False) -> list[str]:
    return [path.removeprefix(f"{ROOT}/") for path in zoneinfo.select(TZDATA, zones, variants)]


def test_names_are_those_of_zones_alone() -> None:
    assert zoneinfo.names(TZDATA) == ["America/New_York", "Etc/UTC", "UCT", "US/Eastern", "UTC", "Zulu"]


def test_all_zones_bring_the_tables() -> None:
    assert chosen() == [
        "America/New_York", "Etc/UTC", "UCT", "US/Eastern", "UTC", "Zulu", "tzdata.zi", "zone1970.tab",
    ]  # fmt: skip


def test_a_link_brings_what_it_leads_to_step_by_step() -> None:
    assert chosen("Zulu") == ["Etc/UTC", "UTC", "Zulu"]
    assert chosen("US/Eastern") == ["America/New_York", "US/Eastern"]
    assert chosen("UCT") == ["Etc/UTC", "UCT"]
    assert chosen("Etc/UTC", "Etc/UTC") == ["Etc/UTC"]


def test_variants_come_with_their_zones() -> None:
    assert chosen("Zulu", variants=True) == ["Etc/UTC", "UTC", "Zulu", "posix/Zulu", "right/Etc/UTC", "right/Zulu"]


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("America/New_york", "zones names no time zone, got 'America/New_york'; did you mean America/New_York?"),
        ("Mars", "zones names no time zone, got 'Mars'; use an IANA name, such as Europe/Berlin"),
        ("America", "zones names no time zone, got 'America'; use an IANA name, such as Europe/Berlin"),
        ("localtime", "zones names no time zone, got 'localtime'; use an IANA name, such as Europe/Berlin"),
        ("../Etc/UTC", "zones names no time zone, got '../Etc/UTC'; use an IANA name, such as Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_named(zone: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        chosen(zone)
    assert str(error.value) == message


@pytest.mark.parametrize("link", ["Nowhere", "Zulu", "../zoneinfo", "Etc"])
def test_a_zone_that_leads_nowhere_is_named(link: str) -> None:
    broken = TZDATA | tree(symlink(f"{ROOT}/Zulu", link))
    with pytest.raises(FormatError) as error:
        zoneinfo.select(broken, ["Zulu"], variants=False)
    assert str(error.value) == (
        f"usr/share/zoneinfo/Zulu leads to no time zone, got '{link}'; use another version of tzdata"
    )


def test_the_magic_is_looked_at() -> None:
    zoneinfo.check(f"{ROOT}/Etc/UTC", b"TZif")
    zoneinfo.check(f"{ROOT}/tzdata.zi", b"# ve")
    with pytest.raises(FormatError) as error:
        zoneinfo.check(f"{ROOT}/Etc/UTC", b"oops")
    assert str(error.value) == (
        "usr/share/zoneinfo/Etc/UTC is no time zone, got b'oops' at its start; use another version of tzdata"
    )
