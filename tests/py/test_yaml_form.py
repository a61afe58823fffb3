"""Tests of distill.yaml_form."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
import yaml
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


def test_merges_of_merges_are_each_read_once() -> None:
    levels = [f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}" for level in range(1, 40)]
    root = yaml.compose("\n".join(["a0: &a0 {words: [w]}", *levels]), Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    _, last = root.value[-1]
    pairs = yaml_form._Reader("f.yaml").pairs(last)
    assert [name.value for name, _ in pairs] == ["words"]


def test_the_first_of_several_merged_mappings_counts() -> None:
    found = read(
        "someText: a\n"
        "inners: [&a {name: x, words: [a]}, &b {name: y, words: [b]}, {<<: [*a, *b]}, {<<: [*b, *a], name: z}]"
    )
    assert [(inner.name, inner.words) for inner in found.inner_list[2:]] == [("x", ("a",)), ("z", ("b",))]


def test_aliases_make_no_more_values_than_a_file_may_have() -> None:
    words = "inner: &i {name: x, words: &w [" + "w," * 1000 + "]}\n"
    text = f"someText: a\n{words}inners: [" + "{name: y, words: *w}," * 300 + "]"
    with pytest.raises(InputError) as caught:
        read(text)
    assert str(caught.value) == (
        "f.yaml:3 has more than 200000 values, got 'a mapping'; use fewer aliases, or several files"
    )


@pytest.mark.parametrize("gap", ["\t", "\n\t\t", " \t\n"])
def test_json_may_be_indented_with_tabs(gap: str) -> None:
    found = read(f'{gap}{{{gap}"someText":{gap}"a \\"b\tc",{gap}"number":{gap}5{gap}}}{gap}')
    assert (found.some_text, found.number) == ('a "b\tc', 5)


def test_a_fault_in_json_with_tabs_has_its_line() -> None:
    with pytest.raises(InputError, match=r"^f\.yaml:3 has an unknown key, got 'wrong'"):
        read('{\n\t"someText": "a",\n\t"wrong": 1\n}')


def test_yaml_may_not_be_indented_with_tabs() -> None:
    with pytest.raises(FormatError, match=r"^f\.yaml:3 is no YAML"):
        read("someText: a\ninner:\n\tname: x\n")


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
