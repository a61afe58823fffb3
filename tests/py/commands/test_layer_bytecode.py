"""LayerBytecode."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from support_command import Result, run
from support_layer import source, tree_of, write

SOURCE = b"answer = 42\n"
PYC = f"srv/__pycache__/x.{sys.implementation.cache_tag}.pyc"
LOWER = [
    source("srv", "directory", mode=0o750, uid=7),
    source("srv/x.py", data=b"replaced"),
    source("srv/bad.py", data=b"print 1"),
]
UPPER = [source("srv", "directory", mode=0o750, uid=7), source("srv/x.py", data=SOURCE)]


def made(directory: Path, *layers: list[Any], interpreter: str = sys.executable, **settings: Any) -> Result:
    lines = [{"role": "interpreter", "path": interpreter}]
    for number, sources in enumerate(layers):
        folder = directory / str(number)
        folder.mkdir()
        write(tree_of(*sources), folder, compression=("gzip", "zstd", "uncompressed")[number % 3])
        lines += [{"role": role, "path": str(folder / role)} for role in ("listing", "blob")]
    return run(directory, "LayerBytecode", lines, ("report",), **settings)


def test_bytecode_of_what_the_layers_have_together(tmp_path: Path) -> None:
    result = made(tmp_path, LOWER, UPPER)
    assert result.code == 0
    records = {path: (r.type, r.mode, r.uid, r.mtime) for path, r in result.records.items()}
    assert records == {
        "srv": ("directory", "0750", 7, 0),
        "srv/__pycache__": ("directory", "0750", 7, 0),
        PYC: ("file", "0640", 7, 0),
    }
    assert result.files[PYC][8:16] == importlib.util.source_hash(SOURCE)
    (mark,) = result.records[PYC].marks
    assert mark.startswith("bytecode:")
    report = (tmp_path / "outs/report").read_text()
    assert report.startswith(f"1 compiled, {len(result.files[PYC])} bytes\nleft alone: /srv/bad.py: SyntaxError: ")


def test_the_same_bytes_elsewhere_and_with_others_beside(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "other/place").mkdir(parents=True)
    first = made(tmp_path / "a", LOWER, UPPER)
    second = made(tmp_path / "other/place", [source("a.py", data=b"x = 'answer'\n")], LOWER, UPPER)
    assert first.files[PYC] == second.files[PYC]


def test_settings(tmp_path: Path) -> None:
    more = [source("opt/y.py", data=SOURCE), source("opt/z.py", data=SOURCE)]
    result = made(tmp_path, UPPER + more, directories=["/opt"], exclude=["opt/z.py"])
    assert list(result.files) == [PYC.replace("srv", "opt").replace("/x.", "/y.")]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([[source("x")]], "layers have no Python source, got none that ends in .py; "),
        ([UPPER], "interpreter cannot be run, got No such file or directory for /none; "),
    ],
)
def test_errors(tmp_path: Path, layers: list[Any], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path, *layers, interpreter="/none").code == 1
    assert capsys.readouterr().err.startswith(f"//x:y: {message}")
    assert not (tmp_path / "outs/blob").exists()


def test_a_layer_without_its_blob(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"role": "interpreter", "path": "/none"}, {"role": "listing", "path": "/none"}]
    assert run(tmp_path, "LayerBytecode", lines, ("report",)).code == 1
    assert capsys.readouterr().err == "//x:y: request needs a blob for each listing, got 0 for 1; give both\n"


def test_a_blob_that_is_not_the_listings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tree_of(*UPPER), tmp_path)
    (tmp_path / "other").mkdir()
    write(tree_of(source("y")), tmp_path / "other")
    lines = [
        {"role": "interpreter", "path": sys.executable},
        {"role": "listing", "path": str(tmp_path / "listing")},
        {"role": "blob", "path": str(tmp_path / "other/blob")},
    ]
    assert run(tmp_path, "LayerBytecode", lines, ("report",)).code == 1
    assert "listing and blob of a layer differ, got no file /srv/x.py; build the layer again" in capsys.readouterr().err
