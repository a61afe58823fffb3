"""Unpacks the merged view of an image, so that one user, who owns all of it, may do there what the image's user may.

No directory of an image is to be trusted: every path is made anew below a directory of ours, parents first, and
nothing is opened through a link.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from distill import listing, paths
from distill.errors import ImageError
from distill.listing import Record
from distill.runtime.identity import EXECUTE, READ, WRITE, Identity
from distill.runtime.rootfs import Node, Rootfs

Copy = Callable[[Node, int], None]
"""Writes the bytes of a file to an open file."""


def unpack(
    rootfs: Rootfs,
    copy: Copy,
    root: Path,
    who: Identity,
    directories: Iterable[str] = (),
    files: Iterable[str] = (),
) -> None:
    """Lay out `rootfs` in the empty directory `root`, with `directories` and `files` (`target`) that an engine adds.

    Whoever calls owns all files. Their owners' bits become what `who` may do, so that a process that appears as `who`
    is refused what an engine would refuse it. Devices, which only root can make, are left out.

    Raises:
        PathError: a path that climbs out of the root.
        FormatError: a listing and a blob that do not agree.
    """
    made: list[tuple[str, int]] = []
    written: dict[int, str] = {}
    known = {""}
    base = os.fspath(root)
    with _Directory(base) as above:
        for node in rootfs:
            path = listing.unescape(node.record.path)
            parent, _, name = path.rpartition("/")
            if parent not in known or name in ("", ".", ".."):
                path = paths.normalize(path)
                parent, _, name = path.rpartition("/")
            place = f"{base}/{path}"
            kind = node.kind
            if kind == "file" and id(node.file) not in written:
                _write(node, copy, name, above.at(parent), mode(node.file, who))
                written[id(node.file)] = place
            elif kind == "file":
                os.link(written[id(node.file)], place)
            elif kind == "directory":
                Path(place).mkdir(mode=0o700)
                known.add(path)
                made.append((place, mode(node.record, who)))
            elif kind == "symlink":
                Path(place).symlink_to(listing.unescape(node.file.link))
            elif kind == "fifo":
                os.mkfifo(place, mode(node.file, who))
    # Last, and children first: a directory that may not be written to still has to be filled.
    added = added_mode(who)
    for wanted in sorted(directories):
        made += [(place, added) for place in _parents(root, wanted) if _directory(place)]
    for wanted in sorted(files):
        made += [(place, added) for place in _parents(root, wanted)[:-1] if _directory(place)]
        place = os.fspath(root / wanted)
        if not os.path.lexists(place):
            Path(place).touch(0o644)
    for place, bits in reversed(made):
        Path(place).chmod(bits)
    root.chmod(added)


def added_mode(who: Identity) -> int:
    """Give the mode of what an engine adds for `who`, the root among it."""
    return mode(Record(path="", type="directory", mode="0755"), who)


class _Directory:
    """The directory below `base` that files are being made in, open: most files are in that of the one before."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._path = ""
        self._fd = -1

    def at(self, path: str) -> int:
        """Give the directory at `path`, none of whose parts is a link."""
        if path != self._path or self._fd < 0:
            self.__exit__()
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            self._fd, self._path = os.open(f"{self._base}/{path}", flags), path
        return self._fd

    def __enter__(self) -> "_Directory":
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def target(rootfs: Rootfs, path: str) -> str:
    """Give where the absolute `path` leads in `rootfs`, relative to the root, though its end may not be there yet.

    Raises:
        ImageError: it leads through a file, or through links that lead to each other.
    """
    found = rootfs.resolve(path)
    if found.problem in ("", "missing") and ".." not in found.rest.split("/"):
        return paths.join(found.path, found.rest).strip("/")
    problem = found.problem or ".."
    raise ImageError(f"{path} cannot be made in the image, got {problem} at /{found.path}; change the path")


def _parents(root: Path, path: str) -> list[str]:
    """Give `path` and the directories above it, uppermost first, as places below `root`."""
    above = [*list(paths.parents(path))[::-1], path] if path else []
    return [os.fspath(root / each) for each in above]


def _directory(place: str) -> bool:
    """Make a directory where nothing stands, and say whether one was made."""
    if os.path.lexists(place):
        return False
    Path(place).mkdir(mode=0o700)
    return True


def mode(record: Record, who: Identity) -> int:
    """Give the mode of `record` whose owner's bits are what `who` may do with it; root's stay as they are."""
    bits = record.bits
    if who.uid == 0:
        return bits
    own = sum(access for access in (READ, WRITE, EXECUTE) if who.may(record, access))
    return bits & ~0o700 | own << 6


def _write(node: Node, copy: Copy, name: str, directory: int, bits: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    target = os.open(name, flags, 0o600, dir_fd=directory)
    try:
        if node.file.size:
            copy(node, target)
        if bits != 0o600:
            os.fchmod(target, bits)
        os.utime(target, (node.file.mtime, node.file.mtime))
    finally:
        os.close(target)
