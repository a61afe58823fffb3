"""Tests of distill.yaml_form."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
from distill import yaml_form
from distill.errors import DistillError, FormatError, InputError
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True)
class Inner:
    """What stands in a list."""

    line: int
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    """A field of every type."""

    some_text: str
    number: int = 0
    flag: bool | None = None
    kind: Literal["", "one", "two"] = ""
    inner_list: tuple[Inner, ...] = field(default=(), metadata={"also": "inners"})
    nested: tuple[tuple[str, ...], ...] = ()
    inner: Inner | None = None


KEYS = "someText, number, flag, kind, innerList, nested, inner, inners"


def read(text: str) -> Outer:
    return yaml_form.read(text.encode(), "f.yaml", Outer)


def test_reads_every_type() -> None:
    found = read(
        "someText: 8080\nnumber: 3\nflag: yes\nkind: two\n"
        "innerList:\n  - name: a\n    words: [x, 1, true]\n  - {name: b}\nnested: [[a, b], []]\ninner: {name: c}\n"
    )
    assert found == Outer(
        some_text="8080",
        number=3,
        flag=True,
        kind="two",
        inner_list=(Inner(6, "a", ("x", "1", "true")), Inner(8, "b")),
        nested=(("a", "b"), ()),
        inner=Inner(10, "c"),
    )


def test_reads_json_and_another_name_of_a_key() -> None:
    assert read('{"someText": "a", "inners": [{"name": "b"}]}').inner_list == (Inner(1, "b"),)


def test_a_mapping_may_take_over_another() -> None:
    found = read("someText: a\ninner: &base {name: x, words: [w]}\ninners: [{<<: *base, name: y}]\n")
    assert found.inner_list == (Inner(3, "y", ("w",)),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sometext: a", "f.yaml:1 has an unknown key, got 'sometext'; did you mean someText?"),
        (
            "someText: a\nwrong: b",
            f"f.yaml:2 has an unknown key, got 'wrong'; the keys are {KEYS}",
        ),
        ("number: 1", "f.yaml:1 lacks a key, got 'number'; add someText"),
        ("someText: a\nsomeText: b", "f.yaml:2 has a key twice, got 'someText'; leave one"),
        ("someText: ''", "f.yaml:1 has nothing behind someText, got ''; write it"),
        ("someText:", "f.yaml:1 has nothing behind someText, got ''; write a value, or leave the key out"),
        ("someText: [a]", "f.yaml:1 has no single value for someText, got 'a list'; write one"),
        ("someText: a\nnumber: '3'", "f.yaml:2 has a number of another type, got '3'; write a whole number"),
        ("someText: a\nnumber: 1.5", "f.yaml:2 has a number of another type, got '1.5'; write a whole number"),
        ("someText: a\nflag: 1", "f.yaml:2 has a flag of another type, got '1'; write true or false"),
        ("someText: a\nkind: on", "f.yaml:2 has an unknown value for kind, got 'on'; did you mean one?"),
        ("someText: a\nnested: [a]", "f.yaml:2 has no list for nested, got 'a'; write `- item` lines, or [item, …]"),
        (
            "someText: a\ninner: b",
            "f.yaml:2 is no mapping, got 'b'; the keys are name, words",
        ),
        ("someText: a\ninner:\n  words: []", "f.yaml:3 lacks a key, got 'words'; add name"),
        (
            "someText: a\ninner: {<<: [b]}",
            "f.yaml:2 merges what is no mapping, got 'b'; write `<<: *anchor` of a mapping",
        ),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "f.yaml is empty, got no YAML; write the keys that it must have"),
        (b"a: [", "f.yaml:1 is no YAML, got expected the node content, but found '<stream end>'; correct the line"),
        (b"a: \xff", "f.yaml is no YAML, got not UTF-8; correct the line"),
        (b"[" * 5000, "f.yaml is no YAML, got too many levels; correct the line"),
        (b"a: 1\n---\nb: 2", "f.yaml:2 is no YAML, got but found another document; correct the line"),
    ],
)
def test_what_is_no_yaml_is_an_error(text: bytes, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        yaml_form.read(text, "f.yaml", Outer)
    assert str(caught.value) == message


@given(st.text(st.sampled_from("someTxt:inr- &a*<[]{}\n'\"#1|"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(read(text), Outer)
    except DistillError as error:
        assert str(error).startswith("f.yaml")
