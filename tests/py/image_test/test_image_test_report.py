"""Tests of distill.image_test.report."""

from xml.etree import ElementTree

from distill.image_test.report import Outcome, junit, text
from hypothesis import given
from hypothesis import strategies as st

OUTCOMES = [
    Outcome("Command Test: a", "t.yaml:3", seconds=0.25, output="fine"),
    Outcome("Command Test: b", "t.yaml:4", ["exit code is 1, expected 0", "two\nlines"], output="said\n\x1b[1mthis"),
    Outcome("Command Test: c", "t.yaml:5", skipped="the image is for s390x"),
]


def test_text() -> None:
    assert text(OUTCOMES).splitlines() == [
        "PASS Command Test: a (t.yaml:3)",
        "FAIL Command Test: b (t.yaml:4)",
        "     exit code is 1, expected 0",
        "     two",
        "     lines",
        "     | said",
        "     | \x1b[1mthis",
        "SKIP Command Test: c (t.yaml:5)",
        "     NOT RUN: the image is for s390x",
        "1 passed, 1 failed, 1 skipped",
        "first failure: t.yaml:4: Command Test: b: exit code is 1, expected 0",
    ]


def test_junit() -> None:
    (suite,) = ElementTree.fromstring(junit("//app:image_test", OUTCOMES))
    assert suite.attrib == {"name": "//app:image_test", "tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    first, second, third = suite
    assert first.attrib == {"name": "Command Test: a", "classname": "t.yaml:3", "time": "0.250"}
    assert [child.tag for child in first] == ["system-out"]
    assert [child.tag for child in second] == ["failure", "system-out"]
    assert second[0].attrib == {"message": "exit code is 1, expected 0"}
    assert second[1].text == "said\n\ufffd[1mthis"
    assert third[0].attrib == {"message": "the image is for s390x"}


def test_long_output_is_cut() -> None:
    outcome = Outcome("n", "t.yaml:3", ["wrong"], output="a" * 100_000 + "b" * 100_000)
    cut = f"{'a' * 32768}\n[134464 characters left out]\n{'b' * 32768}"
    assert [line.removeprefix("     | ") for line in text([outcome]).splitlines()[2:5]] == cut.splitlines()
    ((case,),) = ElementTree.fromstring(junit("n", [outcome]))
    assert case[1].text == cut


@given(st.text(), st.text())
def test_any_text_is_xml(name: str, output: str) -> None:
    outcome = Outcome(name, output, [output], output=output)
    assert ElementTree.fromstring(junit(name, [outcome])) is not None
