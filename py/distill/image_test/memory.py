"""A directory in memory, for files that are made by the ten thousands and read once.

A process holds it: a tmpfs in namespaces of its own (tmpfs(5), user_namespaces(7)). When the process ends, and it ends
with whoever started it, the kernel gives the memory back; nothing has to be removed, whatever was killed.
"""

import os
import signal
import weakref
from collections.abc import Callable
from pathlib import Path

from distill.image_test import kernel

_SHARE = 8
"""The part of the memory that is free which one test may take is one of so many: tests run side by side."""
_PAGE = 4096
_ENTRY = 1024
"""Bytes that the kernel keeps of each file and directory."""
_SPARE = 4 << 20
_CONTROL = Path("/sys/fs/cgroup")


def available() -> int:
    """Give the bytes of memory that are free to the machine and to the control groups that this process is in."""
    left = [int(line.split()[1]) << 10 for line in _lines(Path("/proc/meminfo")) if line.startswith("MemAvailable:")]
    for line in _lines(Path("/proc/self/cgroup")):
        if line.startswith("0::/"):
            group = _CONTROL / line.removeprefix("0::/")
            for each in (group, *group.parents):
                most, used = (_lines(each / f"memory.{name}") for name in ("max", "current"))
                if most and used and most[0].isdigit():
                    left.append(int(most[0]) - int(used[0]))
    return max(0, min(left, default=0))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []


class Memory:
    """What is in memory at `place`, and the process that holds it."""

    def __init__(self, place: Path, process: int) -> None:
        self.place = place
        """A directory that shows its content to those only who `namespace.enter` the process."""
        self.process = process
        self.free = weakref.finalize(self, _end, process)
        """Gives the memory back."""


def fill(place: Path, files: int, size: int, write: Callable[[], object]) -> Memory | None:
    """Have `write` fill the empty directory `place`, in memory; None where that cannot be.

    Args:
        place: the directory.
        files: how many files and directories there will be.
        size: bytes of the files.
        write: fills it. It runs in a process of its own, so nothing but files comes of it.
    """
    need = size + files * (_PAGE + _ENTRY) + _SPARE
    if need > available() // _SHARE:
        return None
    done, told = os.pipe2(os.O_CLOEXEC)
    process = os.fork()
    if not process:
        os.close(done)
        _hold(place, need, write, told)
    os.close(told)
    try:
        made = os.read(done, 1) == b"+"
    finally:
        os.close(done)
    if made:
        return Memory(place, process)
    _end(process)
    return None


def _hold(place: Path, need: int, write: Callable[[], object], told: int) -> None:
    """Mount, fill and say so, then wait for the end. It never returns."""
    try:
        kernel.call("prctl", kernel.SET_PDEATHSIG, signal.SIGKILL)
        kernel.become(os.geteuid(), os.getegid(), kernel.NEWNS)
        kernel.mount(None, "/", None, kernel.REC | kernel.PRIVATE)
        kernel.mount("tmpfs", str(place), "tmpfs", kernel.NODEV, f"mode=700,size={need},nr_inodes=0")
        write()
        os.write(told, b"+")
        while True:
            signal.pause()
    finally:  # whoever started this finds the fault when it does the same on disk
        os._exit(1)


def _end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
