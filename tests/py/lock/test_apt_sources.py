"""apt's sources; tests/rules/debian has the same cases for Starlark."""

from pathlib import Path

import pytest
from distill.lock import apt_sources
from distill.lock.apt_sources import AptSource
from hypothesis import given
from hypothesis import strategies as st

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


WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True)
SUITES = WORDS | WORDS.map(lambda word: f"{word}-security") | WORDS.map(lambda word: f"{word}/")
SOURCES = st.lists(
    st.builds(
        AptSource,
        st.sampled_from(["http://one.example/a", "https://two.example:8/b", "file:/srv", "cdrom:x"]),
        st.tuples(SUITES),
        st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    ),
    max_size=4,
)
NOISE = st.sampled_from(
    ["", "# deb http://no.example s main", "deb-src http://no.example s main", "deb http://no.example"]
)


@given(SOURCES, st.lists(NOISE, max_size=3))
def test_both_styles_are_read_back(sources: list[AptSource], noise: list[str]) -> None:
    lines = [f"deb  [arch=amd64] {s.uri}/ {s.suites[0]} {' '.join(s.components)} # ours" for s in sources]
    assert list(apt_sources.parse_one_line("\n".join([*noise, *lines, *noise]))) == sources
    stanzas = [
        f"Types: deb-src deb\nURIs: {s.uri}\nSuites:\n {s.suites[0]}\nComponents: {' '.join(s.components)}\n"
        for s in sources
    ]
    off = "Enabled: no\nTypes: deb\nURIs: http://no.example\nSuites: s\nComponents: main\n"
    assert list(apt_sources.parse_deb822("\n".join([off, *stanzas, off]))) == sources


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """What apt would complain of gives nothing; apt will tell the user itself."""
    for source in (*apt_sources.parse_one_line(text), *apt_sources.parse_deb822(text)):
        assert not any(word.split() != [word] for word in (*source.suites, *source.components))


@given(SOURCES, SUITES, WORDS, st.booleans())
def test_mirrors_are_of_sources_that_may_have_it(
    sources: list[AptSource], suite: str, component: str, guess: bool
) -> None:
    flat = suite.endswith("/")
    here = [s for s in sources if not s.uri.startswith("cdrom:")]
    exact = {s.uri for s in here if suite in s.suites and (flat or component in s.components)}
    found = apt_sources.mirrors(sources, suite, component, guess=guess)
    assert len(found) == len(set(found))
    named = {s.uri for s in sources if suite in s.suites and (flat or component in s.components)}
    if named or not guess or flat:
        assert set(found) == exact
    else:
        kind = suite.endswith("-security")
        assert set(found) == {
            s.uri for s in here if component in s.components and s.suites[0].endswith("-security") is kind
        }
