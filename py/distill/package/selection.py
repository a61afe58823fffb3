"""Selection: the entries of a package that a layer takes, so that what is left is sound by itself.

- A directory stays where something below it stays, or where it was empty in the package and is kept itself.
- A hard link whose target goes becomes a file; further links to that target lead to it.
- A symlink that led to something of the package, and does not any more, goes too. One that leads elsewhere stays.
"""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from distill import globs
from distill.errors import InputError
from distill.package import slices
from distill.package.slice_choice import Part
from distill.package.usr_merge import merged_path
from distill.tar import Entry

Entries = list[tuple[Entry, int]]
"""Entries with the offsets of their data."""

_MOST_LINKS = 40  # as Linux, path_resolution(7)


@dataclass(frozen=True)
class Selection:
    """What to take: slices to keep (empty: all but `drop`), then globs that add, then globs that take away.

    What `exclude` matches goes whatever else says so; only the copyright stays always.
    """

    keep: Sequence[str] = ()
    drop: Sequence[str] = slices.DEFAULT_DROP
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    usr_merged: bool = True
    """Whether `lib/x` and `usr/lib/x` are the same, in globs as in paths."""
    parts: Mapping[str, Part] | None = None
    """What slices that belong to one package take besides, by package. Where nothing else is given, packages that are
    not named here are left out."""
    slices: frozenset[str] = field(init=False)
    """The names of the kept slices."""

    def __post_init__(self) -> None:
        keep = list(self.keep) or ([slices.COPYRIGHT] if self.parts is not None else [])
        object.__setattr__(self, "slices", slices.kept(keep, list(self.drop)))

    def takes(self, entry: Entry, package: str) -> bool:
        """Say whether `entry` of the package named `package` is asked for."""
        name = slices.classify(entry, package)
        if name == slices.COPYRIGHT:
            return True
        if any(self._matches(glob, entry.path) for glob in self.exclude):
            return False
        part = (self.parts or {}).get(package)
        if part and (name in part.generic or part.takes(entry.path)):
            return True
        return name in self.slices or any(self._matches(glob, entry.path) for glob in self.include)

    def names(self, package: str, entries: Iterable[Entry]) -> bool:
        """Say whether anything of the package named `package`, which has `entries`, is asked for."""
        if self.parts is None or self.keep or package in self.parts:
            return True
        return any(self._matches(glob, entry.path) for glob in self.include for entry in entries)

    def check(self, paths: Iterable[str], origin: str) -> None:
        """See that each glob matches one of `paths`, which are those of all packages together, called `origin`.

        Raises:
            InputError: a glob that matches nothing.
        """
        known = list(paths)
        for attribute, found in (("include", self.include), ("exclude", self.exclude)):
            for glob in found:
                if not any(self._matches(glob, path) for path in known):
                    close = globs.near(self._place(glob), map(self._place, known))
                    hint = f"did you mean {', '.join(close)}?" if close else "list the package's files and correct it"
                    raise InputError(f"{attribute} matches nothing in {origin}, got {glob!r}; {hint}")

    def _matches(self, glob: str, path: str) -> bool:
        return globs.compiled(self._place(glob)).fullmatch(self._place(path)) is not None

    def _place(self, path: str) -> str:
        path = path.lstrip("/")
        return merged_path(path) if self.usr_merged else path


def select(entries: Entries, package: str, selection: Selection) -> Entries:
    """Give those of `entries`, all of the package named `package`, that `selection` takes, in their order."""
    full = {entry.path: entry for entry, _ in entries}
    taken = {path for path, entry in full.items() if selection.takes(entry, package)}
    for path in [path for path in taken if full[path].kind == "symlink"]:
        if slices.classify(full[path], package) == slices.COPYRIGHT and (leads_to := resolved(path, full)):
            taken.add(leads_to)
    taken = _without_dangling(_without_emptied(taken, full), full)
    return promoted([(entry, offset) for entry, offset in entries if entry.path in taken], entries)


def resolved(path: str, entries: Mapping[str, Entry]) -> str | None:
    """Give the path that `path` leads to; None where that is none of `entries`."""
    way = follow(path, entries)
    return way[-1] if way else None


def follow(path: str, entries: Mapping[str, Entry]) -> list[str]:
    """Follow the symlinks of `entries` from `path` as the kernel does, one for a directory of the way included.

    Gives the symlinks that are passed and then where they lead; nothing where that is none of `entries`.
    """
    rest = path.split("/")[::-1]
    done: list[str] = []
    way: list[str] = []
    while rest:
        name = rest.pop()
        if name in {"", "."}:
            continue
        if name == "..":
            del done[-1:]
            continue
        done.append(name)
        entry = entries.get("/".join(done))
        if entry is not None and entry.kind == "symlink":
            way.append(entry.path)
            if len(way) > _MOST_LINKS:
                return []
            done = [] if entry.link.startswith("/") else done[:-1]
            rest += entry.link.split("/")[::-1]
    found = "/".join(done)
    return [*way, found] if found in entries else []


def _without_emptied(taken: set[str], full: Mapping[str, Entry]) -> set[str]:
    """Give `taken` with the directories that lead to it, without those that only hold what is not taken."""
    parents = {posixpath.dirname(path) for path in full}
    files = {path for path in taken if full[path].kind != "directory"}
    empty = {path for path in taken if full[path].kind == "directory" and path not in parents}
    needed: set[str] = set()
    for path in files | empty:
        while (path := posixpath.dirname(path)) and path not in needed:
            needed.add(path)
    return files | empty | {path for path in needed if path in full}


def _without_dangling(taken: set[str], full: Mapping[str, Entry]) -> set[str]:
    """Give `taken` without the symlinks whose way through the package is gone, till none is left."""
    while True:
        left = {path: full[path] for path in taken}
        gone = {
            path
            for path, entry in left.items()
            if entry.kind == "symlink" and resolved(path, full) is not None and resolved(path, left) is None
        }
        if not gone:
            return taken
        taken = _without_emptied(taken - gone, full)


def promoted(kept: Entries, entries: Entries) -> Entries:
    """Give `kept`, some of `entries`; the first hard link to a file not kept becomes it, others link to that."""
    whole = {entry.path: (entry, offset) for entry, offset in entries}
    heirs = {entry.path: entry.path for entry, _ in kept if entry.kind != "hardlink"}
    result: Entries = []
    for entry, offset in kept:
        if entry.kind != "hardlink":
            result.append((entry, offset))
            continue
        target = _file_of(entry, whole)
        heir = heirs.setdefault(target, entry.path)
        if heir == entry.path:
            file, data = whole[target]
            result.append((replace(file, path=entry.path), data))
        else:
            result.append((replace(entry, link=heir), offset))
    return result


def _file_of(entry: Entry, whole: Mapping[str, tuple[Entry, int]]) -> str:
    while entry.kind == "hardlink":
        entry = whole[entry.link][0]
    return entry.path
