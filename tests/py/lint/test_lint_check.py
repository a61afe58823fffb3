"""Tests of distill.lint.check."""

import re

import pytest
from distill.errors import InputError
from distill.lint import check
from distill.lint.rules import ALL
from support_lint import findings, image
from support_listing import file, program
from support_match import exactly

SHELLS = [program("busybox/sh"), program("usr/bin/bash"), program("usr/bin/dpkg")]


def seen(**allow: str) -> list[str]:
    given = {key.replace("__", ":/").replace("_", "-"): reason for key, reason in allow.items()}
    return [f"{each.rule.id} {each.problem.path} {each.reason}".strip() for each in findings(SHELLS, allow=given)]


def test_findings_come_by_rule_then_by_path() -> None:
    assert seen() == ["shell busybox/sh", "shell usr/bin/bash", "package-manager usr/bin/dpkg"]
    assert findings() == []


def test_a_rule_is_allowed_at_a_path_or_everywhere() -> None:
    assert seen(shell__busybox="for people ") == [
        "shell busybox/sh for people",
        "shell usr/bin/bash",
        "package-manager usr/bin/dpkg",
    ]
    assert seen(shell="for people")[:2] == ["shell busybox/sh for people", "shell usr/bin/bash for people"]


def test_what_is_about_the_image_is_allowed_by_the_rule_alone() -> None:
    allowed = findings(User="", allow={"root-user": "meant"})
    assert [(each.rule.id, each.reason) for each in allowed] == [("root-user", "meant")]
    again = findings(User="", allow={"root-user:/**": "meant"})
    assert [(each.rule.id, each.reason) for each in again] == [("root-user", ""), ("unused-allow", "")]


def test_an_allowance_that_nothing_needs_is_a_finding() -> None:
    found = findings(SHELLS, allow={"shell": "for people", "shell:/none": "x", "upx-packed": "y"})
    assert [each.problem.detail for each in found if each.rule.id == "unused-allow"] == ["shell:/none", "upx-packed"]
    assert len(findings(allow={"upx-packed": "y", "unused-allow": "as it is shared by several images"})) == 1
    assert findings(allow={"upx-packed": "y", "unused-allow": "shared"})[0].reason == "shared"


def test_rules_that_are_off() -> None:
    found = check.check(image(SHELLS), {"shell": "for people"}, ["shell", "package-manager"])
    assert found == []


def test_what_the_base_allows_counts_for_files_and_is_never_unused() -> None:
    given = {"shell": "for people", "root-user": "as it is", "upx-packed": "x"}
    found = check.check(image(SHELLS, User=""), {}, inherited=given)
    assert [(each.rule.id, each.reason) for each in found] == [
        ("root-user", ""),
        ("shell", "for people"),
        ("shell", "for people"),
        ("package-manager", ""),
    ]


@pytest.mark.parametrize(
    ("key", "reason"), [("shell", ""), ("shell", " "), ("shell:", "x"), ("shell:/", "x"), ("shell:/busybox", "")]
)
def test_an_allowance_needs_a_reason_and_a_path(key: str, reason: str) -> None:
    message = (
        f"lint_allow has an entry without a reason or a path, got {key!r}: {reason!r}; "
        "write RULE or RULE:/PATH, and say why it is no fault"
    )
    with pytest.raises(InputError, match=exactly(message)):
        findings(allow={key: reason})


def test_a_rule_that_does_not_exist() -> None:
    message = "lint_allow names a rule that does not exist, got 'shel'; did you mean shell?"
    with pytest.raises(InputError, match=exactly(message)):
        findings(allow={"shel:/x": "y"})
    message = "lint_disable names a rule that does not exist, got 'Q'; it is one of private-key, access-token, "
    with pytest.raises(InputError, match=re.escape(message)):
        check.check(image(), {}, ["Q"])


def test_every_rule_has_a_name_a_page_and_words_that_fit_a_message() -> None:
    assert len({rule.id for rule in ALL}) == len(ALL)
    for rule in ALL:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        assert len(rule.page) > 40, rule.id
        assert not (rule.title + rule.advice).endswith("."), rule.id


def test_hard_links_and_empty_files_are_no_trouble() -> None:
    assert findings([file("a"), file("b")]) == []
