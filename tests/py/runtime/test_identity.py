"""Tests of distill.runtime.identity."""

import pytest
from distill.runtime import identity
from distill.runtime.identity import EXECUTE, READ, ROOT, WRITE, Identity
from distill.runtime.rootfs import Rootfs
from hypothesis import given
from hypothesis import strategies as st
from support_listing import directory, file, symlink

PASSWD = "root:x:0:0:root:/root:/bin/sh\nbroken\nredis:x:999:998::/data:/sbin/nologin\nlate:x:5:x::/:\nredis:x:1:1:::\n"
GROUP = "root:x:0:\nredis:x:998:\nssl:x:101:www,redis\nlog:x:102:redis\n"
ROOTFS = Rootfs([[file("etc/passwd", text=PASSWD), file("etc/group", text=GROUP)]])


@pytest.mark.parametrize(
    ("user", "uid", "gids"),
    [
        ("", 0, {0}),
        ("0", 0, {0}),
        ("redis", 999, {998, 101, 102}),
        ("999", 999, {998, 101, 102}),
        ("redis:ssl", 999, {101}),
        ("redis:0", 999, {0}),
        ("12345", 12345, {0}),
        ("12345:7", 12345, {7}),
    ],
)
def test_who_a_user_is(user: str, uid: int, gids: set[int]) -> None:
    who, findings = identity.find(ROOTFS, user)
    assert (who.uid, who.gids, findings) == (uid, frozenset(gids), [])


def test_links_to_the_account_files_are_followed() -> None:
    rootfs = Rootfs([[symlink("etc/passwd", "/nix/passwd"), file("nix/passwd", text=PASSWD)]])
    assert identity.find(rootfs, "redis")[0].uid == 999


def test_names_that_are_not_there_are_found() -> None:
    who, findings = identity.find(ROOTFS, "late:nobody")
    assert [finding.message for finding in findings] == [
        "user is not in /etc/passwd, got late; add an accounts_layer that has it, or use a number",
        "group is not in /etc/group, got nobody; add an accounts_layer that has it, or use a number",
    ]
    assert (who.uid, who.gids) == (-1, frozenset({-1}))


@pytest.mark.parametrize(
    ("mode", "who", "access", "granted"),
    [
        ("0700", ROOT, WRITE, True),
        ("0000", ROOT, READ + WRITE, True),
        ("0644", ROOT, EXECUTE, False),
        ("0641", ROOT, EXECUTE, True),
        ("0700", Identity("a", 5, frozenset({5})), READ + WRITE + EXECUTE, True),
        ("0077", Identity("a", 5, frozenset({6})), READ, False),
        ("0750", Identity("a", 9, frozenset({6})), READ + EXECUTE, True),
        ("0705", Identity("a", 9, frozenset({6})), READ, False),
        ("0704", Identity("a", 9, frozenset({9})), READ, True),
        ("0704", Identity("a", 9, frozenset({9})), EXECUTE, False),
    ],
)
def test_what_modes_grant(mode: str, who: Identity, access: int, granted: bool) -> None:
    assert who.may(file("x", mode, uid=5, gid=6), access) is granted


def test_root_enters_every_directory() -> None:
    assert ROOT.may(directory("x", "0000", uid=5), EXECUTE)


def test_blocked_names_the_first_closed_directory() -> None:
    rootfs = Rootfs([[directory("a"), directory("a/b", "0700"), directory("a/b/c", "0700"), file("a/b/c/d")]])
    closed = identity.blocked(rootfs, "a/b/c/d", Identity("app", 9, frozenset({9})))
    assert closed
    assert closed.path == "a/b"
    assert identity.blocked(rootfs, "a/b/c/d", ROOT) is None


@given(st.text(alphabet=":\nroot0x,9", max_size=60), st.text(alphabet="root0x9:", min_size=1, max_size=8))
def test_any_account_file_gives_somebody(text: str, user: str) -> None:
    identity.find(Rootfs([[file("etc/passwd", text=text), file("etc/group", text=text)]]), user)
