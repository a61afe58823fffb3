"""Which package has a missing library, for messages: by the indexes of locks, else by Debian's naming rule."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from distill.errors import FormatError

_SONAME = re.compile(r"(?P<name>.+?)(?:-(?P<inner>[0-9][0-9.]*))?\.so(?:\.(?P<version>[0-9A-Za-z.]+))?")
_GLIBC = re.compile(
    r"(ld-linux.*|lib(c|m|mvec|dl|rt|util|pthread|resolv|anl|nss_[a-z]+|thread_db|BrokenLocale))\.so\.\d+"
)


class Index(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The index of one hub, as its repository has it."""

    hub: str
    sonames: dict[str, dict[str, str]]
    """By architecture, of each soname the package that has it."""


class Sonames:
    """The indexes of the locks that something is made from.

    They are read when something is missing, and not before: what an action makes may not depend on them.
    """

    def __init__(self, files: Iterable[str] = ()) -> None:
        """Take the paths of the indexes."""
        self._files = tuple(files)

    @cached_property
    def indexes(self) -> Sequence[Index]:
        """What the files say.

        Raises:
            FormatError: a file that is no index.
        """
        return [_read(file) for file in self._files]

    def target(self, soname: str, machine: str) -> str:
        """Give the target for `machine` of the package that has the library `soname`, empty where no lock has it."""
        found = self._find(soname, machine)
        return f"@{found[0]}//{found[1]}:{machine}" if found else ""

    def advice(self, soname: str, machine: str) -> str:
        """Say what to do about the library `soname` for `machine` (as Debian names it) that nothing has."""
        if found := self._find(soname, machine):
            hub, package = found
            return f"{soname} is in {package} of this lock: add @{hub}//{package} to packages"
        package = debian_package(soname)
        by_rule = f", by Debian's naming rule {package}" if package else ""
        if self.indexes:
            hub = self.indexes[0].hub
            return (
                f"no package of this lock has it where the loader looks: lock the one that has it{by_rule}"
                f" (`bazel run @{hub}//:lock -- provides {soname}` tells)"
            )
        command = f" (`provides {soname}` of the lock command tells)" if package else ""
        return f"add the package that has it{by_rule}{command}"

    def _find(self, soname: str, machine: str) -> tuple[str, str] | None:
        for index in self.indexes:
            if package := index.sonames.get(machine, {}).get(soname):
                return index.hub, package
        return None


def _read(file: str) -> Index:
    try:
        return msgspec.json.decode(Path(file).read_bytes(), type=Index)
    except msgspec.DecodeError as error:
        raise FormatError(f"{file} is no index of sonames, got {error}; build it with the same rules") from None


def debian_package(soname: str) -> str:
    """Give the name that the package of a library has by Debian's rules (Debian Policy, 8.1), empty for no library.

    The archive's index does not say which package has a library; the rule holds for nearly all. `libssl.so.3` is in
    `libssl3`, `libdb-5.3.so` in `libdb5.3`, `libpython3.so` in `libpython3`.
    """
    if _GLIBC.fullmatch(soname):
        return "libc6"
    match = _SONAME.fullmatch(soname)
    if match is None or not soname.startswith("lib"):
        return ""
    name, version = match["name"], match["version"] or ""
    if match["inner"]:
        name, version = (f"{name}-{match['inner']}", version) if version else (name, match["inner"])
    name = name.lower().replace("_", "-")
    return f"{name}-{version}" if version and name[-1].isdigit() else name + version
