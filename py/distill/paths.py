"""Paths in an image: relative to its root, no slash at either end, no empty, `.` or `..` part, no NUL.

In memory a path is a `str` decoded from UTF-8 with surrogateescape, whatever the locale, so any file name survives.
"""

from collections.abc import Iterator

from distill.errors import PathError

_NAME_MAX = 255
"""Bytes that one name may have on every file system an image is unpacked on (NAME_MAX of Linux)."""


def encode(path: str) -> bytes:
    """Give the bytes of `path`; they are also what paths are ordered by."""
    return path.encode("utf-8", "surrogateescape")


def decode(path: bytes) -> str:
    """Give the path whose bytes are `path`."""
    return path.decode("utf-8", "surrogateescape")


def is_root(path: str) -> bool:
    """Say whether `path` is the root itself, as a tar may write it: empty, `.`, `./` or `/`."""
    return not path.strip("./") and ".." not in path


def normalize(path: str) -> str:
    """Give `path` as it stands in an image; a `/` or `./` in front, and doubled slashes, are dropped.

    Raises:
        PathError: a path that is the root itself, that has a `..` or a NUL, or a name that no file system can hold.
    """
    parts = [part for part in path.split("/") if part and part != "."]
    if not parts:
        raise PathError(f"path is empty, got {path!r}; name something below the root")
    if ".." in parts:
        raise PathError(f"path climbs with .., got {path!r}; write the path it means")
    if "\0" in path:
        raise PathError(f"path has a NUL character, got {path!r}; leave it out")
    # A character has at most four bytes in UTF-8: most names need no closer look.
    if len(max(parts, key=len)) > _NAME_MAX // 4 and any(len(encode(part)) > _NAME_MAX for part in parts):
        raise PathError(f"path has a name of more than {_NAME_MAX} bytes, got {path!r}; shorten it")
    return "/".join(parts)


def parent(path: str) -> str:
    """Give the directory that `path` is in, empty for the root."""
    return path.rpartition("/")[0]


def parents(path: str) -> Iterator[str]:
    """Give the directories above `path`, nearest first, without the root."""
    while path := path.rpartition("/")[0]:
        yield path


def join(directory: str, path: str) -> str:
    """Give `path` below `directory`, where the empty directory is the root."""
    return f"{directory}/{path}" if directory else path
