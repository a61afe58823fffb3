"""What is wrong with a closure, in words: what is missing, and where it may come from; what is for another machine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from distill.closure.closure import Closure, Missing
from distill.runtime import ld_so_conf, libraries
from distill.runtime.rootfs import Node, Rootfs
from distill.runtime.sonames import Sonames
from distill.runtime.symbol_versions import Checker

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
    sonames: Sonames = field(default_factory=Sonames)
    """The indexes of the locks that packages are from."""

    def of(self, closure: Closure) -> Iterator[str]:
        """Give the lines about `closure`, in the order in which its faults were found."""
        wanted = {missing.name.rpartition("/")[2] for missing in closure.missing}
        places = libraries.places(self.everything, wanted) if wanted else {}
        for missing in closure.missing:
            yield self._missing(closure, missing, places.get(missing.name.rpartition("/")[2], []))
        yield from (f"/{path} {why}" for path, why in closure.unreadable)
        versions = Checker()
        for process in closure.processes:
            for unmet in versions.check(process):
                yield unmet.message
            for by, name, found in process.blocks[0].edges[:1] if process.blocks else ():
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
                target = self.sonames.target(missing.name.rpartition("/")[2], machine)
                return (
                    f"{needs} for {machine}, which is there only as /{place} for {elf.machine} ({self.origin(found)});"
                    f" build for the platform of the image, or take what is for {machine}{target and f', {target}'}"
                )
            if missing.kind in ("needed", "opened"):
                directory = place.rpartition("/")[0]
                if ld_so_conf.has(self.everything, directory):
                    return f"{needs}, which is at /{place} ({self.origin(found)}), {ld_so_conf.ADVICE}, to layers too"
                return (
                    f"{needs}, which is at /{place} ({self.origin(found)}), where the loader does not look;"
                    f" link with /{directory} as a RUNPATH, or put it into library_path"
                )
        if missing.kind == "interpreter" and not machine:  # of a script: no library
            return f"{needs}, which {self.where} has; add the package that has it"
        return f"{needs}, which {self.where} has; {self.sonames.advice(missing.name.rpartition('/')[2], machine)}"
