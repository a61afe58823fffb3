"""The tree of a layer: sources by path, merged, with their parents, in the order in which they go into the tar."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from distill import paths
from distill.effect import Effect
from distill.errors import ConflictError, InputError
from distill.tar.header import Entry

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of a layer and where the bytes of a file come from: `data`, the file `file`, or the open file `fd`."""

    entry: Entry
    """`entry.size` is the number of bytes to read; a file of another size on disk is an error."""
    origin: str
    """What a conflict names: a file's path, a package, an attribute."""
    data: bytes | None = None
    file: str | None = None
    """Path on disk, read whole."""
    fd: int | None = None
    """File descriptor, read by `os.pread` from `offset`; it has to stay open until the layer is written."""
    offset: int = 0
    package: str = ""
    """The package that the entry is from, `name_version_architecture`."""
    effects: tuple[Effect, ...] = ()
    """For the listing: what the maintainer scripts of that package would have done."""
    replaces: tuple[str, ...] = ()
    """For the listing: the relations of that package's field `Replaces`."""
    marks: tuple[str, ...] = ()
    """For the listing: marks that only whoever made the bytes can know."""


class Tree:
    """Sources by path. Any order of `add` gives the same tree, or an error.

    A parent that nothing names is added as a directory, 0755 0:0; one that is named, before or after, stands instead.
    """

    def __init__(self, mtime: int = 0) -> None:
        """Begin an empty tree; `mtime` (seconds since 1970) is for the parents that are added."""
        self._mtime = mtime
        self._sources: dict[str, Source] = {}
        self._added: dict[str, Source] = {}
        """Parents that nothing names yet; `origin` is that of what needs them."""

    def add(self, source: Source) -> None:
        """Add `source`.

        Raises:
            PathError: a path that cannot stand in an image.
            ConflictError: another source for the path that does not agree in bytes and metadata, or a path below
                something that is no directory.
            InputError: equal sizes, but a file whose bytes cannot be read to compare them.
        """
        path = source.entry.path
        if paths.normalize(path) != path:
            raise ValueError(f"path is not normalized: {path!r}")
        other = self._sources.get(path)
        if other is not None:
            if not _agree(source, other):
                raise _conflict(source, other)
            return
        below = self._added.get(path)
        if below is not None:
            if source.entry.kind != "directory":
                raise _no_directory(source, below)
            del self._added[path]
        else:
            self._add_parents(source)
        self._sources[path] = source

    def _add_parents(self, source: Source) -> None:
        for path in paths.parents(source.entry.path):
            parent = self._sources.get(path)
            if parent is not None:
                if parent.entry.kind != "directory":
                    raise _no_directory(parent, source)
                return
            if path in self._added:
                return
            entry = Entry(path, "directory", 0o755, mtime=self._mtime)
            self._added[path] = Source(entry, source.origin)

    def get(self, path: str) -> Source | None:
        """Give the source of `path`, None where there is none; an added parent counts."""
        return self._sources.get(path) or self._added.get(path)

    def __len__(self) -> int:
        return len(self._sources) + len(self._added)

    def sources(self) -> Iterator[Source]:
        """Give all sources by the bytes of their paths, parents before children, targets before their hard links.

        Raises:
            InputError: a hard link whose target is not in the layer, or is a directory, or whose links go in a circle.
        """
        everything = self._sources | self._added
        waiting: dict[str, list[Source]] = {}
        done: set[str] = set()
        links = any(source.entry.kind == "hardlink" for source in self._sources.values())
        for _, source in sorted((paths.encode(path), path) for path in everything):
            yield from self._in_order(everything[source], waiting, done) if links else (everything[source],)
        left = sorted((source for sources in waiting.values() for source in sources), key=_path)
        if left:
            raise _no_target(left[0], everything.get(left[0].entry.link))

    def _in_order(self, source: Source, waiting: dict[str, list[Source]], done: set[str]) -> Iterator[Source]:
        """Give `source` and the hard links that waited for it, or let it wait for its own target."""
        ready = [source]
        while ready:
            source = ready.pop()
            entry = source.entry
            if entry.kind == "hardlink" and entry.link not in done:
                waiting.setdefault(entry.link, []).append(source)
                continue
            yield source
            if entry.kind != "directory":  # a link to a directory waits for ever, which is how it is found
                done.add(entry.path)
                ready.extend(sorted(waiting.pop(entry.path, ()), key=_path, reverse=True))


def _path(source: Source) -> bytes:
    return paths.encode(source.entry.path)


def _agree(one: Source, other: Source) -> bool:
    if one.entry != other.entry:
        return False
    return one.entry.kind != "file" or all(a == b for a, b in zip(_blocks(one), _blocks(other), strict=True))


def _blocks(source: Source) -> Iterator[bytes]:
    """Give the bytes of `source` in blocks of one size, so that two sources can be compared."""
    size = source.entry.size
    if source.data is not None:
        yield from (source.data[at : at + _BLOCK] for at in range(0, size, _BLOCK))
        return
    fd = source.fd
    try:
        if source.file is not None:
            fd = os.open(paths.encode(source.file), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        if fd is None:
            raise ValueError(f"a file without bytes: {source.entry.path!r}")
        try:
            yield from (os.pread(fd, min(_BLOCK, size - at), source.offset + at) for at in range(0, size, _BLOCK))
        finally:
            if source.file is not None:
                os.close(fd)
    except OSError as error:
        raise unreadable(source, error) from None


def unreadable(source: Source, error: OSError) -> InputError:
    """Give the error for a file that cannot be opened or read."""
    return InputError(
        f"file {source.file or source.origin} for /{source.entry.path} cannot be read, got {error.strerror}; "
        "check that it is there and that its permissions allow it"
    )


def _conflict(source: Source, other: Source) -> ConflictError:
    one, two = sorted((_say(source), _say(other)))
    return ConflictError(
        f"two sources for /{source.entry.path} do not agree, got {one} and {two}; keep one, or make them equal"
    )


def _no_directory(source: Source, below: Source) -> ConflictError:
    return ConflictError(
        f"/{source.entry.path} is a {source.entry.kind} but also the parent of a path, "
        f"got {source.origin} and {below.origin}; put one of them elsewhere"
    )


def _no_target(source: Source, target: Source | None) -> InputError:
    if target is None:
        reason = "is not in the layer"
    elif target.entry.kind == "directory":
        reason = "is a directory"
    else:
        reason = "leads back to itself"
    return InputError(
        f"hard link /{source.entry.path} has a target that {reason}, got /{source.entry.link} from {source.origin}; "
        "link to a file of the same layer"
    )


def _say(source: Source) -> str:
    entry = source.entry
    what = f"{entry.kind} {entry.mode:04o} {entry.uid}:{entry.gid}"
    if entry.kind == "file":
        what += f" of {entry.size} bytes"
    if entry.link:
        what += f" to {entry.link}"
    if entry.mtime:
        what += f" at {entry.mtime}"
    return f"{source.origin} ({what})"
