"""What systemd's tools would make of a package's files: users of sysusers.d(5), paths of tmpfiles.d(5)."""

import shlex
from collections.abc import Iterator

from distill.effect import Effect

_NONE = ("", "-")


def users(text: str) -> Iterator[Effect]:
    """Give the users, groups and members of a sysusers.d file; lines of another form give nothing."""
    for kind, name, number, *rest in _lines(text, 3):
        if kind.startswith("u"):
            home = rest[1] if len(rest) > 1 else ""
            options = [("uid", number.partition(":")[0]), ("home", home), ("shell", rest[2] if len(rest) > 2 else "")]
            known = [f"{option}={value}" for option, value in options if value not in _NONE]
            yield Effect("user", name, " ".join(known))
        elif kind == "g":
            yield Effect("group", name, "" if number in _NONE else f"gid={number}")
        elif kind == "m":
            yield Effect("member", name, number)


def paths(text: str) -> Iterator[Effect]:
    """Give the directories, files and links of a tmpfiles.d file; lines of another form give nothing."""
    for kind, path, mode, user, group, _, argument in _lines(text, 7):
        letter = kind.rstrip("+!-=~^$")
        if "%" in path:
            continue
        if letter in ("d", "D", "v", "q", "Q"):
            yield Effect("directory", path)
        elif letter in ("f", "F", "C"):
            yield Effect("file", path, argument if letter == "C" else "")
        elif letter == "L":
            yield Effect("link", path, argument)
            continue
        elif letter not in ("z", "Z"):
            continue
        if mode not in _NONE and "*" not in path:
            yield Effect("mode", path, mode.lstrip("~:"))
        if (user not in _NONE or group not in _NONE) and (user, group) != ("root", "root") and "*" not in path:
            yield Effect("owner", path, f"{user.strip('-')}:{group.strip('-')}")


def _lines(text: str, count: int) -> Iterator[list[str]]:
    """Give the fields of each line, at least `count` of them."""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        try:
            fields = shlex.split(line)
        except ValueError:
            continue
        if len(fields) > 1:
            padded = fields + [""] * (count - len(fields))
            yield padded if count == 3 else padded[:count]
