"""LayerZoneinfo."""

from pathlib import Path
from typing import Any

import pytest
from distill.package.zoneinfo import ROOT
from support_command import Result, package_line, run
from support_deb import Item, control_text, deb, write

ITEMS = [
    Item(f"{ROOT}/Etc/UTC", b"TZif2-utc"),
    Item(f"{ROOT}/Europe/Berlin", b"TZif2-berlin"),
    Item(f"{ROOT}/UCT", link=f"{ROOT}/Etc/UTC", hard=True),
    Item(f"{ROOT}/Zulu", link="Etc/UTC"),
    Item(f"{ROOT}/localtime", link="/etc/localtime"),
    Item(f"{ROOT}/right/Etc/UTC", b"TZif2-right"),
    Item(f"{ROOT}/tzdata.zi", b"# version"),
    Item(f"{ROOT}/Broken", b"oops"),
    Item("usr/share/doc/tzdata/copyright", b"public domain"),
    Item("usr/share/doc/tzdata/README", b"dropped"),
]


def made(directory: Path, *items: Item, **settings: Any) -> Result:
    path = write(directory, deb(items or ITEMS, control_text("tzdata", "2026a", "all")))
    return run(directory, "LayerZoneinfo", [package_line(path, "tzdata", "2026a", "all")], **settings)


def paths(result: Result) -> list[str]:
    assert result.code == 0
    return [path for path, record in result.records.items() if record.type != "directory"]


PAPERS = [
    "usr/share/doc/tzdata/copyright",
    f"{ROOT}/",
    "var/lib/dpkg/status.d/tzdata",
    "var/lib/dpkg/status.d/tzdata.md5sums",
]


def expected(*names: str) -> list[str]:
    return [PAPERS[0], *(f"{ROOT}/{name}" for name in names), *PAPERS[2:]]


def test_all_zones(tmp_path: Path) -> None:
    sound = [item for item in ITEMS if item.data != b"oops"]
    result = made(tmp_path, *sound)
    assert paths(result) == expected("Etc/UTC", "Europe/Berlin", "UCT", "Zulu", "tzdata.zi")
    assert result.files[f"{ROOT}/Europe/Berlin"] == b"TZif2-berlin"
    assert {record.mtime for record in result.records.values()} == {0}


def test_some_zones_with_what_they_lead_to(tmp_path: Path) -> None:
    assert paths(made(tmp_path, zones=["Zulu"])) == expected("Etc/UTC", "Zulu")
    assert paths(made(tmp_path, zones=["Etc/UTC"], variants=True)) == expected("Etc/UTC", "right/Etc/UTC")


def test_localtime_brings_its_zone(tmp_path: Path) -> None:
    result = made(tmp_path, zones=["Zulu"], localtime="Europe/Berlin")
    assert paths(result) == ["etc/localtime", *expected("Etc/UTC", "Europe/Berlin", "Zulu")]
    assert result.records["etc/localtime"].link == f"/{ROOT}/Europe/Berlin"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"zones": ["Europe/berlin"]}, "zones names no time zone, got 'Europe/berlin'; did you mean Europe/Berlin?"),
        (
            {"localtime": "Mars"},
            "localtime names no time zone, got 'Mars'; use an IANA name, such as Europe/Berlin",
        ),
        (
            {"zones": ["Broken"]},
            f"{ROOT}/Broken is no time zone, got b'oops' at its start; use another version of tzdata",
        ),
    ],
)
def test_a_known_error_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], message: str
) -> None:
    result = made(tmp_path, **settings)
    assert (result.code, capsys.readouterr().err) == (1, f"//x:y: {message}\n")
    assert list(result.directory.iterdir()) == []


def test_another_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = made(tmp_path, Item("usr/bin/x", b"1"))
    assert result.code == 1
    assert capsys.readouterr().err == "//x:y: package has no time zones, got tzdata_2026a_all; give tzdata\n"


def test_one_package_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "LayerZoneinfo", []).code == 1
    assert capsys.readouterr().err == "//x:y: request needs one package, got 0; give one line of role package\n"
