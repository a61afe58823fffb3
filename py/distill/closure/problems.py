"""What is wrong with a closure, in words: what is missing, and where it may come from; what is for another machine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from distill.closure.closure import Closure, Missing
from distill.runtime import libraries
from distill.runtime.rootfs import Node, Rootfs
from distill.runtime.symbol_versions import Checker

_SONAME = re.compile(r"(?P<name>.+?)(?:-(?P<inner>[0-9][0-9.]*))?\.so(?:\.(?P<version>[0-9A-Za-z.]+))?")
_GLIBC = re.compile(
    r"(ld-linux.*|lib(c|m|mvec|dl|rt|util|pthread|resolv|anl|nss_[a-z]+|thread_db|BrokenLocale))\.so\.\d+"
)

Origin = Callable[[Node], str]
"""Says where a file is from, for messages."""


@dataclass(frozen=True)
class Messages:
    """What is wrong, a line for each; a target gets them all at once."""

    everything: Rootfs
    """All that is offered: base, packages and libraries."""
    origin: Origin
    where: str
    """What is offered, in words: `none of base, packages and libraries`."""

    def of(self, closure: Closure) -> Iterator[str]:
        """Give the lines about `closure`, in the order in which its faults were found."""
        wanted = {missing.name.rpartition("/")[2] for missing in closure.missing}
        places = libraries.places(self.everything, wanted) if wanted else {}
        for missing in closure.missing:
            yield self._missing(closure, missing, places.get(missing.name.rpartition("/")[2], []))
        versions = Checker()
        for process in closure.processes:
            for unmet in versions.check(process):
                yield unmet.message
            for by, name, found in process.edges[:1]:
                if name == by.elf.interpreter and found.elf.machine != by.elf.machine:
                    yield (
                        f"/{by.node.record.path} needs its interpreter {name} for {by.elf.machine},"
                        f" got one for {found.elf.machine} from {self.origin(found.node)};"
                        f" build for the platform of the image, or take what is for {by.elf.machine}"
                    )

    def _missing(self, closure: Closure, missing: Missing, places: list[str]) -> str:
        if missing.kind == "root":
            return f"/{missing.name} is in {self.where}; name a file that is there"
        name = missing.name if missing.kind in ("needed", "opened") else f"its interpreter {missing.name}"
        needs = f"/{missing.by} needs {name}"
        node = closure.files.get(missing.by)
        machine = node.file.elf.machine if node and node.file.elf else ""
        for place in places:
            found = self.everything.resolve(place).node
            elf = found.file.elf if found else None
            if found is None or elf is None:
                continue
            if machine and elf.machine != machine:
                return (
                    f"{needs} for {machine}, which is there only as /{place} for {elf.machine} ({self.origin(found)});"
                    f" build for the platform of the image, or take what is for {machine}"
                )
            if missing.kind in ("needed", "opened"):
                directory = place.rpartition("/")[0]
                return (
                    f"{needs}, which is at /{place} ({self.origin(found)}), where the loader does not look;"
                    f" link with /{directory} as a RUNPATH, or put it into library_path"
                )
        soname = missing.name.rpartition("/")[2]
        package = debian_package(soname)
        advice = f", in Debian {package} by its name (`provides {soname}` of the lock command tells)" if package else ""
        return f"{needs}, which {self.where} has; add the package that has it{advice}"


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
