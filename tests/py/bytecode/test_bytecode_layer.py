"""Which sources are compiled, and what stands where."""

import importlib.util
import sys

import pytest
from distill.bytecode import layer
from distill.bytecode.layer import Module
from distill.bytecode.pyc import Pyc
from distill.errors import InputError
from distill.layer.tree import Tree
from distill.listing import Record
from distill.runtime.rootfs import Rootfs
from support_listing import directory, file, hardlink, symlink

HASH = "a" * 64
TAG = "cpython-311"


def source(path: str) -> Record:
    return file(path, size=4, sha256=HASH)


def found(*layers: list[Record], directories: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    return [module.path for module in layer.modules(Rootfs(layers), directories, exclude)]


def built(*layers: list[Record]) -> Tree:
    rootfs = Rootfs(layers)
    return layer.build(rootfs, [(module, Pyc(module.path, TAG, b"code")) for module in layer.modules(rootfs)])


def entries(tree: Tree) -> dict[str, tuple[str, int, int, int]]:
    return {s.entry.path: (s.entry.kind, s.entry.mode, s.entry.uid, s.entry.gid) for s in tree.sources()}


def test_sources_of_all_layers() -> None:
    lower = [source("srv/a.py"), source("srv/gone.py"), source("srv/b.txt"), source("srv/.py"), directory("srv/d.py")]
    upper = [file("srv/.wh.gone.py"), hardlink("srv/h.py", "srv/i.py"), source("srv/i.py"), symlink("srv/l.py", "a.py")]
    more = [symlink("srv/dangling.py", "x"), symlink("srv/s.py", "d.py"), source("srv/__pycache__/x.py")]
    assert found(lower, upper + more) == ["srv/a.py", "srv/h.py", "srv/i.py", "srv/l.py"]


def test_directories_and_globs() -> None:
    records = [source(path) for path in ("a/x.py", "a/tests/x.py", "ab/x.py", "x.py")]
    assert found(records, directories=("/a",)) == ["a/tests/x.py", "a/x.py"]
    assert found(records, directories=("/",)) == found(records)
    assert found(records, exclude=("**/tests/**", "/ab")) == ["a/x.py", "x.py"]


@pytest.mark.parametrize(
    ("directories", "exclude", "message"),
    [
        (
            ("/srv/b",),
            (),
            "directories names none with a Python source, got /srv/b; name one of the layers, such as /srv",
        ),
        ((), ("srv/y.py",), "exclude matches no Python source, got 'srv/y.py'; did you mean srv/x.py?"),
        ((), ("**/tests/**",), "exclude matches no Python source, got '**/tests/**'; leave it out"),
    ],
)  # fmt: skip
def test_what_names_nothing(directories: tuple[str, ...], exclude: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError) as error:
        found([source("srv/x.py")], directories=directories, exclude=exclude)
    assert str(error.value) == message


def test_no_source_at_all() -> None:
    with pytest.raises(InputError) as error:
        found([file("srv/x")])
    assert str(error.value) == (
        "layers have no Python source, got none that ends in .py; name layers with programs in Python"
    )


@pytest.mark.parametrize("path", ["srv/x.py", "x.py", "srv/a.b.py", "srv/__init__.py"])
def test_where_python_looks(path: str) -> None:
    tag = layer.place("x.py", TAG)
    assert tag == f"__pycache__/x.{TAG}.pyc"
    place = layer.place(path, sys.implementation.cache_tag)
    assert place == importlib.util.cache_from_source(path)
    assert layer.source_of(place) == (path, sys.implementation.cache_tag)


@pytest.mark.parametrize(
    "path",
    [
        "srv/x.cpython-311.pyc",
        "srv/__pycache__/x.pyc",
        "srv/__pycache__/x.cpython-311.opt-1.pyc",
        "__pycache__/x.py",
    ],
)
def test_where_python_does_not_look(path: str) -> None:
    assert layer.source_of(path) is None


def test_modes_and_owners_are_those_of_the_directory() -> None:
    home = [directory("srv", "0711", uid=1, gid=2), directory("srv/app", "2750", uid=3, gid=4), source("srv/app/x.py")]
    assert entries(built(home)) == {
        "srv": ("directory", 0o711, 1, 2),
        "srv/app": ("directory", 0o2750, 3, 4),
        "srv/app/__pycache__": ("directory", 0o2750, 3, 4),
        f"srv/app/__pycache__/x.{TAG}.pyc": ("file", 0o640, 3, 4),
    }
    assert entries(built([source("x.py")])) == {
        "__pycache__": ("directory", 0o755, 0, 0),
        f"__pycache__/x.{TAG}.pyc": ("file", 0o644, 0, 0),
    }


def test_a_directory_that_is_there_stays_as_it_is() -> None:
    there = [source("srv/x.py"), directory("srv/__pycache__", "0700", mtime=7)]
    assert entries(built(there))["srv/__pycache__"] == ("directory", 0o700, 0, 0)
    assert [each.entry.mtime for each in built(there).sources()] == [0, 7, 0]


def test_the_listing_says_what_it_was_made_of() -> None:
    assert [each.marks for each in built([source("srv/x.py")]).sources()] == [(), (), (f"bytecode:{HASH}",)]


def test_what_a_layer_below_has_is_not_made_again() -> None:
    path = f"srv/__pycache__/x.{TAG}.pyc"
    assert list(built([source("srv/x.py")], [file(path, marks=(f"bytecode:{HASH}",))]).sources()) == []
    for marks in ((), (f"bytecode:{'b' * 64}",)):
        assert path in entries(built([source("srv/x.py")], [file(path, marks=marks)]))


def test_names_of_any_bytes() -> None:
    rootfs = Rootfs([[directory("caf\\xe9", uid=5), source("caf\\xe9/\\x5c.py")]])
    modules = layer.modules(rootfs)
    assert modules == [Module("caf\udce9/\\.py", modules[0].node)]
    made = layer.build(rootfs, [(modules[0], Pyc(modules[0].path, TAG, b"x"))])
    assert entries(made)[f"caf\udce9/__pycache__/\\.{TAG}.pyc"] == ("file", 0o644, 5, 0)


def test_a_report() -> None:
    made = [Pyc("a.py", TAG, b"x" * 2000), Pyc("caf\udce9.py", TAG, b"", "SyntaxError: no")]
    assert layer.report(made) == "1 compiled, 2,000 bytes\nleft alone: /caf\\xe9.py: SyntaxError: no\n"
