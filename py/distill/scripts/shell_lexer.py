"""Words and operators of shell scripts (POSIX, Shell Command Language, 2.3) as they stand: nothing is expanded."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_OPERATOR = re.compile(r"\d*(?:<<-?|>>|[<>]&|&>|<>|>\||[<>])|;;&?|;&|&&|\|\||[;&|()\n]")
_BLANK = " \t\r"
_BREAK = _BLANK + "\n;&|()<>"


class Token(NamedTuple):
    """A word or an operator."""

    text: str
    """As it is written, quotes included."""
    operator: bool

    @property
    def redirects(self) -> bool:
        """Whether it is an operator whose next word names a file."""
        return self.operator and ("<" in self.text or ">" in self.text)


def tokens(text: str) -> Iterator[Token]:
    """Split the script `text`; comments, lines' continuations and here-documents are left out. Takes any text."""
    text = text.replace("\\\n", " ")
    place = 0
    documents: list[tuple[str, bool]] = []
    while place < len(text):
        if text[place] in _BLANK:
            place += 1
        elif text[place] == "#":
            place = _find(text, "\n", place)
        elif match := _OPERATOR.match(text, place):
            place = match.end()
            if "<<" in match[0]:
                while place < len(text) and text[place] in _BLANK:
                    place += 1
                start, place = place, _end_of_word(text, place)
                documents.append((re.sub(r"[\"'\\]", "", text[start:place]), match[0].endswith("-")))
                continue
            if match[0] == "\n":
                for word, tabs in documents:
                    place = _past_document(text, place, word, tabs)
                documents.clear()
            yield Token(match[0], True)
        else:
            start, place = place, _end_of_word(text, place)
            yield Token(text[start:place], False)


def past(text: str, place: int) -> int:
    """Give the place behind the character, the quotation or the expansion that begins at `place` of `text`."""
    mark = text[place]
    if mark == "\\":
        return min(place + 2, len(text))
    if mark == "'":
        return min(_find(text, "'", place + 1) + 1, len(text))
    if mark == "`":
        place += 1
        while place < len(text) and text[place] != "`":
            place += 2 if text[place] == "\\" else 1
        return min(place + 1, len(text))
    if mark == '"':
        place += 1
        while place < len(text) and text[place] != '"':
            place = past(text, place) if text[place] in "\\$`" else place + 1
        return min(place + 1, len(text))
    if text.startswith("$(", place):
        return _past_brackets(text, place + 1, "()")
    if text.startswith("${", place):
        return _past_brackets(text, place + 1, "{}")
    return place + 1


def _past_brackets(text: str, place: int, pair: str) -> int:
    depth = 0
    while place < len(text):
        if text[place] in pair:
            depth += 1 if text[place] == pair[0] else -1
            place += 1
            if not depth:
                return place
        else:
            place = past(text, place)
    return len(text)


def _end_of_word(text: str, place: int) -> int:
    while place < len(text) and text[place] not in _BREAK:
        place = past(text, place)
    return place


def _past_document(text: str, place: int, word: str, tabs: bool) -> int:
    while place < len(text):
        end = _find(text, "\n", place)
        line = text[place:end]
        place = min(end + 1, len(text))
        if (line.lstrip("\t") if tabs else line) == word:
            break
    return place


def _find(text: str, mark: str, place: int) -> int:
    found = text.find(mark, place)
    return len(text) if found < 0 else found
