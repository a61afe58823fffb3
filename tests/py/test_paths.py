"""Tests of distill.paths."""

import pytest
from distill import paths
from distill.errors import PathError
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("a", "a"),
        ("/a", "a"),
        ("./a", "a"),
        ("/./a//b/./c/", "a/b/c"),
        ("usr/bin/", "usr/bin"),
        ("...", "..."),
        ("a/..b/c..", "a/..b/c.."),
        ("a b/\n/\\", "a b/\n/\\"),
        ("caf\udce9", "caf\udce9"),
        ("x" * 255, "x" * 255),
        ("/".join(["x" * 255] * 10), "/".join(["x" * 255] * 10)),
    ],
)
def test_normalize(path: str, normal: str) -> None:
    assert paths.normalize(path) == normal


@pytest.mark.parametrize("path", ["", "/", ".", "./", "//./"])
def test_the_root_is_no_path(path: str) -> None:
    message = f"path is empty, got {path!r}; name something below the root"
    with pytest.raises(PathError, match=exactly(message)):
        paths.normalize(path)
    assert paths.is_root(path)


@pytest.mark.parametrize("path", ["..", "a/..", "../a", "a/../b", "/.."])
def test_a_path_may_not_climb(path: str) -> None:
    with pytest.raises(PathError, match=exactly(f"path climbs with .., got {path!r}; write the path it means")):
        paths.normalize(path)
    assert not paths.is_root(path)


def test_a_path_may_not_have_a_nul() -> None:
    with pytest.raises(PathError, match=exactly("path has a NUL character, got 'a\\x00b'; leave it out")):
        paths.normalize("a\0b")


@pytest.mark.parametrize("name", ["x" * 256, "ä" * 128, "\udcff" * 256])
def test_a_name_has_at_most_255_bytes(name: str) -> None:
    message = f"path has a name of more than 255 bytes, got {'a/' + name!r}; shorten it"
    with pytest.raises(PathError, match=exactly(message)):
        paths.normalize(f"a/{name}")


@pytest.mark.parametrize("path", ["a", "./a", ".a", "a/", "..."])
def test_what_is_not_the_root(path: str) -> None:
    assert not paths.is_root(path)


def test_parents() -> None:
    assert list(paths.parents("a/b/c")) == ["a/b", "a"]
    assert list(paths.parents("a")) == []
    assert paths.parent("a/b/c") == "a/b"
    assert paths.parent("a") == ""
    assert paths.join("", "a") == "a"
    assert paths.join("a", "b") == "a/b"


@given(st.binary())
def test_any_bytes_survive(raw: bytes) -> None:
    assert paths.encode(paths.decode(raw)) == raw


@given(st.text(alphabet="ab./\0é\udc80", max_size=12))
def test_normalize_gives_a_path_of_the_house_or_an_error(path: str) -> None:
    try:
        normal = paths.normalize(path)
    except PathError:
        return
    assert paths.normalize(normal) == normal
    assert not {"", ".", ".."} & set(normal.split("/"))
    assert "\0" not in normal
