"""From the lines of a `LayerFiles` request to the sources of a layer."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from distill import globs, paths
from distill.errors import InputError
from distill.layer import runfiles
from distill.layer.file_lines import (
    AlsoLine,
    ContentLine,
    DirectoryLine,
    EmptyLine,
    Line,
    LowerLine,
    OmitLine,
    Said,
    SourceLine,
    StrippedLine,
    SymlinkLine,
    mode_bits,
    place,
)
from distill.layer.metadata import Metadata, checked_id
from distill.layer.runfiles import LeftOut
from distill.layer.tree import Source, Tree
from distill.tar.header import Entry


def build(
    lines: Iterable[Line],
    mtime: int = 0,
    modes: Mapping[str, str] | None = None,
    owners: Mapping[str, str] | None = None,
) -> Tree:
    """Give the tree of `lines`.

    Args:
        lines: what is in the layer.
        mtime: seconds since 1970, of every entry.
        modes: octal modes of single paths, instead of those in `lines`.
        owners: `uid:gid` of single paths, likewise.

    Raises:
        InputError: a file that is missing or is none, or a mode, owner or path in `modes` or `owners` that is wrong.
        ConflictError: two sources for one path.
    """
    if mtime < 0:
        raise InputError(f"mtime is before 1970, got {mtime}; give seconds since 1970")
    metadata = Metadata(modes or {}, owners or {})
    tree = Tree(mtime)
    lines = list(lines)
    stands_for = {line.original: line.path for line in lines if isinstance(line, StrippedLine)}
    left_out = LeftOut(
        files=frozenset(line.path for line in lines if isinstance(line, OmitLine) and line.path),
        places=frozenset(paths.normalize(line.dest) for line in lines if isinstance(line, OmitLine) and line.dest),
        lower=runfiles.lower(line.path for line in lines if isinstance(line, LowerLine)),
        also=tuple(globs.compiled(line.glob) for line in lines if isinstance(line, AlsoLine)),
    )
    for line in lines:
        if isinstance(line, SourceLine) and line.path in stands_for and line.path not in left_out.files:
            line = msgspec.structs.replace(line, path=stands_for[line.path])
        for source in _sources(line, mtime, left_out):
            tree.add(metadata.of(source))
    metadata.finish(tree)
    return tree


def _sources(line: Line, mtime: int, left_out: LeftOut) -> Iterator[Source]:
    if isinstance(line, Said):
        return
    if isinstance(line, SourceLine):
        if left_out.wants(line.short_path, line.repository, line.only) and line.path not in left_out.files:
            yield from _files(line, mtime, left_out)
        return
    path = place(line) if isinstance(line, EmptyLine) else paths.normalize(line.dest)
    if path in left_out:
        return
    uid, gid = checked_id(line.uid, path), checked_id(line.gid, path)
    if isinstance(line, DirectoryLine):
        yield Source(Entry(path, "directory", mode_bits(line.mode, path), uid, gid, mtime), "directories")
    elif isinstance(line, SymlinkLine):
        yield _symlink(path, line.link, uid, gid, mtime, "symlinks")
    elif isinstance(line, EmptyLine):
        yield Source(Entry(path, "file", mode_bits(line.mode, path), uid, gid, mtime), "empty_files", data=b"")
    else:
        data = _text(line, path)
        entry = Entry(path, "file", mode_bits(line.mode, path), uid, gid, mtime, len(data))
        yield Source(entry, f"the text of /{path}", data=data)


def _text(line: ContentLine, path: str) -> bytes:
    try:
        return line.text.encode()
    except UnicodeEncodeError:
        raise InputError(f"text of /{path} is no Unicode text, got {line.text[:40]!r}; mend it") from None


def _symlink(path: str, link: str, uid: int, gid: int, mtime: int, origin: str) -> Source:
    if not link or "\0" in link:
        raise InputError(f"symlink /{path} leads nowhere, got {link!r}; name the path it points to")
    return Source(Entry(path, "symlink", 0o777, uid, gid, mtime, link=link), origin)


def _files(line: SourceLine, mtime: int, left_out: LeftOut) -> Iterator[Source]:
    # What is stripped may lie inside of a directory of the build: then each of its files is asked for its place.
    reaches_in = line.tree and not line.dest and line.strip_prefix.startswith(f"{line.short_path}/")
    path = line.short_path if reaches_in else place(line)
    if path in left_out and not reaches_in:
        return
    uid, gid = checked_id(line.uid, path), checked_id(line.gid, path)
    if line.symlink_artifact:
        try:
            link = paths.decode(os.readlink(paths.encode(line.path)))  # noqa: PTH115 - paths are bytes here
        except OSError as error:
            raise _no_file(line.path, error.strerror or "no symlink") from None
        yield _symlink(path, link, uid, gid, mtime, line.path)
        return
    mode = mode_bits(line.mode, path) if line.mode else None
    found: list[_Found] = []
    if line.tree:
        _walk(line.path, path, (), found)
    else:
        found.append(_file(line.path, path))
    for file, dest, size in found:
        if reaches_in:
            dest = place(msgspec.structs.replace(line, short_path=dest, tree=False))
        if dest in left_out:
            continue
        bits = mode if mode is not None else _mode(file)
        yield Source(Entry(dest, "file", bits, uid, gid, mtime, size), file, file=file)


_Found = tuple[str, str, int]
"""A file on disk, its path in the image, its bytes."""


def _file(file: str, path: str) -> _Found:
    status = _stat(file)
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"file is a directory, got {file} for /{path}; name its files, with glob")
    return file, path, status.st_size


def _walk(directory: str, path: str, above: tuple[tuple[int, int], ...], found: list[_Found]) -> None:
    """Append all files below `directory` to `found`, at places below `path`, in the order of their names' bytes.

    Bazel knows a directory that an action made as its files: it follows links, and an empty directory is nothing to it.
    So links are followed and empty directories left out, or local and remote builds would have different digests.
    """
    status = _stat(directory)
    if not stat.S_ISDIR(status.st_mode):
        raise InputError(f"file is no directory, got {directory} for /{path}; this is a fault of the rule that made it")
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        raise InputError(f"directory contains itself by a link, got {directory} for /{path}; remove the link")
    try:
        names = sorted(os.listdir(paths.encode(directory)))  # noqa: PTH208 - names are bytes here
    except OSError as error:
        raise _no_file(directory, error.strerror or "unreadable") from None
    for name in map(paths.decode, names):
        file, dest = f"{directory}/{name}", paths.join(path, name)  # a name of a directory needs no normalizing
        status = _stat(file)
        if stat.S_ISDIR(status.st_mode):
            _walk(file, dest, (*above, identity), found)
        else:
            found.append((file, dest, status.st_size))


def _mode(file: str) -> int:
    """Give 0755 for what can be run, an ELF program or library or a script, and 0644 for all else.

    The bits on disk say nothing: Bazel makes every output executable, and a remote executor every input.
    """
    try:
        fd = os.open(paths.encode(file), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            head = os.read(fd, 18)
        finally:
            os.close(fd)
    except OSError as error:
        raise _no_file(file, error.strerror or "unreadable") from None
    linked = head[:4] == b"\x7fELF" and (2 in head[16:18] or 3 in head[16:18])  # e_type ET_EXEC or ET_DYN, either order
    return 0o755 if linked or head[:2] == b"#!" else 0o644


def _stat(file: str) -> os.stat_result:
    try:
        status = os.stat(paths.encode(file))  # noqa: PTH116 - paths are bytes here
    except OSError as error:
        raise _no_file(file, error.strerror or "unreadable") from None
    except ValueError:
        raise _no_file(file, "a NUL in its name") from None
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise InputError(
            f"file is neither a file nor a directory, got {file} of mode {status.st_mode:06o}; leave it out"
        )
    return status


def _no_file(file: str, reason: str) -> InputError:
    return InputError(f"file cannot be read, got {file} ({reason}); check that the rule that names it makes it")
