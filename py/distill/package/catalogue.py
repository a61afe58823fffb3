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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from distill import globs, yaml_nodes
from distill.debian import relation
from distill.errors import InputError
from distill.yaml_nodes import Nodes

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
    root = yaml_nodes.compose(text, file)
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


class _Reader(Nodes):
    """Takes a file of the catalogue apart."""

    def parts(self, node: yaml.Node | None) -> list[tuple[yaml.Node, Item]]:
        found: list[tuple[yaml.Node, Item]] = []
        for item in self.items(node) if node else ():
            match = _ITEM.fullmatch(self.text(item).strip())
            text, architectures = (match[1] or match[3], match[2] or "") if match else ("", "")
            found.append((item, Item(text, tuple(architectures.split()))))
        return found

    def globs(self, node: yaml.Node | None) -> tuple[Item, ...]:
        found: list[Item] = []
        for item, glob in self.parts(node):
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
        essential = self.parts(fields.get("essential"))
        for item, found in essential:
            other, slash, part = found.text.partition("/")
            if not (slash and relation.NAME.fullmatch(other) and _NAME.fullmatch(part)):
                raise self.error(item, "has a slice of another form", "write package/slice")
        where = f"{self.file}:{yaml_nodes.line(key)}"
        return Slice(package, name, contents, without, tuple(found for _, found in essential), where)
