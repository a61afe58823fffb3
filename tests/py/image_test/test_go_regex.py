"""Tests of distill.image_test.go_regex. What is expected is what Go 1.26 gave for pattern and text."""

import pytest
from distill.image_test import go_regex
from distill.image_test.go_regex import PatternError
from hypothesis import given
from hypothesis import strategies as st

FOUND = [
    (r"^a$", "a", True),
    (r"^a$", "a\n", False),
    (r"a\z", "a\n", False),
    (r"(?m)^b$", "a\nb\nc", True),
    (r"(?m)^b$", "ab", False),
    (r"(?i)abc|d", "D", True),
    (r"x(?i)b|c", "C", True),
    (r"x(?i)b|c", "XB", False),
    (r"(?:(?i)a)b", "AB", False),
    (r"(?s)a.b", "a\nb", True),
    (r"a.b", "a\nb", False),
    (r"(?s)a(?-s:.)b", "a\nb", False),
    (r"\d", "\u0663", False),
    (r"\w", "é", False),
    (r"\bé", "é", False),
    (r"\s", "\v", False),
    (r"[[:space:]]", "\v", True),
    (r"[[:^alpha:]]", "a", False),
    (r"[^[:alpha:]\d]", "a1_", True),
    (r"[]a]", "]", True),
    (r"[^]]", "]", False),
    (r"[a-]", "-", True),
    (r"[\D]", "5", False),
    (r"[\d-z]", "-", True),
    (r"[[]", "[", True),
    (r"[a&&b]", "&", True),
    (r"\Qa.b\E+", "a.bb", True),
    (r"\Qa.b", "axb", False),
    (r"a{,3}", "aaa", False),
    (r"a{,3}", "a{,3}", True),
    (r"{", "{", True),
    (r"\x41\x{1F600}\101\n", "A\U0001f600A\n", True),
    (r"(?P<a>x)(?<b>y)", "xy", True),
    (r"(?i)k", "\u212a", True),
    (r"^*a", "a", True),
    (r"\A\B", "", True),
    (r"a*?b", "aab", True),
    (r"(a|b){2}$", "ab", True),
    (r"\-\/\ ", "-/ ", True),
]


@pytest.mark.parametrize(("pattern", "text", "found"), FOUND)
def test_finds_what_go_finds(pattern: str, text: str, found: bool) -> None:
    assert bool(go_regex.compiled(pattern).search(text)) is found


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"a**", "invalid nested repetition operator"),
        (r"a{2}{3}", "invalid nested repetition operator"),
        (r"a++", "invalid nested repetition operator"),
        (r"a{2,1}", "invalid repeat count {2,1}"),
        (r"a{1001}", "invalid repeat count {1001}"),
        (r"(?=a)", "Go has no '(?=a': no look-around, no conditions"),
        (r"(?<!a)", "Go has no '(?<!': no look-around, no conditions"),
        (r"(?>a)", "Go has no '(?>a': no look-around, no conditions"),
        (r"(a)\1", r"invalid escape sequence \1"),
        (r"a\Z", r"invalid escape sequence \Z"),
        ("a\\", "invalid escape sequence \\"),
        (r"\x{110000}", r"invalid escape sequence \x{110000}"),
        (r"(a", "missing closing )"),
        (r"a)", "unexpected )"),
        (r"[a", "missing closing ]"),
        (r"[b-a]", "invalid character class range b-a"),
        (r"[[:word", "missing closing ]"),
        (r"[[:nothing:]]", "invalid character class range [:nothing:]"),
        (r"(?)", "missing argument to (?)"),
        (r"*", "nothing to repeat at position 0"),
    ],
)
def test_refuses_what_go_refuses(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        go_regex.compiled(pattern)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\pL", r"\p has no counterpart here; write the characters that are meant"),
        (r"\C", r"\C has no counterpart here; write the characters that are meant"),
        (r"(?U)a", "the flag U has no counterpart here"),
        (r"a(?i)*", "nothing to repeat at position 7"),
    ],
)
def test_refuses_what_python_does_not_have(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        go_regex.compiled(pattern)
    assert str(caught.value) == reason


@given(st.text(st.sampled_from("ab(|)[]^$.*+?{}1,\\dQE:-is<>P=!z&\n"), max_size=20))
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    try:
        go_regex.compiled(pattern)
    except PatternError as error:
        assert str(error)
