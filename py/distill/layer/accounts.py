"""Accounts: the text of /etc/passwd and /etc/group (passwd(5), group(5)), with every line checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from distill import near
from distill.errors import InputError

NO_HOMES = ("/", "/nonexistent")
"""Home directories that are not made."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,30}\$?", re.ASCII)  # adduser.conf(5), SYS_NAME_REGEX
_MODE = re.compile(r"[0-7]{3,4}")
_UNPRINTABLE = re.compile(r"[\0-\x1f\x7f:]")
_LAST_ID = 2**32 - 2
_NO_ID = 65535  # (uid_t) -1 of old; 2**32 - 1 is that of today


@dataclass(frozen=True)
class User:
    """One line of /etc/passwd, and the mode (octal) of the home directory."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    gecos: str = ""
    home_mode: str = "0700"

    @property
    def has_home(self) -> bool:
        """Whether a home directory is made."""
        return self.home not in NO_HOMES


@dataclass(frozen=True)
class Group:
    """One line of /etc/group."""

    name: str
    gid: int
    members: tuple[str, ...] = ()


def passwd(users: Sequence[User]) -> str:
    """Give the text of /etc/passwd, in the order of `users`; no user has a password, nor a way to use one."""
    return "".join(f"{u.name}:x:{u.uid}:{u.gid}:{u.gecos}:{u.home}:{u.shell}\n" for u in users)


def group(groups: Sequence[Group]) -> str:
    """Give the text of /etc/group, in the order of `groups`."""
    return "".join(f"{g.name}:x:{g.gid}:{','.join(g.members)}\n" for g in groups)


def check(users: Sequence[User], groups: Sequence[Group]) -> None:
    """See that `users` and `groups` can stand in the files and agree with each other.

    Raises:
        InputError: a bad or repeated name or id, a bad home, shell, mode or gecos, a member or primary group that is
            missing, or two users with one home directory.
    """
    for user in users:
        _check_name("users", user.name)
        _check_id("users", user.name, "uid", user.uid)
        _check_id("users", user.name, "gid", user.gid)
        _check_path(user.name, "home", user.home)
        _check_path(user.name, "shell", user.shell)
        if _UNPRINTABLE.search(user.gecos):
            raise InputError(
                f"users: {user.name} has a gecos that cannot stand in /etc/passwd, got {user.gecos!r};"
                " leave out colons and control characters"
            )
        if not _MODE.fullmatch(user.home_mode):
            raise InputError(f"users: {user.name} has a home_mode that is no mode, got {user.home_mode!r}; write 0700")
    for entry in groups:
        _check_name("groups", entry.name)
        _check_id("groups", entry.name, "gid", entry.gid)
    _check_once("users", "names", [user.name for user in users])
    _check_once("users", "uids", [user.uid for user in users])
    _check_once("users", "home directories", [user.home for user in users if user.has_home])
    _check_once("groups", "names", [entry.name for entry in groups])
    _check_once("groups", "gids", [entry.gid for entry in groups])
    _check_together(users, groups)


def _check_together(users: Sequence[User], groups: Sequence[Group]) -> None:
    gids = {entry.gid for entry in groups}
    for user in users:
        if user.gid not in gids:
            raise InputError(
                f"users: the primary group of {user.name} is not in groups, got gid {user.gid};"
                f" add group({user.name!r}, gid = {user.gid})"
            )
    names = {user.name for user in users}
    for entry in groups:
        _check_once(f"groups: {entry.name}", "members", list(entry.members))
        for member in entry.members:
            if member not in names:
                hint = near.suggestion(member, names, "add it to users")
                raise InputError(f"groups: a member of {entry.name} is not in users, got {member!r}; {hint}")


def _check_name(attribute: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{attribute} has a name that is none, got {name!r};"
            " begin with a letter or _, go on with letters, digits, _ and -, 32 at most"
        )


def _check_id(attribute: str, name: str, kind: str, number: int) -> None:
    if not 0 <= number <= _LAST_ID or number == _NO_ID:
        raise InputError(
            f"{attribute}: {name} has a {kind} that is out of range, got {number};"
            f" use one from 0 to {_LAST_ID}, but not {_NO_ID}, which stands for none"
        )


def _check_path(name: str, kind: str, path: str) -> None:
    parts = path.split("/")[1:]
    sound = path.startswith("/") and not _UNPRINTABLE.search(path)
    if not sound or (path != "/" and any(part in {"", ".", ".."} for part in parts)):
        raise InputError(
            f"users: {name} has a {kind} that is no plain absolute path, got {path!r};"
            " begin with /, without //, . and .., colons and control characters"
        )


def _check_once(attribute: str, kind: str, values: Sequence[object]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise InputError(f"{attribute} has two {kind} that are the same, got {value}; leave or change one")
        seen.add(value)
