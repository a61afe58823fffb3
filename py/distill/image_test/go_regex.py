r"""Regular expressions of Go (RE2) as Python's: https://pkg.go.dev/regexp/syntax, with what both agree on.

What Go writes otherwise is translated: `$` and `\z` (the end of the text and nothing else), `\d`, `\s`, `\w`, `\b`
(ASCII), `[[:alpha:]]`, `\Q…\E`, `\x{1F600}`, flags in the middle (`(?i)` to the end of its group), `{,3}` (no
repetition). What Go refuses is refused: look-around, back-references, possessive and nested repetitions. Refused too is
what Python's `re` has no counterpart of: `\p{…}`, `\C`, and the flag U.
"""

import functools
import re

_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_REPEAT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_MOST_REPEATS = 1000
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,8})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_POSIX = re.compile(r"\[:(\^?)(\w+):\]")
_CONTROL = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}

Ranges = tuple[str, ...]
# Ranges of ASCII, as pairs of first and last.
_CLASSES: dict[str, Ranges] = {
    "alnum": ("09", "AZ", "az"),
    "alpha": ("AZ", "az"),
    "ascii": ("\0\x7f",),
    "blank": ("\t\t", "  "),
    "cntrl": ("\0\x1f", "\x7f\x7f"),
    "digit": ("09",),
    "graph": ("!~",),
    "lower": ("az",),
    "print": (" ~",),
    "punct": ("!/", ":@", "[`", "{~"),
    "space": ("\t\r", "  "),
    "upper": ("AZ",),
    "word": ("09", "AZ", "__", "az"),
    "xdigit": ("09", "AF", "af"),
}
_PERL: dict[str, Ranges] = {"d": _CLASSES["digit"], "w": _CLASSES["word"], "s": ("\t\n", "\f\r", "  ")}
# In groups, because Go repeats them too. Python before 3.14 finds no \B in an empty text.
_ASSERTIONS = {"A": r"(?:\A)", "z": r"(?:\Z)", "b": r"(?a:\b)", "B": r"(?:(?a:\B)|\A\Z)"}


class PatternError(ValueError):
    """A pattern that is none in Go, or that cannot be had in Python; the message says why."""


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Give the expression whose `search` finds what Go's `MatchString` finds for `pattern`.

    Raises:
        PatternError: no pattern of Go's, or one with what Python has no counterpart of.
    """
    try:
        return re.compile(_Translator(pattern).run())
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from None


def _ranges(pairs: Ranges, negated: bool) -> str:
    """Give what stands in brackets for `pairs`, or for all else."""
    if negated:
        edges: list[tuple[int, int]] = []
        start = 0
        for first, last in ((pair[0], pair[1]) for pair in pairs):
            if ord(first) > start:
                edges.append((start, ord(first) - 1))
            start = ord(last) + 1
        edges.append((start, 0x10FFFF))
        return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in edges)
    return "".join(f"\\U{ord(pair[0]):08x}-\\U{ord(pair[1]):08x}" for pair in pairs)


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.out: list[str] = []
        self.flags = ""
        """Of `ims`, those that hold here."""
        self.opened = 0
        """Groups opened in the current group of Go's for flags in the middle of it."""
        self.stack: list[tuple[str, int]] = []
        self.repeated = False
        """Whether what was read last is a repetition."""

    def run(self) -> str:
        while self.at < len(self.pattern):
            repeated, self.repeated = self.repeated, False
            self.step(self.pattern[self.at], repeated)
        if self.stack:
            raise PatternError("missing closing )")
        return "".join(self.out) + ")" * self.opened

    def step(self, char: str, repeated: bool) -> None:
        if char == "\\":
            self.escape()
        elif char == "[":
            self.bracket()
        elif char == "(":
            self.group()
        elif char in "*+?" or (char == "{" and _REPEAT.match(self.pattern, self.at)):
            self.repetition(char, repeated)
        elif char == "|":
            self.emit(")" * self.opened + "|" + (f"(?{self.switch()}:" if self.opened else ""), 1)
            self.opened = min(self.opened, 1)
        elif char == ")":
            if not self.stack:
                raise PatternError("unexpected )")
            self.emit(")" * (self.opened + 1), 1)
            self.flags, self.opened = self.stack.pop()
        elif char in "^$":
            text = {"^": "\\A", "$": "\\Z"}[char]
            self.emit(f"(?m:{char})" if "m" in self.flags else f"(?:{text})", 1)
        else:
            self.emit(char if char == "." else re.escape(char), 1)

    def emit(self, text: str, length: int) -> None:
        self.out.append(text)
        self.at += length

    def switch(self) -> str:
        """Give the flags that hold here as Python writes them; `m` is in `^` and `$` themselves."""
        off = "".join(flag for flag in "is" if flag not in self.flags)
        return "".join(flag for flag in "is" if flag in self.flags) + (f"-{off}" if off else "")

    def group(self) -> None:
        rest = self.pattern[self.at : self.at + 2]
        if rest != "(?":
            self.stack.append((self.flags, self.opened))
            self.opened = 0
            self.emit("(", 1)
        elif named := _NAMED.match(self.pattern, self.at):
            self.stack.append((self.flags, self.opened))
            self.opened = 0
            self.emit("(", named.end() - self.at)
        elif match := _FLAGS.match(self.pattern, self.at):
            on, off, end = match[1], match[2] or "", match[3]
            if "U" in on + off:
                raise PatternError("the flag U has no counterpart here")
            if end == ")" and not on + off:
                raise PatternError("missing argument to (?)")
            before = self.flags
            self.flags = "".join(flag for flag in "ims" if flag not in off and (flag in before or flag in on))
            if end == ":":
                self.stack.append((before, self.opened))
                self.opened = 0
            else:
                self.opened += 1
            self.emit(f"(?{self.switch()}:", match.end() - self.at)
        else:
            raise PatternError(f"Go has no {self.pattern[self.at : self.at + 4]!r}: no look-around, no conditions")

    def repetition(self, char: str, repeated: bool) -> None:
        if repeated:
            raise PatternError("invalid nested repetition operator")
        text = char
        if char == "{":
            match = _REPEAT.match(self.pattern, self.at)
            if match is None:
                raise AssertionError(self.pattern)
            text = match[0]
            low, high = int(match[1]), int(match[3] or match[1])
            if max(low, high) > _MOST_REPEATS or low > high:
                raise PatternError(f"invalid repeat count {text}")
        if self.pattern[self.at + len(text) : self.at + len(text) + 1] == "?":
            text += "?"
        self.emit(text, len(text))
        self.repeated = True

    def escape(self) -> None:
        char = self.pattern[self.at + 1 : self.at + 2]
        if char == "Q":
            literal, end, _ = self.pattern[self.at + 2 :].partition("\\E")
            self.emit(re.escape(literal), 2 + len(literal) + len(end))
        elif char.lower() in _PERL:
            self.emit(f"[{_ranges(_PERL[char.lower()], char.isupper())}]", 2)
        elif char in _ASSERTIONS:
            self.emit(_ASSERTIONS[char], 2)
        else:
            self.out.append(re.escape(self.character()))

    def character(self) -> str:
        """Read an escape that stands for one character."""
        char = self.pattern[self.at + 1 : self.at + 2]
        if match := _CODE.match(self.pattern, self.at + 1):
            self.at = match.end()
            code = int(match[3], 8) if match[3] else int(match[1] or match[2], 16)
            if code > 0x10FFFF:
                raise PatternError(f"invalid escape sequence \\{match[0]}")
            return chr(code)
        if char in _CONTROL:
            self.at += 2
            return _CONTROL[char]
        if char.isascii() and char and not char.isalnum():
            self.at += 2
            return char
        if char in ("p", "P", "C"):
            raise PatternError(f"\\{char} has no counterpart here; write the characters that are meant")
        raise PatternError(f"invalid escape sequence \\{char}")

    def bracket(self) -> None:
        """Read a set in brackets."""
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        items: list[str] = []
        first = True
        while first or not self.pattern.startswith("]", self.at):
            first = False
            if self.at >= len(self.pattern):
                raise PatternError("missing closing ]")
            if posix := _POSIX.match(self.pattern, self.at):
                if posix[2] not in _CLASSES:
                    raise PatternError(f"invalid character class range {posix[0]}")
                items.append(_ranges(_CLASSES[posix[2]], bool(posix[1])))
                self.at = posix.end()
            elif self.pattern[self.at] == "\\" and self.pattern[self.at + 1 : self.at + 2].lower() in _PERL:
                char = self.pattern[self.at + 1]
                items.append(_ranges(_PERL[char.lower()], char.isupper()))
                self.at += 2
            else:
                items.append(self.range())
        self.emit(f"[{'^' if negated else ''}{''.join(items)}]", 1)

    def range(self) -> str:
        low = self.member()
        high = low
        dash = self.pattern[self.at : self.at + 2]
        if len(dash) == 2 and dash[0] == "-" and dash[1] != "]":
            self.at += 1
            high = self.member()
        if high < low:
            raise PatternError(f"invalid character class range {low}-{high}")
        return _ranges((low + high,), False)

    def member(self) -> str:
        if self.at >= len(self.pattern):
            raise PatternError("missing closing ]")
        if self.pattern[self.at] == "\\":
            return self.character()
        self.at += 1
        return self.pattern[self.at - 1]
