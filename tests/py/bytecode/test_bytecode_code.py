"""Marshalled code in one form, whatever the interpreter had in memory."""

import contextlib
import gc
import marshal
import os
import sys
from pathlib import Path

import pytest
from distill.bytecode import code
from distill.errors import FormatError
from hypothesis import given
from hypothesis import strategies as st

# Members of a frozenset, names, constants of every kind, functions in functions, and one character of Latin-1.
SOURCE = """
def outer(first, *, second=(1, 2.5, 3j, -7, 1 << 80, b"bytes", None, ..., True)):
    "text \\N{SNOWMAN} \\ud800"
    def inner(x):
        return x in {"unheard_of_one", "unheard_of_two", "two words", 1, (2, "unheard_of_one")} or first
    ü = "ü", "-", "_", "a"
    return [inner(each) for each in second if each != "unheard_of_one"], ü, lambda: {frozenset: "unheard of"}
"""
ADVICE = "; use an interpreter of Python 3.11 to 3.14"


def compiled(source: str = SOURCE) -> bytes:
    return marshal.dumps(compile(source, "/srv/x.py", "exec", dont_inherit=True, optimize=0))


def test_the_same_after_others_used_its_strings() -> None:
    before = compiled()
    held = [sys.intern(word) for word in ("unheard_of_two", "inner", "ü", "-", "second")]
    after = compiled()
    assert before != after, "what this is for"
    assert code.normal(before) == code.normal(after)
    assert len(held) == 5


def test_it_is_the_same_code() -> None:
    made = marshal.loads(code.normal(compiled()))
    assert made == compile(SOURCE, "/srv/x.py", "exec", dont_inherit=True, optimize=0)
    there: dict[str, object] = {}
    exec(made, there)
    assert there["outer"]("x")[1:-1] == (("ü", "-", "_", "a"),)  # type: ignore[operator]


def test_it_stays_as_it_is() -> None:
    made = code.normal(compiled())
    assert code.normal(made) == made
    assert code.normal(marshal.dumps(marshal.loads(made))) == made


def test_the_standard_library() -> None:
    gc.collect()
    for file in sorted(Path(os.__file__).parent.glob("[a-h]*.py")):
        source = file.read_bytes()
        found = compile(source, str(file), "exec", dont_inherit=True, optimize=0)
        assert marshal.loads(code.normal(marshal.dumps(found))) == found, file


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an end at byte 0"),
        (b"\xe9\xff", "an end at byte 2"),
        (b"NN", "more than an object, 2 bytes of which 1 are one"),
        (b"r\0\0\0\0", "a reference to nothing before byte 5"),
        (b"\xa9\x01r\0\0\0\0", "a reference to nothing before byte 7"),
        (b"\xa9\x02\xe9\0\0\0\0r\xff\xff\xff\xff", "a reference to nothing before byte 12"),
        (b"{0", "an object of kind '{' before byte 1"),
        (b"x", "an object of kind 'x' before byte 1"),
        (b")\x01" * 151 + b"N", "objects that are too deep at byte 301"),
    ],
)
def test_what_is_no_code(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as error:
        code.normal(data)
    assert str(error.value) == f"bytecode is of no form that is known, got {message}{ADVICE}"


@given(st.binary(max_size=60), st.integers(0, 400))
def test_anything_is_code_or_refused(data: bytes, at: int) -> None:
    whole = compiled()
    for mixed in (data, whole[:at] + data, whole[:at] + data + whole[at + len(data) :]):
        with contextlib.suppress(FormatError):
            assert code.normal(code.normal(mixed)) == code.normal(mixed)
