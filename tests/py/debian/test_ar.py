"""ar archives."""

import contextlib
import io

import pytest
from distill.debian import ar
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st
from support_deb import ar as archive
from support_deb import member

NEGATIVE = member("a", b"").replace(b"0         `", b"-1        `")


def read(data: bytes) -> list[tuple[str, bytes]]:
    return [(m.name, data[m.offset : m.offset + m.size]) for m in ar.members(io.BytesIO(data), "x.deb")]


def test_members_in_order_with_their_padding() -> None:
    data = archive(("debian-binary", b"2.0\n"), ("odd", b"abc"), ("empty", b""), ("last", b"z"))
    assert read(data) == [("debian-binary", b"2.0\n"), ("odd", b"abc"), ("empty", b""), ("last", b"z")]


def test_the_padding_of_the_last_member_may_be_missing() -> None:
    assert read(archive(("odd", b"abc"))[:-1]) == [("odd", b"abc")]


def test_a_name_may_end_in_a_slash() -> None:
    assert [name for name, _ in read(archive(("control.tar.gz/", b""), ("/", b"")))] == ["control.tar.gz", "/"]


def test_an_archive_may_be_empty() -> None:
    assert read(b"!<arch>\n") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.deb is no ar archive, got b'' at its start; give a .deb file"),
        (b"PK\3\4....", "x.deb is no ar archive, got b'PK\\x03\\x04....' at its start; give a .deb file"),
        (
            archive(("a", b"abcd")) + b"\n\n\n",
            "x.deb ends within a member's header, got 3 of 60 bytes; fetch the file again",
        ),
        (
            archive(("a", b"abcd"), ("b", b"wxyz"))[:-1],
            "x.deb ends within member b, got 3 of 4 bytes; fetch the file again",
        ),
        (
            archive() + b"?" * 70,
            f"x.deb has no member's header at byte 8, got {b'?' * 60!r}; fetch the file again",
        ),
        (
            archive() + NEGATIVE,
            f"x.deb has no member's header at byte 8, got {NEGATIVE!r}; fetch the file again",
        ),
    ],
)
def test_a_broken_archive_is_named(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as error:
        read(data)
    assert str(error.value) == message


NAMES = st.from_regex(r"[a-z_][a-z0-9._-]{0,14}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, st.binary(max_size=9)), max_size=5))
def test_what_is_written_is_read_back(members: list[tuple[str, bytes]]) -> None:
    assert read(archive(*members)) == members


@given(st.binary(max_size=200), st.integers(0, 150), st.booleans())
def test_any_bytes_give_members_or_a_format_error(noise: bytes, at: int, magic: bool) -> None:
    sound = archive(("debian-binary", b"2.0\n"), ("control.tar", b"x" * 33))
    data = sound[:at] + noise if magic else noise
    with contextlib.suppress(FormatError):
        assert all(len(content) >= 0 for _, content in read(data))
