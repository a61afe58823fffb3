"""The closure of an image: what its programs need, by its config and the listings of its layers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from distill import globs
from distill.closure import closure
from distill.closure.closure import Closure, Options
from distill.errors import InputError
from distill.listing import unescape
from distill.near import suggestion
from distill.runtime import environment, launch
from distill.runtime.rootfs import Node, Rootfs


def compute(rootfs: Rootfs, config: Mapping[str, Any], programs: Sequence[str] = ()) -> Closure:
    """Give the closure of the command of an image, or of `programs`; of an image that starts nothing, of all programs.

    Args:
        rootfs: the image.
        config: the image config (OCI image-spec 1.1, config.md), decoded.
        programs: globs of paths.

    Raises:
        InputError: a glob that matches no file.
    """
    execution = config.get("config") or {}
    variables = environment.parse(execution.get("Env") or [])
    search = [entry or "." for entry in variables.get("PATH", launch.DEFAULT_PATH).split(":")]
    start = str(execution.get("WorkingDir") or "/").strip("/")
    options = Options(
        search=search,
        library_path=[entry for entry in variables.get("LD_LIBRARY_PATH", "").split(":") if entry],
        working_dir=start,
    )
    if programs:
        return closure.compute(rootfs, list(_matching(rootfs, programs)), options)
    attribute = "entrypoint" if execution.get("Entrypoint") else "cmd"
    command: Sequence[str] = execution.get("Entrypoint") or execution.get("Cmd") or []
    if command:
        return closure.compute(rootfs, [(_place(rootfs, command[0], search, start), attribute)], options)
    return closure.compute(rootfs, [(node.record.path, "program") for node in rootfs if _is_program(node)], options)


def _place(rootfs: Rootfs, program: str, search: Sequence[str], start: str) -> str:
    """Give the path by which `program` is opened, links and all; `program` itself where it is not found."""
    end = launch.find(rootfs, program, search, start)
    for place in [program] if "/" in program else [f"{directory}/{program}" for directory in search]:
        if end.node and rootfs.resolve(place, start=start).path == end.path:
            return place if place.startswith("/") else f"/{start}/{place}"
    return program


def _is_program(node: Node) -> bool:
    elf = node.file.elf
    if node.kind != "file" or not node.file.bits & 0o111:
        return False
    return bool(node.file.shebang) or (elf is not None and bool(elf.interpreter or elf.kind == "executable"))


def _matching(rootfs: Rootfs, programs: Sequence[str]) -> Iterator[tuple[str, str]]:
    files = {unescape(node.record.path): node.record.path for node in rootfs if node.record.type != "directory"}
    for glob in programs:
        matching = [path for path in files if globs.compiled(glob).fullmatch(path)]
        if not matching:
            advice = suggestion(glob.lstrip("/"), files, "list the image's files and correct it")
            raise InputError(f"programs matches no file of the image, got {glob!r}; {advice}")
        yield from ((files[path], f"matches {glob}") for path in matching)
