"""A program of Debian packages with the libraries that it loads, to be run where it is unpacked.

Nothing of the machine takes part: the program is started by the loader of the packages, which is told where the
libraries are (ld.so(8), `--library-path`). Program and further files stand as in their packages below one directory, so
that a program that looks for files from where it stands itself, as Python does, finds them.
"""

import os
import posixpath
import shlex
from collections.abc import Iterable
from pathlib import Path

from distill import globs, paths
from distill.elf import file as elf
from distill.errors import InputError
from distill.layer.tree import Source
from distill.listing import Elf, unescape
from distill.package import usr_merge

_MOST_LINKS = 40
_ADVICE = "add the package that has it to packages"

_FIND = """#!/bin/sh
# The directory stands beside this script, or in its runfiles, where an action has those alone.
name=${0##*/}.files
files=$(cd "$(dirname "$0")" && pwd)/$name
below=$(dirname "$0")/
while [ ! -d "$files" ]; do
    for files in "$0.runfiles"/*/"$below$name"; do [ -d "$files" ] && break; done
    [ -n "$below" ] || break
    below=${below#*/}
done
"""
_LOADER = """exec "$files/loader" --library-path "$files/lib" "$files/"{program} "$@"
"""
_STATIC = """exec "$files/"{program} "$@"
"""
_ROOT = "root"
"""The directory for what stands as in its package."""


class Files:
    """The files of packages in a merged /usr, of which some are taken."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Take `sources`, whose packages must stay open."""
        self._sources = {source.entry.path: source for source in sources}
        self._libraries: dict[str, list[str]] = {}
        for path in sorted(self._sources, key=paths.encode):
            if path.startswith("usr/lib") and self._sources[path].entry.kind != "directory":
                self._libraries.setdefault(posixpath.basename(path), []).append(path)

    def find(self, path: str) -> Source | None:
        """Give the file at `path`, through symlinks, None where there is none."""
        path = usr_merge.merged_path(posixpath.normpath(path).lstrip("/"))
        for _ in range(_MOST_LINKS):
            source = self._sources.get(path)
            if source is None or source.entry.kind == "file":
                return source
            link = source.entry.link
            target = link if source.entry.kind == "hardlink" else posixpath.join("/", posixpath.dirname(path), link)
            path = usr_merge.merged_path(posixpath.normpath(target).lstrip("/"))
        return None

    def library(self, soname: str, machine: str) -> Source | None:
        """Give the library `soname` for `machine`, None where there is none."""
        for path in self._libraries.get(soname, ()):
            source = self.find(path)
            if source is not None and (facts := _facts(source)) is not None and facts.machine == machine:
                return source
        return None

    def matching(self, glob: str) -> dict[str, Source]:
        """Give the files whose paths `glob` matches, by path; what a link leads to stands at the link's.

        Raises:
            InputError: there are none.
        """
        pattern = globs.compiled(usr_merge.merged_path(glob.lstrip("/")))
        matched = [path for path in self._sources if pattern.fullmatch(path)]
        found = {path: source for path in matched if (source := self.find(path)) and source.entry.kind == "file"}
        if not found:
            near = globs.near(glob, self._sources)
            hint = f"did you mean {', '.join(near)}?" if near else _ADVICE
            raise InputError(f"files matches no file of the packages, got {glob!r}; {hint}")
        return found


def unpack(files: Files, program: str, out: Path, more: Iterable[str] = ()) -> str:
    """Write `program` (a path of `files`) to the directory `out`, with its loader and libraries, and give its launcher.

    The launcher is a script that finds `out` by its own name and `.files`. `more` are globs of files to come along.

    Raises:
        InputError: a program that is not there or is no ELF program, a library or loader that is not there, or a glob
            that matches nothing.
    """
    source = files.find(program)
    facts = _facts(source) if source is not None else None
    if source is None or facts is None:
        what = "is no ELF program" if source is not None else "is not there"
        raise InputError(f"path is of a program that {what}, got {program}; name a program of the packages")
    (out / "lib").mkdir(parents=True, exist_ok=True)
    place = f"{_ROOT}/{usr_merge.merged_path(posixpath.normpath(program).lstrip('/'))}"
    for glob in more:
        for path, each in files.matching(glob).items():
            _write(each, out / _ROOT / path)
    _write(source, out / place)
    waiting, seen = [(program, soname) for soname in facts.needed], set(facts.needed)
    while waiting:
        by, soname = waiting.pop(0)
        library = files.library(unescape(soname), facts.machine)
        if library is None:
            raise InputError(f"path is of a program whose library is not there, got {soname} of {by}; {_ADVICE}")
        _write(library, out / "lib" / posixpath.basename(unescape(soname)))
        below = _facts(library)
        for name in below.needed if below else ():
            if name not in seen:
                seen.add(name)
                waiting.append((soname, name))
    if not facts.interpreter:
        return _FIND + _STATIC.format(program=shlex.quote(place))
    loader = files.find(unescape(facts.interpreter))
    if loader is None:
        raise InputError(f"path is of a program whose loader is not there, got {facts.interpreter}; {_ADVICE}")
    _write(loader, out / "loader")
    return _FIND + _LOADER.format(program=shlex.quote(place))


def _facts(source: Source) -> Elf | None:
    if source.fd is None:
        raise ValueError(f"no file of a package: {source.entry.path!r}")
    return elf.parse_file(source.fd, source.offset, source.entry.size)


def _write(source: Source, out: Path) -> None:
    if source.fd is None:
        raise ValueError(f"no file of a package: {source.entry.path!r}")
    size = source.entry.size
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb", buffering=0) as stream:
        for at in range(0, size, 1 << 20):
            stream.write(os.pread(source.fd, min(1 << 20, size - at), source.offset + at))
    out.chmod(0o755)
