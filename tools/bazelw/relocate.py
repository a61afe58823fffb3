"""Makes the programs of a prefix run from there: interpreter and library search path of each ELF file.

Running them through `ld.so program` is no way out: Bazel and Java find their own files by /proc/self/exe, which
would be ld.so. The search path is DT_RPATH, not DT_RUNPATH: only the former also serves the libraries' own libraries.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bazelw import process
from bazelw.errors import InstallError

_PT_INTERP = 3  # elf(5)


@dataclass(frozen=True)
class Layout:
    """Where a prefix keeps its programs. All paths are relative to the prefix.

    libraries: folder of the shared libraries, `lib/<multiarch triplet>`.
    loader: the ELF interpreter, in that folder.
    java: home of the Java runtime.
    """

    libraries: Path
    loader: Path
    java: Path


def interpreter(path: Path) -> str | None:
    """The ELF interpreter a program names; None for a library or anything that is not a 64-bit ELF file."""
    with path.open("rb") as file:
        header = file.read(64)
        if len(header) < 64 or header[:5] != b"\x7fELF\x02":
            return None
        order = "<" if header[5] == 1 else ">"
        (table,) = struct.unpack_from(order + "Q", header, 32)
        entry_size, count = struct.unpack_from(order + "HH", header, 54)
        for number in range(count):
            file.seek(table + number * entry_size)
            entry = file.read(56)
            if struct.unpack_from(order + "I", entry)[0] == _PT_INTERP:
                offset, size = (
                    struct.unpack_from(order + "Q", entry, 8)[0],
                    struct.unpack_from(order + "Q", entry, 32)[0],
                )
                file.seek(offset)
                return file.read(size).rstrip(b"\0").decode()
    return None


def layout(prefix: Path) -> Layout:
    """Find the places of an unpacked prefix. Raises InstallError where one is missing."""
    named = interpreter(prefix / "bin/bazel")
    if named is None:
        raise InstallError(
            "bin/bazel names no ELF interpreter, got another file format; the wrapper's recipe must be updated"
        )
    loader_name = named.rpartition("/")[2]
    loader = _only(prefix, f"lib/*-linux-gnu*/{loader_name}", "dynamic loader")
    java = _only(prefix, "lib/jvm/*/lib/jspawnhelper", "Java runtime").parent.parent
    return Layout(libraries=loader.parent, loader=loader, java=java)


def relocate(prefix: Path, final: Path, place: Layout) -> None:
    """Set interpreter and search path, as they are once `prefix` is named `final`, in all its programs.

    Raises InstallError where patchelf fails.
    """
    libraries = final / place.libraries
    patchelf: list[str | Path] = [
        prefix / place.loader,
        "--library-path",
        prefix / place.libraries,
        prefix / "bin/patchelf",
        "--force-rpath",
    ]
    java_libraries = f"$ORIGIN:$ORIGIN/../lib:$ORIGIN/server:{libraries}"
    for path in _programs(prefix, place):
        of_java = place.java in path.relative_to(prefix).parents
        command: list[str | Path] = ["--set-rpath", java_libraries if of_java else str(libraries)]
        if interpreter(path) is not None:
            command += ["--set-interpreter", final / place.loader]
        process.run([*patchelf, *command, path], f"relocating {path.name}")


def _programs(prefix: Path, place: Layout) -> Iterator[Path]:
    """Every ELF program of Bazel's and Java's, and Java's own libraries; the other libraries need no search path."""
    for pattern in ("bin/bazel", "libexec/*/bazel/*", "lib/*/bazel/*", f"{place.java}/**/*"):
        for path in sorted(prefix.glob(pattern)):
            if path.is_file() and not path.is_symlink() and _is_elf(path):
                yield path


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _only(prefix: Path, pattern: str, what: str) -> Path:
    # Java's folder goes by further names, as links.
    found = sorted({path.resolve() for path in prefix.glob(pattern)})
    if len(found) != 1:
        raise InstallError(
            f"the packages hold no single {what}, got {len(found)} of {pattern}; the wrapper's recipe must be updated"
        )
    return found[0].relative_to(prefix.resolve())
