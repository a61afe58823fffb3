"""What ldconfig finds in an image: the shared libraries of the system's directories (ldconfig(8)).

Done on listings, for any architecture. A library is known by its soname, at the path of the link of that name. A link
counts where it has that name itself, or is what linkers use (`libz.so` of `libz.so.1`): it is known by that one too.
Of two files with one soname in a directory the later version counts (glibc 2.36, elf/ldconfig.c).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distill.elf import ld_so_cache
from distill.elf.ld_so_cache import Library
from distill.errors import InputError
from distill.listing import unescape
from distill.runtime import ld_so_conf
from distill.runtime.loader import TRIPLETS
from distill.runtime.rootfs import Node, Rootfs

_LIBC6 = 0x003
_FLAGS = {
    "amd64": {"amd64": 0x300, "i386": 0, "x32": 0x800},
    "arm64": {"arm64": 0xA00},
    "armel": {"armel": 0xB00},
    "armhf": {"armhf": 0x900},
    "i386": {"i386": 0, "amd64": 0x300, "x32": 0x800},
    "ppc64el": {"ppc64el": 0x500},
    "riscv64": {"riscv64": 0x1000},
    "s390x": {"s390x": 0x400},
}
"""By architecture of the image, the flag of each machine that runs there (sysdeps/generic/ldconfig.h)."""

_BIG_ENDIAN = ("s390x",)
_HWCAPS = "glibc-hwcaps"


@dataclass(frozen=True)
class Found:
    """The libraries of an image."""

    libraries: list[Library]
    """In the order in which ldconfig finds them."""
    links: dict[str, str]
    """Links to make, path (relative to the root) to target: those of a soname that the image does not have."""
    generator: str
    """What ldconfig of the image's glibc would call itself."""
    big_endian: bool


def find(rootfs: Rootfs, directories: Sequence[str] = ()) -> Found:
    """Find the libraries of `rootfs` in `directories` (absolute), then where ld.so.conf and Debian's ldconfig look.

    Raises:
        InputError: no C library, one for an architecture whose caches nobody has described, or a directory that is not
            there.
    """
    libc = _libc(rootfs)
    machine = libc.file.elf.machine if libc.file.elf else ""
    if machine not in _FLAGS:
        raise InputError(
            f"C library is for an architecture without a known cache, got {machine};"
            f" leave the cache out, or use one of {', '.join(sorted(_FLAGS))}"
        )
    for directory in directories:
        node = rootfs.resolve(directory).node
        if node is None or node.kind != "directory":
            raise InputError(f"directories names no directory of the image, got {directory}; add a layer that has it")
    triplet = TRIPLETS[machine]
    # Without a file that says otherwise, what Debian's say in order: libc.conf, then that of the multiarch triplet.
    configured = ld_so_conf.directories(rootfs) or ["/usr/local/lib", f"/usr/local/lib/{triplet}"]
    built_in = [f"/lib/{triplet}", f"/usr/lib/{triplet}", "/lib", "/usr/lib"]
    libraries: list[Library] = []
    links: dict[str, str] = {}
    seen: set[str] = set()
    for directory in [*directories, *configured, *built_in]:
        end = rootfs.resolve(directory)
        if end.node is None or end.node.kind != "directory" or end.path in seen:
            continue
        seen.add(end.path)
        _search(rootfs, directory, end.path, "", _FLAGS[machine], libraries, links)
        for below in rootfs.children(f"{end.path}/{_HWCAPS}"):
            name = unescape(below).rpartition("/")[2]
            path = f"{directory}/{_HWCAPS}/{name}"
            _search(rootfs, path, below, name, _FLAGS[machine], libraries, links)
    return Found(libraries, links, _generator(libc), machine in _BIG_ENDIAN)


def _libc(rootfs: Rootfs) -> Node:
    for node in rootfs:
        if node.file.elf and node.file.elf.soname == "libc.so.6":
            return node
    raise InputError("image has no C library that reads a cache, got no libc.so.6; add the package libc6")


def _generator(libc: Node) -> str:
    """Give what ldconfig -p says: `(Debian GLIBC 2.36-9)`, from the package that the C library is from."""
    name, _, rest = libc.record.package.partition("_")
    version = rest.rpartition("_")[0]
    if not name or not version:
        return "ldconfig"
    vendor = "Ubuntu" if "ubuntu" in version else "Debian"
    return f"ldconfig ({vendor} GLIBC {version}) stable release version {version.partition('-')[0]}"


@dataclass(frozen=True)
class _Candidate:
    name: str
    """Of the file in its directory."""
    soname: str
    is_link: bool
    flags: int


def _search(
    rootfs: Rootfs,
    directory: str,
    place: str,
    hwcaps: str,
    flags: dict[str, int],
    libraries: list[Library],
    links: dict[str, str],
) -> None:
    """Add what is in the directory `place`, which is called `directory`, to `libraries` and `links`."""
    chosen: dict[str, _Candidate] = {}
    for candidate in _candidates(rootfs, place, flags):
        other = chosen.get(candidate.soname)
        if other is None or _better(candidate, other):
            chosen[candidate.soname] = candidate
    for soname, candidate in chosen.items():
        # In a subdirectory of glibc-hwcaps files are meant themselves: whoever put them there makes the links.
        name = candidate.name if hwcaps else soname
        libraries.append(Library(soname, f"{directory}/{name}", candidate.flags | _LIBC6, hwcaps))
        if not hwcaps and not candidate.is_link and rootfs.get(f"{place}/{soname}") is None:
            links[f"{place}/{soname}"] = candidate.name


def _candidates(rootfs: Rootfs, place: str, flags: dict[str, int]) -> Iterator[_Candidate]:
    for path in rootfs.children(place):
        name = unescape(path).rpartition("/")[2]
        if not name.startswith(("lib", "ld-")) or ".so" not in name or name.endswith("-gdb.py"):
            continue
        node = rootfs.resolve(path).node
        elf = node.file.elf if node else None
        if elf is None or elf.kind != "shared" or elf.machine not in flags:
            continue
        soname = elf.soname or name
        entry = rootfs.get(path)
        is_link = entry is not None and entry.record.type == "symlink"
        if is_link and name != soname:
            if not (name.endswith(".so") and soname.startswith(name)):
                continue
            soname = name
        yield _Candidate(name, soname, is_link, flags[elf.machine])


def _better(one: _Candidate, other: _Candidate) -> bool:
    if one.is_link != other.is_link:
        return other.is_link
    return ld_so_cache.compare_names(other.name, one.name) < 0
