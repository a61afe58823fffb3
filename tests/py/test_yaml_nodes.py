"""Tests of distill.yaml_nodes; manifests and catalogues have more of each fault."""

import contextlib

import pytest
from distill import yaml_nodes
from distill.errors import DistillError, FormatError, InputError
from distill.yaml_nodes import Nodes
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly

NODES = Nodes("x.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: [", "x.yaml:1 is no YAML, got expected the node content, but found '<stream end>'; correct the line"),
        (b"a: 1\nb: \xff", "x.yaml is no YAML, got not UTF-8; correct the line"),
        (b"[" * 5000, "x.yaml is no YAML, got too many levels; correct the line"),
        (b"a: 1\n---\nb: 2", "x.yaml:2 is no YAML, got but found another document; correct the line"),
    ],
)
def test_what_is_no_yaml(text: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=exactly(message)):
        yaml_nodes.compose(text, "x.yaml")


def test_keys_and_values_in_their_order() -> None:
    root = yaml_nodes.compose("b: no\na: [1, x]\n", "x.yaml")
    found = NODES.mapping(root, ("a", "b"), ("a",))
    assert list(found) == ["b", "a"]
    assert NODES.text(found["b"]) == "no"
    assert NODES.texts(found["a"]) == ["1", "x"]
    assert NODES.texts(found["b"]) == ["no"]
    assert yaml_nodes.line(found["a"]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "x.yaml:1 is no mapping, or an empty one, got 'seq'; write `key: value` lines"),
        ("{}", "x.yaml:1 is no mapping, or an empty one, got 'map'; write `key: value` lines"),
        ("", "x.yaml:1 is no mapping, or an empty one, got 'nothing'; write `key: value` lines"),
        ("a: 1\na: 2", "x.yaml:2 has a key twice, got 'a'; leave one"),
        ("[a]: 1", "x.yaml:1 has no text where there must be some, got 'seq'; write it"),
        ("a: 1\nlist: 2", "x.yaml:2 has an unknown key, got 'list'; did you mean lists?"),
        ("lists: 2", "x.yaml:1 lacks a key, got 'lists'; add a"),
        ("a: {}", "x.yaml:1 is no list, or an empty one, got 'map'; write `- item` lines"),
        ("a:\n  - ' '", "x.yaml:2 has no text where there must be some, got 'str'; write it"),
    ],
)
def test_faults(text: str, message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        NODES.texts(NODES.mapping(yaml_nodes.compose(text, "x.yaml"), ("a", "lists"), ("a",))["a"])


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_whatever_it_is_only_known_errors(text: str | bytes) -> None:
    with contextlib.suppress(DistillError):
        NODES.mapping(yaml_nodes.compose(text, "x.yaml"))
