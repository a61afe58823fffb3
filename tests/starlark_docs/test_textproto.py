"""Tests of starlark_docs.textproto."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlark_docs.textproto import TextprotoError, parse


def test_fields_messages_and_order() -> None:
    message = parse('a: "1"\nb {\n  c: true\n  c: -2.5\n}\nb {\n}\na: "2"\n')
    assert list(message.texts("a")) == ["1", "2"]
    first, second = message.messages("b")
    assert list(first.texts("c")) == ["true", "-2.5"]
    assert second.text("c") == ""
    assert message.message("b").text("c") == "true"
    assert message.message("nothing").text("c") == ""


def test_a_field_of_messages_has_no_texts() -> None:
    message = parse('a: "1" a { }')
    assert list(message.texts("a")) == ["1"]
    assert len(list(message.messages("a"))) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\nb\tc", "a\nb\tc"),
        (r"\"quoted\" \'so\' \\n", "\"quoted\" 'so' \\n"),
        (r"\303\244", "ä"),
        (r"\xc3\xa4", "ä"),
        (r"\303\242\302\200\302\246", "…"),  # as Bazel 7 prints it
        (r"\342\200\246", "…"),  # as Bazel 8 prints it
        ("ä", "ä"),
        ("", ""),
        ("} {", "} {"),
    ],
)
def test_strings(written: str, meant: str) -> None:
    assert parse(f'a: "{written}"').text("a") == meant


@given(st.text(alphabet=st.characters(min_codepoint=1, max_codepoint=126)))
def test_every_ascii_string_comes_back(text: str) -> None:
    written = "".join(f"\\{ord(c):03o}" if c < " " else "\\" + c if c in "\\\"'" else c for c in text)
    assert parse(f'a {{ b: "{written}" }}').message("a").text("b") == text


def test_an_empty_text_is_an_empty_message() -> None:
    assert parse("  \n").text("a") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n}", "line 2 is no text format, got '}'; give it a .textproto of Bazel's"),
        ("a: 1\n\n?b", "line 3 is no text format, got '?b'; give it a .textproto of Bazel's"),
        ('a: "open', "line 1 is no text format, got '\"open'; give it a .textproto of Bazel's"),
        ("a { b {", "text ends inside a message, got 2 open; it is cut off"),
    ],
)
def test_messages(text: str, message: str) -> None:
    with pytest.raises(TextprotoError) as caught:
        parse(text)
    assert str(caught.value) == message
