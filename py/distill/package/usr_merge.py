"""The merged /usr: what a package has in /bin, /sbin, /lib… goes to /usr/…, and links take its old place.

The layout is that of Debian's usrmerge and of file-hierarchy(7). Paths, symlink targets and hard link targets are
rewritten together. Where a link leads is reckoned from its names alone, as no other package can be looked into.
"""

import posixpath
import re
from collections.abc import Iterable

from msgspec.structs import replace

from distill.errors import ConflictError
from distill.tar import Entry

DIRECTORIES = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
"""The directories below the root that move below /usr, sorted."""

_LOADER = re.compile(r"usr/(lib[^/]*)/ld[^/]*\.so\.[^/]+")
"""Programs name it below the root, as the ABI says: /lib64/ld-linux-x86-64.so.2."""


def merged_path(path: str) -> str:
    """Give the place of `path` (relative to the root) in a merged system: `lib/x` is `usr/lib/x`."""
    return f"usr/{path}" if path.partition("/")[0] in DIRECTORIES else path


def merged_target(path: str, target: str) -> str:
    """Give the target for the symlink `path` once it and what it leads to have moved; `target` as it stands if it may.

    An absolute target stays absolute. One that leads out of the root is left alone, for the kernel stops at the root.
    """
    if target.startswith("/"):
        plain = posixpath.normpath(target).lstrip("/")
        moved = merged_path(plain)
        return target if moved == plain else f"/{moved}"
    here, there = posixpath.dirname(path), posixpath.dirname(merged_path(path))
    leads_to = merged_path(_resolved(here, target))
    if here == there and leads_to == _resolved(here, target):
        return target
    if leads_to == _resolved(there, target):
        return target
    return posixpath.relpath(f"/{leads_to}", f"/{there}")


def merge(entries: Iterable[tuple[Entry, int]], origin: str) -> tuple[list[tuple[Entry, int]], list[str]]:
    """Rewrite the `entries` of one package (with the offsets of their data), which errors call `origin`.

    Gives the rewritten entries in their order, and the sorted names of DIRECTORIES that have to become symlinks
    (`lib` -> `usr/lib`): because something moved out of them, or because a loader stands where they lead, as that of
    libc6 does since Debian 13. An entry that is such a link already is left out of the entries; so is a symlink that
    would lead to itself, as /bin/x -> /usr/bin/x does.

    Raises:
        ConflictError: two paths that fall together and are not directories of the same owner and mode, or a file or a
            foreign link where one of DIRECTORIES should be.
    """
    merged: dict[str, tuple[Entry, int]] = {}
    before: dict[str, str] = {}
    moved: set[str] = set()
    for entry, offset in entries:
        top = entry.path.partition("/")[0]
        if top in DIRECTORIES:
            moved.add(top)
            if entry.path == top and entry.kind != "directory":
                _check_link(entry, origin)
                continue
        elif loader := _LOADER.fullmatch(entry.path):
            moved.add(loader[1])
        new = _rewritten(entry)
        if new is not entry and new.kind == "symlink" and _resolved(posixpath.dirname(new.path), new.link) == new.path:
            continue
        old = merged.get(new.path)
        if old is None:
            merged[new.path] = (new, offset)
            before[new.path] = entry.path
        elif not (old[0].kind == new.kind == "directory" and _owner(old[0]) == _owner(new)):
            raise ConflictError(
                f"{origin}: two paths fall together in a merged /usr, got {before[new.path]} and {entry.path};"
                " exclude one of them, or set usr_merged to False"
            )
    return list(merged.values()), sorted(moved)


def links(directories: Iterable[str]) -> list[Entry]:
    """Give the symlinks that stand for the moved `directories`: `lib` -> `usr/lib`."""
    return [
        Entry(path=name, kind="symlink", mode=0o777, uid=0, gid=0, mtime=0, size=0, link=f"usr/{name}")
        for name in directories
    ]


def _rewritten(entry: Entry) -> Entry:
    path = merged_path(entry.path)
    link = entry.link
    if entry.kind == "symlink":
        link = merged_target(entry.path, link)
    elif entry.kind == "hardlink":
        link = merged_path(link)
    return entry if (path, link) == (entry.path, entry.link) else replace(entry, path=path, link=link)


def _check_link(entry: Entry, origin: str) -> None:
    if entry.kind != "symlink" or _resolved("", entry.link) != f"usr/{entry.path}":
        got = f"{entry.kind} {entry.path}" + (f" -> {entry.link}" if entry.link else "")
        raise ConflictError(
            f"{origin}: {entry.path} stands where a merged /usr has its link, got {got};"
            " exclude it, or set usr_merged to False"
        )


def _resolved(directory: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", directory, target)).lstrip("/")


def _owner(entry: Entry) -> tuple[int, int, int]:
    return entry.mode, entry.uid, entry.gid
