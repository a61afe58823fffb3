"""Strips a program of what it does not need to run and keeps that as a debug part; leaves alone what strip could break.

Any strip does that knows `--only-keep-debug`: GNU binutils', which knows one architecture or many, and llvm-strip.
"""

import hashlib
import mmap
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from distill.elf import debuglink, split_dwarf, strip_safety
from distill.elf import file as elf
from distill.elf import layout as elf_layout
from distill.elf.layout import Data
from distill.errors import InputError

DEBUG_ROOT = "/usr/lib/debug"
"""Where debuggers look for debug parts (GDB manual, "Separate Debug Files")."""


_ONLY_DEBUG = ("--only-keep-debug", "--strip-symbol=@none")
"""The symbol is there for llvm-strip, which strips all, debug sections too, where no option says what to strip."""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one program."""

    name: str
    before: int
    """Bytes of the program as it was built."""
    after: int
    """Bytes of what was made."""
    saved: int
    debug: int = 0
    """Bytes of the debug part."""
    debug_file: str = ""
    """Where the debug part stands in an image."""
    split_units: int = 0
    """Units whose debug information is in `.dwo` files: the debug part has skeletons of them."""
    left_alone: str = ""
    """Why the program is as it was, empty where it was stripped."""

    def line(self) -> str:
        """Give the report as a line of text."""
        if self.left_alone:
            return f"{self.name}: left alone, {self.before:,} bytes: it {self.left_alone}\n"
        share = 100 * self.saved / self.before
        return (
            f"{self.name}: {self.before:,} bytes, {self.after:,} stripped: {self.saved:,} ({share:.0f} %) saved; "
            f"{self.debug:,} in {self.debug_file}\n"
        ) + "".join(f"{self.name}: {warning}\n" for warning in self.warnings())

    def warnings(self) -> list[str]:
        """Give what a user may not expect of the debug part."""
        if not self.split_units:
            return []
        units = "1 unit is" if self.split_units == 1 else f"{self.split_units} units are"
        warning = (
            f"warning: debug part has little more than lines, got split DWARF: {units} in .dwo files; make a .dwp of"
            " them and give it to dwps of a debug_layer, or build without -gsplit-dwarf"
        )
        return [warning]


def strip(source: Path, out: Path, debug: Path, tool: str, name: str, image_path: str = "") -> Report:
    """Write to `out` the stripped `source`, with its mode, and to the directory `debug` what was taken from it.

    Args:
        source: the program.
        out: where the stripped program goes, or its copy where it is left alone.
        debug: a directory that becomes what stands below /usr/lib/debug; empty where the program is left alone.
        tool: the strip to run, a path.
        name: what the report calls the program.
        image_path: where the program stands in the image; it finds the debug part of a program without build-id.

    Raises:
        InputError: a strip that cannot be run, or that does not know the program's architecture.
    """
    debug.mkdir(parents=True, exist_ok=True)
    with _mapped(source) as before:
        size = len(before)
        reason = strip_safety.reason(before)
        if not reason:
            part = _split(source, before, out, debug, tool, image_path)
            with _mapped(out) as after:
                changed = strip_safety.difference(before, after)
            if not changed:
                shutil.copymode(source, out)
                after_size, place = out.stat().st_size, part.relative_to(debug).as_posix()
                return Report(
                    name,
                    size,
                    after_size,
                    size - after_size,
                    part.stat().st_size,
                    f"{DEBUG_ROOT}/{place}",
                    split_dwarf.skeletons(before, elf_layout.read(before)),
                )
            reason = f"would be another program if it were stripped: {changed}"
            _remove(part, debug)
    out.unlink(missing_ok=True)
    shutil.copy(source, out)
    return Report(name, size, size, 0, left_alone=reason)


def _split(source: Path, before: Data, out: Path, debug: Path, tool: str, image_path: str) -> Path:
    """Strip to `out`, linked to the debug part below `debug`, whose path is given."""
    layout = elf_layout.read(before)
    machine = facts.machine if (facts := elf.parse(before)) else "an unknown architecture"
    made = debug / "debug"
    _run([tool, *_ONLY_DEBUG, "-o", str(made), str(source)], tool, machine)
    with _mapped(made) as data:
        lost = strip_safety.lost(layout, elf_layout.read(data))
    if lost:
        raise InputError(
            f"strip makes no debug part of a program for {machine}, got none of {lost} from {tool}; {_advice(machine)}"
        )
    kept = [f"--keep-section={section.name}" for section in layout.sections if section.name in strip_safety.RECORDS]
    _run([tool, "--strip-all", "--remove-section=.comment", *kept, "-o", str(out), str(source)], tool, machine)
    part = debug / _place(elf_layout.build_id(before, layout), made, image_path)
    part.parent.mkdir(parents=True, exist_ok=True)
    made.rename(part)
    part.chmod(0o644)
    out.chmod(0o755)
    debuglink.add(out, part.name, debuglink.crc32(part))
    return part


def _place(build_id: str, made: Path, image_path: str) -> str:
    """Give where below /usr/lib/debug a debugger finds the debug part `made`."""
    if build_id:
        return f".build-id/{build_id[:2]}/{build_id[2:]}.debug"
    if image_path:
        return f"{image_path.strip('/')}.debug"
    with made.open("rb") as stream:
        return f"{hashlib.file_digest(stream, 'sha256').hexdigest()}.debug"


def _remove(part: Path, debug: Path) -> None:
    """Remove the debug part and the directories above it, up to `debug`."""
    part.unlink()
    for parent in part.parents:
        if parent == debug:
            return
        parent.rmdir()


def _run(command: list[str], tool: str, machine: str) -> None:
    advice = _advice(machine)
    program = os.path.abspath(tool)  # noqa: PTH100 - a path without a slash would be looked up in PATH
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run([program, *command[1:]], env=environment, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise InputError(f"strip cannot be run, got {tool} ({error.strerror}); {advice}") from None
    if done.returncode or not Path(command[command.index("-o") + 1]).exists():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[:1] or [f"exit code {done.returncode}"]
        raise InputError(f"strip fails on a program for {machine}, got {said[0]!r} from {tool}; {advice}")


def _advice(machine: str) -> str:
    return f"set strip to one that knows {machine}, such as llvm-strip, or use the program as it is"


@contextmanager
def _mapped(path: Path) -> Iterator[Data]:
    """Give the bytes of the file `path`, which are not read before they are looked at."""
    with path.open("rb") as stream:
        if not os.fstat(stream.fileno()).st_size:
            yield b""
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
            yield view
