"""Symbol versions that a file needs, and that the library which it gets does not define: the loader refuses to run it.

As glibc's loader does it (elf/dl-version.c): each version that is not weak must be defined by the library that the file
names for it; a library without any versions is taken as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from distill.listing import Elf
from distill.runtime.process import Process

_VERSION = re.compile(r"(.*?_)([0-9]+(?:\.[0-9]+)*)")


@dataclass(frozen=True)
class Unmet:
    """Versions of one library that one file needs in vain."""

    path: str
    """Of the file that needs them, relative to the root."""
    library: str
    """The name by which the file asks for the library."""
    found: str
    """The path of the library that it gets."""
    versions: tuple[str, ...]
    """Those that are missing, lowest first."""
    highest: str
    """The highest of the same kind that the library has, empty where it has none."""

    @property
    def message(self) -> str:
        """Say what is wrong."""
        has = f"where the highest is {self.highest}" if self.highest else "where there is none of that kind"
        return (
            f"/{self.path} needs {', '.join(self.versions)} of {self.library}, which /{self.found} does not have,"
            f" {has}; build it against that library, or take the library from a later release"
        )


class Checker:
    """Compares each pair of files once, however many processes have it."""

    def __init__(self) -> None:
        """Begin with nothing compared."""
        self._seen: set[tuple[int, int]] = set()
        self._defined: dict[int, frozenset[str]] = {}

    def check(self, process: Process) -> Iterator[Unmet]:
        """Give what the objects of `process` need in vain, those left out that another process had, too."""
        for loaded in process.objects:
            for library, versions in loaded.elf.versions_needed.items():
                found = process.names.get(library)
                if found is None or (pair := (id(loaded.elf), id(found.elf))) in self._seen:
                    continue
                self._seen.add(pair)
                missing = [version for version in versions if version not in self._of(found.elf)]
                if missing and found.elf.versions:
                    yield Unmet(
                        loaded.node.record.path,
                        library,
                        found.node.record.path,
                        tuple(sorted(missing, key=_order)),
                        _highest(found.elf.versions, missing),
                    )

    def _of(self, elf: Elf) -> frozenset[str]:
        if id(elf) not in self._defined:
            self._defined[id(elf)] = frozenset(elf.versions)
        return self._defined[id(elf)]


def _order(version: str) -> tuple[str, tuple[int, ...], str]:
    """Order versions as people do: GLIBC_2.9 before GLIBC_2.36."""
    match = _VERSION.fullmatch(version)
    # A number longer than any real one would cost more to read than it is worth.
    if match is None or len(match[2]) > 100:
        return version, (), version
    return match[1], tuple(int(part) for part in match[2].split(".")), version


def _highest(versions: tuple[str, ...], missing: list[str]) -> str:
    kinds = {_order(version)[0] for version in missing}
    same = [version for version in versions if (order := _order(version))[0] in kinds and order[1]]
    return max(same, key=_order, default="")
