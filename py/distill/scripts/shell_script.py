"""Shell scripts, read and never run: the simple commands that stand in one, with what is known of their words.

This is no shell. Every branch counts, but those of a `case` that the caller rules out; assignments hold from their
place in the text on; loops over given words are followed for each word, functions for each call. What only a run would
tell is UNKNOWN.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from distill.scripts import shell_lexer
from distill.scripts.shell_lexer import Token

UNKNOWN = "\0"
"""Stands in a word for what only a run would tell; no word of a script has it."""

MOST_COMMANDS = 10_000
"""Of one script, loops and calls followed; what comes behind is left out."""

_MOST_DEPTH = 50
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_ASSIGNMENT = re.compile(rf"({_NAME})=(.*)", re.DOTALL)
_VARIABLE = re.compile(rf"({_NAME}|[0-9@*])(?::?([-=+])(.*))?", re.DOTALL)
_BARE_VARIABLE = re.compile(rf"{_NAME}|[0-9@*#?!$-]")
_SKIPPED = frozenset({"then", "else", "elif", "do", "!", "time", "exec", "eval", "command", "fi", "done", "esac", "}"})
_CLOSED_BY = {"{": "}", "if": "fi", "while": "done", "until": "done"}
_DECLARING = frozenset({"local", "export", "readonly"})

Arm = Callable[[str, Sequence[str]], bool]
"""Given the word of a `case` and the patterns of one of its arms, as they are written: whether the arm counts."""


@dataclass(frozen=True)
class _Loop:
    name: str
    words: Sequence[str]
    body: Sequence["_Node"]


@dataclass(frozen=True)
class _Function:
    name: str
    body: Sequence["_Node"]


_Node = list[str] | _Loop | _Function


def commands(text: str, known: Mapping[str, str], arm: Arm = lambda word, patterns: True) -> list[list[str]]:
    """Give the simple commands of the script `text`, in order, each as its words; never empty ones.

    Args:
        text: the script; any text is one.
        known: variables that are set, with their values.
        arm: tells which arms of `case` count.
    """
    run = _Run(dict(known))
    run.follow(_Parser(list(shell_lexer.tokens(text)), arm).nodes(()), 0)
    return run.result


class _Parser:
    """Takes tokens to nodes. It accepts whatever comes: what is left open ends with the text."""

    def __init__(self, tokens: list[Token], arm: Arm) -> None:
        self._tokens = tokens
        self._arm = arm
        self._place = 0

    def nodes(self, stops: Sequence[str], depth: int = 0) -> list[_Node]:
        """Read until one of `stops` stands where a command may begin, and past it."""
        found: list[_Node] = []
        while (token := self._next()) is not None:
            word = token.text
            if word in stops:
                break
            if token.operator or depth > _MOST_DEPTH:
                if word == "(" and depth <= _MOST_DEPTH:
                    found += self.nodes((")",), depth + 1)
            elif word in _CLOSED_BY:
                found += self.nodes((_CLOSED_BY[word],), depth + 1)
            elif word == "for":
                found.append(self._loop(depth))
            elif word == "case":
                found += self._case(depth)
            elif [t.text for t in self._tokens[self._place : self._place + 2]] == ["(", ")"]:
                self._place += 2
                found.append(self._function(word, depth))
            elif word not in _SKIPPED:
                found.append([word, *self._words()])
        return found

    def _next(self) -> Token | None:
        if self._place >= len(self._tokens):
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _words(self) -> Iterator[str]:
        """Read what is left of a simple command, without its redirections."""
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token.redirects:
                self._place += 2
                continue
            if token.operator:
                break
            self._place += 1
            yield token.text

    def _lines(self) -> None:
        while self._place < len(self._tokens) and self._tokens[self._place].text in ("\n", ";"):
            self._place += 1

    def _loop(self, depth: int) -> _Loop:
        name, *words = [*self._words()] or [""]
        self._lines()
        if self._place < len(self._tokens) and self._tokens[self._place].text == "do":
            self._place += 1
        return _Loop(name, words[1:] if words[:1] == ["in"] else ['"$@"'], self.nodes(("done",), depth + 1))

    def _function(self, name: str, depth: int) -> _Function:
        self._lines()
        opening = self._next()
        closing = ")" if opening and opening.text == "(" else "}"
        return _Function(name, self.nodes((closing,), depth + 1))

    def _case(self, depth: int) -> list[_Node]:
        word = next(self._words(), "")
        self._lines()
        if self._place < len(self._tokens) and self._tokens[self._place].text == "in":
            self._place += 1
        found: list[_Node] = []
        while True:
            patterns: list[str] = []
            while (token := self._next()) is not None and token.text != ")":
                if token.text == "esac" and not patterns:
                    return found
                if not token.operator:
                    patterns.append(token.text.strip("\"'"))
            body = self.nodes((";;", ";&", ";;&", "esac"), depth + 1)
            if self._arm(word, patterns):
                found += body
            if token is None or self._tokens[self._place - 1].text == "esac":
                return found


@dataclass
class _Run:
    """Follows nodes; `result` grows."""

    values: dict[str, str]
    result: list[list[str]] = field(default_factory=list)
    functions: dict[str, Sequence[_Node]] = field(default_factory=dict)

    def follow(self, nodes: Sequence[_Node], depth: int) -> None:
        for node in nodes:
            if len(self.result) >= MOST_COMMANDS or depth > _MOST_DEPTH:
                return
            if isinstance(node, _Function):
                self.functions[node.name] = node.body
            elif isinstance(node, _Loop):
                for value in [value for word in node.words for value in self.expand(word)]:
                    self.values[node.name] = value
                    self.follow(node.body, depth + 1)
            else:
                self._command(node, depth)

    def _command(self, words: Sequence[str], depth: int) -> None:
        if words[0] in _DECLARING:
            words = words[1:]
        while words and (match := _ASSIGNMENT.fullmatch(words[0])):
            if all(_ASSIGNMENT.fullmatch(word) for word in words):  # else it holds for that command alone
                self.values[match[1]] = " ".join(self.expand(match[2]))
            words = words[1:]
        fields = [value for word in words for value in self.expand(word)]
        if not fields:
            return
        body = self.functions.get(fields[0])
        if body is None:
            self.result.append(fields)
            return
        outer = {name: value for name, value in self.values.items() if name.isdigit() or name == "@"}
        for name in outer:
            del self.values[name]
        self.values |= {str(n): value for n, value in enumerate(fields[1:], 1)} | {"@": " ".join(fields[1:])}
        self.follow(body, depth + 1)
        self.values = {n: v for n, v in self.values.items() if not (n.isdigit() or n == "@")} | outer

    def expand(self, word: str) -> list[str]:
        """Give the fields of `word` (2.6): several where what it expands to has blanks and is not quoted."""
        value = self._expanded(word)
        if "$" in word and not any(quote in word for quote in "\"'"):
            return value.split()
        return value.split() if word == '"$@"' else [value]

    def _expanded(self, word: str, quoted: bool = False) -> str:
        parts: list[str] = []
        place = 0
        while place < len(word):
            end = shell_lexer.past(word, place) if not quoted or word[place] in "\\$`" else place + 1
            piece = word[place:end]
            if piece[0] == "\\":
                parts.append(piece if quoted and piece[1:] not in ("$", "`", '"', "\\") else piece[1:])
            elif piece[0] == "'" and not quoted:
                parts.append(piece[1:].removesuffix("'"))
            elif piece[0] == '"' and not quoted:
                parts.append(self._expanded(piece[1:].removesuffix('"'), quoted=True))
            elif piece[0] == "`":
                parts.append(self._substituted(piece[1:].removesuffix("`")))
            elif piece.startswith("$("):
                parts.append(self._substituted(piece[2:].removesuffix(")")))
            elif piece.startswith("${"):
                parts.append(self._variable(piece[2:].removesuffix("}")))
            elif piece == "$" and (match := _BARE_VARIABLE.match(word, end)):
                end = match.end()
                parts.append(self.values.get(match[0], UNKNOWN))
            else:
                parts.append(piece)
            place = end
        return "".join(parts)

    def _variable(self, text: str) -> str:
        match = _VARIABLE.fullmatch(text)
        if not match:
            return UNKNOWN
        value = self.values.get(match[1])
        if match[2] == "+":
            return self._expanded(match[3]) if value else ""
        if match[2] and not value:
            return self._expanded(match[3])
        return UNKNOWN if value is None else value

    def _substituted(self, command: str) -> str:
        """What a command would have said: known of dpkg-divert alone, which diverts nothing in an image."""
        words = [value for word in command.split() for value in self.expand(word)]
        return words[2] if words[:2] == ["dpkg-divert", "--truename"] and len(words) == 3 else UNKNOWN
