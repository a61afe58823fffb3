"""Tests of distill.layer.pipeline."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from distill import compression
from distill.compression import Compression
from distill.layer import pipeline
from distill.layer.pipeline import Pipeline, Result
from support_data import mixed, noise

KINDS = get_args(Compression)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have 10,000 bytes, so that little data has many."""
    monkeypatch.setattr(compression, "chunk_size", lambda kind: 10_000)


@pytest.fixture
def no_thread_stays() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def run(out: Path, data: bytes, kind: Compression = "gzip", threads: int | None = 2, step: int = 1 << 30) -> Result:
    fd = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        with Pipeline(fd, kind, "fast", threads) as pipe:
            for at in range(0, len(data), step):
                pipe.write(data[at : at + step])
            return pipe.finish()
    finally:
        os.close(fd)


@pytest.mark.parametrize("size", [0, 1, 9_999, 10_000, 10_001, 20_000, 345_678])
@pytest.mark.parametrize("kind", KINDS)
def test_neither_threads_nor_pieces_change_anything(
    kind: Compression, size: int, tmp_path: Path, no_thread_stays: None
) -> None:
    data = mixed(size)
    results: list[Result] = []
    for threads in (1, 2, 5, None):
        for step in (1 << 30, 7_777, 10_000):
            results.append(run(tmp_path / "out", data, kind, threads, step))
            written = (tmp_path / "out").read_bytes()
            assert results[-1].digest == f"sha256:{hashlib.sha256(written).hexdigest()}"
            assert results[-1].size == len(written)
            with open(tmp_path / "out", "rb") as stream:
                assert compression.open_decompressed(stream).read() == data
    assert set(results) == {results[0]}
    assert results[0].diff_id == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_room_can_be_filled_in_place(tmp_path: Path) -> None:
    data = mixed(123_456)
    with open(tmp_path / "out", "wb", buffering=0) as out, Pipeline(out.fileno(), "gzip", "fast", 3) as pipe:
        left = memoryview(data)
        while left:
            room = pipe.room()
            count = min(len(room), len(left), 4_321)
            room[:count] = left[:count]
            pipe.advance(count)
            left = left[count:]
        result = pipe.finish()
    assert result == run(tmp_path / "other", data)


def test_one_chunk_needs_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "Thread", None)
    run(tmp_path / "out", mixed(10_000), threads=8)
    run(tmp_path / "out", mixed(100_000), threads=1)


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_never_more_chunks_than_buffers(
    kind: Compression, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound of memory: whoever fills chunks waits, also where the first chunk takes longest."""
    made: list[object] = []
    most = 0
    first = threading.Event()

    class Counted(pipeline._Chunk):
        def __init__(self, size: int) -> None:
            super().__init__(size)
            made.append(self)

    def slow(kind: Compression, level: compression.Level) -> compression.Compressor:
        def compress(chunk: memoryview) -> bytes:
            if not first.is_set():
                first.set()
                time.sleep(0.2)  # the others run ahead of the one whose turn it is
            return bytes(chunk)

        return compress

    monkeypatch.setattr(pipeline, "_Chunk", Counted)
    monkeypatch.setattr(compression, "compressor", slow)
    with open(tmp_path / "out", "wb", buffering=0) as out, Pipeline(out.fileno(), kind, "fast", 4) as pipe:
        for _ in range(200):
            pipe.write(noise(5_000))
            most = max(most, len(pipe._ready))
        pipe.finish()
    assert len(made) <= pipe.buffers == 6
    assert most <= pipe.buffers


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_writing_comes_out(kind: Compression, threads: int, tmp_path: Path, no_thread_stays: None) -> None:
    (tmp_path / "out").touch()
    with (
        open(tmp_path / "out", "rb") as out,
        pytest.raises(OSError, match="Bad file descriptor"),
        Pipeline(out.fileno(), kind, "fast", threads) as pipe,
    ):
        for _ in range(100):
            pipe.write(noise(10_000))
        pipe.finish()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_an_error_of_compressing_comes_out(
    threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_thread_stays: None
) -> None:
    def broken(kind: Compression, level: compression.Level) -> compression.Compressor:
        def compress(chunk: memoryview) -> bytes:
            raise ZeroDivisionError

        return compress

    monkeypatch.setattr(compression, "compressor", broken)
    with pytest.raises(ZeroDivisionError):
        run(tmp_path / "out", noise(1_000_000), threads=threads)


def test_threads_end_where_the_caller_raises(tmp_path: Path, no_thread_stays: None) -> None:
    with (
        open(tmp_path / "out", "wb", buffering=0) as out,
        pytest.raises(KeyError),
        Pipeline(out.fileno(), "gzip", "fast", 3) as pipe,
    ):
        pipe.write(noise(200_000))
        raise KeyError


def test_default_threads_are_the_cores_of_the_process() -> None:
    assert pipeline.default_threads() >= 1
