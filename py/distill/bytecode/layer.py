"""A layer of bytecode for the Python sources of layers below: what py3compile(1) does when a package is installed.

Each source gets its file in `__pycache__` beside it (PEP 3147), with the directory's mode and owner. A source that
cannot be compiled is left alone, as py3compile leaves it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from distill import globs, listing, paths
from distill.bytecode.pyc import Pyc
from distill.errors import InputError
from distill.layer import marks
from distill.layer.tree import Source, Tree
from distill.listing import Record
from distill.runtime.rootfs import Node, Rootfs
from distill.tar import Entry

CACHE = "__pycache__"
_ENDING = ".py"
_ORIGIN = "the bytecode"
_NEAR = 3


@dataclass(frozen=True)
class Module:
    """A Python source of an image."""

    path: str
    """In the image, as Python finds it: a link to a source is a source."""
    node: Node
    """The file that has the bytes."""


def modules(rootfs: Rootfs, directories: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[Module]:
    """Give the sources of `rootfs` below `directories` (absolute; none means all), without what globs `exclude`.

    Raises:
        InputError: no source at all, or a directory or a glob without any.
    """
    found = list(_sources(rootfs))
    if not found:
        raise InputError("layers have no Python source, got none that ends in .py; name layers with programs in Python")
    for directory in directories:
        if not any(_is_below(module.path, directory) for module in found):
            raise InputError(
                f"directories names none with a Python source, got {directory}; name one of the layers, such as"
                f" /{paths.parent(found[0].path)}"
            )
    patterns = {glob: globs.compiled(glob) for glob in exclude}
    for glob, pattern in patterns.items():
        if not any(pattern.fullmatch(module.path) for module in found):
            near = globs.near(glob, [module.path for module in found], _NEAR)
            hint = f"did you mean {', '.join(near)}?" if near else "leave it out"
            raise InputError(f"exclude matches no Python source, got {glob!r}; {hint}")
    return [
        module
        for module in found
        if (not directories or any(_is_below(module.path, directory) for directory in directories))
        and not any(pattern.fullmatch(module.path) for pattern in patterns.values())
    ]


def _sources(rootfs: Rootfs) -> Iterator[Module]:
    for node in rootfs:
        directory, _, name = node.record.path.rpartition("/")
        if not name.endswith(_ENDING) or name == _ENDING or directory.rpartition("/")[2] == CACHE:
            continue
        end = rootfs.resolve(node.record.path).node
        if end is not None and end.kind == "file":
            yield Module(listing.unescape(node.record.path), end)


def _is_below(path: str, directory: str) -> bool:
    return f"/{path}".startswith(f"{directory.rstrip('/')}/")


def place(path: str, tag: str) -> str:
    """Give where Python looks for the bytecode of the source at `path` (importlib.util.cache_from_source)."""
    directory, _, name = path.rpartition("/")
    return paths.join(directory, f"{CACHE}/{name.removesuffix(_ENDING)}.{tag}.pyc")


def source_of(path: str) -> tuple[str, str] | None:
    """Give source and tag of the bytecode at `path`, None for a file that Python does not look for."""
    directory, _, name = path.rpartition("/")
    above, _, last = directory.rpartition("/")
    stem, _, tag = name.removesuffix(".pyc").rpartition(".")
    if last != CACHE or not name.endswith(".pyc") or not stem or ".opt-" in name:
        return None
    return paths.join(above, stem + _ENDING), tag


def build(rootfs: Rootfs, made: Iterable[tuple[Module, Pyc]]) -> Tree:
    """Give the tree of what was `made` of modules of `rootfs`.

    Directories are as `rootfs` has them. A file that is there already, of this very source and version, is left out.
    """
    tree = Tree()
    for module, pyc in made:
        if not pyc.data:
            continue
        path = place(module.path, pyc.tag)
        mark = marks.BYTECODE + module.node.file.sha256
        if (there := rootfs.get(listing.escape(path))) and mark in there.file.marks:
            continue
        cache = paths.parent(path)
        for directory in paths.parents(cache):
            tree.add(_directory(directory, _record(rootfs, directory)))
        beside = _record(rootfs, paths.parent(cache))
        tree.add(_directory(cache, _record(rootfs, cache, beside)))
        size = len(pyc.data)
        entry = Entry(path, "file", beside.bits & 0o666, uid=beside.uid, gid=beside.gid, size=size)
        tree.add(Source(entry, _ORIGIN, data=pyc.data, marks=(mark,)))
    return tree


def report(made: Iterable[Pyc]) -> str:
    """Say how many sources became bytecode, of how many bytes, and which did not and why."""
    found = list(made)
    done = [pyc for pyc in found if pyc.data]
    lines = [f"{len(done)} compiled, {sum(len(pyc.data) for pyc in done):,} bytes"]
    lines += [f"left alone: /{listing.escape(pyc.source)}: {pyc.problem}" for pyc in found if not pyc.data]
    return "\n".join(lines) + "\n"


def _record(rootfs: Rootfs, path: str, otherwise: Record | None = None) -> Record:
    node = rootfs.get(listing.escape(path)) if path else None
    if node is not None and node.kind == "directory":
        return node.record
    return otherwise or Record(path="", type="directory", mode="0755")


def _directory(path: str, record: Record) -> Source:
    entry = Entry(path, "directory", record.bits, uid=record.uid, gid=record.gid, mtime=record.mtime)
    return Source(entry, _ORIGIN)
