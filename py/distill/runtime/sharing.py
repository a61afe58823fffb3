"""Work of the loader that processes share.

Which library an object gets may depend on the process: a name that was loaded before is not looked for, and DT_RPATH
serves all that an object loads. In most images it does not: each name means one file, whoever asks. `Common` holds what
names mean, as long as that is so; a process with an object of which it is not gets None, and is loaded on its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from distill.listing import Dlopen, Elf
from distill.runtime.process import Block, Edge, Loaded, Process
from distill.runtime.rootfs import Node


class Opened(NamedTuple):
    """A library that was found, and where it was opened."""

    path: str
    node: Node
    elf: Elf
    links: tuple[str, ...]


class Wishes(NamedTuple):
    """What an object asks for."""

    needed: Sequence[str]
    optional: Sequence[str]
    """Names that are taken if they are there."""
    opened: Sequence[Dlopen]
    """What it opens itself."""


Search = Callable[[str, Loaded], Sequence[Opened]]
"""Gives a library that an object needs, and then its variants."""


@dataclass
class _Known:
    """An object, with what it gets."""

    block: Block
    asked: set[str]
    """The names that it asks for, found or not."""
    names: dict[str, Loaded]
    """All names that its edges bring."""
    children: dict[int, Loaded]
    """The objects that its edges bring, by the identity of their files."""


@dataclass
class Common:
    """What names mean in all processes with one interpreter."""

    search: Search
    wishes: Callable[[Loaded], Wishes]
    chained: Callable[[Elf], bool]
    """Says whether an object has directories for what it loads to look into."""
    meaning: dict[str, Loaded | None] = field(default_factory=dict)
    """By name; None for what nobody finds."""
    fixed: frozenset[str] = frozenset()
    """Names of the interpreter, which is there before anything else."""
    files: dict[int, Loaded] = field(default_factory=dict)
    known: dict[int, _Known | None] = field(default_factory=dict)
    """By the identity of the file; None for an object whose libraries depend on the process."""

    def process(self, program: Loaded, wishes: Wishes, interpreter: Loaded | None) -> Process | None:
        """Give the process of `program`, None where it has to be loaded on its own."""
        first = self._get(program, wishes)
        if first is None:
            return None
        if interpreter:
            edge = (program, program.elf.interpreter, interpreter)
            first.block = Block((edge, *first.block.edges), first.block.missing, first.block.unopened)
        # A library that is loaded first of all is not opened again, from wherever another one would have it.
        own, itself = program.elf.soname, id(program.node.file)
        if own in first.asked or itself in first.children:
            return None
        objects, blocks = [program], [first.block]
        names = {name: found for name in self.fixed if (found := self.meaning[name])}
        names.update(first.names)
        seen = {id(program.node.file): program}
        pending = self._new(first, seen)
        for loaded in pending:  # grows while it is walked
            key = id(loaded.node.file)
            if key not in self.known:
                self.known[key] = self._get(loaded, self.wishes(loaded))
            known = self.known[key]
            if known is None or own in known.asked or itself in known.children:
                return None
            objects.append(loaded)
            blocks.append(known.block)
            names.update(known.names)
            if not known.children.keys() <= seen.keys():
                pending += self._new(known, seen)
        if own:
            names[own] = program
        return Process(tuple(objects), names, tuple(blocks))

    @staticmethod
    def _new(known: _Known, seen: dict[int, Loaded]) -> list[Loaded]:
        """Give the children of `known` that are not in `seen`, and put them there."""
        new = {key: child for key, child in known.children.items() if key not in seen}
        seen.update(new)
        return list(new.values())

    def _get(self, parent: Loaded, wishes: Wishes) -> _Known | None:
        """Give what `parent` gets, None where that depends on the process."""
        if self.chained(parent.elf):
            return None
        edges: list[Edge] = []
        asked: set[str] = set()
        missing: list[str] = []
        unopened: list[Dlopen] = []
        for names, into in ((wishes.needed, missing), (wishes.optional, [])):
            for name in names:
                asked.add(name)
                if not self._resolve(name, parent):
                    return None
                if child := self.meaning[name]:
                    edges.append((parent, name, child))
                else:
                    into.append(name)
        for wish in wishes.opened:
            found: Loaded | None = None
            for name in wish.soname:
                asked.add(name)
                if not self._resolve(name, parent):
                    return None
                if found := self.meaning[name]:
                    edges.append((parent, name, found))
                    break
            if not found:
                missing += [wish.soname[0]] if wish.priority == "required" else []
                unopened += [wish] if wish.priority != "required" else []
        brought = {name: child for _, name, child in edges}
        for _, name, child in edges:
            brought.setdefault(child.elf.soname or name, child)
        own = {id(child.node.file): child for _, name, child in edges if child is not self._loader(name)}
        return _Known(Block(tuple(edges), tuple(missing), tuple(unopened)), asked, brought, own)

    def _loader(self, name: str) -> Loaded | None:
        return self.meaning[name] if name in self.fixed else None

    def _resolve(self, name: str, parent: Loaded) -> bool:
        """See what `name` means to `parent`, and whether that is what it means to all."""
        if name in self.fixed:
            return True
        found = self.search(name, parent)
        if len(found) > 1:
            return False  # variants are of whoever asks first
        if not found:
            return self.meaning.setdefault(name, None) is None
        path, node, elf, links = found[0]
        child = self.files.setdefault(id(node.file), Loaded(path, node, elf, parent, links))
        return child.path == path and self._settle(name, child) and self._settle(elf.soname, child)

    def _settle(self, name: str, child: Loaded) -> bool:
        """Let `name` mean `child`, if it means nothing else."""
        if not name:
            return True
        before = self.meaning.setdefault(name, child)
        return before is not None and before.node.file is child.node.file and before.path == child.path
