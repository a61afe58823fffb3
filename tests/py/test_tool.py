"""Tests of the tool."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tool
from distill.errors import InputError, RequestError
from distill.request import Request
from support_match import exactly


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for all commands: what is put into the list is raised, or the request is put there."""
    seen: list[Any] = []

    def run(request: Request) -> None:
        if seen:
            raise seen[0]
        seen.append(request)

    module = ModuleType("fake")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setattr(tool, "command", lambda name: module)
    return seen


def lines(label: str = "//a:b", name: str = "Fake") -> list[str]:
    return [json.dumps({"command": name, "label": label, "settings": {}}), '{"role": "src", "path": "x"}']


def test_lines_as_arguments_as_a_worker_gets_them(command: list[Any]) -> None:
    assert tool.run(lines()) == 0
    assert command[0].header.label == "//a:b"
    assert len(command[0].lines) == 1


def test_lines_in_a_file(command: list[Any], tmp_path: Path) -> None:
    # Line separators that are no newline may stand in a name.
    path = "a\u2028b\x85c\x0bd"
    (tmp_path / "params").write_text(
        "\n".join([lines()[0], json.dumps({"path": path}, ensure_ascii=False)]) + "\n", "utf-8"
    )
    assert tool.run([f"@{tmp_path}/params"]) == 0
    assert [json.loads(line) for line in command[0].lines] == [{"path": path}]


def test_a_known_error_is_one_line_with_the_label(command: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    command.append(InputError("mode is wrong, got 9; write 0644"))
    assert tool.run(lines()) == 1
    assert capsys.readouterr() == ("", "//a:b: mode is wrong, got 9; write 0644\n")


def test_an_error_before_there_is_a_label(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.run([]) == 1
    assert capsys.readouterr().err == "request is empty, got no line; pass the params file as @FILE\n"


def test_any_other_error_keeps_its_traceback(command: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    command.append(ZeroDivisionError("oops"))
    assert tool.run(lines()) == 2
    err = capsys.readouterr().err
    assert err.startswith("//a:b: this is a bug in rules_distill, please report it\nTraceback")
    assert err.endswith("ZeroDivisionError: oops\n")


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    for name, reason in (("gone", "No such file or directory"), ("latin", "not UTF-8")):
        assert tool.run([f"@{tmp_path}/{name}"]) == 1
        assert capsys.readouterr().err == (
            f"request cannot be read, got {tmp_path}/{name} ({reason}); pass the params file as @FILE\n"
        )


def test_commands_by_their_mnemonic() -> None:
    assert tool.command("LayerFiles").__name__ == "distill.commands.layer_files"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("NoSuchThing", "command does not exist, got 'NoSuchThing'; use the mnemonic of a rule's action"),
        ("", "command is no name, got ''; use the mnemonic of a rule's action"),
        ("../x", "command is no name, got '../x'; use the mnemonic of a rule's action"),
        ("a.b", "command is no name, got 'a.b'; use the mnemonic of a rule's action"),
    ],
)
def test_names_of_no_command(name: str, message: str) -> None:
    with pytest.raises(RequestError, match=exactly(message)):
        tool.command(name)


def test_a_module_that_a_command_lacks_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError("No module named 'gone'", name="gone")

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        tool.command("LayerFiles")


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--help"], 0), (["x", "y"], 2), (["x"], 2)])
def test_how_it_is_used(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(arguments) == code
    assert "--persistent_worker" in capsys.readouterr().err


def test_as_a_process(tmp_path: Path) -> None:
    outs = [{"role": "out", "name": name, "path": str(tmp_path / name)} for name in ("blob", "descriptor", "listing")]
    header = {"command": "LayerFiles", "label": "//a:b", "settings": {"compression": "zstd", "level": "fast"}}
    request = [json.dumps(value) for value in (header, *outs)]
    (tmp_path / "params").write_text("\n".join(request))
    program = [sys.executable, tool.__file__]
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([*program, f"@{tmp_path}/params"], env=environment, check=True).returncode == 0
    once = (tmp_path / "blob").read_bytes()
    done = subprocess.run(
        [*program, "--persistent_worker"],
        input=json.dumps({"arguments": request, "requestId": 3}) + "\n",
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(done.stdout) == {"exitCode": 0, "output": "", "requestId": 3}
    assert (tmp_path / "blob").read_bytes() == once
