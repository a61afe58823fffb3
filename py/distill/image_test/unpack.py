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
    for node in rootfs:
        path = paths.normalize(listing.unescape(node.record.path))
        place = os.fspath(root / path)
        kind = node.kind
        if kind == "directory":
            Path(place).mkdir(mode=0o700)
            made.append((place, mode(node.record, who)))
        elif kind == "symlink":
            Path(place).symlink_to(listing.unescape(node.file.link))
        elif kind == "file" and (first := written.get(id(node.file))):
            os.link(first, place)
        elif kind == "file":
            _write(node, copy, place, mode(node.file, who))
            written[id(node.file)] = place
        elif kind == "fifo":
            os.mkfifo(place, mode(node.file, who))
    # Last, and children first: a directory that may not be written to still has to be filled.
    added = mode(Record(path="", type="directory", mode="0755"), who)
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


def _write(node: Node, copy: Copy, place: str, bits: int) -> None:
    target = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if node.file.size:
            copy(node, target)
        os.fchmod(target, bits)
        os.utime(target, (node.file.mtime, node.file.mtime))
    finally:
        os.close(target)
