"""Tests of distill.request."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from distill import request
from distill.errors import RequestError
from distill.request import Out, Request
from hypothesis import given
from hypothesis import strategies as st
from support_match import begins, exactly

HEADER = {"command": "LayerFiles", "label": "//a:b", "settings": {"level": "fast", "count": 3}}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of a command."""

    level: str
    count: int = 0


class Src(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="src"):
    """A line of a command."""

    path: str
    uid: int = 0


def lines(*values: Any) -> list[str]:
    return [json.dumps(value) for value in values]


def test_the_header_and_the_settings() -> None:
    parsed = Request.parse(lines(HEADER))
    assert (parsed.header.command, parsed.header.label) == ("LayerFiles", "//a:b")
    assert parsed.settings(Settings) == Settings("fast", 3)
    assert parsed.lines == []


def test_lines_in_order() -> None:
    parsed = Request.parse(lines(HEADER, {"role": "src", "path": "a"}, {"role": "out", "name": "blob", "path": "b"}))
    assert list(parsed.files(Src | Out)) == [Src("a"), Out("blob", "b")]  # type: ignore[arg-type]


def test_blank_lines_do_not_matter() -> None:
    parsed = Request.parse(["", *lines(HEADER), "  ", '{"role": "src", "path": "a"}', ""])
    assert list(parsed.files(Src)) == [Src("a")]


@pytest.mark.parametrize("given_lines", [[], [""], ["  ", "\t"]])
def test_an_empty_request(given_lines: list[str]) -> None:
    with pytest.raises(RequestError, match=exactly("request is empty, got no line; pass the params file as @FILE")):
        Request.parse(given_lines)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("{", "Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
        ('{"command": "x"}', "Object missing required field `label`"),
        ('{"command": 1, "label": "x", "settings": {}}', "Expected `str`, got `int` - at `$.command`"),
        ('{"command": "x", "label": "x", "settings": {}, "more": 1}', "Object contains unknown field `more`"),
    ],
)
def test_a_header_that_is_none(header: str, reason: str) -> None:
    with pytest.raises(RequestError, match=exactly(f"line 1 of the request does not fit: {reason}, got {header}")):
        Request.parse([header])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "Object missing required field `level`"),
        ({"level": 1}, "Expected `str`, got `int` - at `$.level`"),
        ({"level": "x", "colour": 1}, "Object contains unknown field `colour`"),
        ({"level": "x", "count": "3"}, "Expected `int`, got `str` - at `$.count`"),
        ([], "Expected `object`, got `array`"),
    ],
)
def test_settings_that_do_not_fit(settings: Any, reason: str) -> None:
    parsed = Request.parse(lines({**HEADER, "settings": settings}))
    with pytest.raises(RequestError, match=exactly(f"settings of LayerFiles do not fit: {reason}")):
        parsed.settings(Settings)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"role": "sauce", "path": "a"}, "Invalid value 'sauce' - at `$.role`"),
        ({"path": "a"}, "Object missing required field `role`"),
        ({"role": "src", "path": "a", "uid": "0"}, "Expected `int`, got `str` - at `$.uid`"),
        ({"role": "src", "path": "a", "gid": 0}, "Object contains unknown field `gid`"),
        ({"role": "src"}, "Object missing required field `path`"),
    ],
)
def test_lines_that_do_not_fit(line: Any, reason: str) -> None:
    parsed = Request.parse(lines(HEADER, {"role": "src", "path": "a"}, line))
    message = f"line 3 of the request does not fit: {reason}, got {json.dumps(line)}"
    with pytest.raises(RequestError, match=exactly(message)):
        list(parsed.files(Src | Out))  # type: ignore[arg-type]


def test_a_long_line_is_cut_in_the_message() -> None:
    parsed = Request.parse([*lines(HEADER), '{"role": "' + "x" * 1000])
    with pytest.raises(RequestError) as error:
        list(parsed.files(Src))
    assert len(str(error.value)) < 300


def test_outputs_by_name() -> None:
    found = request.outputs([Src("a"), Out("blob", "b"), Out("listing", "l")], "blob", "listing")
    assert found == {"blob": "b", "listing": "l"}


@pytest.mark.parametrize(
    ("outs", "message"),
    [
        ([Out("blob", "a"), Out("blob", "b")], "output named twice, got 'blob'; name each output once"),
        ([], "outputs do not fit, got []; declare ['blob']"),
        ([Out("blob", "a"), Out("x", "b")], "outputs do not fit, got ['blob', 'x']; declare ['blob']"),
    ],
)
def test_outputs_that_do_not_fit(outs: list[object], message: str) -> None:
    with pytest.raises(RequestError, match=exactly(message)):
        request.outputs(outs, "blob")


def test_hints_are_told_to_be_unused(tmp_path: Path) -> None:
    request.write_unused(str(tmp_path / "unused"), ["external/a b/i.json", "external/c/i.json"])
    assert (tmp_path / "unused").read_text() == "external/a b/i.json\nexternal/c/i.json\n"


@given(st.lists(st.text(max_size=50), max_size=4))
def test_any_lines_give_a_request_or_an_error(given_lines: list[str]) -> None:
    try:
        parsed = Request.parse(given_lines)
        list(parsed.files(Src))
    except RequestError as error:
        assert "\n" not in str(error)[:30]


def test_a_lone_surrogate_is_an_error_of_the_request() -> None:
    with pytest.raises(RequestError, match=begins("line 2 of the request does not fit: ")):
        list(Request.parse([*lines(HEADER), '{"role": "src", "path": "\udce9"}']).files(Src))
