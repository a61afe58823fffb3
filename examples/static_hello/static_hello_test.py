"""The image is one file, and runs."""

from pathlib import Path

from container import Container
from debugger import gdb
from image_case import unpack


def test_the_image_is_one_file(tmp_path: Path) -> None:
    unpack("examples/static_hello/static_hello.tar", tmp_path / "root")
    assert [str(path.relative_to(tmp_path / "root")) for path in (tmp_path / "root").rglob("*")] == ["hello"]


def test_it_runs_as_nonroot_on_a_read_only_root(tmp_path: Path) -> None:
    config = unpack("examples/static_hello/static_hello.tar", tmp_path / "root")
    for folder in ("dev", "proc"):
        (tmp_path / "root" / folder).mkdir()
    with Container(config, tmp_path / "root", read_only=True) as container:
        assert container.wait() == (0, "hello from scratch\n")


def test_a_debugger_shows_the_source_of_the_stripped_program(tmp_path: Path) -> None:
    root = tmp_path / "root"
    unpack("examples/static_hello/static_hello.debug.tar", root)
    assert "No symbol" in gdb(root, "/hello", "list main", without_debug_parts=True)
    shown = gdb(root, "/hello", "info line main", "list main")
    assert 'Line 3 of "examples/static_hello/hello.c"' in shown
    assert 'puts("hello from scratch");' in shown
