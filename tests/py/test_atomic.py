"""Tests of distill.atomic."""

from pathlib import Path

import pytest
from distill import atomic
from distill.atomic import replacing


def test_files_appear_at_the_end(tmp_path: Path) -> None:
    with replacing(tmp_path / "a", str(tmp_path / "b")) as (one, two):
        Path(one).write_text("1")
        Path(two).write_text("2")
        assert not (tmp_path / "a").exists()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "1", "b": "2"}


def test_nothing_stays_where_the_block_raises(tmp_path: Path) -> None:
    with pytest.raises(KeyError), replacing(tmp_path / "a", tmp_path / "b") as (one, _):
        Path(one).write_text("1")
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_where_a_file_was_not_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a", tmp_path / "b") as (one, _):
        Path(one).write_text("1")
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with replacing(tmp_path / "a") as (one,):
        Path(one).write_text("new")
    assert (tmp_path / "a").read_text() == "new"


def test_written_at_once_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "file"
    atomic.write(file, b"one")
    atomic.write(file, b"two", 0o640)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"two", 0o640)
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder/in it").mkdir(parents=True)
    with pytest.raises(OSError):
        atomic.write(tmp_path / "folder", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
