"""What the loader makes of one program: the objects of a process, and who needs which of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from distill.listing import Dlopen, Elf
from distill.runtime.rootfs import Node


@dataclass(frozen=True)
class Loaded:
    """An ELF file in a process: `path` is where it was opened (links not followed), for `$ORIGIN`."""

    path: str
    node: Node
    elf: Elf
    by: "Loaded | None" = None
    """The object that needs it; None for the program. Of an object that processes share, one of them."""
    links: tuple[str, ...] = ()
    """The symlinks on the way from `path` to the file."""


Edge = tuple[Loaded, str, Loaded]
"""Who needs which name, and what it gets."""


@dataclass(frozen=True, eq=False)
class Block:
    """What one object needs and gets. Processes in which it gets the same share it."""

    edges: tuple[Edge, ...]
    missing: tuple[str, ...] = ()
    """Libraries that it needs and does not get, those left out that an object before it does not get."""
    unopened: tuple[Dlopen, ...] = ()
    """What it would open of its own accord and does without."""


@dataclass(frozen=True)
class Process:
    """What the loader makes of one program, or of one library that is opened on its own."""

    objects: tuple[Loaded, ...]
    """In the order in which they are loaded, breadth first; the first is the program."""
    names: Mapping[str, Loaded]
    """Names and sonames that are there, and what they lead to."""
    blocks: tuple[Block, ...]
    """Of each object, in the same order; first of all the program gets the loader itself, which PT_INTERP names."""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All that any object gets."""
        return tuple(edge for block in self.blocks for edge in block.edges)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """The path of an object, and the library that it needs and does not get; each library once."""
        found: dict[str, str] = {}
        for loaded, block in zip(self.objects, self.blocks, strict=True):
            for name in block.missing:
                found.setdefault(name, loaded.node.record.path)
        return tuple((by, name) for name, by in found.items())

    @property
    def unopened(self) -> tuple[tuple[str, Dlopen], ...]:
        """The path of an object, and what it would open of its own accord and does without."""
        pairs = zip(self.objects, self.blocks, strict=True)
        return tuple((loaded.node.record.path, wish) for loaded, block in pairs for wish in block.unopened)
