"""Rules on bytecode of Python."""

from collections.abc import Iterator

from distill.bytecode import layer
from distill.layer import marks
from distill.lint.image import Image
from distill.lint.rule import Problem, rule
from distill.lint.space import by_directory
from distill.runtime.rootfs import Node


@rule(
    "stale-bytecode",
    "warning",
    "bytecode is there of sources that are not those of the image, and Python runs it",
    "name the layers that the image has in bytecode_layer",
)
def stale_bytecode(image: Image) -> Iterator[Problem]:
    """Bytecode of a `bytecode_layer` whose source another layer replaced.

    Python takes it without a look at the source (PEP 552, unchecked), so the program that runs is not the one that can
    be read. Put the layer that replaces the source among the `layers` of the `bytecode_layer`, behind the other one.
    """
    for node, source, _ in _made(image):
        if source is not None and marks.BYTECODE + source.file.sha256 not in node.file.marks:
            yield Problem(node.record.path, f"not of /{source.record.path}")


@rule(
    "python-bytecode",
    "note",
    "bytecode of Python is in the image that may fit no source, or is never read",
    "leave it out, or have it made by bytecode_layer",
)
def python_bytecode(image: Image) -> Iterator[Problem]:
    """Directories `__pycache__`, each with the bytes of what is not known to be of use.

    Made by an installation, bytecode names the time of its source and is not reproducible; where that time is not the
    source's, as in most layers, it is never read. Nor is it where its source is gone, or where the image has no
    interpreter of its version. What a `bytecode_layer` makes is read whatever the times are: whoever names one has
    chosen a faster start for a larger image, and it is not found here.
    """
    names = {node.record.path.rpartition("/")[2] for node in image.files}
    of_use = {
        node.record.path
        for node, source, tag in _made(image)
        if source is not None and not names.isdisjoint(_interpreters(tag))
    }
    yield from by_directory(image, lambda path: "" if path in of_use else _cache(path))


def _cache(path: str) -> str:
    directory = path.rpartition("/")[0]
    return directory if directory.endswith(layer.CACHE) else ""


def _made(image: Image) -> Iterator[tuple[Node, Node | None, str]]:
    """Give each file of bytecode that says what source it is of, the source beside it, and the tag of its version."""
    for node in image.files:
        if any(mark.startswith(marks.BYTECODE) for mark in node.file.marks):
            path, tag = layer.source_of(node.record.path) or ("", "")
            found = image.rootfs.resolve(path).node if path else None
            yield node, found if found and found.kind == "file" else None, tag


def _interpreters(tag: str) -> tuple[str, str]:
    """Give what files of the interpreter are called whose bytecode is tagged `cpython-311`."""
    digits = tag.rpartition("-")[2]
    version = f"{digits[:1]}.{digits[1:]}"
    return f"python{version}", f"libpython{version}.so.1.0"
