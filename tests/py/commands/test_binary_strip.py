"""BinaryStrip."""

import json
from pathlib import Path
from typing import Any

import pytest
import tool as the_tool
from support_compiler import compiled, tool

OUTS = ("debug", "report", "stripped", "text")


def run(directory: Path, *lines: dict[str, Any], **settings: str) -> int:
    header = {"command": "BinaryStrip", "label": "//x:y", "settings": settings}
    outs = [{"role": "out", "name": name, "path": str(directory / name)} for name in OUTS]
    return the_tool.run([json.dumps(value) for value in (header, *lines, *outs)])


def test_a_program_its_debug_part_and_the_report(tmp_path: Path) -> None:
    source = compiled(tmp_path / "hello", "-Wl,--build-id=none")
    lines = [
        {"role": "binary", "path": str(source), "name": "server"},
        {"role": "strip", "path": tool("strip")},
    ]
    assert run(tmp_path, *lines, path="/usr/bin/server") == 0
    report = json.loads((tmp_path / "report").read_text())
    assert report["name"] == "server"
    assert report["before"] - report["after"] == report["saved"] > 0
    assert report["after"] == (tmp_path / "stripped").stat().st_size
    assert report["debug"] == (tmp_path / "debug/usr/bin/server.debug").stat().st_size
    assert (tmp_path / "text").read_text().startswith("server: ")


def test_an_error_names_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = compiled(tmp_path / "hello")
    lines = [{"role": "binary", "path": str(source), "name": "x"}, {"role": "strip", "path": "/none"}]
    assert run(tmp_path, *lines) == 1
    assert capsys.readouterr().err.startswith("//x:y: strip cannot be run, got /none (No such file or directory); ")


def test_a_request_without_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, {"role": "strip", "path": "/none"}) == 1
    assert capsys.readouterr().err == "//x:y: request has not one line of a role, got 0 of binary; give one\n"


def test_unknown_settings_are_errors(tmp_path: Path) -> None:
    assert run(tmp_path, oops="1") == 1


def test_split_dwarf_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = compiled(tmp_path / "hello", "-gsplit-dwarf", "-Wl,--build-id")
    lines = [{"role": "binary", "path": str(source), "name": "x"}, {"role": "strip", "path": tool("strip")}]
    assert run(tmp_path, *lines) == 0
    assert json.loads((tmp_path / "report").read_text())["split_units"] == 1
    assert capsys.readouterr().err.startswith(
        "//x:y: x: warning: debug part has little more than lines, got split DWARF: "
    )
