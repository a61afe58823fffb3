"""Tests of distill.commands.layer_files: what the lines of the rules become."""

from pathlib import Path
from typing import Any

import pytest
import support_command
from support_command import Result


def run(directory: Path, *lines: dict[str, Any], **settings: Any) -> Result:
    return support_command.run(directory, "LayerFiles", list(lines), **settings)


def test_lines_as_the_rules_write_them(tmp_path: Path) -> None:
    (tmp_path / "server").write_text("#!/bin/sh\n")
    (tmp_path / "server").chmod(0o755)
    (tmp_path / "tree/sub").mkdir(parents=True)
    (tmp_path / "tree/sub/index").write_text("hello")
    owner = {"uid": 65532, "gid": 65532}
    result = run(
        tmp_path,
        {"role": "src", "dest": "usr/bin/server", "mode": "", **owner, "path": str(tmp_path / "server")},
        {"role": "src", "below": "opt", "mode": "0600", **owner, "path": str(tmp_path / "server"), "name": "server"},
        {
            "role": "src",
            "below": "srv",
            "strip_prefix": "app",
            "mode": "",
            **owner,
            "path": str(tmp_path / "tree"),
            "short_path": "app/tree",
            "tree": True,
        },
        {"role": "directory", "dest": "tmp", "mode": "0755", "uid": 0, "gid": 0},
        {"role": "content", "dest": "etc/motd", "text": "hi\n", "mode": "0644", "uid": 0, "gid": 0},
        {"role": "empty", "dest": "etc/resolv.conf", "mode": "0644", "uid": 0, "gid": 0},
        {"role": "symlink", "dest": "bin", "link": "usr/bin", **owner},
        mtime=5,
        modes={"tmp": "1777"},
        owners={"tmp": "1:2"},
    )
    assert result.code == 0
    found = {path: (r.type, r.mode, r.uid, r.gid, r.link) for path, r in result.records.items()}
    assert found == {
        "bin": ("symlink", "0777", 65532, 65532, "usr/bin"),
        "etc": ("directory", "0755", 0, 0, ""),
        "etc/motd": ("file", "0644", 0, 0, ""),
        "etc/resolv.conf": ("file", "0644", 0, 0, ""),
        "opt": ("directory", "0755", 0, 0, ""),
        "opt/server": ("file", "0600", 65532, 65532, ""),
        "srv": ("directory", "0755", 0, 0, ""),
        "srv/tree": ("directory", "0755", 0, 0, ""),
        "srv/tree/sub": ("directory", "0755", 0, 0, ""),
        "srv/tree/sub/index": ("file", "0644", 65532, 65532, ""),
        "tmp": ("directory", "1777", 1, 2, ""),
        "usr": ("directory", "0755", 0, 0, ""),
        "usr/bin": ("directory", "0755", 0, 0, ""),
        "usr/bin/server": ("file", "0755", 65532, 65532, ""),
    }
    assert {record.mtime for record in result.records.values()} == {5}
    assert result.records["usr/bin/server"].shebang == "/bin/sh"
    assert result.files["srv/tree/sub/index"] == b"hello"
    assert result.files["etc/motd"] == b"hi\n"


def test_settings_beyond_compression_may_be_left_out(tmp_path: Path) -> None:
    result = run(tmp_path, {"role": "content", "dest": "f", "text": "x", "mode": "0644", "uid": 0, "gid": 0})
    assert result.code == 0
    assert result.records["f"].mtime == 0


@pytest.mark.parametrize("lines", [[], [{"role": "directory", "dest": "d"}]])
def test_a_layer_may_be_nearly_empty(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    assert run(tmp_path, *lines).code == 0


def test_errors_name_the_target_and_leave_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {"role": "src", "dest": "f", "mode": "", "uid": 0, "gid": 0, "path": str(tmp_path / "gone")}
    result = run(tmp_path, line)
    assert result.code == 1
    assert capsys.readouterr().err == (
        f"//x:y: file cannot be read, got {tmp_path}/gone (No such file or directory); "
        "check that the rule that names it makes it\n"
    )
    assert list(result.directory.iterdir()) == []


def test_an_unknown_role_or_key_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, {"role": "sauce", "path": "x"}).code == 1
    assert "Invalid value 'sauce'" in capsys.readouterr().err
    assert run(tmp_path, {"role": "src", "path": "x", "dset": "y"}).code == 1
    assert "unknown field `dset`" in capsys.readouterr().err
    assert run(tmp_path, colour="red").code == 1
    assert "unknown field `colour`" in capsys.readouterr().err


def test_what_is_stripped_stands_where_the_original_would(tmp_path: Path) -> None:
    (tmp_path / "full").write_bytes(b"long text")
    (tmp_path / "short").write_bytes(b"short")
    stripped = {"role": "stripped", "path": str(tmp_path / "short"), "original": str(tmp_path / "full")}
    other = {"role": "stripped", "path": str(tmp_path / "none"), "original": str(tmp_path / "not named")}
    source = {"role": "src", "dest": "a", "path": str(tmp_path / "full")}
    result = run(tmp_path, source, {**source, "dest": "b"}, stripped, other)
    assert {path: record.size for path, record in result.records.items()} == {"a": 5, "b": 5}
    # What is left out is left out by its own path.
    (tmp_path / "again").mkdir()
    result = run(tmp_path / "again", source, stripped, {"role": "omit", "path": str(tmp_path / "full")})
    assert list(result.records) == []
