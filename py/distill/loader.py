"""Which libraries an ELF file gets: the search of the dynamic loader, done on listings.

glibc (ld.so(8), "When resolving shared object dependencies"): an object whose name was loaded before is not looked for.
A name with a slash is a path. Otherwise: DT_RPATH of the object and of those that loaded it, unless it has DT_RUNPATH;
LD_LIBRARY_PATH; DT_RUNPATH of the object; the cache; the system's directories. musl: LD_LIBRARY_PATH; DT_RUNPATH or
DT_RPATH of the object and of those that loaded it; /lib, /usr/local/lib, /usr/lib. A file of another machine is passed
over.

The cache (/etc/ld.so.cache) and /etc/ld.so.conf are bytes that no listing has. What they usually name is searched: the
multiarch directories, and below /usr/local where there is a cache.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distill.listing import Elf
from distill.rootfs import Node, Rootfs

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


@dataclass(frozen=True)
class Process:
    """What the loader makes of one program, or of one library that is opened on its own."""

    objects: tuple[Loaded, ...]
    """In the order in which they are loaded, breadth first; the first is the program."""
    names: frozenset[str]
    """Names and sonames that are there."""
    missing: tuple[tuple[str, str], ...]
    """The path of an object, and the library that it needs and does not get."""


class Loader:
    """The loader of one image."""

    def __init__(self, rootfs: Rootfs, library_path: Sequence[str] = (), working_dir: str = "") -> None:
        """Take the image, the directories of LD_LIBRARY_PATH and the working directory of the process."""
        self._rootfs = rootfs
        self._library_path = tuple(library_path)
        self._working_dir = working_dir.strip("/")
        self._found: dict[tuple[str, str, str], tuple[str, Node, Elf] | None] = {}
        self._cached = rootfs.resolve("etc/ld.so.cache").node is not None

    def load(self, path: str, node: Node) -> Process:
        """Load the ELF file `node` at `path`, and all that it needs."""
        elf = node.file.elf
        if elf is None:
            return Process((), frozenset(), ())
        program = Loaded(path, node, elf)
        musl = "/ld-musl-" in elf.interpreter or any(name.startswith("libc.musl-") for name in elf.needed)
        objects, names = [program], {elf.soname} if elf.soname else set()
        missing: list[tuple[str, str]] = []
        if elf.interpreter:  # the loader itself is loaded before anything else
            names.add(elf.interpreter.rpartition("/")[2])
            interpreter = self._rootfs.resolve(elf.interpreter).node
            if interpreter and interpreter.file.elf:
                names.add(interpreter.file.elf.soname)
        files = {id(node.file)}
        for parent in objects:  # grows while it is walked
            for name in parent.elf.needed:
                if name in names or (musl and name.startswith(_MUSL_OWN) and not name.startswith("libc.musl-")):
                    continue
                names.add(name)
                found = self._search(name, parent, musl)
                if found is None:
                    missing.append((parent.node.record.path, name))
                    continue
                names.add(found[2].soname or name)
                if id(found[1].file) not in files:
                    files.add(id(found[1].file))
                    objects.append(Loaded(*found, parent))
        names -= {name for _, name in missing}
        return Process(tuple(objects), frozenset(names), tuple(missing))

    def _search(self, name: str, parent: Loaded, musl: bool) -> tuple[str, Node, Elf] | None:
        """Look for the library `name` that `parent` needs: where it is opened, the node and its facts."""
        machine = parent.elf.machine
        if "/" in name:
            return next(filter(None, (self._open(path, machine) for path in _expand(name, parent))), None)
        for directory in self._directories(parent, musl):
            key = (directory, name, machine)
            if key not in self._found:
                self._found[key] = self._open(f"{directory}/{name}", machine)
            if found := self._found[key]:
                return found
        return None

    def _open(self, path: str, machine: str) -> tuple[str, Node, Elf] | None:
        """Give the library at `path`, if it is one for `machine`."""
        if not path.startswith("/"):
            path = f"/{self._working_dir}/{path}"
        node = self._rootfs.resolve(path).node
        elf = node.file.elf if node and node.kind == "file" else None
        return (path.lstrip("/"), node, elf) if node and elf and elf.machine == machine else None

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
            yield from ("/lib", "/usr/local/lib", "/usr/lib")
            return
        if not parent.elf.runpath:
            for above in chain:
                for entry in () if above.elf.runpath else above.elf.rpath:
                    yield from _expand(entry, above)
        for entry in self._library_path:
            yield from _expand(entry, parent)
        for entry in parent.elf.runpath:
            yield from _expand(entry, parent)
        yield from self._system(parent.elf.machine)

    def _system(self, machine: str) -> Iterator[str]:
        """Give the directories of the system."""
        triplet = TRIPLETS.get(machine)
        for root in ("", "/usr", "/usr/local") if self._cached else ("", "/usr"):
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
