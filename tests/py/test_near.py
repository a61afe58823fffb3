"""Suggestions."""

from distill.near import suggestion


def test_near_names() -> None:
    assert suggestion("redis-sever", ["redis-server", "nginx", "redis-tools"], "x") == "did you mean redis-server?"


def test_nothing_near() -> None:
    assert suggestion("redis", ["nginx"], "add it") == "add it"
