"""The tree of a layer: sources by path, merged, with their parents, in the order in which they go into the tar."""

from collections.abc import Iterator
from dataclasses import dataclass

from distill import paths
from distill.errors import ConflictError, InputError
from distill.tar_header import Entry


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


class Tree:
    """Sources by path. Any order of `add` gives the same tree, or an error.

    A parent that nothing names is added as a directory, 0755 0:0; one that is named, before or after, stands instead.
    """

    def __init__(self, mtime: int = 0) -> None:
        """Begin an empty tree; `mtime` (seconds since 1970) is for the parents that are added."""

    def add(self, source: Source) -> None:
        """Add `source`.

        Raises:
            ConflictError: another source for the path that does not agree in bytes and metadata, or a path below
                something that is no directory.
        """
        raise NotImplementedError

    def get(self, path: str) -> Source | None:
        """Give the source of `path`, None where there is none; an added parent counts."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def sources(self) -> Iterator[Source]:
        """Give all sources by the bytes of their paths, parents before children, targets before their hard links.

        Raises:
            InputError: a hard link whose target is not in the layer, or whose links go in a circle.
        """
        raise NotImplementedError
