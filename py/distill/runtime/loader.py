"""Which libraries an ELF file gets: the search of the dynamic loader, done on listings.

glibc (ld.so(8), "When resolving shared object dependencies"): an object whose name was loaded before is not looked for.
A name with a slash is a path. Otherwise: DT_RPATH of the object and of those that loaded it, unless it has DT_RUNPATH;
LD_LIBRARY_PATH; DT_RUNPATH of the object; the cache; the system's directories. musl: LD_LIBRARY_PATH; DT_RUNPATH or
DT_RPATH of the object and of those that loaded it; /lib, /usr/local/lib, /usr/lib. A file of another machine is passed
over.

With glibc each directory may have variants for better processors (hwcaps). Which of them a process gets depends on
where it runs, so it gets the library of the directory and, besides, each variant that some processor would get instead;
a library that is there as variants only counts as found, as the lowest of them. Directories of glibc before 2.37
(`tls`, `haswell`) are not looked into.

An object with DF_1_NODEFLIB gets nothing from the system's directories. DT_FILTER is loaded as DT_NEEDED is; so are, if
they are there, DT_AUXILIARY, and DT_AUDIT of a program (glibc 2.36, elf/dl-deps.c, elf/rtld.c). musl knows none.

Of the cache (/etc/ld.so.cache) a listing has the directories; ld.so.conf(5) is read by ldconfig only, when it makes
one. Of musl's /etc/ld-musl-<architecture>.path, which stands for its directories, a listing has the text.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from distill.listing import Dlopen, Elf
from distill.runtime import hwcaps
from distill.runtime.hwcaps import Levels
from distill.runtime.rootfs import Node, Rootfs

TRIPLETS = {
    "amd64": "x86_64-linux-gnu",
    "arm64": "aarch64-linux-gnu",
    "armel": "arm-linux-gnueabi",
    "armhf": "arm-linux-gnueabihf",
    "i386": "i386-linux-gnu",
    "loong64": "loongarch64-linux-gnu",
    "mips64el": "mips64el-linux-gnuabi64",
    "ppc64el": "powerpc64le-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "x32": "x86_64-linux-gnux32",
}
"""Debian's multiarch directory of each machine."""

_MUSL_OWN = tuple(f"lib{name}." for name in ("c", "pthread", "rt", "m", "dl", "util", "xnet"))
"""Libraries that are part of musl's loader: what is named so is never looked for (musl, ldso/dynlink.c)."""


@dataclass(frozen=True)
class Loaded:
    """An ELF file in a process: `path` is where it was opened (links not followed), for `$ORIGIN`."""

    path: str
    node: Node
    elf: Elf
    by: "Loaded | None" = None
    """The object that needs it; None for the program."""
    links: tuple[str, ...] = ()
    """The symlinks on the way from `path` to the file."""


@dataclass(frozen=True)
class Process:
    """What the loader makes of one program, or of one library that is opened on its own."""

    objects: tuple[Loaded, ...]
    """In the order in which they are loaded, breadth first; the first is the program."""
    names: Mapping[str, Loaded]
    """Names and sonames that are there, and what they lead to."""
    edges: tuple[tuple[Loaded, str, Loaded], ...]
    """Who needs which name, and what it gets; first the loader itself, which PT_INTERP names."""
    missing: tuple[tuple[str, str], ...]
    """The path of an object, and the library that it needs and does not get."""
    unopened: tuple[tuple[str, Dlopen], ...] = ()
    """The path of an object, and what it would open of its own accord and does without."""


class _Opened(NamedTuple):
    """A library that was found, and where it was opened."""

    path: str
    node: Node
    elf: Elf
    links: tuple[str, ...]


class Loader:
    """The loader of one image."""

    def __init__(
        self,
        rootfs: Rootfs,
        library_path: Sequence[str] = (),
        working_dir: str = "",
        more: Sequence[Rootfs] = (),
    ) -> None:
        """Take the image, the directories of LD_LIBRARY_PATH and the working directory of the process.

        In `more` what the image has not is looked for, in the first one and then in the others: what could be added.
        """
        self._views = (rootfs, *more)
        self._library_path = tuple(library_path)
        self._working_dir = working_dir.strip("/")
        self._levels = tuple(Levels(view) for view in self._views)
        self._found: dict[tuple[int, str, str, str], _Opened | None] = {}
        cache = rootfs.resolve("etc/ld.so.cache").node
        self._cached = cache is not None
        lines = cache.file.text.splitlines() if cache else []
        # Variants are found by the directory that they are below.
        self._cache = tuple(line for line in lines if f"/{hwcaps.FOLDER}/" not in line)

    def load(
        self, path: str, node: Node, opened: Sequence[str] = (), priorities: Collection[str] = ("required",)
    ) -> Process:
        """Load the ELF file `node` at `path`, all that it needs, and all of `opened`, which it opens itself.

        What an object says that it opens (`Elf.dlopen`) is looked for where its priority is one of `priorities`, and
        missing where it is required.
        """
        elf = node.file.elf
        if elf is None:
            return Process((), {}, (), ())
        program = Loaded(path, node, elf)
        musl = "/ld-musl-" in elf.interpreter or any(name.startswith("libc.musl-") for name in elf.needed)
        objects = [program]
        names: dict[str, Loaded] = {elf.soname: program} if elf.soname else {}
        edges: list[tuple[Loaded, str, Loaded]] = []
        missing: dict[str, str] = {}
        if elf.interpreter and (loader := self.interpreter(program)):  # it is loaded before anything else
            names[elf.interpreter.rpartition("/")[2]] = names[loader.elf.soname] = loader
            edges.append((program, elf.interpreter, loader))
        files = {id(node.file): program}
        unopened: list[tuple[str, Dlopen]] = []

        def known(found: _Opened, parent: Loaded) -> Loaded:
            child = files.get(id(found.node.file))
            if child is None:
                child = Loaded(found.path, found.node, found.elf, parent, found.links)
                files[id(found.node.file)] = child
                objects.append(child)
            return child

        def get(parent: Loaded, name: str) -> bool:
            child = names.get(name)
            if child is not None:
                edges.append((parent, name, child))
                return True
            for number, found in enumerate(self._search(name, parent, musl)):
                child = known(found, parent)
                edges.append((parent, name, child))
                if not number:
                    names[name] = child
                    names.setdefault(child.elf.soname or name, child)
            return child is not None

        for parent in objects:  # grows while it is walked
            wanted: list[str] = list(parent.elf.needed)
            optional: list[str] = []
            if not musl:
                wanted += parent.elf.filters
                optional += parent.elf.auxiliary
            if parent is program:
                wanted += opened
                optional += () if musl else parent.elf.audit
            for name in wanted:
                if name in missing or (musl and name.startswith(_MUSL_OWN) and not name.startswith("libc.musl-")):
                    continue
                if not get(parent, name):
                    missing[name] = parent.node.record.path
            for name in optional:
                get(parent, name)
            for wish in parent.elf.dlopen:
                if wish.priority not in priorities or any(get(parent, name) for name in wish.soname):
                    continue
                if wish.priority == "required":
                    missing.setdefault(wish.soname[0], parent.node.record.path)
                else:
                    unopened.append((parent.node.record.path, wish))
        return Process(
            tuple(objects), names, tuple(edges), tuple((by, name) for name, by in missing.items()), tuple(unopened)
        )

    def interpreter(self, program: Loaded) -> Loaded | None:
        """Give the loader that PT_INTERP of `program` names, whatever its architecture."""
        for view in self._views:
            end = view.resolve(program.elf.interpreter)
            if end.node and end.node.file.elf:
                return Loaded(end.path, end.node, end.node.file.elf, program, end.links)
        return None

    def _search(self, name: str, parent: Loaded, musl: bool) -> Sequence[_Opened]:
        """Look for the library `name` that `parent` needs; give it, and then its variants."""
        machine = parent.elf.machine
        variants: dict[int, _Opened] = {}
        for number, view in enumerate(self._views):
            if "/" in name:
                for path in _expand(name, parent):
                    if found := self._open(view, path, machine):
                        return (found,)
                continue
            for directory in self._directories(parent, musl):
                if not musl:
                    for level in self._levels[number].below(self._absolute(directory)):
                        if found := self._at(number, level, name, machine):
                            variants.setdefault(id(found.node.file), found)
                if found := self._at(number, directory, name, machine):
                    variants.pop(id(found.node.file), None)
                    return (found, *variants.values())
        return tuple(variants.values())

    def _at(self, number: int, directory: str, name: str, machine: str) -> "_Opened | None":
        """Give the library `name` in `directory`, if it is one for `machine`."""
        key = (number, directory, name, machine)
        if key not in self._found:
            self._found[key] = self._open(self._views[number], f"{directory}/{name}", machine)
        return self._found[key]

    def _absolute(self, path: str) -> str:
        return path if path.startswith("/") else f"/{self._working_dir}/{path}"

    def _open(self, view: Rootfs, path: str, machine: str) -> "_Opened | None":
        """Give the library at `path`, if it is one for `machine`."""
        path = self._absolute(path)
        end = view.resolve(path)
        node = end.node
        elf = node.file.elf if node and node.kind == "file" else None
        return _Opened(path.lstrip("/"), node, elf, end.links) if node and elf and elf.machine == machine else None

    def _directories(self, parent: Loaded, musl: bool) -> Iterator[str]:
        """Give the directories to search for what `parent` needs, in order, absolute or relative to the working one."""
        chain: list[Loaded] = []
        above: Loaded | None = parent
        while above:
            chain.append(above)
            above = above.by
        if musl:
            yield from self._library_path
            for above in chain:
                for entry in above.elf.runpath or above.elf.rpath:
                    yield from _expand(entry, above)
            yield from self._musl(chain[-1].elf.interpreter)
            return
        if not parent.elf.runpath:
            for above in chain:
                for entry in () if above.elf.runpath else above.elf.rpath:
                    yield from _expand(entry, above)
        for entry in self._library_path:
            yield from _expand(entry, parent)
        for entry in parent.elf.runpath:
            yield from _expand(entry, parent)
        system = self._system(parent.elf.machine)
        if parent.elf.own_directories_only:
            own = set(system)
            yield from (directory for directory in self._cache if directory not in own)
            return
        yield from self._cache
        yield from system

    def _musl(self, interpreter: str) -> Iterator[str]:
        """Give the directories of musl, which its file of paths may name."""
        name = interpreter.rpartition("/")[2].removesuffix(".so.1")
        paths = self._views[0].resolve(f"etc/{name}.path").node if name.startswith("ld-musl-") else None
        if paths and paths.file.text:
            yield from (entry for entry in re.split(r"[:\n]", paths.file.text) if entry)
            return
        yield from ("/lib", "/usr/local/lib", "/usr/lib")

    def _system(self, machine: str) -> Iterator[str]:
        """Give the directories of the system, without those that only the cache names."""
        # A layer whose listing does not say what the cache names: Debian's ld.so.conf has /usr/local besides.
        yield from system_directories(machine, local=self._cached and not self._cache)


def system_directories(machine: str, *, local: bool = False) -> Iterator[str]:
    """Give the directories, absolute, in which the loader of glibc looks for libraries for `machine` in any case.

    With `local` those below /usr/local too.
    """
    triplet = TRIPLETS.get(machine)
    for root in ("", "/usr", "/usr/local") if local else ("", "/usr"):
        if triplet:
            yield f"{root}/lib/{triplet}"
        yield f"{root}/lib"
        yield f"{root}/lib64"
    if machine == "i386":
        yield from ("/lib32", "/usr/lib32", "/lib/i686-linux-gnu", "/usr/lib/i686-linux-gnu")


def _expand(text: str, loaded: Loaded) -> Iterator[str]:
    """Put values for tokens (ld.so(8), "Dynamic string tokens"); `$LIB` depends on the system: each value is tried."""
    if "$" not in text:
        yield text.rstrip("/") or text or "."
        return
    triplet = TRIPLETS.get(loaded.elf.machine, "")
    origin = "/" + loaded.path.rpartition("/")[0]
    for lib in (f"lib/{triplet}", "lib", "lib64"):
        expanded = text
        for token, value in (("ORIGIN", origin), ("LIB", lib), ("PLATFORM", triplet.partition("-")[0])):
            expanded = expanded.replace(f"${{{token}}}", value).replace(f"${token}", value)
        yield expanded.rstrip("/") or "/"
        if "LIB" not in text:
            return
