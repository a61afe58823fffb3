"""Commands of scripts."""

from collections.abc import Sequence

import pytest
from distill.scripts import shell_script
from distill.scripts.shell_script import UNKNOWN
from hypothesis import given
from hypothesis import strategies as st


def commands(text: str, **known: str) -> list[str]:
    return [" ".join(words) for words in shell_script.commands(text, known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b; c\nd", ["a b", "c", "d"]),
        ("if a; then b; elif c; then d; else e; fi; f", ["a", "b", "c", "d", "e", "f"]),
        ("while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]),
        ("! a && { b; c; } || (d; e)", ["a", "b", "c", "d", "e"]),
        ("a >x 2>&1 b </dev/null", ["a b"]),
        ("exec a; command b; time c", ["a", "b", "c"]),
        ("x=1; a $x ${x} \"$x\" '$x'", ["a 1 1 1 $x"]),
        ("x=1 a $x", [f"a {UNKNOWN}"]),
        ("x='p q'; a $x; b \"$x\"", ["a p q", "b p q"]),
        ("export x=1; readonly y=2; a $x$y", ["a 12"]),
        ("x=; a ${x:-b} ${z:-c}${x:+no} ${y%.*}", [f"a b c {UNKNOWN}"]),
        ("x=1; x=2; a $x", ["a 2"]),
        ("a $(b) `c`", [f"a {UNKNOWN} {UNKNOWN}"]),
        ("p=$(dpkg-divert --truename /bin/x); a $p", ["a /bin/x"]),
        ("for x in 1 2; do a $x; done", ["a 1", "a 2"]),
        ("for x in 1 2\ndo for y in p q; do a $x$y; done; done", ["a 1p", "a 1q", "a 2p", "a 2q"]),
        ("for x in $l; do a $x; done", [f"a {UNKNOWN}"]),
        ("f() { a $1 \"$2\"; }\nf x 'y z'; f p q", ["a x y z", "a p q"]),
        ('f() (\n a "$@"\n)\nf 1 2; b $1', ["a 1 2", f"b {UNKNOWN}"]),
        ("f()\n{\n g\n}\ng() { a; }\nf", ["a"]),
        ("case $x in a|b) c;; (d) e ;; *) f\nesac; g", ["c", "e", "f", "g"]),
        ("case $x in a)\n case $y in b) c;; esac\n;; *) d;; esac", ["c", "d"]),
        ("a }; }; fi", ["a }"]),
        ("if a; then b", ["a", "b"]),
        ("", []),
        (";; ) esac fi", []),
        ("case $x in a) b", ["b"]),
        ("case x", []),
        ("for", []),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert commands(text) == expected


def test_arms_that_do_not_count() -> None:
    asked: list[tuple[str, Sequence[str]]] = []

    def arm(word: str, patterns: Sequence[str]) -> bool:
        asked.append((word, patterns))
        return "configure" in patterns

    text = 'case "$1" in\n configure|x)\n  a\n ;;\n "remove") b ;;\nesac'
    assert shell_script.commands(text, {}, arm) == [["a"]]
    assert asked == [('"$1"', ["configure", "x"]), ('"$1"', ["remove"])]


def test_known_variables() -> None:
    assert commands('a "$ROOT/b" $1', ROOT="", **{"1": "configure"}) == ["a /b configure"]


def test_there_is_an_end_to_what_is_followed() -> None:
    loops = "for a in 1 2 3 4 5 6 7 8 9 0; do " * 6 + "x; " + "done; " * 6
    assert len(commands(loops)) == shell_script.MOST_COMMANDS
    assert len(commands("( " * 5000 + "a")) <= 1
    assert set(commands("f() { f; a; }; f")) <= {"a"}


@given(st.text(alphabet="ax1 '\"\\`$(){};&|<>\n#=", max_size=60) | st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert all(words for words in shell_script.commands(text, {}))


KEYWORDS = [
    "if",
    "fi",
    "then",
    "for",
    "in",
    "do",
    "done",
    "case",
    "esac",
    ";;",
    ")",
    "(",
    "{",
    "}",
    "f()",
    "a",
    "$1",
    "\n",
    ";",
]


@given(st.lists(st.sampled_from(KEYWORDS), max_size=30))
def test_any_order_of_keywords_is_read(parts: list[str]) -> None:
    assert all(words for words in shell_script.commands(" ".join(parts), {}))
