"""The request: what an action asks of the tool, as JSON lines.

Line 1 is the header `{"command": …, "label": …, "settings": {…}}`. Every further line names one File, in or out, or one
entry that has no File: `{"role": "src", "path": …, …}`. Each command declares its settings and its lines as msgspec
structs; an unknown key, a missing key or a wrong type is an error that names it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from distill.errors import RequestError

T = TypeVar("T")


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Line 1 of a request."""

    command: str
    """The mnemonic of the action, which is the name of the command: `LayerFiles`."""
    label: str
    """The target that asks, for messages."""
    settings: msgspec.Raw
    """Scalar settings, decoded by the command."""


class Out(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="out"):
    """A declared output: `name` says which of the command's outputs `path` is for."""

    name: str
    path: str


@dataclass(frozen=True)
class Request:
    """A request whose header is read; settings and lines are decoded when the command asks for them."""

    header: Header
    lines: Sequence[str]

    @classmethod
    def parse(cls, lines: Sequence[str]) -> "Request":
        """Read the header of `lines` (JSON, one value a line, blank lines ignored).

        Raises:
            RequestError: no line, or a first line that is no header.
        """
        lines = [line for line in lines if line.strip()]
        if not lines:
            raise RequestError("request is empty, got no line; pass the params file as @FILE")
        return cls(_decode(lines[0], Header, 1), lines[1:])

    def settings(self, form: type[T]) -> T:
        """Decode the settings into the struct `form`.

        Raises:
            RequestError: an unknown or missing key, or a value of another type.
        """
        try:
            return msgspec.json.decode(self.header.settings, type=form)
        except msgspec.DecodeError as error:
            raise RequestError(f"settings of {self.header.command} do not fit: {error}") from None

    def files(self, form: type[T]) -> Iterator[T]:
        """Decode the lines after the header, in order, each as `form` (a struct, or a union of tagged structs).

        Raises:
            RequestError: a line of no known role, an unknown or missing key, or a value of another type.
        """
        decoder = msgspec.json.Decoder(form)
        for number, line in enumerate(self.lines, 2):
            yield _decode(line, decoder, number)


def outputs(lines: Sequence[object], *names: str) -> dict[str, str]:
    """Give the path of each declared output by its name; exactly `names` must be there.

    Raises:
        RequestError: an output that is missing, unknown or named twice.
    """
    found: dict[str, str] = {}
    for line in lines:
        if isinstance(line, Out):
            if line.name in found:
                raise RequestError(f"output named twice, got {line.name!r}; name each output once")
            found[line.name] = line.path
    if set(found) != set(names):
        raise RequestError(f"outputs do not fit, got {sorted(found)}; declare {sorted(names)}")
    return found


def write_unused(path: str, hints: Iterable[str]) -> None:
    """Write the output `unused` of a command that has hints: their paths, for Bazel to forget that they were inputs."""
    with open(path, "w", encoding="utf-8") as stream:
        stream.writelines(f"{hint}\n" for hint in hints)


def _decode(line: str, form: "type[T] | msgspec.json.Decoder[T]", number: int) -> T:
    try:
        if isinstance(form, msgspec.json.Decoder):
            return form.decode(line)
        return msgspec.json.decode(line, type=form)
    except msgspec.DecodeError as error:
        raise RequestError(f"line {number} of the request does not fit: {error}, got {line[:200]}") from None
    except UnicodeEncodeError:  # a surrogate, which only a caller in Python can bring here
        raise RequestError(f"line {number} of the request does not fit: no Unicode text, got {line[:200]!r}") from None
