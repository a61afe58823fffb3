"""The nginx image serves files in docker and podman as an unprivileged user."""

from collections.abc import Iterator

import images
import pytest
from engine import Container, Engine

ADDRESS = "http://127.0.0.1:8080"
# What an nginx writes to, below a read-only root: anonymous volumes, which take owner and mode from the image. A
# --tmpfs would belong to root: runc before 1.1.9 ignores its mode where the image has the directory.
WRITABLE = [f"--volume={path}" for path in ("/run/nginx", "/var/lib/nginx")]


@pytest.fixture(scope="module")
def name(engine: Engine) -> str:
    return engine.load(images.nginx().archive)


@pytest.fixture
def server(engine: Engine, name: str) -> Iterator[Container]:
    with engine.start(name, options=WRITABLE) as container:
        yield container


def test_serves_a_file(server: Container) -> None:
    status, body = server.get(f"{ADDRESS}/index.html")
    assert status == 200, server.logs
    assert "rules_distill" in body
    assert '"GET /index.html HTTP/1.1" 200' in server.logs


def test_a_missing_file_is_not_found(server: Container) -> None:
    assert server.get(f"{ADDRESS}/nothing")[0] == 404


def test_runs_as_its_user_and_without_privileges(server: Container) -> None:
    server.get(ADDRESS)
    assert server.users() == {(33,) * 8}


def test_stops_by_itself_when_asked(server: Container) -> None:
    server.get(ADDRESS)
    assert server.stop() == 0, server.logs


def test_writes_where_the_image_lets_it(engine: Engine, name: str) -> None:
    """The same without volumes and without a read-only root."""
    with engine.start(name, options=["--read-only=false"]) as container:
        assert container.get(f"{ADDRESS}/health")[0] == 200, container.logs
