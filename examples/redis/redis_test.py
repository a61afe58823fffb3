"""The Redis image answers a client, keeps its data over a restart, and has nothing in it that it does not need."""

import socket
import time
from pathlib import Path
from typing import Any

import pytest
from container import Container, free_port
from image_case import unpack

ARCHIVE = "examples/redis/redis_image.tar"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    root = tmp_path_factory.mktemp("image") / "root"
    return unpack(ARCHIVE, root), root


def ask(connection: socket.socket, command: str) -> str:
    """Send an inline command (Redis protocol specification) and give the first line of the answer.

    A server that is still reading its data is asked again.
    """
    with connection.makefile("rb") as stream:
        while True:
            connection.sendall(command.encode() + b"\r\n")
            line = stream.readline().decode().strip()
            if not line.startswith("-LOADING"):
                return stream.readline().decode().strip() if line.startswith("$") and line != "$-1" else line
            time.sleep(0.05)


def test_answers_and_keeps_its_data_over_a_restart(image: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    config, root = image
    data = tmp_path / "data"
    data.mkdir()
    arguments = [*config["config"]["Cmd"], "--port", str(port := free_port())]
    with Container(config, root, arguments, volumes={"/data": data}, read_only=True) as container:
        with container.connect(port) as connection:
            assert ask(connection, "PING") == "+PONG"
            assert ask(connection, "SET colour green") == "+OK"
        code, output = container.stop()
        assert code == 0, output
    assert (data / "appendonlydir").is_dir()
    with Container(config, root, arguments, volumes={"/data": data}, read_only=True) as container:
        with container.connect(port) as connection:
            assert ask(connection, "GET colour") == "green"
        container.stop()


def test_runs_as_the_user_redis(image: tuple[dict[str, Any], Path]) -> None:
    config, root = image
    assert config["config"]["User"] == "redis"
    assert "redis:x:999:999:" in (root / "etc/passwd").read_text()


def test_has_no_shell_and_no_package_manager(image: tuple[dict[str, Any], Path]) -> None:
    _, root = image
    programs = sorted(path.name for folder in ("usr/bin", "usr/sbin") for path in (root / folder).glob("*"))
    assert programs == ["redis-check-rdb", "redis-server"]


def test_scanners_see_its_packages(image: tuple[dict[str, Any], Path]) -> None:
    _, root = image
    names = {path.name for path in (root / "var/lib/dpkg/status.d").iterdir() if path.suffix != ".md5sums"}
    assert {"redis-server", "redis-tools", "libc6", "libssl3"} <= names
