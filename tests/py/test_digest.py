"""Tests of distill.digest."""

import hashlib
import io
from pathlib import Path

import pytest
from distill import digest

ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_of_bytes() -> None:
    assert digest.of_bytes(b"abc") == ABC


def test_digest_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert digest.digest_of(tmp_path / "f") == (ABC, 3)
    assert digest.digest_of(str(tmp_path / "f")) == (ABC, 3)
    with pytest.raises(OSError, match="No such file"):
        digest.digest_of(tmp_path / "missing")


def test_a_big_file_is_read_to_its_end(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "f").write_bytes(data)
    assert digest.digest_of(tmp_path / "f") == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))


def test_hashing_writer_hands_on_and_counts() -> None:
    out = io.BytesIO()
    writer = digest.HashingWriter(out)
    assert writer.write(b"a") == 1
    assert writer.write(memoryview(bytearray(b"bc"))) == 2
    assert (writer.digest, writer.size, out.getvalue()) == (ABC, 3, b"abc")


def test_hashing_writer_goes_on_after_a_short_write() -> None:
    class Slow(io.BytesIO):
        def write(self, data: object) -> int:
            return super().write(bytes(memoryview(data))[:1])  # type: ignore[arg-type]

    out = Slow()
    writer = digest.HashingWriter(out)
    assert writer.write(b"abc") == 3
    assert (writer.digest, out.getvalue()) == (ABC, b"abc")
