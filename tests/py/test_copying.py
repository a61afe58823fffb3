"""Tests of distill.copying."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from distill import copying
from hypothesis import given
from hypothesis import strategies as st
from support_match import exactly


def copy(root: Path, data: bytes, size: int, start: int = 0) -> bytes:
    (root / "in").write_bytes(data)
    with open(root / "in", "rb", buffering=0) as source, open(root / "out", "wb", buffering=0) as out:
        source.seek(start)
        copying.write(out.fileno(), b"head")
        copying.copy(source.fileno(), out.fileno(), size)
        copying.write(out.fileno(), b"tail")
    return (root / "out").read_bytes()


@given(st.binary(max_size=5000))
def test_bytes_are_copied_to_where_the_output_stands(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    assert copy(tmp_path_factory.mktemp("copy"), data, len(data)) == b"head" + data + b"tail"


def test_a_part_is_copied_from_where_the_input_stands(tmp_path: Path) -> None:
    assert copy(tmp_path, b"0123456789", 3, start=4) == b"head456tail"


def test_a_file_that_ends_early_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EOFError, match=exactly("file ends 2 bytes early")):
        copy(tmp_path, b"01234567", 10)


def unable(number: int) -> Callable[..., int]:
    def call(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_the_kernel_cannot_bytes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    data = os.urandom(3 << 20)
    monkeypatch.setattr(os, "copy_file_range", unable(number))
    assert copy(tmp_path, data, len(data)) == b"head" + data + b"tail"
    monkeypatch.setattr(os, "sendfile", unable(number))
    assert copy(tmp_path, data, len(data)) == b"head" + data + b"tail"


def test_a_full_disk_is_no_reason_to_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "copy_file_range", unable(errno.ENOSPC))
    with pytest.raises(OSError, match="No space left"):
        copy(tmp_path, b"x", 1)
