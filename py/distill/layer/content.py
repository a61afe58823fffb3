"""The bytes of one file on their way into a layer: read once, hashed, and looked at for what only they tell."""

import hashlib
import os
import re
import stat
from collections.abc import Callable

import msgspec

from distill import paths
from distill.elf import file as elf
from distill.elf import ld_so_cache
from distill.errors import FormatError, InputError
from distill.layer import marks, secrets
from distill.layer.pipeline import Pipeline
from distill.layer.tree import Source, unreadable
from distill.listing import Elf, escape
from distill.tar.header import Entry

_CACHE = "etc/ld.so.cache"
_TEXTS = re.compile(r"etc/(passwd|group|ld\.so\.(cache|conf(\.d/[^/]*)?)|ld-musl-[^/]*\.path)")
_MOST_TEXT = 1 << 20
"""Bytes of a text that a listing carries; a longer one is left out."""
_SHEBANG = 256
"""Bytes of a script that the kernel looks at (BINPRM_BUF_SIZE)."""
_BLANKS = re.compile(rb"[ \t]+")
_EMPTY = hashlib.sha256().hexdigest()


class Facts(msgspec.Struct, frozen=True):
    """What a listing says of the bytes of a file."""

    sha256: str
    elf: Elf | None = None
    shebang: str = ""
    text: str = ""
    marks: tuple[str, ...] = ()


def copy(source: Source, pipeline: Pipeline) -> Facts:
    """Write the bytes of the file `source` to `pipeline`.

    Raises:
        InputError: a file that cannot be read, that is none, or that has not `source.entry.size` bytes all the time.
    """
    if source.data is not None:
        return _copy_data(source, source.data, pipeline)
    try:
        if source.file is None:
            if source.fd is None:
                raise ValueError(f"a file without bytes: {source.entry.path!r}")
            return _copy_region(source, source.fd, pipeline)
        # A named pipe in place of a file must not make the tool wait.
        fd = os.open(paths.encode(source.file), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            before = os.fstat(fd)
            if not stat.S_ISREG(before.st_mode):
                raise InputError(
                    f"file {source.file} for /{source.entry.path} is no regular file, got mode {before.st_mode:06o}; "
                    "give a file"
                )
            _same(source, before.st_size)
            facts = _copy_region(source, fd, pipeline)
            after = os.fstat(fd)
            if after.st_mtime_ns != before.st_mtime_ns:
                raise _changed(source, "another modification time")
            _same(source, after.st_size)
            return facts
        finally:
            os.close(fd)
    except OSError as error:
        raise unreadable(source, error) from None


def _copy_data(source: Source, data: bytes, pipeline: Pipeline) -> Facts:
    _same(source, len(data))
    pipeline.write(data)
    kinds = secrets.find(source.entry.path, data) if _may_have_secrets(source) else []
    sha256 = hashlib.sha256(data).hexdigest()
    return _facts(source.entry, sha256, data[: marks.HEAD], lambda: elf.parse(data), data, kinds)


def _copy_region(source: Source, fd: int, pipeline: Pipeline) -> Facts:
    size = source.entry.size
    if not size:
        return Facts(_EMPTY)
    offset = source.offset
    searched = _may_have_secrets(source)
    whole = size <= secrets.SMALL
    kept = (searched and whole) or _has_text(source.entry)
    search = secrets.Search(source.entry.path) if searched and not whole else None
    small = b""
    head = b""
    left = size
    digest = hashlib.sha256()
    while left:
        room = pipeline.room()
        count = os.preadv(fd, (room[:left],), offset + size - left)
        if not count:
            raise _changed(source, f"{size - left} bytes")
        view = room[:count]
        if left == size:
            head = bytes(view[: marks.HEAD])
        if kept:
            small += view
        if search:
            search.feed(view)
        digest.update(view)
        pipeline.advance(count)
        left -= count
    kinds = search.kinds() if search else secrets.find(source.entry.path, small) if searched else []
    return _facts(source.entry, digest.hexdigest(), head, lambda: elf.parse_file(fd, offset, size), small, kinds)


def _may_have_secrets(source: Source) -> bool:
    """Say whether secrets are looked for: not in what an archive of packages, or a registry, gives to everybody."""
    return not source.package and not secrets.is_published(source.entry.path)


def _has_text(entry: Entry) -> bool:
    """Say whether a listing carries what the file `entry` says."""
    return entry.size <= _MOST_TEXT and entry.path.startswith("etc/") and _TEXTS.fullmatch(entry.path) is not None


def _carried(path: str, data: bytes) -> bytes:
    """Give what a listing carries of `data`, the text of the file at `path`: of the loader's cache its directories."""
    return _lines(ld_so_cache.directories(data)) if path == _CACHE else data


def _lines(directories: list[str]) -> bytes:
    return b"".join(paths.encode(name) + b"\n" for name in directories)


def _facts(
    entry: Entry, sha256: str, head: bytes, parse: Callable[[], Elf | None], small: bytes, kinds: list[str]
) -> Facts:
    """Say what the bytes of the file `entry` tell.

    Args:
        entry: the file.
        sha256: of all of them.
        head: the first of them.
        parse: reads the ELF file that they are.
        small: all of them, where it is a text that a listing may carry; of other files perhaps nothing.
        kinds: of the secrets in it.
    """
    found = marks.of_head(head)
    if head.startswith(elf.MAGIC):
        try:
            return Facts(sha256, elf=parse(), marks=found)
        except FormatError:  # a broken ELF file is a file like any other; what must run is checked by the image
            return Facts(sha256, marks=found)
    found += marks.of_secrets(kinds)
    if head.startswith(b"#!"):
        return Facts(sha256, shebang=shebang(head), marks=found)
    if small and _has_text(entry):
        text = _carried(entry.path, small).decode("utf-8", "backslashreplace")
        return Facts(sha256, text=text, marks=found)
    return Facts(sha256, marks=found)


def shebang(head: bytes) -> str:
    """Give the interpreter, and after a space its one argument, of a script that begins with `head` (execve(2)).

    Empty where the kernel would not run it: no interpreter, or one whose name goes beyond the bytes it looks at.
    """
    if not head.startswith(b"#!"):
        return ""
    line, newline, _ = head[2:_SHEBANG].partition(b"\n")
    whole = bool(newline) or len(head) < _SHEBANG
    command, nul, _ = line.partition(b"\0")
    words = _BLANKS.split(command.lstrip(b" \t"), maxsplit=1)
    if len(words) == 1 and not whole and not nul:
        return ""
    return escape(paths.decode(b" ".join(words).rstrip(b" \t")))


def _same(source: Source, size: int) -> None:
    if size != source.entry.size:
        raise _changed(source, f"{size} bytes")


def _changed(source: Source, what: str) -> InputError:
    return InputError(
        f"file {source.file or source.origin} for /{source.entry.path} changed while it was read, got {what} where "
        f"there were {source.entry.size} bytes; build again when nothing writes to it"
    )
