"""Debian's version order: known pairs, a total order, and what dpkg itself says."""

import re
import shutil
import subprocess

import pytest
from distill.debian import version
from distill.errors import FormatError
from hypothesis import given, settings
from hypothesis import strategies as st

# Each is earlier than the next.
ASCENDING = [
    "0~~",
    "0~~a",
    "0~",
    "0",
    "0a",
    "0+",
    "1.0~beta1~svn1245",
    "1.0~beta1",
    "1.0",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1.1",
    "1.0+dfsg-1",
    "1.0.4",
    "1.2-1~deb12u1",
    "1.2-1",
    "1.9",
    "1.10",
    "1:0.1",
    "2:0",
]
EQUAL = [("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.00", "1.0"), ("1.a", "1.a0"), ("1.0-0", "01.0"), ("0", "00-0")]


def test_order() -> None:
    keys = [version.key(text) for text in ASCENDING]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal(left: str, right: str) -> None:
    assert version.key(left) == version.key(right)
    assert version.compare(left, right) == 0


def test_parse() -> None:
    assert version.parse("2:1.0:3-4-5+b1") == (2, "1.0:3-4", "5+b1")
    assert version.parse("7.0.15") == (0, "7.0.15", "")


@pytest.mark.parametrize("text", ["", "1 2", "a:1", "1:", "1_2", "-1", "1-", "ä", "1.0:2"])
def test_no_version(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        version.parse(text)
    expected = f"version is not of the form [epoch:]upstream[-revision], got {text!r}; see Debian Policy"
    assert str(caught.value) == expected


PART = st.text("019azAZ.+~", min_size=1, max_size=6)
VERSIONS = st.builds(
    lambda epoch, upstream, revision: epoch + "0" * (not upstream[0].isdigit()) + upstream + revision,
    st.sampled_from(["", "", "0:", "1:", "10:"]),
    PART,
    st.one_of(st.just(""), PART.map(lambda text: "-" + text)),
)


def reference(left: str, right: str) -> int:
    """Compare as the policy's text tells it, step by step: the slow and obvious way."""
    first, second = version.parse(left), version.parse(right)
    if first[0] != second[0]:
        return -1 if first[0] < second[0] else 1
    return part(first[1], second[1]) or part(first[2], second[2])


def weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def part(left: str, right: str) -> int:
    while left or right:
        words = [re.match(r"\D*", text)[0] for text in (left, right)]  # type: ignore[index]
        for index in range(max(map(len, words))):
            first, second = (weight(word[index]) if index < len(word) else 0 for word in words)
            if first != second:
                return -1 if first < second else 1
        left, right = left[len(words[0]) :], right[len(words[1]) :]
        digits = [re.match(r"\d*", text)[0] for text in (left, right)]  # type: ignore[index]
        numbers = [int(text or 0) for text in digits]
        if numbers[0] != numbers[1]:
            return -1 if numbers[0] < numbers[1] else 1
        left, right = left[len(digits[0]) :], right[len(digits[1]) :]
    return 0


@given(VERSIONS, VERSIONS)
@settings(max_examples=500)
def test_agrees_with_the_text_of_the_policy(left: str, right: str) -> None:
    assert version.compare(left, right) == reference(left, right)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_total_order(first: str, second: str, third: str) -> None:
    assert version.compare(first, first) == 0
    assert version.compare(first, second) == -version.compare(second, first)
    if version.compare(first, second) <= 0 and version.compare(second, third) <= 0:
        assert version.compare(first, third) <= 0


@pytest.mark.skipif(not shutil.which("dpkg"), reason="no dpkg on this machine")
@given(VERSIONS, VERSIONS)
@settings(max_examples=60, deadline=None)
def test_agrees_with_dpkg(left: str, right: str) -> None:
    words = {-1: "lt", 0: "eq", 1: "gt"}
    command = ["dpkg", "--compare-versions", left, words[version.compare(left, right)], right]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0, command
