"""Tests of distill.canonical."""

import json
from typing import Any

import pytest
from distill import canonical
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st
from support_match import begins

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_one_text_for_one_value(value: Any) -> None:
    text = canonical.encode(value)
    assert json.loads(text) == value
    assert canonical.encode(json.loads(text)) == text


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    assert (
        canonical.encode({"b": [1, {"d": "é", "c": None}], "a": ""}) == '{"a":"","b":[1,{"c":null,"d":"é"}]}'.encode()
    )


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"a":' * 9 + b"[" * 100_000])
def test_what_is_no_object_is_a_known_error(data: bytes) -> None:
    with pytest.raises(FormatError, match=begins("config is no JSON object: ")):
        canonical.decode_object(data, "config")
