"""apt's sources; tests/rules/debian has the same cases for Starlark."""

from pathlib import Path

import pytest
from distill.lock import apt_sources
from distill.lock.apt_sources import AptSource

ONE_LINE = """\
# deb http://comment bookworm main
deb http://one.example/debian/ bookworm main contrib # and more
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://two.example bookworm-security main
deb-src http://one.example/debian bookworm main
deb http://short.example
deb [trusted=yes] file:/srv/repo ./
"""
DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://one.example/debian/ http://two.example/debian
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source.example
Suites: bookworm
Components: main
"""


def test_one_line() -> None:
    assert list(apt_sources.parse_one_line(ONE_LINE)) == [
        AptSource("http://one.example/debian", ("bookworm",), ("main", "contrib")),
        AptSource("https://two.example", ("bookworm-security",), ("main",)),
        AptSource("file:/srv/repo", ("./",), ()),
    ]


def test_deb822() -> None:
    suites, components = ("bookworm", "bookworm-updates"), ("main", "contrib")
    assert list(apt_sources.parse_deb822(DEB822)) == [
        AptSource("http://one.example/debian", suites, components),
        AptSource("http://two.example/debian", suites, components),
    ]


def test_malformed_deb822_gives_nothing() -> None:
    assert list(apt_sources.parse_deb822("no field\n")) == []


@pytest.mark.parametrize(
    ("suite", "component", "expected"),
    [
        ("bookworm", "main", ["http://one.example/debian"]),
        ("trixie", "main", ["http://one.example/debian"]),
        ("bookworm-security", "main", ["https://two.example"]),
        ("trixie-security", "main", ["https://two.example"]),
        ("bookworm", "non-free", []),
        ("./", "", ["file:/srv/repo"]),
        ("stable/", "", []),
    ],
)
def test_mirrors(suite: str, component: str, expected: list[str]) -> None:
    sources = [*apt_sources.parse_one_line(ONE_LINE), AptSource("cdrom:[Debian]", ("bookworm",), ("main",))]
    assert apt_sources.mirrors(sources, suite, component) == expected


def test_read(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://a s main\n")
    (parts / "b.list").write_text("deb http://b s main\n")
    (parts / "c.sources").write_text("Types: deb\nURIs: http://c\nSuites: s\nComponents: main\n")
    (parts / "d.save").write_text("deb http://d s main\n")
    assert [source.uri for source in apt_sources.read(tmp_path)] == ["http://a", "http://b", "http://c"]
    assert apt_sources.read(tmp_path / "none") == []


def test_without_a_guess_only_what_names_the_suite() -> None:
    sources = list(apt_sources.parse_one_line(ONE_LINE))
    assert apt_sources.mirrors(sources, "bookworm", "main", guess=False) == ["http://one.example/debian"]
    assert apt_sources.mirrors(sources, "trixie", "main", guess=False) == []
