"""/etc/ld.so.conf: in which directories ldconfig looks for libraries (ldconfig(8); glibc 2.36, elf/ldconfig.c)."""

import fnmatch

from distill.listing import unescape
from distill.runtime.rootfs import Rootfs

CONF = "etc/ld.so.conf"
_MOST_FILES = 1000


def directories(rootfs: Rootfs) -> list[str]:
    """Give the directories, absolute, that ld.so.conf of `rootfs` and what it includes name, in order and once each.

    Includes that go in a circle are read once. `hwcap` lines say nothing that any loader of today reads.
    """
    found: dict[str, None] = {}
    pending, seen = [CONF], set[str]()
    while pending and len(seen) < _MOST_FILES:
        path = pending.pop()
        node = rootfs.resolve(path).node
        if node is None or path in seen:
            continue
        seen.add(path)
        included: list[str] = []
        for line in node.file.text.splitlines():
            words = line.partition("#")[0].split()
            if words[:1] == ["include"]:
                included += [place for pattern in words[1:] for place in _matching(rootfs, pattern)]
            elif words and words[0].startswith("/"):
                # `=TYPE` behind a directory told the kind of C library, long ago.
                found.update(dict.fromkeys(word.partition("=")[0].rstrip("/") or "/" for word in words))
        pending.extend(reversed(included))
    return list(found)


def has(rootfs: Rootfs, directory: str) -> bool:
    """Say whether ld.so.conf leads to `directory`, relative to the root, by this path or by a link to it.

    If the loader does not look there all the same, a cache is missing, or was made before.
    """
    wanted = rootfs.resolve(f"/{directory}").path
    return any(rootfs.resolve(found).path == wanted for found in directories(rootfs))


ADVICE = "where /etc/ld.so.conf leads but no /etc/ld.so.cache, and the loader reads only that; add an ld_so_cache_layer"
"""What to say of a library in such a directory."""


def _matching(rootfs: Rootfs, pattern: str) -> list[str]:
    """Give the files that an `include` names: one relative to /etc, or a glob in one directory."""
    place = pattern if pattern.startswith("/") else f"/etc/{pattern}"
    directory, _, name = place.rpartition("/")
    end = rootfs.resolve(directory or "/")
    if end.node is None:
        return []
    children = ((unescape(path).rpartition("/")[2], path) for path in rootfs.children(end.path))
    return [path for base, path in sorted(children) if fnmatch.fnmatchcase(base, name)]
