"""Check of all ELF files of an image: architecture, interpreter, every library that they need, and its versions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from distill.listing import Elf
from distill.runtime import environment, ld_so_conf, symbol_versions
from distill.runtime.finding import Finding, Severity
from distill.runtime.loader import Loader
from distill.runtime.process import Process
from distill.runtime.rootfs import Node, Rootfs
from distill.runtime.sonames import Sonames

_ADD = "add the package that provides it to packages"

MACHINES = {
    "386": ("i386",),
    "arm": ("armhf", "armel", "arm"),
    "mips64le": ("mips64el",),
    "ppc64le": ("ppc64el",),
}
"""What Debian, and so the facts in a listing, calls an architecture that OCI calls otherwise."""


def check(
    rootfs: Rootfs, architecture: str, execution: Mapping[str, Any], sonames: Sonames | None = None
) -> Iterator[Finding]:
    """Check that every ELF file is of the image's architecture, and gets its interpreter and its libraries.

    Programs are loaded as the loader would. A library that no program loads may be opened by one (a plugin): it is
    loaded on its own, and may also use what any program of the image has loaded. What it needs beyond that, and is
    somewhere in the image, a program may have opened before by its path (as java does with libjvm.so): a warning.
    What is to be done about a library that is nowhere, `sonames` tells.
    """
    sonames = sonames or Sonames()
    machines = MACHINES.get(architecture, (architecture,))
    seen: set[int] = set()
    programs: list[Node] = []
    libraries: dict[str, Node] = {}
    for node in rootfs:
        elf, path = node.file.elf, node.record.path
        if elf is None or elf.kind not in ("executable", "shared") or id(node.file) in seen:
            continue
        seen.add(id(node.file))  # hard links are one file
        if elf.machine not in machines:
            yield Finding(
                f"/{path} is for another architecture, got {elf.machine} in an image for {architecture};"
                f" take it from a build for {architecture}",
                (path,),
            )
        elif elf.interpreter or elf.kind == "executable":
            programs.append(node)
        else:
            libraries[path] = node
    search = [
        entry for entry in environment.parse(execution.get("Env") or []).get("LD_LIBRARY_PATH", "").split(":") if entry
    ]
    loader = Loader(rootfs, search, str(execution.get("WorkingDir") or ""))
    missing: set[tuple[str, str]] = set()
    alone: set[tuple[str, str]] = set()
    available: set[str] = set()
    versions = symbol_versions.Checker()
    for node in programs:
        if node.file.elf and (finding := _interpreter(rootfs, node.record.path, node.file.elf, sonames)):
            yield finding
        process = loader.load(node.record.path, node)
        missing.update(process.missing)
        yield from _unmet(versions, process)
        available.update(process.names)
        for loaded in process.objects:
            libraries.pop(loaded.node.record.path, None)
    for process in _alone({path: loader.load(path, node) for path, node in libraries.items()}):
        alone.update(pair for pair in process.missing if pair[1] not in available)
        yield from _unmet(versions, process)
    names = {name.rpartition("/")[2] for _, name in missing | alone}
    found_at = places(rootfs, names) if names else {}
    for path, name in sorted(missing | alone):
        there, whereabouts = _whereabouts(rootfs, path, name, found_at, sonames)
        severity: Severity = "warning" if there and (path, name) not in missing else "error"
        yield Finding(f"/{path} needs {name}, {whereabouts}", (path, name), severity)


def _unmet(versions: symbol_versions.Checker, process: Process) -> Iterator[Finding]:
    for unmet in versions.check(process):
        yield Finding(unmet.message, (unmet.path, unmet.library))


def _alone(processes: Mapping[str, Process]) -> list[Process]:
    """Leave out each library that another one loads: it runs in that one's process, and finds what that one found.

    Of libraries that load each other in a circle the last one stays.
    """
    loaded_by: dict[str, set[str]] = defaultdict(set)
    for path, process in processes.items():
        for loaded in process.objects[1:]:
            loaded_by[loaded.node.record.path].add(path)
    left_out: set[str] = set()
    for path in sorted(processes):
        if loaded_by[path] - left_out - {path}:
            left_out.add(path)
    return [processes[path] for path in sorted(processes) if path not in left_out]


def _add(sonames: Sonames, name: str, machine: str) -> str:
    """Say what to do about the library or loader `name` for `machine` that the image lacks."""
    return sonames.advice(name.rpartition("/")[2], machine) if sonames.indexes else _ADD


def _interpreter(rootfs: Rootfs, path: str, elf: Elf, sonames: Sonames) -> Finding | None:
    """Check PT_INTERP of the program at `path`: a program of the same machine that can be executed."""
    if not elf.interpreter:
        return None
    subjects = (path, elf.interpreter.lstrip("/"))
    node = rootfs.resolve(elf.interpreter).node
    if node is None:
        advice = _add(sonames, elf.interpreter, elf.machine)
        return Finding(f"/{path} needs its interpreter {elf.interpreter}, which no layer has; {advice}", subjects)
    found = node.file.elf
    if found is None or found.machine != elf.machine or not node.file.bits & 0o111:
        what = f"a {node.kind} of mode {node.file.mode}" + (
            f" for {found.machine}" if found else " that is no ELF file"
        )
        return Finding(f"/{path} needs its interpreter {elf.interpreter}, got {what}; {_ADD} as it is", subjects)
    return None


def places(rootfs: Rootfs, names: set[str]) -> dict[str, list[str]]:
    """Give, of each file name in `names`, the paths that end with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in rootfs:
        name = node.record.path.rpartition("/")[2]
        if name in names:
            found[name].append(node.record.path)
    return found


def _whereabouts(
    rootfs: Rootfs, path: str, name: str, places: Mapping[str, list[str]], sonames: Sonames
) -> tuple[bool, str]:
    """Say of a library that `path` does not get whether the image has it, and where it is, and what to do."""
    wanted, others = rootfs.resolve(path).node, []
    for place in places.get(name.rpartition("/")[2], []):
        node = rootfs.resolve(place).node
        elf = node.file.elf if node else None
        if wanted and wanted.file.elf and elf and elf.machine == wanted.file.elf.machine:
            directory = place.rpartition("/")[0]
            if ld_so_conf.has(rootfs, directory):
                return True, f"which is at /{place}, {ld_so_conf.ADVICE} with the same base and layers"
            return True, (
                f"which is at /{place}, where the loader does not look;"
                f" put /{directory} into LD_LIBRARY_PATH in env, or link with a RUNPATH"
            )
        if elf:
            others.append(f"/{place} for {elf.machine}")
    machine = wanted.file.elf.machine if wanted and wanted.file.elf else ""
    if others:
        advice = _add(sonames, name, machine) if sonames.indexes else f"{_ADD} for this architecture"
        return False, f"which is there only as {others[0]}; {advice}"
    return False, f"which no layer has; {_add(sonames, name, machine)}"
