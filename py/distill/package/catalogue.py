"""The catalogue: named slices of packages, each a list of globs and of the slices that it needs (`essential`).

A file of it is YAML and describes one package:

    package: libssl3
    slices:
      libs:
        essential: [libc6/libs]
        contents:
          - /usr/lib/*-linux-*/libssl.so.3
      engines:
        contents: [/usr/lib/*-linux-*/engines-3]
        except:
          - /usr/lib/*-linux-*/engines-3/padlock.so [amd64 i386]

Paths are those of a merged /usr, with the globs of `distill.globs`; `except` are globs of what is left out. What stands
for some architectures only has them in brackets behind it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from distill import globs
from distill.debian import relation
from distill.errors import FormatError, InputError
from distill.near import suggestion

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_ITEM = re.compile(r"(\S(?:.*\S)?)\s+\[([a-z0-9 ]+)\]|(.*)", re.DOTALL)
_KEYS = ("package", "slices")
_SLICE_KEYS = ("essential", "contents", "except")


@dataclass(frozen=True)
class Item:
    """A glob, or the name of a slice as `package/slice`."""

    text: str
    architectures: tuple[str, ...]
    """Debian's names; empty for all."""

    def applies(self, architecture: str) -> bool:
        """Say whether it stands for `architecture`."""
        return not self.architectures or architecture in self.architectures


@dataclass(frozen=True)
class Slice:
    """A named part of a package's files."""

    package: str
    name: str
    contents: tuple[Item, ...]
    """Globs, without the leading slash."""
    without: tuple[Item, ...]
    """Globs of what is left out, alike."""
    essential: tuple[Item, ...]
    where: str
    """`file:line`, for messages."""

    def __str__(self) -> str:
        """Give its name as a target writes it."""
        return f"{self.package}/{self.name}"


Catalogue = Mapping[str, Slice]
"""Slices by `package/slice`."""


def parse(text: bytes, file: str) -> list[Slice]:
    """Read one file of a catalogue; `file` names it in errors.

    Raises:
        FormatError: no YAML.
        InputError: YAML of another form; the message has the line.
    """
    try:
        root = yaml.compose(text.decode(), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        problem = getattr(error, "problem", None) or "not UTF-8"
        raise FormatError(f"{where} is no YAML, got {problem}; correct the line") from None
    reader = _Reader(file)
    fields = reader.mapping(root, _KEYS, _KEYS)
    package = reader.text(fields["package"])
    if not relation.NAME.fullmatch(package):
        raise reader.error(fields["package"], "has no package name", "see Debian Policy, 5.6.1")
    return [reader.slice(package, name, node) for name, node in reader.pairs(fields["slices"])]


def combine(ours: Iterable[Slice], users: Iterable[Slice]) -> dict[str, Slice]:
    """Give the catalogue of `ours` with the slices of `users`, which stand instead of ours of the same name.

    Raises:
        InputError: one slice twice in the same part.
    """
    found: dict[str, Slice] = {}
    for part in (ours, users):
        own: dict[str, Slice] = {}
        for slice_ in part:
            if other := own.get(str(slice_)):
                raise InputError(
                    f"{slice_.where} has a slice that is there already, got {slice_} of {other.where}; leave one"
                )
            own[str(slice_)] = slice_
        found |= own
    return found


@dataclass(frozen=True)
class _Reader:
    file: str

    def error(self, node: yaml.Node | None, what: str, advice: str, got: object = None) -> InputError:
        line = node.start_mark.line + 1 if node else 1
        value = node.value if got is None and isinstance(node, yaml.ScalarNode) else got
        return InputError(f"{self.file}:{line} {what}, got {value!r}; {advice}")

    def pairs(self, node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode) or not node.value:
            kind = node.tag.rpartition(":")[2] if node else "nothing"
            raise self.error(node, "is no mapping, or an empty one", "write `key: value` lines", kind)
        seen: set[str] = set()
        for key, _ in node.value:
            if self.text(key) in seen:
                raise self.error(key, "has a key twice", "leave one")
            seen.add(self.text(key))
        return list(node.value)

    def mapping(self, node: yaml.Node | None, known: Sequence[str], needed: Sequence[str]) -> dict[str, yaml.Node]:
        found = {self.text(key): (key, value) for key, value in self.pairs(node)}
        for name, (key, _) in found.items():
            if name not in known:
                advice = suggestion(name, known, f"the keys are {', '.join(known)}")
                raise self.error(key, "has an unknown key", advice)
        for name in needed:
            if name not in found:
                raise self.error(node, "lacks a key", f"add {name}", ", ".join(found))
        return {name: value for name, (_, value) in found.items()}

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(node, "has no text where there must be some", "write it", node.tag.rpartition(":")[2])
        return str(node.value)

    def items(self, node: yaml.Node | None) -> list[tuple[yaml.Node, Item]]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(node, "is no list, or an empty one", "write `- item` lines", node.tag.rpartition(":")[2])
        found: list[tuple[yaml.Node, Item]] = []
        for item in node.value:
            match = _ITEM.fullmatch(self.text(item).strip())
            text, architectures = (match[1] or match[3], match[2] or "") if match else ("", "")
            found.append((item, Item(text, tuple(architectures.split()))))
        return found

    def globs(self, node: yaml.Node | None) -> tuple[Item, ...]:
        found: list[Item] = []
        for item, glob in self.items(node):
            if not glob.text.startswith("/") or {"..", "."} & set(glob.text.split("/")) or not glob.text.strip("/"):
                raise self.error(item, "has a path of another form", "write an absolute path, or a glob of one")
            globs.compiled(glob.text)
            found.append(Item(glob.text.strip("/"), glob.architectures))
        return tuple(found)

    def slice(self, package: str, key: yaml.Node, node: yaml.Node) -> Slice:
        name = self.text(key)
        if not _NAME.fullmatch(name):
            raise self.error(key, "has a slice with a bad name", "begin with a letter and use a-z, 0-9 and -")
        fields = self.mapping(node, _SLICE_KEYS, ())
        contents, without = self.globs(fields.get("contents")), self.globs(fields.get("except"))
        essential = self.items(fields.get("essential"))
        for item, found in essential:
            other, slash, part = found.text.partition("/")
            if not (slash and relation.NAME.fullmatch(other) and _NAME.fullmatch(part)):
                raise self.error(item, "has a slice of another form", "write package/slice")
        where = f"{self.file}:{key.start_mark.line + 1}"
        return Slice(package, name, contents, without, tuple(found for _, found in essential), where)
