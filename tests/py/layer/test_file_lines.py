"""Tests of distill.layer.file_lines."""

import pytest
from distill.errors import InputError, PathError
from distill.layer import file_lines
from distill.layer.file_lines import SourceLine
from support_match import exactly


def line(**more: object) -> SourceLine:
    return SourceLine(path="bazel-out/x", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (line(dest="usr/bin/x"), "usr/bin/x"),
        (line(below="usr/bin", name="x"), "usr/bin/x"),
        (line(below="", name="x"), "x"),
        (line(short_path="app/web/x"), "app/web/x"),
        (line(below="srv", short_path="app/web/x", strip_prefix="app"), "srv/web/x"),
        (line(below="srv", short_path="../other/app/x", strip_prefix="../other/app"), "srv/x"),
        (line(below="srv", short_path="app/tree", strip_prefix="app/tree", tree=True), "srv"),
        (line(short_path="app/tree", strip_prefix="app/tree", tree=True), ""),
        (line(below="srv", short_path="apple/x", strip_prefix="apple"), "srv/x"),
    ],
)
def test_places(given: SourceLine, place: str) -> None:
    assert file_lines.place(given) == place


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            line(short_path="apple/x", strip_prefix="app"),
            (
                "srcs has a file outside of strip_prefix, got apple/x that is not below app; "
                "name it in files, with its path in the image"
            ),
        ),
        (
            line(short_path="../other/x"),
            (
                "srcs has a file outside of strip_prefix, got ../other/x that is not below the workspace; "
                "name it in files, with its path in the image"
            ),
        ),
    ],
)
def test_files_outside_of_what_is_stripped(given: SourceLine, message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        file_lines.place(given)


@pytest.mark.parametrize("given", [line(dest="../x"), line(below="a", name=".."), line(), line(dest="a\0")])
def test_places_that_are_no_paths(given: SourceLine) -> None:
    with pytest.raises(PathError):
        file_lines.place(given)


@pytest.mark.parametrize(
    ("text", "bits"), [("0644", 0o644), ("4755", 0o4755), ("0", 0), ("7777", 0o7777), ("00755", 0o755)]
)
def test_modes(text: str, bits: int) -> None:
    assert file_lines.mode_bits(text, "x") == bits


@pytest.mark.parametrize("text", ["", "0o644", "rwx", "0698", "17777", "-1", " 644", "٦٤٤", "²"])
def test_modes_that_are_none(text: str) -> None:
    message = f"mode of /a/b is no octal mode, got {text!r}; write 0644 or 4755"
    with pytest.raises(InputError, match=exactly(message)):
        file_lines.mode_bits(text, "a/b")
