"""Words and operators of scripts."""

import pytest
from distill.scripts import shell_lexer
from hypothesis import given
from hypothesis import strategies as st


def words(text: str) -> list[str]:
    return [token.text for token in shell_lexer.tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b\tc", ["a", "b", "c"]),
        ("a # note; b\nc", ["a", "\n", "c"]),
        ("a#b", ["a#b"]),
        ("a \\\n  b", ["a", "b"]),
        ("'a b'\"c;d\"e\\ f", ["'a b'\"c;d\"e\\ f"]),
        ('"$(x "y z")" `p q` ${a:-b c}', ['"$(x "y z")"', "`p q`", "${a:-b c}"]),
        ("a&&b||c;d|e&", ["a", "&&", "b", "||", "c", ";", "d", "|", "e", "&"]),
        ("a >b 2>&1 </dev/null", ["a", ">", "b", "2>&", "1", "<", "/dev/null"]),
        ("cat <<END x\n ignored; words\nEND\nb", ["cat", "x", "\n", "b"]),
        ("cat <<-'END'\n\tignored\n\tEND\nb", ["cat", "\n", "b"]),
        ("cat <<A <<B\n1\nA\n2\nB\nc", ["cat", "\n", "c"]),
        ("cat <<END\nnever ends", ["cat", "\n"]),
        ("'open", ["'open"]),
        ("$(open", ["$(open"]),
        ("\\", ["\\"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_redirections_are_told() -> None:
    assert [token.redirects for token in shell_lexer.tokens("a 2>> b | c")] == [False, True, False, False, False]


@given(st.text(alphabet="ab '\"\\`$(){};&|<>\n#1", max_size=60))
def test_any_text_is_split_and_ends(text: str) -> None:
    assert all(word for word in words(text))
