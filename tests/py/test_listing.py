"""Tests of distill.listing."""

from pathlib import Path

import pytest
from distill import listing
from distill.errors import FormatError
from distill.listing import Elf, Record
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly

FULL = Record(
    path="usr/bin/x",
    type="file",
    mode="4755",
    uid=1,
    gid=2,
    size=3,
    sha256="a" * 64,
    link="",
    mtime=4,
    device=(1, 3),
    package="x_1_amd64",
    elf=Elf("amd64", "shared", "/ld.so", "x.so", ("a", "b"), ("c",), ("d",), stripped=False),
    shebang="/bin/sh",
    text="t",
)


def test_a_record_is_a_line_without_its_defaults() -> None:
    assert listing.encode(Record("d", "directory", "1777")) == b'{"path":"d","type":"directory","mode":"1777"}\n'


def test_what_is_encoded_is_decoded() -> None:
    records = [FULL, Record("d", "directory", "0755"), Record("l", "symlink", "0777", link="d")]
    assert list(listing.decode([listing.encode(record) for record in records])) == records


def test_the_mode_as_a_number() -> None:
    assert FULL.bits == 0o4755


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(listing.encode(FULL) * 2)
    assert list(listing.read(tmp_path / "l")) == [FULL, FULL]
    assert list(listing.read(str(tmp_path / "l"))) == [FULL, FULL]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\n", "Input data was truncated"),
        (b"{}", "Object missing required field `path`"),
        (b'{"path":"a","type":"door","mode":"0644"}', "Invalid enum value 'door' - at `$.type`"),
        (b'{"path":"a","type":"file","mode":"0644","colour":1}', "Object contains unknown field `colour`"),
        (b'{"path":"a","type":"file","mode":420}', "Expected `str`, got `int` - at `$.mode`"),
    ],
)
def test_a_line_that_is_no_record(line: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=exactly(f"x.jsonl:2 is no listing record: {reason}")):
        list(listing.decode([listing.encode(FULL), line], "x.jsonl"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("usr/bin", "usr/bin"),
        ("länge", "länge"),
        ("caf\udce9", "caf\\xe9"),
        ("a\\b", "a\\x5cb"),
        ("a\\xe9", "a\\x5cxe9"),
        ("", ""),
        ("\n\x00", "\n\x00"),
    ],
)
def test_escaped_paths(path: str, text: str) -> None:
    assert listing.escape(path) == text
    assert listing.unescape(text) == path


@given(st.binary(max_size=40))
def test_any_bytes_survive_as_unicode_text(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    text = listing.escape(path)
    assert listing.unescape(text) == path
    assert text.encode().decode() == text


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_different_paths_have_different_texts(one: bytes, other: bytes) -> None:
    texts = {listing.escape(raw.decode("utf-8", "surrogateescape")) for raw in (one, other)}
    assert len(texts) == len({one, other})


@given(st.text(alphabet="\\x5ce9aä/", max_size=12))
def test_any_text_can_be_unescaped(text: str) -> None:
    listing.unescape(text)
