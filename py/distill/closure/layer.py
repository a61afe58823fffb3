"""A layer with programs and just what they need.

What the base has is not added; the rest comes from packages, and what those have not from libraries of the build. Of
packages the listings are read, and the .debs only of those that something is taken from. What is found where is
settled before a byte is read; the layer is then written like that of packages.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace

import msgspec

from distill import paths
from distill.closure import closure
from distill.closure.closure import Closure, Options
from distill.closure.problems import Messages
from distill.closure.report import package, readable
from distill.debian.deb import Deb
from distill.elf import file as elf
from distill.errors import ConflictError, FormatError, ImageError, InputError
from distill.layer import content
from distill.layer.tree import Source, Tree
from distill.listing import Record, escape, unescape
from distill.package import debian_layer
from distill.package.selection import Selection
from distill.package.slice_choice import Part
from distill.package.usr_merge import merged_path
from distill.runtime.rootfs import Node, Rootfs
from distill.runtime.sonames import Sonames
from distill.tar.header import Entry

WHERE = "none of base, packages and libraries"


@dataclass(frozen=True)
class Offer:
    """What a layer may be made of; listings are lists, for they are laid over each other more than once."""

    programs: Sequence[Source]
    """The files that the layer is for, each at its place."""
    base: Sequence[Sequence[Record]] = ()
    """The listings of the layers below, lowest first."""
    packages: Sequence[Sequence[Record]] = ()
    """The listings of packages."""
    libraries: Sequence[Source] = ()
    """Shared libraries of the build, each at the place where it would go."""


@dataclass
class Plan:
    """What goes into the layer."""

    closure: Closure
    base: Rootfs
    sources: list[Source]
    """Programs and libraries of the build."""
    packages: dict[str, set[str]] = field(default_factory=dict)
    """Paths by the identity of the package that they are taken from; packages that hold just the copyright of one
    that is there have none."""

    def origin(self, node: Node) -> str:
        """Say where a file of the closure is from, for reports."""
        name = package(node)
        in_base = self.base.get(node.record.path)
        return ", ".join(filter(None, (name, "base" if in_base and in_base.record is node.record else "")))


@dataclass
class _Exactly(Part):
    """Just some paths of a package."""

    paths: Collection[str] = frozenset()

    def takes(self, path: str) -> bool:
        return merged_path(path) in self.paths


def plan(offer: Offer, options: Options, sonames: Sonames | None = None) -> Plan:
    """Settle what goes into the layer; `sonames` are for messages.

    Raises:
        ImageError: something is missing, for another machine, or lacks a symbol version: a line for each.
        FormatError: a program or library of the build that is a broken ELF file.
        ConflictError: a package that the base has in another version, two libraries of one name.
    """
    below = Rootfs(offer.base)
    programs = [_settled(source, below) for source in offer.programs]
    own = [look(source) for source in programs]
    by_path, library_records = _libraries(offer.libraries, below)
    image = Rootfs([*offer.base, own])
    # A view of all entries takes its time: none is made that would be the same as the one before.
    with_packages = Rootfs([*offer.packages, *offer.base, own]) if offer.packages else image
    everything = with_packages
    if library_records:
        everything = Rootfs([library_records, *offer.packages, *offer.base, own])
    more = [view for view in dict.fromkeys((with_packages, everything)) if view is not image]
    roots = [(record.path, "asked for") for record in own if record.type == "file"]
    found = closure.compute(image, roots, options, more)
    result = Plan(found, below, programs)
    messages = Messages(everything, lambda node: _from(result, node), WHERE, sonames or Sonames())
    if lines := list(messages.of(found)):
        raise ImageError("\n".join(lines))
    here = {record.path for record in own}
    present: dict[str, set[str]] = {}
    for path, node in found.files.items():
        if path in here:
            continue
        if below.get(path):
            present.setdefault(node.record.package, set()).add(path)
        elif node.record.package:
            result.packages.setdefault(node.record.package, set()).add(path)
        elif source := by_path.get(path):
            result.sources.append(source)
        # What is left are links of the merged /usr: a package whose files move brings them.
    for identity in result.packages:
        # A link of a package is sound by what it leads to, wherever that is; `fill` leaves out what the base has.
        result.packages[identity] |= present.get(identity, set())
    _check_versions(below, result.packages)
    for identity in _copyright_holders(with_packages, result.packages):
        result.packages.setdefault(identity, set())
    return result


def fill(tree: Tree, plan: Plan, open_package: Callable[[str], AbstractContextManager[Deb]], stack: ExitStack) -> None:
    """Put what `plan` says into `tree`.

    Args:
        tree: the tree of the layer.
        plan: what goes there.
        open_package: opens the package of an identity.
        stack: keeps the packages open, for the layer is written from them.

    Raises:
        ConflictError: two sources for one path.
        InputError: a path of the closure that came into neither the layer nor the base.
    """
    debs = [stack.enter_context(open_package(identity)) for identity in sorted(plan.packages)]
    parts: dict[str, Part] = {
        deb.name: _Exactly(
            architecture=deb.architecture, paths={unescape(path) for path in plan.packages[deb.identity]}
        )
        for deb in debs
        if plan.packages[deb.identity]
    }
    sources = [*plan.sources, *debian_layer.sources(debs, Selection(drop=(), parts=parts))]
    added: set[str] = set()
    for number, source in enumerate(sources):
        path = escape(source.entry.path)
        # What the user names may stand instead of a file of the base; what a package has is there already.
        if number < len(plan.sources) or plan.base.get(path) is None:
            tree.add(source)
            added.update(paths.parents(path))
    for path in sorted(added):
        # A layer names its parents; those of the base keep owner and mode.
        if (node := plan.base.get(path)) and node.record.type == "directory":
            _keep(tree, node.record)
    lost = [path for path in plan.closure.files if not plan.base.get(path) and not tree.get(unescape(path))]
    if lost:
        raise InputError(
            f"packages have no {', '.join(f'/{path}' for path in lost)}, got none although their listings say so;"
            " build their layers with the same lock"
        )


def look(source: Source) -> Record:
    """Give the record of a source on disk, without its hash.

    Raises:
        FormatError: a broken ELF file.
        InputError: it cannot be read.
    """
    entry = source.entry
    record = Record(
        path=escape(entry.path),
        type=entry.kind,
        mode=f"{entry.mode:04o}",
        uid=entry.uid,
        gid=entry.gid,
        size=entry.size,
        link=escape(entry.link),
    )
    if entry.kind != "file" or source.file is None:
        return record
    try:
        with open(paths.encode(source.file), "rb", buffering=0) as stream:
            head = os.pread(stream.fileno(), 256, 0)
            facts = elf.parse_file(stream.fileno(), 0, entry.size)
    except FormatError as error:
        raise FormatError(f"/{record.path} is a broken program or library, got {source.file}: {error}") from None
    except OSError as error:
        raise InputError(f"file {source.file} cannot be read, got {error.strerror}; check that it is there") from None
    return msgspec.structs.replace(record, elf=facts, shebang=content.shebang(head))


def _settled(source: Source, below: Rootfs) -> Source:
    """Put `source` where its path leads in the base: in a merged /usr, /bin/x is /usr/bin/x."""
    directory, _, name = source.entry.path.rpartition("/")
    end = below.resolve(escape(directory))
    if end.node is None or end.node.kind != "directory" or not end.links:
        return source
    entry = msgspec.structs.replace(source.entry, path=paths.join(unescape(end.path), name))
    return replace(source, entry=entry)


def _libraries(offered: Iterable[Source], below: Rootfs) -> tuple[dict[str, Source], list[Record]]:
    """Give the libraries of the build by path, and their records; each is there by its soname too."""
    found: dict[str, Source] = {}
    for source in (_settled(source, below) for source in offered):
        other = found.setdefault(source.entry.path, source)
        if other is not source and not _same(other, source):
            raise ConflictError(
                f"libraries has two files for /{source.entry.path}, got {other.file} and {source.file};"
                " give them different names"
            )
    records = {source.entry.path: look(source) for source in found.values()}
    for path, record in list(records.items()):
        soname = unescape(record.elf.soname) if record.elf else ""
        link = paths.join(paths.parent(path), soname)
        if soname and "/" not in soname and link not in records:
            entry = Entry(path=link, kind="symlink", mode=0o777, link=path.rpartition("/")[2])
            found[link] = Source(entry, found[path].origin)
            records[link] = look(found[link])
    return {escape(path): source for path, source in found.items()}, list(records.values())


def _same(one: Source, other: Source) -> bool:
    tree = Tree()
    try:
        tree.add(one)
        tree.add(other)
    except ConflictError:
        return False
    return True


def _check_versions(below: Rootfs, packages: Mapping[str, object]) -> None:
    """See that the base has no package of another version than what is taken: its files fit each other only."""
    present = {node.record.package.partition("_")[0]: node.record.package for node in below if node.record.package}
    for identity in sorted(packages):
        other = present.get(identity.partition("_")[0], identity)
        if other != identity:
            raise ConflictError(
                f"package is in the base in another version, got {readable(other)} there and {readable(identity)} in"
                " packages; use one lock for both"
            )


def _copyright_holders(rootfs: Rootfs, packages: Iterable[str]) -> Iterator[str]:
    """Give the packages whose doc directory stands for that of one of `packages` (Debian Policy, 12.5)."""
    pending = sorted(packages)
    seen = set(pending)
    while pending:
        link = rootfs.get(f"usr/share/doc/{pending.pop().partition('_')[0]}")
        if link is None or link.record.type != "symlink":
            continue
        end = rootfs.resolve(f"{link.record.path}/copyright")
        if end.node and (holder := end.node.record.package) and holder not in seen:
            seen.add(holder)
            pending.append(holder)
            yield holder


def _keep(tree: Tree, record: Record) -> None:
    if tree.get(unescape(record.path)) is not None:
        entry = Entry(unescape(record.path), "directory", record.bits, record.uid, record.gid, record.mtime)
        tree.add(Source(entry, "base"))


def _from(plan: Plan, node: Node) -> str:
    return plan.origin(node) or "libraries"
