"""Tests of distill.layer.runfiles."""

from pathlib import Path

import msgspec
import pytest
from distill.errors import FormatError, PathError
from distill.layer import file_sources, runfiles
from distill.layer.file_lines import AlsoLine, DirectoryLine, EmptyLine, Line, LowerLine, OmitLine, SourceLine
from distill.layer.runfiles import LeftOut
from support_match import begins, exactly


@pytest.mark.parametrize(
    ("short_path", "place"),
    [
        ("a/b c.txt", "_main/a/b c.txt"),
        ("../rules_python~~pip~x/site-packages/x.py", "rules_python~~pip~x/site-packages/x.py"),
        ("..data/file", "_main/..data/file"),
    ],
)
def test_place(short_path: str, place: str) -> None:
    assert runfiles.place(short_path, "_main") == place


@pytest.mark.parametrize("short_path", ["../../etc/passwd", "a/../../x"])
def test_no_place_outside(short_path: str) -> None:
    with pytest.raises(PathError, match=begins("path climbs with .., got ")):
        runfiles.place(short_path, "_main")


def test_left_out() -> None:
    left_out = LeftOut(places=frozenset({"app/x/_p.venv"}), lower=frozenset({"app/lib/a.py"}))
    assert "app/lib/a.py" in left_out
    assert "app/lib/a.py/b" not in left_out
    assert "app/lib" not in left_out
    assert "app/x/_p.venv" in left_out
    assert "app/x/_p.venv/bin/python3" in left_out
    assert "app/x/_p.venv2" not in left_out


def lines(folder: Path, *names: str, only: str = "") -> list[Line]:
    """Make a file for each short path; give their lines."""
    found: list[Line] = []
    for number, name in enumerate(names):
        file = folder / str(number)
        file.touch()
        found.append(SourceLine(path=str(file), short_path=name, below="app", repository="_main", only=only))
    return found


def paths(asked: list[Line]) -> list[str]:
    return [source.entry.path for source in file_sources.build(asked).sources() if source.entry.kind != "directory"]


def test_files_of_external_repositories_or_of_one(tmp_path: Path) -> None:
    names = ("a.py", "../one/b.py", "../one.more/c.py")
    assert paths(lines(tmp_path, *names)) == ["app/_main/a.py", "app/one.more/c.py", "app/one/b.py"]
    assert paths(lines(tmp_path, *names, only="../")) == ["app/one.more/c.py", "app/one/b.py"]
    assert paths(lines(tmp_path, *names, only="../one/")) == ["app/one/b.py"]


def test_what_a_lower_layer_has_does_not_come_again(tmp_path: Path) -> None:
    listing = tmp_path / "listing.jsonl"
    listing.write_text(
        '{"path":"app","type":"directory","mode":"0755"}\n'
        '{"path":"app/one","type":"directory","mode":"0755"}\n'
        '{"path":"app/one/caf\\\\xe9","type":"file","mode":"0644","sha256":"0"}\n'
        '{"path":"app/one/link","type":"symlink","mode":"0777","link":"b"}\n'
    )
    asked = lines(tmp_path, "a.py", "../one/caf\udce9", "../one/link", "../one/new")
    asked = [LowerLine(str(listing)), DirectoryLine("app/one"), *asked]
    assert paths(asked) == ["app/_main/a.py", "app/one/new"]
    assert file_sources.build(asked).get("app/one") is not None


def test_a_lower_layer_without_a_listing(tmp_path: Path) -> None:
    (tmp_path / "listing").write_text("{")
    with pytest.raises(FormatError):
        file_sources.build([LowerLine(str(tmp_path / "listing"))])


def test_what_is_omitted_by_its_path_on_disk_or_its_place(tmp_path: Path) -> None:
    asked = lines(tmp_path, "a", "b", "venv/bin/python3", "venv.py")
    (tmp_path / "tree/bin").mkdir(parents=True)
    (tmp_path / "tree/bin/x").touch()
    (tmp_path / "tree/y").touch()
    asked += [
        SourceLine(str(tmp_path / "tree"), short_path="tree", below="app", repository="_main", tree=True),
        OmitLine(path=str(tmp_path / "0")),
        OmitLine(dest="app/_main/venv"),
        OmitLine(dest="app/_main/tree/bin"),
    ]
    assert paths(asked) == ["app/_main/b", "app/_main/tree/y", "app/_main/venv.py"]


def test_globs_bring_what_only_would_leave_out(tmp_path: Path) -> None:
    asked = lines(tmp_path, "a/node_modules/x/i.js", "a/node_modules.js", "lib/b.jar", "lib/[c].jar", "../one/d")
    asked = [msgspec.structs.replace(line, only="../") for line in asked if isinstance(line, SourceLine)]
    assert paths(asked) == ["app/one/d"]
    globs = [AlsoLine("**/node_modules/**"), AlsoLine("_main/lib/[[]c].jar")]
    assert paths([*asked, *globs]) == ["app/_main/a/node_modules/x/i.js", "app/_main/lib/[c].jar", "app/one/d"]


def test_empty_files_have_their_places_too() -> None:
    asked: list[Line] = [
        EmptyLine(short_path="a/__init__.py", below="app", repository="_main"),
        EmptyLine(short_path="../one/__init__.py", below="app", repository="_main"),
    ]
    assert paths(asked) == ["app/_main/a/__init__.py", "app/one/__init__.py"]


def test_an_empty_file_without_a_place() -> None:
    with pytest.raises(PathError, match=exactly("path is empty, got ''; name something below the root")):
        file_sources.build([EmptyLine()])
