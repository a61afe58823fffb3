r"""What `#!/usr/bin/env ARGUMENT` runs (GNU coreutils 9, env(1); its manual, "env invocation").

The kernel gives env one argument, all that stands behind its name, and then the path of the script. So `env python3 -u`
looks for a program of that name with the blank in it; `-S` splits the argument, by rules of its own for quotes and
backslashes. Options come before variables, and these before the program.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from distill.listing import escape, unescape

_BARE_PATH = ("/bin", "/usr/bin")
"""Where execvp(3) of glibc looks for a program if PATH is not set."""
_FLAGS = {"0": "null", "i": "ignore-environment", "v": "debug"}
_VALUES = {"C": "chdir", "S": "split-string", "a": "argv0", "u": "unset"}
_SIGNALS = ("block-signal", "default-signal", "ignore-signal", "list-signal-handling")
"""Their value is optional, and never a word of its own."""
_LONG = (*_FLAGS.values(), *_VALUES.values(), *_SIGNALS, "help", "version")
_SPLITS = re.compile(r"-[0iv]*S|--s[a-z-]*=")
"""How an argument begins that env splits."""
_BLANKS = " \t\n\v\f\r"
_ESCAPES = {"f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "#": "#", "$": "$", '"': '"', "'": "'", "\\": "\\"}
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_UNKNOWN = "\0"
"""Stands for the value of a variable, which only a run tells; no argument has this character."""


@dataclass(frozen=True)
class EnvCommand:
    """What env does."""

    program: str = ""
    """The program that it runs, empty where there is a `problem`."""
    search: tuple[str, ...] | None = None
    """The directories in which it looks for it, None for those of PATH as it is."""
    working_dir: str | None = None
    """Where it goes before, None for nowhere."""
    problem: str = ""
    """What is wrong, to stand behind the path of the script."""


class _EnvError(Exception):
    """The argument cannot be read; says why."""


def read(argument: str) -> EnvCommand:
    """Say what env does with `argument`, which is as a listing has it, and may be empty."""
    text = unescape(argument)
    if not _SPLITS.match(text) and re.search(r"[ \t]", text):
        return EnvCommand(
            problem=f"gives env one argument with a blank in it, got {argument!r}, which is no program;"
            f" write #!/usr/bin/env -S {argument}"
        )
    try:
        return _read(text)
    except _EnvError as error:
        return EnvCommand(problem=str(error))


def _read(argument: str) -> EnvCommand:
    words = [argument] if argument else []
    done = EnvCommand()
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        options = _options(words[at])
        at += 1
        for name, given in options:
            value = given or ""
            if given is None and name in _VALUES.values():
                if at == len(words):
                    raise _EnvError(
                        f"ends with an option for env that wants a value, got {_said(argument)}; give it one"
                    )
                value = words[at]
                at += 1
            if name == "split-string":
                words[:at] = _split(value)
                at = 0
            elif name == "unset" and (not value or "=" in value):
                raise _unreadable(value)
            elif name == "ignore-environment" or (name == "unset" and value == "PATH"):
                done = replace(done, search=_BARE_PATH)
            elif name == "chdir":
                done = replace(done, working_dir=_known(value))
            elif name in ("help", "version", "null"):
                raise _EnvError(f"has an option with which env runs no program, got {_said(name)}; leave it out")
    at += words[at : at + 1] == ["--"]
    if words[at : at + 1] == ["-"]:  # as -i, but it ends the options
        at, done = at + 1, replace(done, search=_BARE_PATH)
    while at < len(words) and "=" in words[at]:
        name, _, value = words[at].partition("=")
        at += 1
        if name == "PATH":
            done = replace(done, search=tuple(entry or "." for entry in _known(value).split(":")))
    if at == len(words):
        raise _EnvError(f"names no program for env, got {_said(argument)}, so that it would start itself; name one")
    return replace(done, program=escape(_known(words[at])))


def _options(word: str) -> list[tuple[str, str | None]]:
    """Give the options in `word` by their long names, each with its value if it has one."""
    found: list[tuple[str, str | None]] = []
    if not word.startswith("--"):
        for at, letter in enumerate(word[1:], 2):
            if letter in _VALUES:
                return [*found, (_VALUES[letter], word[at:] or None)]
            if letter not in _FLAGS:
                raise _unreadable(word)
            found.append((_FLAGS[letter], None))
        return found
    given, equals, value = word[2:].partition("=")
    names = [name for name in _LONG if name == given] or [name for name in _LONG if name.startswith(given)]
    if len(names) != 1 or (equals and names[0] not in (*_VALUES.values(), *_SIGNALS[:3])):
        raise _unreadable(word)
    return [(names[0], value if equals else None)]


def _split(text: str) -> list[str]:
    """Split the value of -S into words."""
    words: list[str] = []
    word: list[str] | None = None
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\\" and not (quote == "'" and text[at : at + 1] not in ("'", "\\")):
            letter = text[at : at + 1]
            at += 1
            if letter == "c" and not quote:
                break
            if letter == "_":
                char = " "
                if not quote:
                    words, word = _ended(words, word), None
                    continue
            elif letter in _ESCAPES:
                char = _ESCAPES[letter]
            else:
                raise _unreadable(f"\\{letter}")
        elif quote:
            if char == quote:
                quote = ""
                continue
            if char == "$" and quote == '"':
                char, at = _variable(text, at)
        elif char in _BLANKS:
            words, word = _ended(words, word), None
            continue
        elif char in "'\"":
            quote, word = char, word or []
            continue
        elif char == "#" and word is None:
            break
        elif char == "$":
            char, at = _variable(text, at)
        word = word or []
        word.append(char)
    if quote:
        raise _EnvError(f"has a quote for env that does not end, got {_said(text)}; end it")
    return _ended(words, word)


def _ended(words: list[str], word: Sequence[str] | None) -> list[str]:
    return words if word is None else [*words, "".join(word)]


def _variable(text: str, at: int) -> tuple[str, int]:
    """Give what stands for the variable behind the dollar before `at`, and where it ends."""
    match = _VARIABLE.match(text, at - 1)
    if match is None:
        raise _unreadable("$")
    return _UNKNOWN, match.end()


def _known(text: str) -> str:
    if _UNKNOWN in text:
        raise _EnvError(
            "has a program of env that depends on a variable, got ${…} in its name; name the program itself"
        )
    return text


def _unreadable(what: str) -> _EnvError:
    return _EnvError(f"has what env does not know, got {_said(what)}; write it as env(1) says")


def _said(text: str) -> str:
    return repr(escape(text))
