"""What a layer takes of a package."""

from collections.abc import Sequence

import pytest
from distill.errors import InputError
from distill.package.selection import Selection, resolved, select
from distill.tar import Entry
from hypothesis import given
from hypothesis import strategies as st
from support_entry import directory, file, hardlink, numbered, symlink


def paths(
    entries: Sequence[Entry],
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    keep: Sequence[str] = (),
    drop: Sequence[str] | None = None,
) -> list[str]:
    found = Selection(keep=keep, include=include, exclude=exclude)
    if drop is not None:
        found = Selection(keep, drop, include, exclude)
    return [entry.path for entry, _ in select(numbered(*entries), "demo", found)]


DOC = [
    directory("usr"),
    directory("usr/bin"),
    file("usr/bin/demo"),
    directory("usr/share"),
    directory("usr/share/doc"),
    directory("usr/share/doc/demo"),
    file("usr/share/doc/demo/copyright"),
    file("usr/share/doc/demo/README"),
    directory("usr/share/man"),
    file("usr/share/man/demo.1"),
    directory("var"),
    directory("var/empty"),
]


def test_the_default_keeps_what_runs_and_the_copyright() -> None:
    assert paths(DOC) == [
        "usr",
        "usr/bin",
        "usr/bin/demo",
        "usr/share",
        "usr/share/doc",
        "usr/share/doc/demo",
        "usr/share/doc/demo/copyright",
        "var",
        "var/empty",
    ]


def test_one_slice_and_always_the_copyright() -> None:
    assert [path for path in paths(DOC, keep=["bins"]) if path.count("/") > 1] == [
        "usr/bin/demo",
        "usr/share/doc",
        "usr/share/doc/demo",
        "usr/share/doc/demo/copyright",
    ]


def test_include_adds_and_exclude_takes_away() -> None:
    assert "usr/share/man/demo.1" in paths(DOC, include=["usr/share/man/*.1"])
    assert "usr/share/man/demo.1" not in paths(DOC, include=["usr/share/man/*.1"], exclude=["**/demo.1"])
    assert paths(DOC, exclude=["**"]) == [
        "usr",
        "usr/share",
        "usr/share/doc",
        "usr/share/doc/demo",
        "usr/share/doc/demo/copyright",
    ]


def test_globs_may_be_on_the_paths_before_the_merge() -> None:
    moved = [file("usr/lib/x/a.so"), file("usr/lib/x/b.so")]
    assert paths(moved, exclude=["/lib/x/a.so"]) == ["usr/lib/x/b.so"]
    unmerged = Selection(exclude=["lib/x/a.so"], usr_merged=False)
    assert [e.path for e, _ in select(numbered(file("lib/x/a.so"), file("usr/lib/x/a.so")), "demo", unmerged)] == [
        "usr/lib/x/a.so"
    ]


def test_directories_stay_if_they_were_empty_and_go_if_they_are_emptied() -> None:
    entries = [directory("a"), directory("a/b"), file("a/b/c"), directory("d"), directory("d/e")]
    assert paths(entries, exclude=["a/b/c"]) == ["d", "d/e"]
    assert paths(entries, exclude=["d/e"]) == ["a", "a/b", "a/b/c"]


def test_a_link_whose_way_is_gone_goes_too() -> None:
    entries = [
        file("usr/lib/a"),
        symlink("usr/lib/b", "a"),
        symlink("usr/lib/c", "/usr/lib/b"),
        symlink("usr/lib/elsewhere", "../other"),
        directory("usr/lib/d"),
        file("usr/lib/d/f"),
        symlink("usr/lib/e", "d"),
        symlink("usr/lib/g", "e/f"),
        symlink("usr/lib/loop", "loop"),
    ]
    assert paths(entries, exclude=["usr/lib/a"]) == [
        "usr/lib/elsewhere",
        "usr/lib/d",
        "usr/lib/d/f",
        "usr/lib/e",
        "usr/lib/g",
        "usr/lib/loop",
    ]
    assert paths(entries, exclude=["usr/lib/d/f"]) == [
        "usr/lib/a",
        "usr/lib/b",
        "usr/lib/c",
        "usr/lib/elsewhere",
        "usr/lib/loop",
    ]
    assert "usr/lib/g" not in paths(entries, exclude=["usr/lib/e"])


def test_a_copyright_that_is_a_link_keeps_what_it_leads_to() -> None:
    entries = [file("usr/share/doc/demo/LICENSE"), symlink("usr/share/doc/demo/copyright", "LICENSE")]
    assert paths(entries) == ["usr/share/doc/demo/LICENSE", "usr/share/doc/demo/copyright"]


def test_the_first_link_to_a_dropped_file_becomes_the_file() -> None:
    entries = numbered(
        file("usr/bin/a", 7, 0o4755, gid=42),
        hardlink("usr/bin/b", "usr/bin/a"),
        hardlink("usr/bin/c", "usr/bin/b"),
        hardlink("usr/bin/d", "usr/bin/a"),
    )
    kept = select(entries, "demo", Selection(exclude=["usr/bin/a", "usr/bin/b"]))
    assert [(e.path, e.kind, e.link, e.size, e.mode, at) for e, at in kept] == [
        ("usr/bin/c", "file", "", 7, 0o4755, 0),
        ("usr/bin/d", "hardlink", "usr/bin/c", 0, 0o644, 3),
    ]
    assert kept[0][0].gid == 42


def test_links_to_a_kept_file_stay_links_to_it() -> None:
    entries = numbered(file("a", 7), hardlink("b", "a"), hardlink("c", "b"))
    kept = select(entries, "demo", Selection(exclude=["b"]))
    assert [(e.path, e.link) for e, _ in kept] == [("a", ""), ("c", "a")]


@pytest.mark.parametrize(
    ("include", "exclude", "message"),
    [
        (
            ["usr/bin/demp"],
            [],
            "include matches nothing in demo_1_all, got 'usr/bin/demp'; did you mean usr/bin/demo?",
        ),
        (
            [],
            ["/etc/zzz/**"],
            "exclude matches nothing in demo_1_all, got '/etc/zzz/**'; list the package's files and correct it",
        ),
        ([], ["bin/README"], ("exclude matches nothing in demo_1_all, got 'bin/README'; did you mean"
         " usr/share/doc/demo/README?")),
    ],
)  # fmt: skip
def test_a_glob_that_matches_nothing_is_named(include: list[str], exclude: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        Selection(include=include, exclude=exclude).check([entry.path for entry in DOC], "demo_1_all")
    assert str(error.value) == message


def test_globs_that_match_pass() -> None:
    Selection(include=["usr/share/man/**"], exclude=["bin/demo"]).check([e.path for e in DOC], "demo_1_all")


def test_ways_are_followed_as_the_kernel_does() -> None:
    tree = {
        e.path: e
        for e in [
            directory("a"),
            file("a/f"),
            symlink("b", "a"),
            symlink("up", "../../a/./f"),
            symlink("x", "b/../b//f"),
            symlink("l1", "l2"),
            symlink("l2", "l1"),
        ]
    }
    assert resolved("b/f", tree) == resolved("up", tree) == resolved("x", tree) == "a/f"
    assert resolved("l1", tree) is None
    assert resolved("a/missing", tree) is None


NAMES = st.sampled_from(["a", "b", "c", "d"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@given(
    st.dictionaries(PATHS, st.one_of(st.none(), PATHS, PATHS.map(lambda p: f"../{p}")), max_size=12),
    st.lists(PATHS, max_size=3),
)
def test_no_selection_leaves_new_dangling_links(tree: dict[str, str | None], exclude: list[str]) -> None:
    entries = [symlink(path, link) if link else file(path) for path, link in tree.items()]
    full = {entry.path: entry for entry in entries}
    left = {e.path: e for e, _ in select(numbered(*entries), "demo", Selection(exclude=exclude))}
    for path, entry in left.items():
        assert full[path] == entry
        if resolved(path, full) is not None:
            assert resolved(path, left) is not None
