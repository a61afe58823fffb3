"""/etc/passwd and /etc/group."""

from dataclasses import replace

import pytest
from distill.errors import InputError
from distill.layer import accounts
from distill.layer.accounts import Group, User
from hypothesis import given
from hypothesis import strategies as st

ROOT = User("root", 0, 0, "/root", "/sbin/nologin", "root")
REDIS = User("redis", 999, 999, "/var/lib/redis", "/sbin/nologin", "", "0750")
NOBODY = User("nobody", 65534, 65534, "/nonexistent", "/sbin/nologin", "nobody")
USERS = [ROOT, REDIS, NOBODY]
GROUPS = [Group("root", 0), Group("redis", 999), Group("nobody", 65534), Group("tls", 12, ("redis", "root"))]


def test_text() -> None:
    accounts.check(USERS, GROUPS)
    assert accounts.passwd(USERS) == (
        "root:x:0:0:root:/root:/sbin/nologin\n"
        "redis:x:999:999::/var/lib/redis:/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
    )
    assert accounts.group(GROUPS) == "root:x:0:\nredis:x:999:\nnobody:x:65534:\ntls:x:12:redis,root\n"


def test_homes() -> None:
    assert [user.has_home for user in USERS] == [True, True, False]
    assert not replace(ROOT, home="/").has_home


@pytest.mark.parametrize("name", ["_apt", "Debian-exim", "a", "host$", "x" * 31, "systemd-network"])
def test_names(name: str) -> None:
    accounts.check([replace(ROOT, name=name)], [Group(name, 0)])


BAD_NAME = "; begin with a letter or _, go on with letters, digits, _ and -, 32 at most"
BAD_ID = "; use one from 0 to 4294967294, but not 65535, which stands for none"
BAD_PATH = "; begin with /, without //, . and .., colons and control characters"


@pytest.mark.parametrize(
    ("user", "message"),
    [
        (replace(REDIS, name="0day"), f"users has a name that is none, got '0day'{BAD_NAME}"),
        (replace(REDIS, name="a:b"), f"users has a name that is none, got 'a:b'{BAD_NAME}"),
        (replace(REDIS, name="réd"), f"users has a name that is none, got 'réd'{BAD_NAME}"),
        (replace(REDIS, name="x" * 33), f"users has a name that is none, got '{'x' * 33}'{BAD_NAME}"),
        (replace(REDIS, name="root"), "users has two names that are the same, got root; leave or change one"),
        (replace(REDIS, uid=0), "users has two uids that are the same, got 0; leave or change one"),
        (
            replace(REDIS, home="/root"),
            "users has two home directories that are the same, got /root; leave or change one",
        ),
        (replace(REDIS, uid=-1), f"users: redis has a uid that is out of range, got -1{BAD_ID}"),
        (replace(REDIS, uid=65535), f"users: redis has a uid that is out of range, got 65535{BAD_ID}"),
        (replace(REDIS, gid=2**32 - 1), f"users: redis has a gid that is out of range, got 4294967295{BAD_ID}"),
        (
            replace(REDIS, shell="bash"),
            f"users: redis has a shell that is no plain absolute path, got 'bash'{BAD_PATH}",
        ),
        (replace(REDIS, shell=""), f"users: redis has a shell that is no plain absolute path, got ''{BAD_PATH}"),
        (
            replace(REDIS, shell="/a:b"),
            f"users: redis has a shell that is no plain absolute path, got '/a:b'{BAD_PATH}",
        ),
        (
            replace(REDIS, shell="/a\n"),
            f"users: redis has a shell that is no plain absolute path, got '/a\\n'{BAD_PATH}",
        ),
        (
            replace(REDIS, home="/var/../x"),
            f"users: redis has a home that is no plain absolute path, got '/var/../x'{BAD_PATH}",
        ),
        (replace(REDIS, home="/x/"), f"users: redis has a home that is no plain absolute path, got '/x/'{BAD_PATH}"),
        (
            replace(REDIS, gecos="a:b"),
            (
                "users: redis has a gecos that cannot stand in /etc/passwd, got 'a:b';"
                " leave out colons and control characters"
            ),
        ),
        (replace(REDIS, home_mode="rwx"), "users: redis has a home_mode that is no mode, got 'rwx'; write 0700"),
        (
            replace(REDIS, gid=7),
            "users: the primary group of redis is not in groups, got gid 7; add group('redis', gid = 7)",
        ),
    ],
)
def test_a_bad_user_is_named(user: User, message: str) -> None:
    with pytest.raises(InputError) as error:
        accounts.check([ROOT, user], GROUPS)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (Group("a b", 7), f"groups has a name that is none, got 'a b'{BAD_NAME}"),
        (Group("g", 65535), f"groups: g has a gid that is out of range, got 65535{BAD_ID}"),
        (Group("root", 7), "groups has two names that are the same, got root; leave or change one"),
        (Group("g", 999), "groups has two gids that are the same, got 999; leave or change one"),
        (Group("g", 7, ("reddis",)), "groups: a member of g is not in users, got 'reddis'; did you mean redis?"),
        (Group("g", 7, ("web",)), "groups: a member of g is not in users, got 'web'; add it to users"),
        (Group("g", 7, ("root", "root")), "groups: g has two members that are the same, got root; leave or change one"),
    ],
)
def test_a_bad_group_is_named(group: Group, message: str) -> None:
    with pytest.raises(InputError) as error:
        accounts.check(USERS, [*GROUPS, group])
    assert str(error.value) == message


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12), st.integers())
def test_what_passes_has_one_line_of_seven_fields(name: str, home: str, gecos: str, uid: int) -> None:
    user = User(name, uid, 0, "/" + home, "/sbin/nologin", gecos)
    try:
        accounts.check([user], [Group("root", 0)])
    except InputError:
        return
    line, end = accounts.passwd([user]).split("\n")
    assert end == ""
    assert line.split(":") == [name, "x", str(uid), "0", gecos, "/" + home, "/sbin/nologin"]
