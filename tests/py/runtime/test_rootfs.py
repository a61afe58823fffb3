"""Tests of distill.runtime.rootfs."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from distill.listing import Record
from distill.runtime.rootfs import Clash, Rootfs
from hypothesis import given, settings
from hypothesis import strategies as st
from support_listing import directory, file, hardlink, symlink


def paths(*layers: Sequence[Record]) -> list[str]:
    return [node.record.path for node in Rootfs(layers)]


def test_a_later_layer_wins() -> None:
    rootfs = Rootfs([[directory("a"), file("a/x", size=1)], [file("a/x", size=2), file("b")]])
    node = rootfs.get("a/x")
    assert node
    assert (node.record.size, node.layer) == (2, 1)
    assert len(rootfs) == 3
    assert rootfs.children("") == ["a", "b"]
    assert rootfs.children("a") == ["a/x"]
    assert rootfs.clashes == []


def test_a_directory_over_a_directory_keeps_its_children() -> None:
    rootfs = Rootfs([[directory("a"), file("a/x")], [directory("a", "0700")]])
    assert rootfs.children("a") == ["a/x"]
    node = rootfs.get("a")
    assert node
    assert node.record.mode == "0700"


def test_a_file_over_a_directory_removes_what_is_below() -> None:
    assert paths([directory("a"), directory("a/b"), file("a/b/c"), file("ab")], [file("a")]) == ["a", "ab"]


def test_whiteouts_hide_lower_layers_only() -> None:
    lower = [directory("a"), file("a/x"), directory("a/d"), file("a/d/y"), file("a/z")]
    assert paths(lower, [file("a/.wh.x"), file("a/.wh.d"), file("a/.wh.none")]) == ["a", "a/z"]
    assert paths(lower, [file("a/x"), file("a/.wh.x")]) == ["a", "a/d", "a/d/y", "a/x", "a/z"]
    assert paths(lower, [file("a/new"), file("a/.wh..wh..opq")]) == ["a", "a/new"]
    assert paths([file("x"), directory("d")], [file(".wh.x")]) == ["d"]
    assert paths([file("x")], [file(".wh..wh..opq")]) == []


def test_parents_that_no_layer_lists_are_there() -> None:
    rootfs = Rootfs([[file("a/b/c")]])
    assert [(node.record.path, node.kind) for node in rootfs] == [
        ("a", "directory"),
        ("a/b", "directory"),
        ("a/b/c", "file"),
    ]


def test_deep_paths_do_not_end_the_stack() -> None:
    deep = "/".join("d" * 2000)
    rootfs = Rootfs([[file(f"{deep}/x")], [file("d")]])
    assert [node.record.path for node in rootfs] == ["d"]


def test_layers_that_disagree_on_a_type_clash() -> None:
    rootfs = Rootfs(
        [
            [directory("lib"), file("lib/x"), file("f"), symlink("s", "x"), file("w")],
            [symlink("lib", "usr/lib"), symlink("f", "x"), file(".wh.w")],
            [file("s/below"), hardlink("f", "s/below"), directory("w")],
        ]
    )
    assert rootfs.clashes == [
        Clash("lib", 0, "directory", 1, "symlink"),
        Clash("f", 0, "file", 1, "symlink"),
        Clash("s", 0, "symlink", 2, "directory"),
        Clash("f", 1, "symlink", 2, "file"),
    ]


def test_hard_links_are_the_file_that_they_lead_to() -> None:
    rootfs = Rootfs([[file("a", size=3, sha256="x"), hardlink("b", "a"), hardlink("c", "b")], [file("a", size=9)]])
    node = rootfs.get("c")
    assert node
    assert (node.kind, node.file.size) == ("file", 3)
    assert [(record.path, record.type, record.size) for record in rootfs.records()] == [
        ("a", "file", 9),
        ("b", "file", 3),
        ("c", "file", 3),
    ]
    whole = Rootfs([[hardlink("b", "d"), file("d", size=3), hardlink("e", "b")]])
    listed = list(whole.records())
    assert [(record.path, record.type, record.link) for record in listed] == [
        ("b", "hardlink", "d"),
        ("d", "file", ""),
        ("e", "hardlink", "d"),
    ]
    assert list(Rootfs([listed]).records()) == listed


TREE = [
    directory("usr"),
    directory("usr/lib"),
    file("usr/lib/x.so.1"),
    symlink("usr/lib/x.so", "x.so.1"),
    symlink("lib", "usr/lib"),
    symlink("abs", "/lib/x.so"),
    symlink("up", "../../../lib/./x.so"),
    symlink("a", "b"),
    symlink("b", "a"),
    symlink("gone", "usr/nothing/x"),
    symlink("below", "usr/lib/x.so.1/y"),
    symlink("root", "/"),
]


@pytest.mark.parametrize(
    ("path", "start", "end", "problem"),
    [
        ("/lib/x.so", "", "usr/lib/x.so.1", ""),
        ("abs", "", "usr/lib/x.so.1", ""),
        ("up", "", "usr/lib/x.so.1", ""),
        ("x.so", "usr/lib", "usr/lib/x.so.1", ""),
        ("../lib/x.so.1", "usr/lib", "usr/lib/x.so.1", ""),
        ("/root/root/lib", "", "usr/lib", ""),
        ("/", "", "", ""),
        ("..", "", "", ""),
        ("a", "", "b", "loop"),
        ("gone", "", "usr/nothing", "missing"),
        ("below", "", "usr/lib/x.so.1", "not a directory"),
        ("usr/lib/x.so.1/", "", "usr/lib/x.so.1", "not a directory"),
        ("usr/", "", "usr", ""),
    ],
)
def test_resolve(path: str, start: str, end: str, problem: str) -> None:
    found = Rootfs([TREE]).resolve(path, start=start)
    assert (found.problem, bool(found.node)) == (problem, not problem)
    assert problem == "loop" or found.path == end


def test_resolve_leaves_the_last_link() -> None:
    assert Rootfs([TREE]).resolve("/lib/x.so", follow=False).path == "usr/lib/x.so"


def test_forty_links_are_followed_and_no_more() -> None:
    chain = [file("end"), symlink("l0", "end"), *(symlink(f"l{n}", f"l{n - 1}") for n in range(1, 41))]
    assert Rootfs([chain]).resolve("l39").path == "end"
    assert Rootfs([chain]).resolve("l40").problem == "loop"


NAMES = st.sampled_from(["a", "b", "c"])
TARGETS = st.lists(st.sampled_from(["a", "b", "c", "..", "."]), min_size=1, max_size=4).map("/".join)
ENTRIES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.one_of(st.none(), st.just(""), TARGETS), max_size=8
)


def laid(entries: dict[str, str | None]) -> Iterator[Record]:
    """Give the records of a tree: None is a directory, "" a file, other text a link; nothing is below the last two."""
    for path in sorted(entries):
        parents = [path[:at] for at in range(len(path)) if path[at] == "/"]
        if any(entries.get(parent) is not None for parent in parents):
            continue
        kind = entries[path]
        yield directory(path) if kind is None else file(path) if kind == "" else symlink(path, kind)


@settings(max_examples=60)
@given(ENTRIES, st.lists(TARGETS, min_size=1, max_size=5))
def test_resolve_agrees_with_the_kernel(entries: dict[str, str | None], wanted: list[str]) -> None:
    records = list(laid(entries))
    rootfs = Rootfs([records])
    with tempfile.TemporaryDirectory() as root:
        for node in rootfs:
            place = Path(root, node.record.path)
            if node.kind == "directory":
                place.mkdir()
            elif node.kind == "file":
                place.touch()
            else:
                place.symlink_to(node.record.link)
        for path in wanted:
            if climbs(rootfs, path):  # the kernel's root is not ours
                continue
            found = rootfs.resolve(path)
            assert bool(found.node) == os.path.exists(f"{root}/{path}")  # noqa: PTH110 - Path would drop a dot
            if found.node:
                assert os.path.realpath(f"{root}/{path}") == os.path.realpath(f"{root}/{found.path}")


def climbs(rootfs: Rootfs, path: str) -> bool:
    """Say whether `path`, or a link in the tree, might lead above the root."""
    links = [node.record.link for node in rootfs if node.kind == "symlink"]
    return any(".." in text for text in [path, *links])


@given(st.lists(ENTRIES, max_size=4))
def test_the_merged_listing_is_the_merged_view(layers: list[dict[str, str | None]]) -> None:
    rootfs = Rootfs([list(laid(layer)) for layer in layers])
    again = Rootfs([list(rootfs.records())])
    assert list(again.records()) == list(rootfs.records())
    assert again.clashes == []
    for node in rootfs:
        parent = node.record.path.rpartition("/")[0]
        assert node.record.path in rootfs.children(parent)
        above = rootfs.get(parent)
        assert not parent or (above and above.kind == "directory")
