"""Control paragraphs as Debian writes them: `Name: value` lines, continuations, paragraphs parted by blank lines.

The form is deb822(5) and Debian Policy, section 5.1. `Packages` indexes, `Release` files and the `control` file of a
package all have it. An index holds 60,000 paragraphs and more, so fields are cut by the regular expression engine; only
a paragraph that does not fit is walked line by line, to find its fault.
"""

import io
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from distill.errors import FormatError

_CHUNK = 1 << 22

# A name is printable ASCII without a colon and begins with neither `#` nor `-`. A value ends where a line follows that
# does not begin with a space or a tab. Quantifiers that could only backtrack in vain are possessive: time is linear.
_NAME = r"[!\"$-,./0-9;-~][!-9;-~]*+"
_FIELD = re.compile(rf"({_NAME}):[ \t]*+([^\n]*(?:\n[ \t][^\n]*)*)")
_WHOLE = re.compile(rf"(?:{_NAME}:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))*+")
_BLANKS = re.compile(r"\n[ \t\r]++(?=\n|\Z)")
_COMMENT = re.compile(r"^#[^\n]*\n?", re.MULTILINE)


class Paragraph(Mapping[str, str]):
    """The fields of one paragraph: names compare without case, values have no blanks at their ends.

    A value of several lines keeps its line ends and the blank that each continuation begins with. Iteration gives the
    names as they are written, in order.
    """

    __slots__ = ("_fields", "_written", "line")

    def __init__(self, written: list[tuple[str, str]], line: int = 1) -> None:
        self._written = written
        self._fields = {name.lower(): value for name, value in written}
        self.line = line
        """The line of the source on which the paragraph begins, counted from 1."""

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()].strip()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._written)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Paragraph({dict(self)!r}, line={self.line})"


def parse(source: BinaryIO | bytes | str, name: str = "control") -> Iterator[Paragraph]:
    """Read the paragraphs of `source`, a binary stream, bytes or text, holding a few MiB of it at a time.

    Bytes are UTF-8; those that are not survive as `os.fsdecode` makes them. Lines that begin with `#` are
    comments, lines of nothing but blanks part paragraphs. `name` is what errors call the source.

    Raises:
        FormatError: a line that is neither a field nor a continuation, or a field given twice in one paragraph.
    """
    line = 1
    for text in _cut(source):
        for piece in _BLANKS.sub("\n", "\n" + text)[1:].split("\n\n"):
            body = piece.lstrip("\n")
            line += len(piece) - len(body)
            if body and (paragraph := _paragraph(body, line, name)):
                yield paragraph
            line += body.count("\n") + 2
        line -= 2  # no line ends stand between the last piece of a text and the next text


def parse_one(source: bytes | str, name: str = "control") -> Paragraph:
    """Read `source`, which must hold exactly one paragraph, as the `control` file of a package does.

    Raises:
        FormatError: as `parse`; no paragraph, or more than one.
    """
    found = list(parse(source, name))
    if len(found) != 1:
        raise FormatError(f"{name} does not hold one paragraph, got {len(found)}; leave exactly one")
    return found[0]


def _cut(source: BinaryIO | bytes | str) -> Iterator[str]:
    """Cut `source` into texts of whole paragraphs; together they are all of it."""
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogateescape")
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    rest = b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        end = rest.rfind(b"\n\n") + 2
        if end >= 2:
            yield rest[:end].decode("utf-8", "surrogateescape")
            rest = rest[end:]
    yield rest.decode("utf-8", "surrogateescape")


def _paragraph(body: str, line: int, name: str) -> Paragraph | None:
    """Read the paragraph whose text is `body`; None where it holds only comments."""
    bare = _COMMENT.sub("", body) if body[0] == "#" or "\n#" in body else body
    if not _WHOLE.fullmatch(bare):
        raise _fault(body, line, name)
    paragraph = Paragraph(_FIELD.findall(bare), line)
    if len(paragraph) != len(paragraph._written):
        raise _fault(body, line, name)
    return paragraph if paragraph else None


def _fault(body: str, first: int, name: str) -> FormatError:
    """Give the error of the first line of `body`, which begins on line `first`, that does not fit."""
    seen: dict[str, int] = {}
    for number, line in enumerate(body.split("\n"), first):
        if line.startswith("#") or (seen and line[:1] in {" ", "\t", ""}):
            continue
        field = _FIELD.match(line)
        if field is None:
            return FormatError(
                f"{name}:{number} is no field, got {line[:80]!r};"
                " write `Name: value`, or begin a continuation with a space"
            )
        before = seen.setdefault(field[1].lower(), number)
        if before != number:
            return FormatError(f"{name}:{number} repeats a field, got {field[1]!r} as on line {before}; leave one")
    raise AssertionError("a paragraph that does not fit has a line that does not fit")
