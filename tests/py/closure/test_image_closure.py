"""Tests of distill.closure.image_closure, and of the command BinaryClosure."""

import json
from pathlib import Path
from typing import Any

import pytest
import tool
from distill import listing
from distill.closure import image_closure
from distill.errors import InputError
from distill.listing import Record
from distill.runtime.rootfs import Rootfs
from support_listing import LIBC, file, library, program, script, symlink
from support_match import exactly

RECORDS = [
    *LIBC,
    program("usr/bin/app", "libapp.so"),
    library("opt/lib/libapp.so"),
    program("usr/bin/tool", "libc.so.6"),
    script("usr/bin/run", "/usr/bin/env app"),
    program("usr/bin/env"),
    program("usr/lib/plugin.so", mode="0644"),
    file("etc/x", "0755"),
]


def found(programs: tuple[str, ...] = (), **execution: Any) -> tuple[list[str], list[str]]:
    """Give the paths, and the names that are missing."""
    result = image_closure.compute(Rootfs([RECORDS]), {"config": execution}, programs)
    return sorted(result.files), [missing.name for missing in result.missing]


LD = "lib64/ld-linux-x86-64.so.2"


def test_the_command_with_the_environment_of_the_image() -> None:
    env = ["LD_LIBRARY_PATH=/opt/lib:", "PATH=/usr/bin:"]
    assert found(Entrypoint=["app", "x"], Cmd=["y"], Env=env) == ([LD, "opt/lib/libapp.so", "usr/bin/app"], [])
    assert found(Cmd=["run"], Env=env)[0] == [LD, "opt/lib/libapp.so", "usr/bin/app", "usr/bin/env", "usr/bin/run"]
    assert found(Cmd=["./app"], WorkingDir="/usr/bin") == ([LD, "usr/bin/app"], ["libapp.so"])


def test_a_command_that_is_not_there() -> None:
    assert found(Cmd=["gone"]) == ([], ["gone"])


def test_an_image_that_starts_nothing_has_all_programs() -> None:
    files, missing = found()
    assert files == [
        LD, "usr/bin/app", "usr/bin/env", "usr/bin/run", "usr/bin/tool", "usr/lib/x86_64-linux-gnu/libc.so.6",
    ]  # fmt: skip
    assert missing == ["libapp.so"]


def test_programs_by_glob() -> None:
    assert found(("/usr/bin/t*", "etc/x")) == (
        ["etc/x", LD, "usr/bin/tool", "usr/lib/x86_64-linux-gnu/libc.so.6"],
        [],
    )
    message = "programs matches no file of the image, got '/usr/bin/toll'; did you mean usr/bin/tool?"
    with pytest.raises(InputError, match=exactly(message)):
        found(("/usr/bin/toll",))


def run(directory: Path, layers: list[list[Record]], config: dict[str, Any]) -> int:
    (directory / "config").write_text(json.dumps({"config": config}))
    lines: list[dict[str, Any]] = [
        {"command": "BinaryClosure", "label": "//x:y", "settings": {"programs": []}},
        {"role": "config", "path": str(directory / "config")},
        {"role": "out", "name": "text", "path": str(directory / "text")},
        {"role": "out", "name": "json", "path": str(directory / "json")},
    ]
    for number, records in enumerate(layers):
        path = directory / f"{number}.jsonl"
        path.write_bytes(b"".join(listing.encode(record) for record in records))
        lines.append({"role": "listing", "path": str(path), "label": f"//layer:{number}"})
    return tool.run([json.dumps(line) for line in lines])


def test_the_command(tmp_path: Path) -> None:
    app = [program("app", "libc.so.6"), symlink("sh\\xff", "app"), file("caf\\xe9")]
    assert run(tmp_path, [LIBC, app], {"Cmd": ["/sh\\xff"]}) == 0
    text = (tmp_path / "text").read_text().splitlines()
    assert text[:2] == [
        "/sh\\xff -> app  //layer:1  (on the way to cmd)",
        "/app  0 B  //layer:1  (cmd)",
    ]
    assert {entry["from"] for entry in json.loads((tmp_path / "json").read_text())["files"]} == {
        "//layer:0",
        "//layer:1",
    }


def test_no_listing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [LIBC], {}) == 0
    (tmp_path / "0.jsonl").write_text("{}\n")
    lines = [
        {"command": "BinaryClosure", "label": "//x:y", "settings": {}},
        {"role": "config", "path": str(tmp_path / "config")},
        {"role": "out", "name": "text", "path": str(tmp_path / "t")},
        {"role": "out", "name": "json", "path": str(tmp_path / "j")},
        {"role": "listing", "path": str(tmp_path / "0.jsonl")},
    ]
    assert tool.run([json.dumps(line) for line in lines]) == 1
    assert "is no listing record" in capsys.readouterr().err
