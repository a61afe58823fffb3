"""Tests of distill.lint.leaks: each rule with what it finds and what it leaves alone."""

from typing import Any

import pytest
from distill.layer import secrets
from distill.lint import check, leaks, report, sarif
from distill.lint.image import Image
from distill.lint.rule import Rule
from support_lint import found
from support_listing import file
from support_secret import pem, random

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


TOKEN = f"ghp_{random(36)}"


@pytest.mark.parametrize(
    ("execution", "place"),
    [
        ({"Env": ["A=b", f"GITHUB_TOKEN={TOKEN}"]}, "env GITHUB_TOKEN"),
        ({"Env": [f"URL=https://x:{TOKEN}@host/"]}, "env URL"),
        ({"Labels": {"org.example.token": TOKEN}}, "label org.example.token"),
        ({"Entrypoint": ["/app", f"--token={TOKEN}"]}, "entrypoint"),
        ({"Cmd": ["--token", TOKEN]}, "cmd"),
        ({"Healthcheck": {"Test": ["CMD", "curl", f"-HAuthorization: Bearer {TOKEN}"]}}, "healthcheck"),
    ],
)
def test_a_token_in_the_config(execution: dict[str, Any], place: str) -> None:
    assert found(leaks.access_token, **execution) == [f"{place}: a GitHub token"]
    assert found(leaks.private_key, **execution) == found(leaks.credentials_file, **execution) == []


def test_a_token_in_what_is_said_of_the_image() -> None:
    history = [{"created_by": "layer"}, {"created_by": "layer", "comment": f"with {TOKEN}"}]
    config = {"author": f"me <{TOKEN}>", "history": history, "config": {"User": "1"}}
    places = [report.place(problem) for problem in leaks.access_token.check(Image(config, []))]
    assert places == ["author: a GitHub token", "history 1: a GitHub token"]


def test_a_private_key_in_the_config() -> None:
    assert found(leaks.private_key, Env=["KEY=" + pem("PRIVATE KEY")]) == ["env KEY: a private key"]


def test_an_access_key_and_its_secret_are_in_two_variables() -> None:
    environment = ["ID=AKIAQYZ2BCDEFGHIJK34", f"S={random(40)}"]
    assert found(leaks.access_token, Env=environment) == ["config: an AWS access key with its secret"]
    assert found(leaks.access_token, Env=environment[:1]) == []


def test_the_secret_itself_is_in_no_report() -> None:
    config = {
        "author": TOKEN,
        "config": {"User": "1", "Env": [f"A={TOKEN}", "B_PASSWORD=hunter2", "C=x://y:hunter2@z"]},
    }
    findings = check.check(Image(config, []), {})
    assert [finding.rule.id for finding in findings] == ["access-token"] * 2 + ["secret-variable"] * 2
    lines = report.fatal(findings, "warning")
    said = f"{report.text(findings)}{report.document(findings)}{sarif.document(findings)}{lines}"
    assert TOKEN not in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "entry",
    ["DB_PASSWORD=hunter2", "API_TOKEN=0815", "client-secret=s", "PGPASSWORD=x", "SECRET_KEY=y", "MYSQL_PWD=z"],
)
def test_a_variable_that_is_named_as_a_secret(entry: str) -> None:
    assert found(leaks.secret_variable, Env=[entry]) == [f"env {entry.partition('=')[0]}"]


def test_a_url_with_a_password() -> None:
    assert found(leaks.secret_variable, Env=["DATABASE_URL=postgres://me:hunter2@host/db"]) == ["env DATABASE_URL"]


@pytest.mark.parametrize(
    "entry",
    [
        "DB_PASSWORD=",
        "DB_PASSWORD=changeme",
        "DB_PASSWORD=/run/secrets/password",
        "DB_PASSWORD_FILE=x",
        "ALLOW_EMPTY_PASSWORD=yes",
        "DB_PASSWORD=${PASSWORD}",
        "TOKENIZER=fast",
        "PWD=app",
        "DATABASE_URL=postgres://me@host/db",
        "DATABASE_URL=postgres://me:$PASSWORD@host/db",
        f"API_TOKEN={TOKEN}",
    ],
)
def test_a_variable_that_is_none(entry: str) -> None:
    assert found(leaks.secret_variable, Env=[entry]) == []
