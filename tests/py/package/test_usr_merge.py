"""The merged /usr."""

import posixpath

import pytest
from distill.errors import ConflictError
from distill.package import usr_merge
from distill.tar import Entry
from hypothesis import given
from hypothesis import strategies as st
from support_entry import directory, file, hardlink, numbered, symlink


def merged(*entries: Entry) -> tuple[list[tuple[str, str]], list[str]]:
    result, moved = usr_merge.merge(numbered(*entries), "demo_1_all")
    return [(entry.path, entry.link) for entry, _ in result], moved


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bin/sh", "usr/bin/sh"),
        ("lib", "usr/lib"),
        ("lib64/ld.so", "usr/lib64/ld.so"),
        ("usr/lib/x", "usr/lib/x"),
        ("library/x", "library/x"),
        ("etc/bin/x", "etc/bin/x"),
    ],
)
def test_paths(path: str, expected: str) -> None:
    assert usr_merge.merged_path(path) == expected


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
         "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
        ("lib/x/libz.so.1", "libz.so.1.2.13", "libz.so.1.2.13"),
        ("usr/lib/x/libz.so", "/lib/x/libz.so.1", "/usr/lib/x/libz.so.1"),
        ("usr/lib/x/libz.so", "../../../lib/x/libz.so.1", "libz.so.1"),
        ("usr/sbin/x", "../../sbin/y", "y"),
        ("sbin/x", "../bin/y", "../bin/y"),
        ("sbin/x", "../usr/bin/y", "../bin/y"),
        ("bin/x", "../etc/alternatives/x", "../../etc/alternatives/x"),
        ("etc/x", "../lib/y", "../usr/lib/y"),
        ("etc/x", "/etc/y", "/etc/y"),
        ("usr/bin/x", "/usr//bin/../bin/y", "/usr//bin/../bin/y"),
        ("lib/x", "../../../../lib/y", "y"),
    ],
)  # fmt: skip
def test_targets(path: str, target: str, expected: str) -> None:
    assert usr_merge.merged_target(path, target) == expected


NAMES = st.lists(st.sampled_from(["a", "bin", "lib", "usr", ".."]), min_size=1, max_size=5)


@given(NAMES.filter(lambda names: ".." not in names), NAMES, st.booleans())
def test_a_link_leads_to_the_merged_place_of_what_it_led_to(path: list[str], target: list[str], absolute: bool) -> None:
    source, link = "/".join(path), ("/" if absolute else "") + "/".join(target)
    before = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), link)).lstrip("/")
    new = usr_merge.merged_target(source, link)
    after = posixpath.normpath(posixpath.join("/", posixpath.dirname(usr_merge.merged_path(source)), new)).lstrip("/")
    assert after == usr_merge.merged_path(before)
    assert new.startswith("/") == absolute


def test_entries_and_links_move_together() -> None:
    entries = [
        directory("lib"),
        directory("lib/x"),
        file("lib/x/libc.so.6"),
        hardlink("lib/x/same", "lib/x/libc.so.6"),
        symlink("lib64/ld.so", "/lib/x/ld.so"),
        directory("usr"),
        directory("usr/lib"),
        file("usr/lib/y"),
    ]
    assert merged(*entries) == (
        [
            ("usr/lib", ""),
            ("usr/lib/x", ""),
            ("usr/lib/x/libc.so.6", ""),
            ("usr/lib/x/same", "usr/lib/x/libc.so.6"),
            ("usr/lib64/ld.so", "/usr/lib/x/ld.so"),
            ("usr", ""),
            ("usr/lib/y", ""),
        ],
        ["lib", "lib64"],
    )


def test_what_does_not_move_asks_for_no_link() -> None:
    assert merged(directory("usr"), file("usr/x")) == ([("usr", ""), ("usr/x", "")], [])


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("usr/lib64/ld-linux-x86-64.so.2", ["lib64"]),
        ("usr/lib64/ld64.so.2", ["lib64"]),
        ("usr/lib/ld-linux-aarch64.so.1", ["lib"]),
        ("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", []),
        ("usr/lib/libldap.so.2", []),
        ("usr/lib/ldscripts", []),
    ],
)
def test_where_a_loader_stands_there_is_the_link_by_which_programs_name_it(path: str, moved: list[str]) -> None:
    assert merged(symlink(path, "x"))[1] == moved


def test_the_links_are_relative() -> None:
    assert [(e.path, e.kind, e.link, e.mode) for e in usr_merge.links(["bin", "lib64"])] == [
        ("bin", "symlink", "usr/bin", 0o777),
        ("lib64", "symlink", "usr/lib64", 0o777),
    ]


@pytest.mark.parametrize("link", ["usr/lib", "/usr/lib", "./usr/lib/"])
def test_a_package_may_bring_the_links_itself(link: str) -> None:
    assert merged(symlink("lib", link), directory("usr/lib")) == ([("usr/lib", "")], ["lib"])


def test_a_link_that_would_lead_to_itself_goes() -> None:
    assert merged(symlink("bin/x", "/usr/bin/x"), file("usr/bin/x")) == ([("usr/bin/x", "")], ["bin"])
    assert merged(file("bin/x"), symlink("usr/bin/x", "../../bin/x")) == ([("usr/bin/x", "")], ["bin"])


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            [file("bin/x"), file("usr/bin/x")],
            (
                "demo_1_all: two paths fall together in a merged /usr, got bin/x and usr/bin/x;"
                " exclude one of them, or set usr_merged to False"
            ),
        ),
        (
            [directory("usr/lib/a"), directory("lib/a", 0o700)],
            (
                "demo_1_all: two paths fall together in a merged /usr, got usr/lib/a and lib/a;"
                " exclude one of them, or set usr_merged to False"
            ),
        ),
        (
            [symlink("lib64", "lib")],
            (
                "demo_1_all: lib64 stands where a merged /usr has its link, got symlink lib64 -> lib;"
                " exclude it, or set usr_merged to False"
            ),
        ),
        (
            [file("bin")],
            (
                "demo_1_all: bin stands where a merged /usr has its link, got file bin;"
                " exclude it, or set usr_merged to False"
            ),
        ),
    ],
)
def test_what_cannot_be_merged_is_named(entries: list[Entry], message: str) -> None:
    with pytest.raises(ConflictError) as error:
        merged(*entries)
    assert str(error.value) == message
