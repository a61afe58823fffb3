"""Variants of libraries for better processors: `glibc-hwcaps/LEVEL` below any directory of libraries (ld.so(8)).

glibc looks there before it looks into the directory itself, for levels that the processor has, the highest first
(`x86-64-v2` to `-v4`, `power9`, `z13` and so on). An image does not know on which processor it will run.
"""

import re

from distill.runtime.rootfs import Rootfs

FOLDER = "glibc-hwcaps"
_NUMBER = re.compile(r"[0-9]+")


class Levels:
    """The levels that the directories of one view have."""

    def __init__(self, rootfs: Rootfs) -> None:
        self._rootfs = rootfs
        self._found: dict[str, tuple[str, ...]] = {}

    def below(self, directory: str) -> tuple[str, ...]:
        """Give the directories of variants below the absolute `directory`, the lowest level first."""
        if directory not in self._found:
            end = self._rootfs.resolve(f"{directory}/{FOLDER}")
            children = self._rootfs.children(end.path) if end.node and end.node.kind == "directory" else []
            names = sorted((path.rpartition("/")[2] for path in children), key=_order)
            self._found[directory] = tuple(f"{directory}/{FOLDER}/{name}" for name in names)
        return self._found[directory]


def _order(level: str) -> tuple[str, list[int]]:
    """Order levels as processors: power9 before power10."""
    return _NUMBER.sub("", level), [int(number[:18]) for number in _NUMBER.findall(level)]
