"""apt's sources, in both formats, and which of them may be Debian's main archive."""

from __future__ import annotations

from pathlib import Path

import pytest
from bazelw import apt_sources
from bazelw.apt_sources import Source
from hypothesis import given
from hypothesis import strategies as st

URI = "http://mirror.example/debian"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"deb {URI} bookworm main contrib", Source(URI, ("bookworm",), ("main", "contrib"))),
        (f"  deb\t{URI}  sid\tmain # why", Source(URI, ("sid",), ("main",))),
        (
            f"deb [arch=amd64 signed-by=/k.gpg] {URI} sid main",
            Source(URI, ("sid",), ("main",), "/k.gpg"),
        ),
        (f"deb [ signed-by=/k.gpg ] {URI} ./", Source(URI, ("./",), (), "/k.gpg")),
    ],
)
def test_one_line(line: str, expected: Source) -> None:
    assert apt_sources.parse_one_line(line) == [expected]


@pytest.mark.parametrize("line", ["", "# deb x y z", f"deb-src {URI} sid main", "deb", "deb x", "debian x y"])
def test_one_line_that_gives_nothing(line: str) -> None:
    assert apt_sources.parse_one_line(line) == []


def test_deb822() -> None:
    text = (
        "# comment\nTypes: deb deb-src\nURIs: http://a/debian http://b/debian\nSuites: trixie\n trixie-updates\n"
        "# comment inside\nComponents: main\n non-free\nSigned-By: /k.gpg\n\n"
        "Enabled: no\nTypes: deb\nURIs: http://c\nSuites: sid\nComponents: main\n\n"
        "Types: deb-src\nURIs: http://d\nSuites: sid\nComponents: main\n \n"
        "types: deb\nuris: http://e\nsuites: sid\ncomponents: main\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n"
    )
    rest = (("trixie", "trixie-updates"), ("main", "non-free"), "/k.gpg")
    assert apt_sources.parse_deb822(text) == [
        Source("http://a/debian", *rest),
        Source("http://b/debian", *rest),
        Source("http://e", ("sid",), ("main",)),
    ]


@given(st.text())
def test_any_text_is_parsed(text: str) -> None:
    for source in apt_sources.parse_one_line(text) + apt_sources.parse_deb822(text):
        assert source.uri
        assert source.suites
        assert not any(character.isspace() for character in source.uri)


_WORD = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)


@given(st.lists(st.tuples(_WORD, _WORD, st.lists(_WORD, min_size=1))))
def test_both_formats_say_the_same(entries: list[tuple[str, str, list[str]]]) -> None:
    lines = "\n".join(f"deb {uri} {suite} {' '.join(components)}" for uri, suite, components in entries)
    stanzas = "\n\n".join(
        f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {' '.join(components)}"
        for uri, suite, components in entries
    )
    assert apt_sources.parse_one_line(lines) == apt_sources.parse_deb822(stanzas)


def test_folder(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://a sid main\n", encoding="utf-8")
    (parts / "b.list").write_text("deb http://b sid main\n", encoding="utf-8")
    (parts / "c.sources").write_text("Types: deb\nURIs: http://c\nSuites: sid\nComponents: main\n", encoding="utf-8")
    (parts / "d.save").write_text("deb http://d sid main\n", encoding="utf-8")
    (parts / "e.list").mkdir()
    assert [source.uri for source in apt_sources.read_folder(tmp_path)] == ["http://a", "http://b", "http://c"]
    assert apt_sources.read_folder(tmp_path / "absent") == []


def test_likeliest_mirror_comes_first_and_each_once() -> None:
    sources = [
        Source("http://vendor.example/apt", ("stable",), ("main",)),
        Source("http://m/debian-security", ("bookworm-security",), ("main",)),
        Source("http://m/debian", ("bookworm", "bookworm-updates"), ("main",)),
        Source("http://m/debian/", ("bookworm-backports",), ("main",)),
        Source("cdrom:[Debian]", ("bookworm",), ("main",)),
        Source("http://m/other", ("x",), ("contrib",)),
    ]
    assert [source.uri for source in apt_sources.debian_mirrors(sources)] == [
        "http://m/debian",
        "http://vendor.example/apt",
    ]


def test_keyring_of_the_source_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, machine = tmp_path / "own.gpg", tmp_path / "machine.gpg"
    monkeypatch.setattr(apt_sources, "DEBIAN_KEYRINGS", (machine,))
    source = Source(URI, ("sid",), ("main",), str(own))
    assert apt_sources.keyring(source) is None
    machine.touch()
    assert apt_sources.keyring(source) == machine
    own.touch()
    assert apt_sources.keyring(source) == own


def test_credentials_are_not_shown() -> None:
    assert apt_sources.without_credentials("https://user:pass@host:8080/debian") == "https://host:8080/debian"
    assert apt_sources.without_credentials(URI) == URI
