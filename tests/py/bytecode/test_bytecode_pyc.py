"""Files of bytecode, compiled by the Python that runs the tests."""

import importlib.util
import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest
from distill.bytecode import compiler, pyc
from distill.bytecode.pyc import Pyc
from distill.errors import InputError

ADVICE = "name a package_program of python3.11 or newer, with its standard library in files"
TAG = sys.implementation.cache_tag
SOURCES = [
    ("srv/a.py", b"unheard_of = {'unheard_of_one', 'two words', 'unheard_of_two'}\n"),
    ("srv/b.py", b"def f(unheard_of_one):\n    return unheard_of_one in {'unheard_of_one', 'two words', '\xc3\xbc'}\n"),
    ("srv/latin.py", "# coding: latin-1\nü = 'ü'\n".encode("latin-1")),
    ("srv/caf\udce9.py", b"__file__\n"),
    ("srv/empty.py", b""),
]
BAD = [("srv/old.py", b"print 1\n"), ("srv/nul.py", b"\0"), ("srv/text.py", b"'\xff'")]


def compiled(*sources: tuple[str, bytes], interpreter: str = sys.executable) -> dict[str, Pyc]:
    return {made.source: made for made in pyc.compile_all(interpreter, sources)}


def test_an_unchecked_file_with_the_hash_of_its_source() -> None:
    for path, source in SOURCES:
        made = compiled((path, source))[path]
        assert made.data[:4] == importlib.util.MAGIC_NUMBER
        assert made.data[4:8] == b"\1\0\0\0"
        assert made.data[8:16] == importlib.util.source_hash(source)
        assert marshal.loads(made.data[16:]).co_filename == f"/{path}"
        assert (made.tag, made.problem) == (TAG, "")


def test_the_bytes_do_not_depend_on_other_sources_or_their_order() -> None:
    alone = {path: compiled((path, data))[path] for path, data in SOURCES}
    assert compiled(*SOURCES, *BAD) | alone == compiled(*SOURCES, *BAD)
    assert compiled(*reversed(SOURCES)) == alone
    many = [(f"srv/more{number}.py", SOURCES[0][1] * number) for number in range(200)]
    among = compiled(*many, *SOURCES, *many[:50])
    assert {path: among[path] for path in alone} == alone
    assert list(compiled(*many)) == [path for path, _ in many]


def test_the_bytes_do_not_depend_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiled(*SOURCES)
    for name in ("PYTHONHASHSEED", "PYTHONOPTIMIZE", "unheard_of_one"):
        monkeypatch.setenv(name, "2")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "marshal.py").write_text("raise SystemExit(3)")
    (tmp_path / "importlib").mkdir()
    (tmp_path / "importlib/__init__.py").write_text("raise SystemExit(3)")
    assert compiled(*SOURCES) == before


def test_python_takes_it_whatever_the_time_of_the_source(tmp_path: Path) -> None:
    source = tmp_path / "lib/fresh.py"
    source.parent.mkdir()
    made = compiled(("lib/fresh.py", b"print('as compiled')\n"))["lib/fresh.py"]
    cache = Path(importlib.util.cache_from_source(source))
    cache.parent.mkdir()
    cache.write_bytes(made.data)
    source.write_text("print('another source')\n")
    command = [sys.executable, "-c", "import fresh"]
    done = subprocess.run(command, env={"PYTHONPATH": str(source.parent)}, capture_output=True, check=True)
    assert done.stdout == b"as compiled\n"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (
            "srv/old.py",
            "SyntaxError: Missing parentheses in call to 'print'",
        ),
        ("srv/text.py", "SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xff in position 0"),
        ("srv/nul.py", ": source code "),
    ],
)
def test_what_does_not_compile(path: str, problem: str) -> None:
    made = compiled(*SOURCES, *BAD)[path]
    assert made.data == b""
    assert problem in made.problem


def test_code_that_is_too_deep_is_left_alone() -> None:
    deep = compiled(("srv/deep.py", b"f = " + b"lambda: " * 180 + b"1\n"))["srv/deep.py"]
    assert deep.data == b""
    assert deep.problem.startswith(("bytecode is of no form that is known, got objects that are too deep", "Recursion"))


def test_no_sources() -> None:
    assert compiled() == {}


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo failed >&2\necho no encodings >&2\nexit 3", "fails, got exit code 3 and 'no encodings'"),
        ("echo hello", "is no Python, got b'hello\\n' from {path}"),
        ("exec {python} -c \"import marshal,sys;sys.stdout.buffer.write(marshal.dumps((b'', '', (3, 9), [])))\"",
         "is too old, got Python 3.9"),
        ("", "cannot be run, got Exec format error for {path}"),
    ],
)  # fmt: skip
def test_interpreters_that_are_none(tmp_path: Path, script: str, message: str) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script.format(python=sys.executable)}\n" if script else "")
    program.chmod(0o755)
    with pytest.raises(InputError) as error:
        compiled(("x.py", b""), interpreter=str(program))
    assert str(error.value) == f"interpreter {message.format(path=program)}; {ADVICE}"


def test_what_the_interpreter_runs_needs_nothing_of_ours() -> None:
    text = Path(compiler.__file__).read_text("utf-8")
    assert "distill" not in text
