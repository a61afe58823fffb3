"""Tests of the command ImageTestConfig."""

import json
from pathlib import Path

import pytest
import tool


def run(folder: Path, *texts: str) -> int:
    lines: list[dict[str, object]] = [{"command": "ImageTestConfig", "label": "//app:image_test", "settings": {}}]
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text)
        lines.append({"role": "tests", "path": str(folder / f"{number}.yaml"), "short_path": f"app/{number}.yaml"})
    lines.append({"role": "out", "name": "report", "path": str(folder / "report")})
    return tool.run([json.dumps(line) for line in lines])


def test_lists_the_cases(tmp_path: Path) -> None:
    first = 'schemaVersion: "2.0.0"\nfileExistenceTests:\n  - {name: a, path: /a}\nmetadataTest:\n  user: b\n'
    second = '{"schemaVersion": "2.0.0", "licenseTests": [{"debian": true}]}'
    assert run(tmp_path, first, second) == 0
    assert (tmp_path / "report").read_text().splitlines() == [
        "app/0.yaml:3: File Existence Test: a",
        "app/0.yaml:5: Metadata Test",
        "app/1.yaml:1: License Test",
    ]


def test_a_fault_fails_the_build_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, 'schemaVersion: "2.0.0"\ncommandTest: []\n') == 1
    assert capsys.readouterr().err == (
        "//app:image_test: app/0.yaml:2 has an unknown key, got 'commandTest'; did you mean commandTests?\n"
    )
