"""Reads protocol buffers in text format, without their schema.

Bazel's `starlark_doc_extract` gives what it found in a .bzl file as a ModuleInfo message, also in text format. Text
carries the names of the fields, so nothing has to be compiled, vendored or locked to read it; only the part of the
format that a printer writes is understood (https://protobuf.dev/reference/protobuf/textformat-spec).
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?P<kind>[:{])
        | (?P<end>\})
    )""",
    re.VERBOSE,
)
_VALUE = re.compile(r'\s*(?:"(?P<text>(?:[^"\\\n]|\\.)*)"|(?P<word>[-+.\w]+))')
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {b"a": 7, b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"t": 9, b"v": 11}


class TextprotoError(ValueError):
    """The text is no message in text format; the message says where."""


class Message:
    """A message: its fields by name, each a list, since text does not tell a repeated field from another."""

    def __init__(self, fields: "dict[str, list[str | Message]] | None" = None) -> None:
        self._fields = fields if fields is not None else {}

    def add(self, name: str, value: "str | Message") -> None:
        """Append `value` to the field `name`."""
        self._fields.setdefault(name, []).append(value)

    def messages(self, name: str) -> "Iterator[Message]":
        """Give the messages of the field `name`, in order."""
        for value in self._fields.get(name, []):
            if isinstance(value, Message):
                yield value

    def texts(self, name: str) -> Iterator[str]:
        """Give the scalars of the field `name`, in order; numbers, booleans and enum values as they are written."""
        for value in self._fields.get(name, []):
            if isinstance(value, str):
                yield value

    def text(self, name: str) -> str:
        """Give the scalar of the field `name`, "" where it is not set (proto3's default)."""
        return next(self.texts(name), "")

    def message(self, name: str) -> "Message":
        """Give the message of the field `name`, an empty one where it is not set."""
        return next(self.messages(name), Message())


def parse(text: str) -> Message:
    """Read one message.

    Raises:
        TextprotoError: `text` is not text format.
    """
    root = Message()
    open_messages = [root]
    position = 0
    end = len(text.rstrip())
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None:
            raise _unexpected(text, position)
        position = token.end()
        if token["end"]:
            if len(open_messages) == 1:
                raise _unexpected(text, token.start("end"))
            open_messages.pop()
        elif token["kind"] == "{":
            inner = Message()
            open_messages[-1].add(token["name"], inner)
            open_messages.append(inner)
        else:
            value = _VALUE.match(text, position)
            if value is None:
                raise _unexpected(text, position)
            position = value.end()
            open_messages[-1].add(token["name"], value["word"] or _unescape(value["text"]))
    if len(open_messages) > 1:
        raise TextprotoError(f"text ends inside a message, got {len(open_messages) - 1} open; it is cut off")
    return root


def _unescape(text: str) -> str:
    """Give what a quoted string stands for.

    Bazel before 8 keeps strings as Latin-1 of their UTF-8 bytes and prints each of those as a character of its own:
    "…" comes out as six bytes instead of three. Undoing that is safe: text that is meant so is not UTF-8 as Latin-1.
    """
    decoded = _ESCAPE.sub(_unescape_one, text.encode()).decode()
    try:
        return decoded.encode("latin-1").decode()
    except UnicodeError:
        return decoded


def _unescape_one(match: re.Match[bytes]) -> bytes:
    octal, hexadecimal, letter = match.groups()
    if octal:
        return bytes([int(octal, 8)])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    return bytes([_LETTERS[letter]]) if letter in _LETTERS else bytes(letter)


def _unexpected(text: str, position: int) -> TextprotoError:
    rest = text[position:].lstrip()
    line = text.count("\n", 0, len(text) - len(rest)) + 1
    return TextprotoError(f"line {line} is no text format, got {rest[:40]!r}; give it a .textproto of Bazel's")
