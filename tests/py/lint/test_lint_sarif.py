"""Tests of distill.lint.sarif."""

import json
from typing import Any

from distill.lint import sarif
from distill.lint.rules import ALL
from support_lint import findings
from support_listing import file, program

LAYER = [program("usr/bin/sh"), file("a b\\xff\\x5c%", size=20000, marks=("xz",))]


def run(**allow: str) -> dict[str, Any]:
    document = sarif.document(findings(LAYER, User="", allow=allow))
    assert document["version"] == "2.1.0"
    [found] = document["runs"]
    return dict(found)


def test_rules_are_all_there_with_their_levels() -> None:
    rules = run()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in ALL]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning", "note"}
    for rule in rules:
        place = f"docs/lint.md#{rule['id']}"
        assert rule["help"]["text"].endswith(f"\n\n{place}")
        assert rule["help"]["markdown"].endswith(f"\n\n[{place}]({place})")
        assert "helpUri" not in rule


def test_results() -> None:
    root, shell, compressed = run()["results"]
    assert [root["ruleId"], shell["ruleId"], compressed["ruleId"]] == ["root-user", "shell", "compressed-file"]
    assert ALL[shell["ruleIndex"]].id == "shell"
    assert shell["level"] == "warning"
    assert shell["message"]["text"].startswith("the image has a shell, got /usr/bin/sh; ")
    assert _place(root) == {"uri": ".", "uriBaseId": "IMAGE"}
    assert _place(shell) == {"uri": "usr/bin/sh", "uriBaseId": "IMAGE"}
    assert _place(compressed)["uri"] == "a%20b%FF%5C%25"


def _place(result: dict[str, Any]) -> dict[str, str]:
    return dict(result["locations"][0]["physicalLocation"]["artifactLocation"])


def test_a_finding_stays_the_same_one_whatever_its_size() -> None:
    def prints(size: int) -> list[str]:
        document = sarif.document(findings([file("x", size=size, marks=("xz",))]))
        return [result["partialFingerprints"]["place/v1"] for result in document["runs"][0]["results"]]

    assert prints(20000) == prints(30000)
    assert len({result["partialFingerprints"]["place/v1"] for result in run()["results"]}) == 3


def test_what_is_allowed_is_suppressed() -> None:
    _, shell, _ = run(shell="for people")["results"]
    assert shell["suppressions"] == [{"kind": "external", "justification": "for people"}]


def test_the_document_has_what_the_schema_requires() -> None:
    document = json.loads(json.dumps(sarif.document(findings(LAYER))))
    assert set(document) == {"$schema", "version", "runs"}
    for result in document["runs"][0]["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
