"""YAML as nodes, for files whose every fault is told with its line: manifests, catalogues."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from distill.errors import FormatError, InputError
from distill.near import suggestion


def compose(text: str | bytes, file: str) -> yaml.Node | None:
    """Read `text` as one document; `file` names it in errors. None for one without a node.

    Raises:
        FormatError: no YAML, no UTF-8, or nodes in nodes without end.
    """
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        root: yaml.Node | None = yaml.compose(decoded, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        problem = getattr(error, "problem", None) or (
            "too many levels" if isinstance(error, RecursionError) else "not UTF-8"
        )
        raise FormatError(f"{where} is no YAML, got {problem}; correct the line") from None
    return root


def line(node: yaml.Node | None) -> int:
    """Give the line that `node` begins on; 1 where there is none."""
    return int(node.start_mark.line) + 1 if node else 1


@dataclass(frozen=True, slots=True)
class Nodes:
    """Takes the nodes of one file apart; every scalar is the text that is written (no `no` that means false).

    What is wrong is an InputError with the line.
    """

    file: str
    """What errors call it."""

    def error(self, node: yaml.Node | None, what: str, advice: str, got: object = None) -> InputError:
        """Give the error for what is wrong at `node`: `FILE:LINE WHAT, got GOT; ADVICE`."""
        value = node.value if got is None and isinstance(node, yaml.ScalarNode) else got
        return InputError(f"{self.file}:{line(node)} {what}, got {value!r}; {advice}")

    def pairs(self, node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
        """Give keys and values of a mapping in which no key stands twice."""
        if not isinstance(node, yaml.MappingNode) or not node.value:
            kind = node.tag.rpartition(":")[2] if node else "nothing"
            raise self.error(node, "is no mapping, or an empty one", "write `key: value` lines", kind)
        seen: set[str] = set()
        for key, _ in node.value:
            if self.text(key) in seen:
                raise self.error(key, "has a key twice", "leave one")
            seen.add(self.text(key))
        return list(node.value)

    def mapping(
        self, node: yaml.Node | None, known: Sequence[str] | None = None, needed: Sequence[str] = ()
    ) -> dict[str, yaml.Node]:
        """Give the values of a mapping by key: of the keys that are `known` (None: any), with all that are `needed`."""
        found: dict[str, yaml.Node] = {}
        for key, value in self.pairs(node):
            name = self.text(key)
            if known is not None and name not in known:
                raise self.error(key, "has an unknown key", suggestion(name, known, f"the keys are {', '.join(known)}"))
            found[name] = value
        for name in needed:
            if name not in found:
                raise self.error(node, "lacks a key", f"add {name}", ", ".join(found))
        return found

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        """Give the items of a list that has some."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(node, "is no list, or an empty one", "write `- item` lines", node.tag.rpartition(":")[2])
        return list(node.value)

    def text(self, node: yaml.Node) -> str:
        """Give the text of a scalar that is not blank."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(node, "has no text where there must be some", "write it", node.tag.rpartition(":")[2])
        return str(node.value)

    def texts(self, node: yaml.Node) -> list[str]:
        """Give one text, or a list of them."""
        return (
            [self.text(node)] if isinstance(node, yaml.ScalarNode) else [self.text(item) for item in self.items(node)]
        )
