"""Tests of distill.image_test.memory: real processes, where the machine lets us make namespaces."""

import gc
import os
from pathlib import Path

import pytest
from distill.image_test import memory, namespace
from support_image_test import require_namespaces


def seen(held: memory.Memory) -> list[str]:
    """Give what the holder of `held` has at its place."""
    return sorted(path.name for path in Path(f"/proc/{held.process}/root{held.place}").iterdir())


def test_what_is_written_is_in_memory(tmp_path: Path) -> None:
    require_namespaces()
    held = memory.fill(tmp_path, 10, 5, lambda: (tmp_path / "x").write_text("words"))
    assert held
    assert not list(tmp_path.iterdir()), "nobody else sees it"
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        namespace.enter(held.process)
        os.write(writer, (tmp_path / "x").read_bytes())
        os._exit(0)
    os.close(writer)
    assert os.read(reader, 100) == b"words"
    os.close(reader)
    os.waitpid(child, 0)
    held.free()
    with pytest.raises(ProcessLookupError):
        os.kill(held.process, 0)


def test_memory_is_given_back_with_its_object(tmp_path: Path) -> None:
    require_namespaces()
    held = memory.fill(tmp_path, 0, 0, lambda: None)
    assert held
    process = held.process
    del held
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    require_namespaces()

    def fail() -> None:
        (tmp_path / "x").touch()
        raise OSError(5, "broken")

    assert memory.fill(tmp_path, 1, 1, fail) is None
    assert not list(tmp_path.iterdir())


def test_more_than_was_said_does_not_fit(tmp_path: Path) -> None:
    require_namespaces()
    assert memory.fill(tmp_path, 1, 1, lambda: (tmp_path / "x").write_bytes(bytes(8 << 20))) is None


@pytest.mark.parametrize(("files", "size"), [(1, 10 << 20), (3000, 0)])
def test_what_would_take_too_much_is_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, size: int
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 100 << 20)
    assert memory.fill(tmp_path, files, size, lambda: pytest.fail("it was")) is None


def test_available_is_the_least_of_what_the_machine_and_the_groups_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "/proc/meminfo": ["MemTotal: 9 kB", "MemAvailable:   4096 kB"],
        "/proc/self/cgroup": ["0::/a/b"],
        "/sys/fs/cgroup/a/b/memory.max": ["max"],
        "/sys/fs/cgroup/a/b/memory.current": ["5"],
    }
    monkeypatch.setattr(memory, "_lines", lambda file: files.get(str(file), []))
    assert memory.available() == 4 << 20
    files |= {"/sys/fs/cgroup/a/memory.max": ["3000"], "/sys/fs/cgroup/a/memory.current": ["1000"]}
    assert memory.available() == 2000
    files["/sys/fs/cgroup/a/memory.current"] = ["4000"]
    assert memory.available() == 0
    files.clear()
    assert memory.available() == 0
