"""Tests of distill.layer.tree."""

import itertools
import os
import random
from pathlib import Path

import pytest
from distill.errors import ConflictError, InputError
from distill.layer.tree import Source, Tree
from distill.tar import Entry
from hypothesis import given
from hypothesis import strategies as st
from support_layer import on_disk, source, tree_of
from support_match import exactly


def order(tree: Tree) -> list[str]:
    return [each.entry.path for each in tree.sources()]


def test_an_empty_tree() -> None:
    assert order(Tree()) == []
    assert len(Tree()) == 0


def test_parents_are_added_before_their_children() -> None:
    tree = tree_of(source("usr/lib/x"))
    assert order(tree) == ["usr", "usr/lib", "usr/lib/x"]
    assert len(tree) == 3
    parent = tree.get("usr/lib")
    assert parent is not None
    assert parent.entry == Entry("usr/lib", "directory", 0o755)
    assert tree.get("usr/bin") is None


def test_added_parents_have_the_time_of_the_tree() -> None:
    tree = Tree(mtime=7)
    tree.add(source("a/b"))
    assert [each.entry.mtime for each in tree.sources()] == [7, 0]


def test_the_order_is_that_of_bytes() -> None:
    names = ["a", "a/b", "a-b", "a.b", "Z", "ä", "\udc80", "\ufffd", "a/b/c", "é/f"]
    sources = [source(name, "directory", mode=0o755) for name in names]
    expected = sorted([*names, "é"], key=os.fsencode)
    for shuffled in itertools.islice(itertools.permutations(sources), 0, 3_000_000, 300_000):
        assert order(tree_of(*shuffled)) == expected


@pytest.mark.parametrize("first", [True, False])
def test_a_named_directory_stands_instead_of_an_added_one(first: bool) -> None:
    sources = [source("tmp", "directory", mode=0o1777), source("tmp/x")]
    tree = tree_of(*(sources if first else reversed(sources)))
    found = tree.get("tmp")
    assert found is not None
    assert found.entry.mode == 0o1777
    assert len(tree) == 2


def test_equal_sources_are_one(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"same")
    (tmp_path / "y").write_bytes(b"beforesameafter")
    with open(tmp_path / "y", "rb") as stream:
        region = Source(Entry("f", "file", size=4), "y", fd=stream.fileno(), offset=6)
        tree = tree_of(source("f", data=b"same"), on_disk("f", tmp_path / "x"), region)
    assert [each.origin for each in tree.sources()] == ["source of f"]


def test_directories_and_links_that_agree_are_one() -> None:
    tree = tree_of(
        *[source("d", "directory", origin=o) for o in "ab"], *[source("l", "symlink", link="d") for _ in "ab"]
    )
    assert order(tree) == ["d", "l"]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (
            source("f", data=b"12", origin="//a"),
            source("f", data=b"123", origin="//b"),
            "//a (file 0644 0:0 of 2 bytes) and //b (file 0644 0:0 of 3 bytes)",
        ),
        (
            source("f", data=b"12", origin="//a"),
            source("f", data=b"13", origin="//b"),
            "//a (file 0644 0:0 of 2 bytes) and //b (file 0644 0:0 of 2 bytes)",
        ),
        (
            source("f", "directory", mode=0o755, origin="directories"),
            source("f", data=b"", origin="//b"),
            "//b (file 0644 0:0 of 0 bytes) and directories (directory 0755 0:0)",
        ),
        (
            source("f", "directory", mode=0o700, uid=5, origin="x"),
            source("f", "directory", mode=0o700, uid=6, origin="y"),
            "x (directory 0700 5:0) and y (directory 0700 6:0)",
        ),
        (
            source("f", "symlink", link="a", mode=0o777, origin="x"),
            source("f", "symlink", link="b", mode=0o777, origin="y"),
            "x (symlink 0777 0:0 to a) and y (symlink 0777 0:0 to b)",
        ),
        (
            source("f", "directory", mtime=1, origin="x"),
            source("f", "directory", origin="y"),
            "x (directory 0644 0:0 at 1) and y (directory 0644 0:0)",
        ),
    ],
)
def test_sources_that_do_not_agree(one: Source, other: Source, said: str) -> None:
    message = f"two sources for /f do not agree, got {said}; keep one, or make them equal"
    for pair in ((one, other), (other, one)):
        with pytest.raises(ConflictError, match=exactly(message)):
            tree_of(*pair)


@pytest.mark.parametrize("above", [source("a", "symlink", link="b", origin="x"), source("a", origin="x")])
def test_nothing_goes_below_what_is_no_directory(above: Source) -> None:
    below = source("a/b/c", origin="y")
    message = f"/a is a {above.entry.kind} but also the parent of a path, got x and y; put one of them elsewhere"
    for pair in ((above, below), (below, above)):
        with pytest.raises(ConflictError, match=exactly(message)):
            tree_of(*pair)


def test_a_path_that_is_not_normal_is_a_bug() -> None:
    with pytest.raises(ValueError, match="path is not normalized: '/a'"):
        tree_of(source("/a"))


def test_a_file_that_cannot_be_compared(tmp_path: Path) -> None:
    missing = Source(Entry("f", "file", size=1), "x", file=str(tmp_path / "x"))
    message = (
        f"file {tmp_path}/x for /f cannot be read, got No such file or directory; "
        "check that it is there and that its permissions allow it"
    )
    with pytest.raises(InputError, match=exactly(message)):
        tree_of(source("f", data=b"a"), missing)


def test_hard_links_come_after_their_targets() -> None:
    tree = tree_of(
        source("a", "hardlink", link="m"),
        source("b", "hardlink", link="a"),
        source("c", "hardlink", link="z"),
        source("m", "hardlink", link="z"),
        source("n"),
        source("z"),
    )
    assert order(tree) == ["n", "z", "c", "m", "a", "b"]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            [source("h", "hardlink", link="gone", origin="pkg")],
            "hard link /h has a target that is not in the layer, got /gone from pkg; link to a file of the same layer",
        ),
        (
            [source("h", "hardlink", link="d", origin="pkg"), source("d", "directory")],
            "hard link /h has a target that is a directory, got /d from pkg; link to a file of the same layer",
        ),
        (
            [source("h", "hardlink", link="i", origin="pkg"), source("i", "hardlink", link="h")],
            "hard link /h has a target that leads back to itself, got /i from pkg; link to a file of the same layer",
        ),
        (
            [source("h", "hardlink", link="h", origin="pkg")],
            "hard link /h has a target that leads back to itself, got /h from pkg; link to a file of the same layer",
        ),
    ],
)
def test_hard_links_that_lead_nowhere(sources: list[Source], message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        order(tree_of(*sources))


def test_a_long_chain_of_links() -> None:
    links = [source(f"a{number:05}", "hardlink", link=f"a{number + 1:05}") for number in range(5000)]
    assert order(tree_of(*links, source("a05000")))[0] == "a05000"


def test_a_hundred_thousand_files() -> None:
    tree = tree_of(*(source(f"d{number % 300}/e{number % 7}/f{number}") for number in range(100_000)))
    found = order(tree)
    assert len(found) == len(tree) == len(set(found))
    assert found == sorted(found)


@given(st.lists(st.sampled_from(["a", "b", "a/b", "a/c", "a/b/c", "b/a", "a-", "a/b-"]), unique=True), st.randoms())
def test_any_order_of_adding_gives_one_tree(names: list[str], dice: random.Random) -> None:
    sources = [source(name, "directory", mode=0o700) for name in names]
    expected = list(tree_of(*sources).sources())
    dice.shuffle(sources)
    assert [each.entry for each in tree_of(*sources).sources()] == [each.entry for each in expected]
