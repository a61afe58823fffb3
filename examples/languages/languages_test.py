"""The image of each language runs as a user, on a read-only root. Each target of Bazel's runs one of these tests."""

from pathlib import Path
from typing import Any

import pytest
from container import Container
from image_case import unpack


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


def run(language: str, root: Path, env: list[str] | None = None) -> str:
    """Run the image of `language` and give its output; with `env`, with that environment alone."""
    config: dict[str, Any] = unpack(f"examples/languages/{language}_image.tar", root)
    if env is not None:
        config["config"]["Env"] = env
    with Container(config, root, read_only=True) as container:
        code, output = container.wait()
    assert code == 0, output
    return output


def test_cc(root: Path, tmp_path: Path) -> None:
    assert run("cc", root) == "hello from C++, read through runfiles\n"
    # Without the environment of the image the link beside the program leads to the runfiles.
    assert run("cc", tmp_path / "again", ["GREETING=hi"]) == "hi from C++, read through runfiles\n"


def test_node(root: Path) -> None:
    assert run("node", root) == "HELLO FROM NODE\n"


def test_java(root: Path) -> None:
    assert run("java", root) == "hello from Java 17, read through runfiles\n"


def test_classpath(root: Path) -> None:
    assert run("classpath", root) == "HELLO FROM A CLASS PATH\n"


def test_go(root: Path) -> None:
    assert run("go", root) == "hello from Go in Europe/Berlin\n"


def test_rust(root: Path) -> None:
    assert run("rust", root) == "hello from Rust, with arguments\n"


def test_shell(root: Path) -> None:
    assert run("shell", root) == "hello from _main, everybody\n"
