"""YAML of a fixed form: nodes become dataclasses, and whatever does not fit is an error with its line.

A field of a dataclass is a key, written in camelCase (`exit_code` is `exitCode`); `metadata["also"]` is another name of
it. A field without a default must be there. A field `line` is no key: it gets the line that the mapping begins on.
Types: str, int, bool, Literal, other dataclasses, tuples of these, and each of them or None.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import yaml

from distill import yaml_nodes
from distill.errors import FormatError, InputError
from distill.near import suggestion
from distill.yaml_nodes import line

T = TypeVar("T")

_WORDS = {str: "text", int: "a whole number", bool: "true or false"}
_MOST_VALUES = 200_000
"""Values of one file; aliases make many of a few lines."""
_JSON_GAPS = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'[^'\n]*')|\t""")
"""What a tab may not be changed in, or a tab."""


def read(text: bytes, file: str, form: type[T]) -> T:
    """Read `text` as one mapping of the form of the dataclass `form`; `file` names it in errors.

    Raises:
        FormatError: no YAML.
        InputError: an unknown, missing or repeated key, or a value of another type; the message has its line.
    """
    try:
        decoded: str | bytes = _untabbed(text.decode())
    except UnicodeDecodeError:
        decoded = text
    root = yaml_nodes.compose(decoded, file)
    if root is None:
        raise FormatError(f"{file} is empty, got no YAML; write the keys that it must have")
    return typing.cast(T, _Reader(file).mapping(root, form))


def _untabbed(text: str) -> str:
    """Give `text` with spaces for the tabs between the parts of JSON, where YAML has none (YAML 1.2.2, 6.1)."""
    if "\t" not in text or not text.lstrip().startswith("{"):
        return text
    return _JSON_GAPS.sub(lambda match: match[1] or " ", text)


def key(field: str) -> str:
    """Give the key of the field `field`."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


def error(file: str, line: int, what: str, got: object, advice: str) -> InputError:
    """Give the error for something wrong on `line` of `file`."""
    return InputError(f"{file}:{line} {what}, got {got!r}; {advice}")


def _shown(node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


@dataclasses.dataclass
class _Reader:
    file: str
    values: int = 0
    """How many were read."""

    def count(self, node: yaml.Node) -> None:
        self.values += 1
        if self.values > _MOST_VALUES:
            raise self.error(node, f"has more than {_MOST_VALUES} values", "use fewer aliases, or several files")

    def error(self, node: yaml.Node, what: str, advice: str, got: object = None) -> InputError:
        return error(self.file, line(node), what, _shown(node) if got is None else got, advice)

    def pairs(self, node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Give the keys and values of a mapping; those that it takes over by `<<` come last, each mapping once."""
        seen: set[int] = set()
        pending: list[yaml.Node] = [node]
        while pending:
            other = pending.pop()
            if not isinstance(other, yaml.MappingNode):
                raise self.error(other, "merges what is no mapping", "write `<<: *anchor` of a mapping")
            if id(other) in seen:  # the first of two equal keys counts
                continue
            seen.add(id(other))
            merged: list[yaml.Node] = []
            for name, value in other.value:
                if name.tag == "tag:yaml.org,2002:merge":
                    merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                else:
                    yield name, value
            pending += reversed(merged)

    def mapping(self, node: yaml.Node, form: type[Any]) -> object:
        fields = {field.name: field for field in dataclasses.fields(form) if field.name != "line"}
        names = {key(name): name for name in fields}
        names |= {field.metadata["also"]: name for name, field in fields.items() if "also" in field.metadata}
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "is no mapping", f"the keys are {', '.join(names)}")
        hints = typing.get_type_hints(form)
        own = {id(name) for name, _ in node.value}
        found: dict[str, Any] = {}
        for name, value in self.pairs(node):
            self.count(name)
            text = str(name.value)
            if not isinstance(name, yaml.ScalarNode) or text not in names:
                advice = suggestion(text, names, f"the keys are {', '.join(names)}")
                raise self.error(name, "has an unknown key", advice)
            field = names[text]
            if field in found:
                if id(name) not in own:
                    continue
                raise self.error(name, "has a key twice", "leave one")
            found[field] = self.value(value, hints[field], text, fields[field].default is dataclasses.MISSING)
        for needed in (each for each, field in fields.items() if field.default is dataclasses.MISSING):
            if needed not in found:
                raise self.error(node, "lacks a key", f"add {key(needed)}", ", ".join(map(key, found)))
        return form(**found, **({"line": line(node)} if "line" in hints else {}))

    def value(self, node: yaml.Node, form: Any, name: str, needed: bool = False) -> object:
        """Give the value of the key `name`; where it is `needed`, a text may not be empty."""
        self.count(node)
        if typing.get_origin(form) is types.UnionType:
            form = next(choice for choice in typing.get_args(form) if choice is not types.NoneType)
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
            raise self.error(node, f"has nothing behind {name}", "write a value, or leave the key out")
        if typing.get_origin(form) is tuple:
            if not isinstance(node, yaml.SequenceNode):
                raise self.error(node, f"has no list for {name}", "write `- item` lines, or [item, …]")
            return tuple(self.value(item, typing.get_args(form)[0], name) for item in node.value)
        if dataclasses.is_dataclass(form):
            return self.mapping(node, typing.cast(type[Any], form))
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, f"has no single value for {name}", "write one")
        return self.scalar(node, form, name, needed)

    def scalar(self, node: yaml.ScalarNode, form: Any, name: str, needed: bool) -> object:
        text = str(node.value)
        if form is str:
            if needed and not text.strip():
                raise self.error(node, f"has nothing behind {name}", "write it")
            return text
        if typing.get_origin(form) is Literal:
            choices = typing.get_args(form)
            if text not in choices:
                advice = suggestion(text, choices, f"write one of {', '.join(choices)}")
                raise self.error(node, f"has an unknown value for {name}", advice)
            return text
        if node.tag == f"tag:yaml.org,2002:{form.__name__}":
            return yaml.SafeLoader("").construct_object(node)
        raise self.error(node, f"has a {name} of another type", f"write {_WORDS[form]}")
