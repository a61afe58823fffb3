"""Which effects the commands of maintainer scripts have."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from distill.effect import Effect

Words = Sequence[str]

_CACHES = {
    "fc-cache": "fc-cache",
    "gdk-pixbuf-query-loaders": "gdk-pixbuf-query-loaders",
    "gio-querymodules": "gio-querymodules",
    "glib-compile-schemas": "glib-compile-schemas",
    "gtk-query-immodules-3.0": "gtk-query-immodules-3.0",
    "gtk-update-icon-cache": "gtk-update-icon-cache",
    "install-sgmlcatalog": "update-catalog",
    "mkfontdir": "update-fonts-dir",
    "update-catalog": "update-catalog",
    "update-desktop-database": "update-desktop-database",
    "update-fonts-dir": "update-fonts-dir",
    "update-fonts-scale": "update-fonts-dir",
    "update-icon-caches": "gtk-update-icon-cache",
    "update-mime-database": "update-mime-database",
    "update-xmlcatalog": "update-xmlcatalog",
}
"""Programs that write a file from many: the name under which each is told."""

_MACHINE = frozenset(
    {"dbus-uuidgen", "make-ssl-cert", "openssl", "rndc-confgen", "ssh-keygen", "systemd-machine-id-setup"}
)
"""Programs that make what no two machines may share."""

_VALUED = {
    "adduser": (
        "--add-extra-groups --comment --conf --firstgid --firstuid --gecos --gid --home --ingroup --lastgid --lastuid"
        " --shell --uid"
    ),
    "useradd": (
        "-b --base-dir -c --comment -d --home --home-dir -e -f -g --gid -G --groups -k -K -p -s --shell -u --uid"
    ),
    "groupadd": "-g --gid -K -p --password -R -U --users",
}
_OPTIONS = {
    "uid": ("--uid", "-u"),
    "home": ("--home", "--home-dir", "-d"),
    "shell": ("--shell", "-s"),
    "group": ("--ingroup", "--gid", "-g"),
}


def effects(words: Words) -> Iterator[Effect]:
    """Give the effects of the command `words`; subjects stand as they are written, which may be in part unknown."""
    program = posixpath.basename(words[0])
    if words[0] in (".", "source"):
        if len(words) > 1 and words[1].endswith("/debconf/confmodule"):
            yield Effect("debconf", "config")
    elif program in _READERS:
        yield from _READERS[program](words[1:])
    elif program in _CACHES:
        yield Effect("cache", _CACHES[program])
    elif program in _MACHINE:
        if program != "openssl" or words[1:2] in (["req"], ["genrsa"], ["genpkey"], ["dhparam"]):
            yield Effect("machine", program)
    elif program == "py3compile":
        yield Effect("bytecode", program)


def _split(words: Words, valued: str = "") -> tuple[dict[str, str], list[str]]:
    """Part options, with their values where `valued` names them, from operands."""
    options: dict[str, str] = {}
    operands: list[str] = []
    names = valued.split()
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands += rest
        elif not word.startswith("-") or word == "-":
            operands.append(word)
        elif word in names:
            options[word] = next(rest, "")
        elif word.startswith("--"):
            name, _, value = word.partition("=")
            options[name] = value
        elif word[:2] in names:
            options[word[:2]] = word[2:]
        else:
            options[word] = ""
    return options, operands


def _alternatives(words: Words) -> Iterator[Effect]:
    """Read `--install LINK NAME PATH PRIORITY` and each `--slave LINK NAME PATH` of it (update-alternatives(1))."""
    group, priority = "", 0
    for number, word in enumerate(words):
        if word in ("--install", "--slave") and number + 3 < len(words):
            link, name, path = words[number + 1 : number + 4]
            if word == "--install":
                given = words[number + 4] if number + 4 < len(words) else ""
                group, priority = name, int(given) if re.fullmatch(r"-?[0-9]{1,9}", given) else 0
            yield Effect("alternative", link, path, group=group, name=name, priority=priority)


def _adduser(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, _VALUED["adduser"])
    if len(operands) > 1:
        yield Effect("member", operands[0], operands[1])
    elif operands and "--group" in options and "--system" not in options:
        yield Effect("group", operands[0], _known(options, {"gid": ("--gid",)}))
    elif operands:
        if "--group" in options:
            yield Effect("group", operands[0])
        yield Effect("user", operands[0], _known(options, _OPTIONS))


def _addgroup(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, _VALUED["adduser"])
    if len(operands) > 1:
        yield Effect("member", operands[0], operands[1])
    elif operands:
        yield Effect("group", operands[0], _known(options, {"gid": ("--gid",)}))


def _useradd(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, _VALUED["useradd"])
    if operands:
        yield Effect("user", operands[0], _known(options, _OPTIONS))


def _groupadd(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, _VALUED["groupadd"])
    if operands:
        yield Effect("group", operands[0], _known(options, {"gid": ("--gid", "-g")}))


def _known(options: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> str:
    found = [(name, options[key]) for name, keys in names.items() for key in keys if options.get(key)]
    return " ".join(f"{name}={value}" for name, value in found)


def _usermod(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, "-G --groups -g --gid -d --home -s --shell -c -u --uid")
    for group in (options.get("-G") or options.get("--groups") or "").split(","):
        if group and operands:
            yield Effect("member", operands[-1], group)


def _statoverride(words: Words) -> Iterator[Effect]:
    operands = [word for word in words if not word.startswith("-")]
    if "--add" in words and len(operands) == 4:
        user, group, mode, path = operands
        yield Effect("mode", path, mode)
        if (user, group) != ("root", "root"):
            yield Effect("owner", path, f"{user}:{group}")


def _divert(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, "--package --divert --admindir --instdir --root")
    if operands and not options.keys() & {"--list", "--listpackage", "--truename", "--remove"}:
        yield Effect("divert", operands[0], options.get("--divert", "") or f"{operands[0]}.distrib")


def _setcap(words: Words) -> Iterator[Effect]:
    operands = [word for word in words if word not in ("-q", "-v", "-n", "-r")]
    if len(operands) == 2:
        yield Effect("capability", operands[1], operands[0])


def _chown(words: Words) -> Iterator[Effect]:
    options, operands = _split(words)
    if operands and "--reference" not in options:
        owner = operands[0] if ":" in operands[0] else operands[0].replace(".", ":")
        owner = owner if ":" in owner else f"{owner}:"
        if owner not in ("root:root", "0:0", "root:"):
            yield from (Effect("owner", path, owner) for path in operands[1:])


def _chgrp(words: Words) -> Iterator[Effect]:
    operands = _split(words)[1]
    yield from (Effect("owner", path, f":{operands[0]}") for path in operands[1:] if operands[0] != "root")


def _chmod(words: Words) -> Iterator[Effect]:
    flags = ("-R", "-f", "-v", "-c", "--recursive", "--quiet", "--silent", "--verbose", "--changes")
    operands = [word for word in words if word not in flags and not word.startswith("--reference")]
    yield from (Effect("mode", path, operands[0]) for path in operands[1:])


def _mkdir(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, "-m --mode")
    for path in operands:
        yield Effect("directory", path)
        yield from _modes(path, options)


def _modes(path: str, options: Mapping[str, str]) -> Iterator[Effect]:
    if mode := options.get("-m") or options.get("--mode"):
        yield Effect("mode", path, mode)
    user = options.get("-o") or options.get("--owner") or "root"
    group = options.get("-g") or options.get("--group") or "root"
    if (user, group) != ("root", "root"):
        yield Effect("owner", path, f"{user}:{group}")


def _install(words: Words) -> Iterator[Effect]:
    options, operands = _split(words, "-m --mode -o --owner -g --group -t --target-directory -S --suffix")
    if "-d" in options or "--directory" in options:
        for path in operands:
            yield Effect("directory", path)
            yield from _modes(path, options)
    elif len(operands) == 2:
        yield Effect("file", _place(operands), operands[0])
        yield from _modes(_place(operands), options)


def _copy(words: Words) -> Iterator[Effect]:
    operands = _split(words)[1]
    if len(operands) == 2:
        yield Effect("file", _place(operands), operands[0])


def _link(words: Words) -> Iterator[Effect]:
    operands = _split(words)[1]
    if len(operands) == 2:
        yield Effect("link", _place(operands), operands[0])


def _ucf(words: Words) -> Iterator[Effect]:
    operands = _split(words, "--debug --state-dir --sum-file --src-dir")[1]
    if len(operands) == 2:
        yield Effect("file", operands[1], operands[0])


def _place(operands: Words) -> str:
    """Give where a file goes: into a directory by its own name."""
    source, place = operands
    return place + posixpath.basename(source) if place.endswith("/") else place


def _touch(words: Words) -> Iterator[Effect]:
    yield from (Effect("file", path) for path in _split(words, "-d -t -r")[1])


def _one(effect: Effect) -> Callable[[Words], Iterator[Effect]]:
    return lambda words: iter((effect,))


_READERS: Mapping[str, Callable[[Words], Iterator[Effect]]] = {
    "addgroup": _addgroup,
    "adduser": _adduser,
    "chgrp": _chgrp,
    "chmod": _chmod,
    "chown": _chown,
    "cp": _copy,
    "dpkg-divert": _divert,
    "dpkg-statoverride": _statoverride,
    "groupadd": _groupadd,
    "install": _install,
    "ldconfig": _one(Effect("ldconfig", "ldconfig")),
    "ln": _link,
    "mkdir": _mkdir,
    "setcap": _setcap,
    "touch": _touch,
    "ucf": _ucf,
    "update-alternatives": _alternatives,
    "update-ca-certificates": _one(Effect("certificates", "update-ca-certificates")),
    "update-passwd": _one(Effect("file", "/etc/passwd", "/usr/share/base-passwd/passwd.master")),
    "useradd": _useradd,
    "usermod": _usermod,
}
