"""The image is one file, and runs."""

from pathlib import Path

from container import Container
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
