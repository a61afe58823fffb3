"""The closure of programs: all files that they need at run time, and for each the reason, found on listings alone.

A program needs its interpreter (PT_INTERP), its libraries and theirs (loader), what it says that it opens
(`.note.dlopen`), and where it is a script the interpreter after `#!`, which may be a script again or a program that env
finds. Every link on the way to one of these is a part of the closure too: without it the path leads nowhere.

What a program opens without saying so (configuration, modules of a language, plugins) no listing can tell.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from distill.listing import Dlopen
from distill.runtime import env_command, launch
from distill.runtime.env_command import EnvCommand
from distill.runtime.loader import Loader
from distill.runtime.process import Block, Process
from distill.runtime.rootfs import Node, Resolution, Rootfs

Kind = Literal["root", "interpreter", "needed", "opened", "script", "link"]
"""Why a file is there: it was asked for; PT_INTERP; DT_NEEDED; dlopen(3); `#!`; a symlink on the way to it."""

RECOMMENDED = frozenset({"required", "recommended"})
"""Priorities of `.note.dlopen` that a program would not want to miss."""


@dataclass(frozen=True)
class Need:
    """One file needs another."""

    by: str
    """The path of the file that needs it, empty for what was asked for."""
    kind: Kind
    name: str
    """What it needs it as: a soname, the path of an interpreter; for what was asked for, the reason."""
    path: str
    """The path of what it gets."""


@dataclass(frozen=True)
class Missing:
    """What a file needs and does not get."""

    by: str
    kind: Kind
    name: str


@dataclass(frozen=True)
class Closure:
    """All that some files need; paths are relative to the root and as a listing has them."""

    files: dict[str, Node]
    """By path, in the order in which they were found; links are files of their own."""
    needs: tuple[Need, ...]
    missing: tuple[Missing, ...]
    unopened: tuple[tuple[str, Dlopen], ...]
    """The path of a file, and what it would open if it were there, and can do without."""
    unreadable: tuple[tuple[str, str], ...]
    """The path of a script whose interpreter env would not find, and why, in words that go on from the path."""
    processes: tuple[Process, ...]
    """What the loader makes of each program, and of each library that was asked for."""

    def reasons(self) -> dict[str, Need]:
        """Give of each path the first need that led to it."""
        found: dict[str, Need] = {}
        for need in self.needs:
            found.setdefault(need.path, need)
        return found


@dataclass(frozen=True)
class Options:
    """How programs are run."""

    search: Sequence[str] = tuple(launch.DEFAULT_PATH.split(":"))
    """The directories of PATH, for what env runs."""
    library_path: Sequence[str] = ()
    """The directories of LD_LIBRARY_PATH."""
    working_dir: str = ""
    opens: Sequence[str] = ()
    """Libraries that each program opens besides."""
    priorities: Collection[str] = RECOMMENDED
    """What is taken of what files say that they open."""


@dataclass
class _Search:
    views: Sequence[Rootfs]
    options: Options
    loader: Loader
    files: dict[str, Node] = field(default_factory=dict)
    needs: dict[Need, None] = field(default_factory=dict)
    missing: dict[Missing, None] = field(default_factory=dict)
    unopened: dict[tuple[str, Dlopen], None] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], None] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    blocks: set[Block] = field(default_factory=set)
    """What is taken already, of objects that several processes have."""

    def resolve(self, path: str) -> Resolution:
        """Follow `path` in the first view in which it leads somewhere."""
        end = Resolution(path, None, "missing")
        for view in self.views:
            end = view.resolve(path)
            if end.node:
                break
        return end

    def find(self, wanted: EnvCommand) -> Resolution:
        """Find a program as execvp(3) does: by its path, or in the directories of PATH."""
        end = Resolution(wanted.program, None, "missing")
        search = self.options.search if wanted.search is None else wanted.search
        start = launch.moved(self.options.working_dir, wanted)
        for view in self.views:
            end = launch.find(view, wanted.program, search, start)
            if end.node:
                break
        return end

    def add(self, need: Need, node: Node, links: Iterable[str]) -> None:
        """Take the file `node` and the `links` on the way to it, each of which the one before leads to."""
        if need in self.needs:
            return
        for link in links:
            holder = next((found for view in self.views if (found := view.get(link))), None)
            if holder and link != need.path:
                self.files.setdefault(link, holder)
                self.needs[Need(need.by, "link", need.name, link)] = None
        self.needs[need] = None
        self.files.setdefault(node.record.path, node)
        target = node.file.path
        if target != node.record.path:  # a hard link: whoever takes the one takes the bytes of the other
            self.files.setdefault(target, node)

    def run(self, roots: Iterable[tuple[str, str]]) -> None:
        pending: list[tuple[Need, EnvCommand | None]] = []
        pending += [(Need("", "root", reason, path), None) for path, reason in roots]
        pending.reverse()
        while pending:
            root, wanted = pending.pop()
            end = self.find(wanted) if wanted else self.resolve(root.path)
            if end.node is None:
                self.missing[Missing(root.by, root.kind, root.name if root.by else root.path)] = None
                continue
            node = end.node
            path = node.record.path
            self.add(Need(root.by, root.kind, root.name, path), node, end.links)
            if path in self.done:
                continue
            self.done.add(path)
            if node.file.elf and node.file.elf.kind in ("executable", "shared"):
                self.load(end.path, node)
            elif node.file.shebang:
                commands = self.interpreters(path, node.file.shebang)
                pending.extend((Need(path, "script", command.program, ""), command) for command in commands)

    def interpreters(self, path: str, shebang: str) -> Iterator[EnvCommand]:
        """Give what the script at `path` runs: its interpreter, and what env would run."""
        interpreter, *argument = shebang.split(None, 1)
        if launch.is_env(interpreter):
            command = env_command.read("".join(argument))
            if command.problem:
                self.unreadable[path, command.problem] = None
            else:
                yield command
        yield EnvCommand(interpreter)

    def load(self, path: str, node: Node) -> None:
        """Take all that the loader would load for `node`."""
        elf = node.file.elf
        # A library is opened by a program: what programs open is not what it opens.
        program = elf is not None and bool(elf.interpreter or elf.kind == "executable")
        process = self.loader.load(path, node, self.options.opens if program else (), self.options.priorities)
        self.processes.append(process)
        for block in process.blocks:
            if block in self.blocks or not block.edges:
                continue
            self.blocks.add(block)
            parent = block.edges[0][0]
            by, needed = parent.node.record.path, {*parent.elf.needed, *parent.elf.filters}
            for _, name, child in block.edges:
                kind: Kind = "needed" if name in needed else "opened"
                if name == parent.elf.interpreter:
                    kind = "interpreter"
                self.add(Need(by, kind, name, child.node.record.path), child.node, child.links)
        if elf and elf.interpreter and not any(name == elf.interpreter for _, name, _ in process.blocks[0].edges):
            self.missing[Missing(node.record.path, "interpreter", elf.interpreter)] = None
        for by, name in process.missing:
            self.missing[Missing(by, "opened" if name in self.options.opens else "needed", name)] = None
        self.unopened.update(dict.fromkeys(process.unopened))


def compute(
    rootfs: Rootfs, roots: Iterable[tuple[str, str]], options: Options | None = None, more: Sequence[Rootfs] = ()
) -> Closure:
    """Give the closure of `roots`.

    Args:
        rootfs: the image.
        roots: paths, each with the reason why it is asked for.
        options: how programs are run.
        more: views in which what the image has not is looked for, the first one first; each must hold what those before
            it hold.
    """
    options = options or Options()
    search = _Search((rootfs, *more), options, Loader(rootfs, options.library_path, options.working_dir, more))
    search.run(roots)
    return Closure(
        search.files,
        tuple(search.needs),
        tuple(search.missing),
        tuple(search.unopened),
        tuple(search.unreadable),
        tuple(search.processes),
    )
