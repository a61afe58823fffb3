"""Tests of distill.lint.leaks: each rule with what it finds and what it leaves alone."""

import pytest
from distill.layer import secrets
from distill.lint import leaks
from distill.lint.rule import Rule
from support_lint import found
from support_listing import file

RULES = (leaks.private_key, leaks.access_token, leaks.credentials_file)


@pytest.mark.parametrize("kind", sorted(secrets.KINDS))
def test_each_kind_is_of_one_rule(kind: str) -> None:
    layer = [file("srv/x", marks=(f"secret:{kind}",))]
    places = [place for rule in RULES for place in found(rule, layer)]
    assert places == [f"/srv/x ({secrets.KINDS[kind]})"]


def test_rules_and_kinds() -> None:
    layer = [file("srv/x", marks=("gzip", "secret:credentials", "secret:npm-token", "secret:private-key"))]
    assert found(leaks.private_key, layer) == ["/srv/x (a private key)"]
    assert found(leaks.access_token, layer) == ["/srv/x (an npm token)"]
    assert found(leaks.credentials_file, layer) == ["/srv/x (credentials of a tool)"]


def test_a_hidden_secret_is_one() -> None:
    layers = [[file("srv/x", marks=("secret:private-key",))], [file("srv/.wh.x")]]
    assert found(leaks.private_key, *layers) == ["/srv/x (a private key in layer 0, hidden by one above)"]


@pytest.mark.parametrize("rule", RULES)
def test_no_secret(rule: Rule) -> None:
    assert found(rule, [file("srv/x", marks=("gzip",)), file("srv/y")]) == []
