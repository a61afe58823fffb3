"""What an image lacks because no maintainer script ran in it, and scripts whose interpreter it lacks.

Layers of packages say in their listings what the scripts would have done (`Record.effects`). Here that is compared with
the image: what is there, by whatever layer, is handled.
"""

import posixpath
from collections.abc import Callable

from distill import globs
from distill.effect import Effect
from distill.listing import Record
from distill.package import slices
from distill.runtime.finding import Finding
from distill.runtime.rootfs import Node, Rootfs

Allowed = Callable[[str], bool]
"""Given a path or a name: whether the target says that a finding about it is no fault."""

_CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"

_CACHES = {
    "gdk-pixbuf-query-loaders": "usr/lib/*/gdk-pixbuf-2.0/*/loaders.cache",
    "glib-compile-schemas": "usr/share/glib-2.0/schemas/gschemas.compiled",
    "update-catalog": "etc/sgml/catalog",
    "update-mime-database": "usr/share/mime/mime.cache",
    "update-xmlcatalog": "etc/xml/catalog",
}
"""Files that programs miss. Other caches, such as fontconfig's, only save time."""

_MOST_NAMED = 8


def check(rootfs: Rootfs, allowed: Allowed = lambda subject: False) -> list[Finding]:
    """Give warnings of packages whose scripts would have made what `rootfs` lacks, and of scripts without interpreter.

    What is `allowed` is left out.
    """
    accounts = _Accounts(rootfs)
    findings: list[Finding] = []
    scripts: dict[tuple[str, str], list[str]] = {}
    for node in rootfs:
        record = node.record
        lacking = [e for e in record.effects if not allowed(e.subject) and not _handled(e, rootfs, accounts)]
        if lacking:
            findings.append(
                Finding(
                    f"maintainer scripts are not run, got {_name(record)}, which would have had"
                    f" {_listed([str(effect) for effect in lacking])}; {_advice(lacking)}",
                    tuple(effect.subject for effect in lacking),
                    "warning",
                )
            )
        interpreter = _interpreter(node)
        if interpreter and not allowed(record.path) and rootfs.resolve(interpreter).node is None:
            scripts.setdefault((_name(record), interpreter), []).append(f"/{record.path}")
    for (package, interpreter), found in scripts.items():
        findings.append(
            Finding(
                f"scripts of {package} need {interpreter}, which no layer has, got {_listed(found)};"
                " leave them out, add the package that has it, or name them in allow",
                tuple(path[1:] for path in found),
                "warning",
            )
        )
    return findings


def _name(record: Record) -> str:
    return record.package.partition("_")[0]


def _listed(found: list[str]) -> str:
    more = len(found) - _MOST_NAMED
    return ", ".join(found[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _advice(lacking: list[Effect]) -> str:
    ways = dict.fromkeys(effect.handled_by for effect in lacking)
    return f"use {'; '.join(ways)}; or name what is not needed in allow"


def _interpreter(node: Node) -> str:
    """Give the interpreter of a package's program that is a script; nothing for services, which nobody starts."""
    record = node.record
    if not record.shebang or not record.package or not record.bits & 0o111:
        return ""
    if slices.of_path(record.path) in ("services", "doc", slices.COPYRIGHT):
        return ""
    return record.shebang.split(None, 1)[0]


class _Accounts:
    """Names of users and groups, with their numbers, and the members of groups."""

    def __init__(self, rootfs: Rootfs) -> None:
        self.users: dict[str, int] = {}
        self.groups: dict[str, int] = {}
        self.members: dict[str, list[str]] = {}
        for path, numbers in (("etc/passwd", self.users), ("etc/group", self.groups)):
            node = rootfs.resolve(path).node
            for line in node.file.text.splitlines() if node else []:
                fields = line.split(":")
                if len(fields) > 3 and fields[2].isascii() and fields[2].isdigit():
                    numbers[fields[0]] = int(fields[2])
                    if path == "etc/group":
                        self.members[fields[0]] = fields[3].split(",")


def _handled(effect: Effect, rootfs: Rootfs, accounts: _Accounts) -> bool:
    """Say whether the image has `effect`, or does well without it."""
    kind, subject, detail = effect.kind, effect.subject, effect.detail
    if kind == "user":
        return subject in accounts.users
    if kind == "group":
        return subject in accounts.groups
    if kind == "member":
        return subject in accounts.members.get(detail, ())
    if kind == "certificates":
        return rootfs.get(_CERTIFICATES) is not None
    if kind == "cache":
        glob = _CACHES.get(subject)
        return glob is None or any(globs.compiled(glob).fullmatch(node.record.path) for node in rootfs)
    if kind in ("machine", "script"):
        return False
    if not effect.is_path:
        return True
    return _path_handled(effect, rootfs, accounts, rootfs.resolve(subject).node)


def _path_handled(effect: Effect, rootfs: Rootfs, accounts: _Accounts, node: Node | None) -> bool:
    kind, detail = effect.kind, effect.detail
    if kind == "capability":
        return node is None
    if kind == "divert":
        # A directory cannot be diverted (dpkg-divert(1)): libc6 does it to links of a merged /usr, to keep them.
        return node is None or node.kind != "file" or rootfs.resolve(detail).node is None
    if kind == "mode":
        return node is None or _has_mode(node.file, detail)
    if kind == "owner":
        user, _, group = detail.partition(":")
        return node is None or (
            accounts.users.get(user, node.file.uid) == node.file.uid
            and accounts.groups.get(group, node.file.gid) == node.file.gid
        )
    if node is not None or kind == "directory":
        return node is not None
    start = posixpath.dirname(effect.subject)
    # What a dropped file would have led to, or been copied to, is not missed.
    if detail:
        return rootfs.resolve(detail, start=start).node is None
    return not effect.subject.startswith("etc/")


def _has_mode(record: Record, mode: str) -> bool:
    if mode.isascii() and mode.isdigit():
        return record.bits == int(mode, 8) if set(mode) <= set("01234567") else True
    wanted = {"u+s": 0o4000, "g+s": 0o2000, "+t": 0o1000, "+x": 0o111}.get(mode, 0)
    return record.bits & wanted == wanted
