"""Control paragraphs."""

import io

import pytest
from distill.debian import deb822
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st

CONTROL = """\
Package: demo
Version: 1:2.0-3
Depends: libc6 (>= 2.36),
 libssl3
description: A demonstration
 of a long text
 .
  and a verbatim line
"""

NO_FIELD = "; write `Name: value`, or begin a continuation with a space"


def one(text: str | bytes) -> dict[str, str]:
    return dict(deb822.parse_one(text))


def test_a_control_file() -> None:
    paragraph = deb822.parse_one(CONTROL)
    assert list(paragraph) == ["Package", "Version", "Depends", "description"]
    assert paragraph["Version"] == "1:2.0-3"
    assert paragraph["Depends"] == "libc6 (>= 2.36),\n libssl3"
    assert paragraph["Description"].splitlines()[1:] == [" of a long text", " .", "  and a verbatim line"]


def test_names_compare_without_case() -> None:
    paragraph = deb822.parse_one("Multi-Arch: same\n")
    assert paragraph["multi-arch"] == paragraph["MULTI-ARCH"] == "same"
    assert "multi-ARCH" in paragraph
    assert "Package" not in paragraph
    assert paragraph.get("Package") is None
    assert repr(paragraph) == "Paragraph({'Multi-Arch': 'same'}, line=1)"


def test_a_value_may_be_empty_and_has_no_blanks_at_its_ends() -> None:
    assert one("A:\nB:  \t x y \t\nC:z\nConffiles:\n /etc/a 1\n /etc/b 2\n") == {
        "A": "",
        "B": "x y",
        "C": "z",
        "Conffiles": "/etc/a 1\n /etc/b 2",
    }


def test_paragraphs_are_parted_by_blank_lines_and_know_their_line() -> None:
    text = "\n\nA: 1\n 2\n\n\n\nA: 3\n \t\nA: 4\n\n# only a comment\n\nA: 5"
    assert [(p["A"], p.line) for p in deb822.parse(text)] == [("1\n 2", 3), ("3", 8), ("4", 10), ("5", 14)]


def test_comments_are_left_out_wherever_they_stand() -> None:
    assert one("# first\nA: 1\n# between\n 2\n#last") == {"A": "1\n 2"}


def test_line_ends_of_windows() -> None:
    text = "A: 1\r\nB: 2\r\n\r\nA: 3\r\n"
    assert [dict(p) for p in deb822.parse(text)] == [{"A": "1", "B": "2"}, {"A": "3"}]


def test_bytes_that_are_not_utf8_survive() -> None:
    value = one(b"Maintainer: J\xe9r\xc3\xb4me\n")["Maintainer"]
    assert value.encode("utf-8", "surrogateescape") == b"J\xe9r\xc3\xb4me"


def test_nothing_holds_no_paragraph() -> None:
    assert list(deb822.parse(b"")) == []
    assert list(deb822.parse("\n \n# x\n")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "A: 1\nno field\n",
            "p:2 is no field, got 'no field'; write `Name: value`, or begin a continuation with a space",
        ),
        (" A: 1\n", f"p:1 is no field, got ' A: 1'{NO_FIELD}"),
        ("A: 1\n\n# c\n x\n", f"p:4 is no field, got ' x'{NO_FIELD}"),
        (": 1\n", f"p:1 is no field, got ': 1'{NO_FIELD}"),
        ("-A: 1\n", f"p:1 is no field, got '-A: 1'{NO_FIELD}"),
        ("A b: 1\n", f"p:1 is no field, got 'A b: 1'{NO_FIELD}"),
        ("A: 1\n\nB: 1\n# c\nC: 2\nb: 3\n", "p:6 repeats a field, got 'b' as on line 3; leave one"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(FormatError) as error:
        list(deb822.parse(text, "p"))
    assert str(error.value) == message


def test_one_paragraph_is_asked_for() -> None:
    with pytest.raises(FormatError) as error:
        deb822.parse_one("A: 1\n\nA: 2\n", "x.deb: control")
    assert str(error.value) == "x.deb: control does not hold one paragraph, got 2; leave exactly one"


def test_chunks_cut_between_paragraphs_and_keep_count(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"Package: p{n}\nDescription: d\n more\n\n" for n in range(50)) + "\n\nLast: x\n oops"
    whole = [(dict(p), p.line) for p in deb822.parse(text)]
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr(deb822, "_CHUNK", size)
        assert [(dict(p), p.line) for p in deb822.parse(io.BytesIO(text.encode()))] == whole
    assert whole[-1] == ({"Last": "x\n oops"}, 203)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,8}", fullmatch=True)
VALUES = st.from_regex(r"[!-~]?([!-~ ]{0,10}[!-~])?(\n [.!-~]{1,8}){0,3}", fullmatch=True)


@given(st.lists(st.dictionaries(NAMES, VALUES, min_size=1, max_size=5), max_size=5))
def test_what_is_written_is_read_back(paragraphs: list[dict[str, str]]) -> None:
    unique = [{name.title(): value.strip() for name, value in paragraph.items()} for paragraph in paragraphs]
    text = "\n".join("".join(f"{name}: {value}\n" for name, value in paragraph.items()) for paragraph in unique)
    assert [dict(p) for p in deb822.parse(text)] == unique


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="aB:# \t\r\n-.é", max_size=60).map(str.encode)))
def test_any_bytes_give_paragraphs_or_a_format_error(data: bytes) -> None:
    try:
        for paragraph in deb822.parse(data):
            assert len(dict(paragraph)) == len(paragraph) > 0
    except FormatError:
        pass
