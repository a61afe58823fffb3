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
from collections.abc import Collection, Iterator, Sequence

from distill.listing import Dlopen
from distill.runtime import hwcaps
from distill.runtime.hwcaps import Levels
from distill.runtime.process import Block, Edge, Loaded, Process
from distill.runtime.rootfs import Node, Rootfs
from distill.runtime.sharing import Common, Opened, Wishes

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

_MUSL = "libc.musl-"


class Loader:
    """The loader of one image."""

    def __init__(
        self,
        rootfs: Rootfs,
        library_path: Sequence[str] = (),
        working_dir: str = "",
        more: Sequence[Rootfs] = (),
        *,
        shared: bool = True,
    ) -> None:
        """Take the image, the directories of LD_LIBRARY_PATH and the working directory of the process.

        In `more` what the image has not is looked for, in the first one and then in the others: what could be added.
        With `shared` false each process is loaded on its own, which gives the same.
        """
        self._common: dict[tuple[object, ...], Common] | None = {} if shared else None
        self._views = (rootfs, *more)
        self._library_path = tuple(library_path)
        self._working_dir = working_dir.strip("/")
        self._levels = tuple(Levels(view) for view in self._views)
        self._found: dict[tuple[int, str, str, str], Opened | None] = {}
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
            return Process((), {}, ())
        program = Loaded(path, node, elf)
        musl = "/ld-musl-" in elf.interpreter or any(name.startswith(_MUSL) for name in elf.needed)
        loader = self.interpreter(program) if elf.interpreter else None
        wished = frozenset(priorities)
        own = self._wishes(program, musl, wished, opened, is_program=True)
        if self._common is not None:
            key = (musl, elf.machine, elf.interpreter, wished)
            if key not in self._common:
                self._common[key] = self._new_common(program, loader, musl, wished)
            if process := self._common[key].process(program, own, loader):
                return process
        objects = [program]
        names: dict[str, Loaded] = {elf.soname: program} if elf.soname else {}
        blocks: list[Block] = []
        missing: set[str] = set()
        if loader:  # it is there before anything else
            names.update(dict.fromkeys(_names(loader, elf.interpreter), loader))
        files = {id(node.file): program}
        edges: list[Edge] = []

        def get(parent: Loaded, name: str) -> bool:
            if child := names.get(name):
                edges.append((parent, name, child))
                return True
            first: Loaded | None = None
            for found in self._search(name, parent, musl):
                child = files.get(id(found.node.file))
                if child is None:
                    child = Loaded(found.path, found.node, found.elf, parent, found.links)
                    files[id(found.node.file)] = child
                    objects.append(child)
                edges.append((parent, name, child))
                first = first or child
            if first:
                names[name] = first
                names.setdefault(first.elf.soname or name, first)
            return first is not None

        for parent in objects:  # grows while it is walked
            edges = [(program, elf.interpreter, loader)] if loader and parent is program else []
            wishes = own if parent is program else self._wishes(parent, musl, wished)
            lost = [name for name in wishes.needed if name not in missing and not get(parent, name)]
            for name in wishes.optional:
                get(parent, name)
            unopened: list[Dlopen] = []
            for wish in wishes.opened:
                if any(get(parent, name) for name in wish.soname):
                    continue
                if wish.priority == "required":
                    lost.append(wish.soname[0])
                else:
                    unopened.append(wish)
            missing.update(lost)
            blocks.append(Block(tuple(edges), tuple(lost), tuple(unopened)))
        return Process(tuple(objects), names, tuple(blocks))

    def _new_common(self, program: Loaded, loader: Loaded | None, musl: bool, priorities: frozenset[str]) -> Common:
        """Give what processes with the interpreter of `program` share."""
        fixed: dict[str, Loaded | None] = (
            dict.fromkeys(_names(loader, program.elf.interpreter), loader) if loader else {}
        )
        return Common(
            lambda name, parent: self._search(name, parent, musl),
            lambda parent: self._wishes(parent, musl, priorities),
            lambda elf: bool(elf.rpath or elf.runpath) if musl else bool(elf.rpath and not elf.runpath),
            fixed,
            frozenset(fixed),
        )

    @staticmethod
    def _wishes(
        parent: Loaded, musl: bool, priorities: Collection[str], opened: Sequence[str] = (), is_program: bool = False
    ) -> Wishes:
        """Give what `parent` asks for; the program also for `opened`."""
        elf = parent.elf
        dlopen = [wish for wish in elf.dlopen if wish.priority in priorities] if elf.dlopen else ()
        if musl:
            needed = [
                name for name in (*elf.needed, *opened) if not name.startswith(_MUSL_OWN) or name.startswith(_MUSL)
            ]
            return Wishes(needed, (), dlopen)
        if not (elf.filters or elf.auxiliary or is_program):
            return Wishes(elf.needed, (), dlopen)
        optional = (*elf.auxiliary, *elf.audit) if is_program else elf.auxiliary
        return Wishes((*elf.needed, *elf.filters, *opened), optional, dlopen)

    def interpreter(self, program: Loaded) -> Loaded | None:
        """Give the loader that PT_INTERP of `program` names, whatever its architecture."""
        for view in self._views:
            end = view.resolve(program.elf.interpreter)
            if end.node and end.node.file.elf:
                return Loaded(end.path, end.node, end.node.file.elf, program, end.links)
        return None

    def _search(self, name: str, parent: Loaded, musl: bool) -> Sequence[Opened]:
        """Look for the library `name` that `parent` needs; give it, and then its variants."""
        machine = parent.elf.machine
        variants: dict[int, Opened] = {}
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

    def _at(self, number: int, directory: str, name: str, machine: str) -> Opened | None:
        """Give the library `name` in `directory`, if it is one for `machine`."""
        key = (number, directory, name, machine)
        if key not in self._found:
            self._found[key] = self._open(self._views[number], f"{directory}/{name}", machine)
        return self._found[key]

    def _absolute(self, path: str) -> str:
        return path if path.startswith("/") else f"/{self._working_dir}/{path}"

    def _open(self, view: Rootfs, path: str, machine: str) -> Opened | None:
        """Give the library at `path`, if it is one for `machine`."""
        path = self._absolute(path)
        end = view.resolve(path)
        node = end.node
        elf = node.file.elf if node and node.kind == "file" else None
        return Opened(path.lstrip("/"), node, elf, end.links) if node and elf and elf.machine == machine else None

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


def _names(loader: Loaded, interpreter: str) -> tuple[str, str]:
    """Give the names by which the loader itself is there."""
    return interpreter.rpartition("/")[2], loader.elf.soname
