"""Tests of distill.image.image_lines."""

import json

import pytest
from distill.errors import RequestError
from distill.image import image_lines
from distill.image.image_lines import Blob, Config, Layer, Listing, Manifest
from distill.request import Out, Request
from support_match import begins, exactly


def read(*lines: dict[str, object]) -> list[object]:
    header = json.dumps({"command": "X", "label": "//x", "settings": {}})
    return image_lines.read(Request.parse([header, *map(json.dumps, lines)]), Config, Layer, Blob)


def test_lines_are_told_apart_by_role() -> None:
    lines = read(
        {"role": "layer", "path": "a", "label": "//a"},
        {"role": "out", "name": "x", "path": "o"},
        {"role": "config", "path": "c"},
        {"role": "layer", "path": "b"},
    )
    assert lines == [Layer("a", "//a"), Out("x", "o"), Config("c"), Layer("b")]
    assert image_lines.of(lines, Layer) == [Layer("a", "//a"), Layer("b")]
    assert image_lines.path(lines, Config) == "c"


@pytest.mark.parametrize(
    "line", [{"role": "manifest", "path": "m"}, {"role": "config", "path": "m", "label": ""}, {"role": "config"}]
)
def test_other_lines_are_errors(line: dict[str, object]) -> None:
    with pytest.raises(RequestError, match=begins("line 2 of the request does not fit: ")):
        read(line)


def test_one_line_of_a_role_is_neither_none_nor_two() -> None:
    message = "request has not one line of a role, got 0 of manifest; give one"
    with pytest.raises(RequestError, match=exactly(message)):
        image_lines.path([], Manifest)
    with pytest.raises(RequestError, match=exactly("request has not one line of a role, got 2 of listing; give one")):
        image_lines.path([Listing("a"), Listing("b")], Listing)


def test_each_layer_needs_its_blob() -> None:
    message = "layers and blobs do not pair, got 1 and 0; give one blob for each layer"
    with pytest.raises(RequestError, match=exactly(message)):
        image_lines.blobs([Layer("a")])
