"""Suggestions."""

import pytest
from distill.near import suggestion


def test_near_names() -> None:
    assert suggestion("redis-sever", ["redis-server", "nginx", "redis-tools"], "x") == "did you mean redis-server?"


@pytest.mark.parametrize("typo", ["ibssl3", "llibssl3", "kibssl3", "Libssl3"])
def test_the_first_letter_may_be_the_misspelt_one(typo: str) -> None:
    assert suggestion(typo, ["libssl3", "nginx", "ssl"], "x") == "did you mean libssl3?"


def test_a_name_is_not_near_to_itself() -> None:
    assert suggestion("foo", ["foo"], "add it") == "add it"
    assert suggestion("foo1", ["foo1", "foo2"], "add it") == "did you mean foo2?"


def test_nothing_near() -> None:
    assert suggestion("redis", ["nginx"], "add it") == "add it"
