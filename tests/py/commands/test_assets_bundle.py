"""AssetsBundle."""

import json
from pathlib import Path
from typing import Any

import pytest
import tool

OUTS = ("bundle", "manifest", "report")


def run(directory: Path, *lines: dict[str, Any], **settings: Any) -> int:
    header = {"command": "AssetsBundle", "label": "//x:y", "settings": settings}
    outs = [{"role": "out", "name": name, "path": str(directory / name)} for name in OUTS]
    return tool.run([json.dumps(value) for value in (header, *lines, *outs)])


def source(path: Path, short_path: str, **more: Any) -> dict[str, Any]:
    return {
        "role": "src",
        "below": "",
        "strip_prefix": "app/static",
        "path": str(path),
        "short_path": short_path,
        **more,
    }


def test_files_and_directories(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("x")
    (tmp_path / "tree/img").mkdir(parents=True)
    (tmp_path / "tree/img/logo.png").write_bytes(b"png")
    lines = [
        source(tmp_path / "a.css", "app/static/css/a.css"),
        source(tmp_path / "tree", "app/static/made", tree=True),
    ]
    assert run(tmp_path, *lines, hash_names=False) == 0
    names = sorted(p.relative_to(tmp_path / "bundle").as_posix() for p in (tmp_path / "bundle").rglob("*.*"))
    assert names == ["css/a.css", "made/img/logo.png"]
    assert sorted(json.loads((tmp_path / "manifest").read_text())["files"]) == names
    assert (tmp_path / "report").read_text().startswith("2 files, 4 bytes\n")


def test_two_assets_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_text(name)
    lines = [source(tmp_path / name, "app/static/x") for name in ("one", "other")]
    assert run(tmp_path, *lines) == 1
    assert capsys.readouterr().err.startswith("//x:y: ")


def test_unknown_settings_are_errors(tmp_path: Path) -> None:
    assert run(tmp_path, oops=1) == 1
