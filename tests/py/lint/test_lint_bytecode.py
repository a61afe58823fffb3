"""Tests of distill.lint.bytecode: what is of use, what is waste, and what is of another source."""

import pytest
from distill.lint import bytecode
from distill.listing import Record
from support_lint import found
from support_listing import file, symlink

SOURCE, OTHER = "a" * 64, "b" * 64
PYTHON = file("usr/bin/python3.11")


def source(path: str = "srv/x.py", sha256: str = SOURCE) -> Record:
    return file(path, size=9, sha256=sha256)


def made(name: str = "x.cpython-311.pyc", sha256: str = SOURCE) -> Record:
    return file(f"srv/__pycache__/{name}", size=5, marks=(f"bytecode:{sha256}",))


def test_bytecode_of_an_installation() -> None:
    layer = [PYTHON, source(), file("srv/__pycache__/x.cpython-311.pyc", size=5), file("srv/y.pyc")]
    assert found(bytecode.python_bytecode, layer) == ["/srv/__pycache__ (1 file, 5 bytes)"]
    assert found(bytecode.stale_bytecode, layer) == []
    assert found(bytecode.python_bytecode, [source()]) == []


@pytest.mark.parametrize("interpreter", ["usr/bin/python3.11", "opt/bin/python3.11", "usr/lib/libpython3.11.so.1.0"])
def test_bytecode_that_python_reads(interpreter: str) -> None:
    layer = [file(interpreter), source(), made()]
    assert found(bytecode.python_bytecode, layer) == found(bytecode.stale_bytecode, layer) == []


def test_a_source_that_is_a_link() -> None:
    layer = [PYTHON, source("etc/x.py"), symlink("srv/x.py", "/etc/x.py"), made()]
    assert found(bytecode.python_bytecode, layer) == found(bytecode.stale_bytecode, layer) == []
    assert found(bytecode.stale_bytecode, layer, [source("etc/x.py", OTHER)]) == [
        "/srv/__pycache__/x.cpython-311.pyc (not of /etc/x.py)"
    ]


@pytest.mark.parametrize(
    "layer",
    [
        [source(), made()],
        [file("usr/bin/python3.13"), source(), made()],
        [PYTHON, made()],
        [PYTHON, source("srv/y.py"), made()],
        [PYTHON, source(), made("x.pyc")],
        [PYTHON, source(), made("x.cpython-311.opt-1.pyc")],
    ],
)
def test_bytecode_that_nobody_reads(layer: list[Record]) -> None:
    assert found(bytecode.python_bytecode, layer) == ["/srv/__pycache__ (1 file, 5 bytes)"]
    assert found(bytecode.stale_bytecode, layer) == []


def test_a_source_that_a_layer_above_replaces() -> None:
    lower, upper = [PYTHON, source(), made()], [source(sha256=OTHER)]
    assert found(bytecode.stale_bytecode, lower, upper) == ["/srv/__pycache__/x.cpython-311.pyc (not of /srv/x.py)"]
    assert found(bytecode.stale_bytecode, lower, upper, [made(sha256=OTHER)]) == []
