"""The root filesystem of an image as an engine sees it: the layers' listings, laid one over the other.

Overlay semantics (OCI image-spec 1.1, layer.md, "Applying Changesets"): a later layer wins; a directory over a
directory keeps its children; anything else over a directory removes what is below it; `.wh.NAME` removes NAME of the
layers below, `.wh..wh..opq` all children of its directory, and neither touches entries of its own layer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import msgspec

from distill.listing import Record

MAX_LINKS = 40
"""Links that the kernel follows in one path (MAXSYMLINKS) before it gives ELOOP."""

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"


class Node(NamedTuple):
    """What is at one path."""

    record: Record
    """The entry, as its layer has it."""
    file: Record
    """The entry that holds the content: the target of a hard link, else `record` itself."""
    layer: int
    """The number of the layer, 0 the lowest."""

    @property
    def kind(self) -> str:
        """`file` for a hard link too: to whoever opens it, it is one."""
        return self.file.type


_ROOT_RECORD = Record(path="", type="directory", mode="0755")
_ROOT = Node(_ROOT_RECORD, _ROOT_RECORD, 0)
"""The root, which no layer needs to hold."""


@dataclass(frozen=True)
class Resolution:
    """Where a path leads once its links are followed."""

    path: str
    """Where it ends, relative to the root. Of a path that fails: the part that failed, the links before it followed."""
    rest: str = field(default="", kw_only=True)
    """Of a path that fails: what comes behind that part."""
    node: Node | None
    """What stands there; None for a path that fails."""
    problem: Literal["", "missing", "loop", "not a directory"] = ""
    links: tuple[str, ...] = field(default=(), kw_only=True)
    """The symlinks that were followed, in order."""


@dataclass(frozen=True)
class Clash:
    """Two layers that do not agree on what a path is."""

    path: str
    lower: int
    lower_kind: str
    upper: int
    upper_kind: str


@dataclass(frozen=True)
class Overlap:
    """Two packages in two layers that have a path of one kind and do not agree on it."""

    path: str
    lower: Record
    upper: Record


class Rootfs:
    """The merged view of `layers`, lowest first. It is made once and does not change."""

    def __init__(self, layers: Sequence[Iterable[Record]]) -> None:
        self._nodes: dict[str, Node] = {}
        self._children: dict[str, dict[str, None]] = {}
        self.clashes: list[Clash] = []
        """In the order of layers and paths; a path that a whiteout freed first clashes with nothing."""
        self.overlaps: list[Overlap] = []
        """In the same order."""
        for number, records in enumerate(layers):
            self._lay(number, records)
        self._nodes = dict(sorted(self._nodes.items()))

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[Node]:
        """Give every node, by path."""
        return iter(self._nodes.values())

    def get(self, path: str) -> Node | None:
        """Give what stands at `path`, as it is written: no link is followed."""
        return self._nodes.get(path)

    def children(self, path: str) -> list[str]:
        """Give the paths in the directory `path` (`""` is the root), sorted."""
        return sorted(self._children.get(path, ()))

    def resolve(self, path: str, *, start: str = "", follow: bool = True) -> Resolution:
        """Follow `path` as a process does whose root is the image.

        An absolute path begins at the root, another one in the directory `start`; `..` does not climb out of the root.
        With `follow` false a link that is the last component stays one.
        """
        pending = path.split("/")[::-1]
        current = "" if path.startswith("/") else start
        links: list[str] = []
        while pending:
            name = pending.pop()
            if name in ("", "."):
                continue
            if name == "..":
                current = current.rpartition("/")[0]
                continue
            here = f"{current}/{name}" if current else name
            node = self._nodes.get(here)
            if node is None:
                return Resolution(here, None, "missing", rest="/".join(pending[::-1]), links=tuple(links))
            kind = node.record.type
            if kind == "symlink" and (pending or follow):
                links.append(here)
                if len(links) > MAX_LINKS:
                    return Resolution(here, None, "loop", links=tuple(links))
                target = node.record.link
                if target.startswith("/"):
                    current = ""
                pending.extend(target.split("/")[::-1])
                continue
            if pending and kind != "directory":
                return Resolution(here, None, "not a directory", links=tuple(links))
            current = here
        return Resolution(current, self._nodes[current] if current else _ROOT, links=tuple(links))

    def records(self) -> Iterator[Record]:
        """Give the merged listing, by path: what one layer that holds the whole image would list.

        A hard link leads to the file itself; where that is gone or was replaced, it becomes a file.
        """
        for record, file, _ in self:
            if record.type != "hardlink" or file.type == "hardlink":
                yield record
            elif (target := self._nodes.get(file.path)) and target.record is file:
                yield msgspec.structs.replace(record, link=file.path)
            else:
                yield msgspec.structs.replace(file, path=record.path, package=record.package or file.package)

    def _lay(self, number: int, records: Iterable[Record]) -> None:
        """Put a layer over those below."""
        own: list[Record] = []
        for record in records:
            directory, _, name = record.path.rpartition("/")
            if name == _OPAQUE:
                for child in list(self._children.get(directory, ())):
                    self._remove(child)
            elif name.startswith(_WHITEOUT):
                hidden = name[len(_WHITEOUT) :]
                self._remove(f"{directory}/{hidden}" if directory else hidden)
            else:
                own.append(record)
        own.sort(key=lambda record: record.type == "hardlink")  # behind what they lead to, else as the layer has them
        for record in own:
            self._put(number, record)

    def _put(self, number: int, record: Record) -> None:
        """Put an entry, and the parents that its layer does not list."""
        missing: list[str] = []
        parent = record.path.rpartition("/")[0]
        while parent and ((above := self._nodes.get(parent)) is None or above.record.type != "directory"):
            missing.append(parent)
            parent = parent.rpartition("/")[0]
        for path in reversed(missing):
            self._place(number, Record(path=path, type="directory", mode="0755"))
        self._place(number, record)

    def _place(self, number: int, record: Record) -> None:
        """Put an entry whose parent is there."""
        path = record.path
        file = record
        if record.type == "hardlink" and (target := self._nodes.get(record.link)):
            file = target.file
        before = self._nodes.get(path)
        if before is None:
            self._children.setdefault(path.rpartition("/")[0], {})[path] = None
        else:
            lower, upper = before.kind, file.type
            if lower != upper and before.layer != number:
                self.clashes.append(Clash(path, before.layer, lower, number, upper))
            elif record.package and _differ(before, record, file):
                self.overlaps.append(Overlap(path, before.record, record))
            if lower == "directory" and upper != "directory":
                for child in list(self._children.get(path, ())):
                    self._remove(child)
        self._nodes[path] = Node(record, file, number)

    def _remove(self, path: str) -> None:
        """Remove `path` and all below it, if it is there."""
        if self._nodes.pop(path, None) is None:
            return
        del self._children[path.rpartition("/")[0]][path]
        pending = list(self._children.pop(path, ()))
        while pending:
            child = pending.pop()
            del self._nodes[child]
            pending.extend(self._children.pop(child, ()))


def _differ(before: Node, record: Record, file: Record) -> bool:
    """Say whether `record`, whose content is that of `file`, is of another package than `before`, and not the same."""
    names = {one.package.partition("_")[0] for one in (before.record, record)}
    if len(names) == 1 or "" in names:
        return False
    one, other = before.file, file
    return (one.mode, one.uid, one.gid, one.sha256, one.size, one.link, one.device) != (
        other.mode, other.uid, other.gid, other.sha256, other.size, other.link, other.device,
    )  # fmt: skip
