"""The Redis image serves a real client in docker and podman: hardened as far as they let it."""

from collections.abc import Iterator

import images
import pytest
from engine import Container, Engine
from programs import require

UID = GID = 999


@pytest.fixture(scope="module")
def name(engine: Engine) -> str:
    return engine.load(images.redis().archive)


@pytest.fixture
def server(engine: Engine, name: str) -> Iterator[Container]:
    with engine.start(name) as container:
        assert ask(container, "PING") == "PONG"
        yield container


@pytest.fixture
def volume(engine: Engine) -> Iterator[str]:
    """A named volume: what the engine puts into it first is the image's /data, with its owner."""
    yield engine.ask("volume", "create", "distill-redis-data")
    engine.ask("volume", "rm", "--force", "distill-redis-data")


def ask(container: Container, *command: str) -> str:
    """Ask the server with Debian's redis-cli, as soon as it answers."""
    client = require("redis-cli")
    for _ in range(100):
        answer = container.inside(client, *command, check=False)
        if answer and not answer.startswith(("Could not connect", "LOADING")):
            return answer
    raise AssertionError(f"no answer to {command}: {container.logs}")


def test_sets_and_gets(server: Container) -> None:
    assert ask(server, "SET", "colour", "green") == "OK"
    assert ask(server, "GET", "colour") == "green"


def test_keeps_its_data_over_a_restart(engine: Engine, name: str, volume: str) -> None:
    options = [f"--volume={volume}:/data"]
    with engine.start(name, options=options) as container:
        assert ask(container, "SET", "colour", "green") == "OK"
        assert container.stop() == 0, container.logs
    with engine.start(name, options=options) as container:
        assert ask(container, "GET", "colour") == "green"


def test_keeps_its_data_when_the_container_itself_is_restarted(engine: Engine, server: Container) -> None:
    assert ask(server, "SET", "colour", "green") == "OK"
    engine.ask("restart", "--time", "20", server.id)
    assert ask(server, "GET", "colour") == "green"


def test_stands_a_benchmark(server: Container) -> None:
    report = server.inside(require("redis-benchmark"), "-q", "-n", "2000", "-c", "20", "-t", "set,get,lpush")
    names = [line.split(":")[0].strip() for line in report.replace("\r", "\n").split("\n") if "requests per" in line]
    assert names == ["SET", "GET", "LPUSH"], report
    assert "errorstat" not in ask(server, "INFO", "errorstats")


def test_runs_as_its_user_and_without_privileges(server: Container) -> None:
    assert server.users() == {(UID,) * 4 + (GID,) * 4}


def test_stops_by_itself_when_asked(server: Container) -> None:
    assert server.stop() == 0
    assert "Redis is now ready to exit" in server.logs


def test_a_command_may_be_given_more_arguments(engine: Engine, name: str) -> None:
    with engine.start(name, "/etc/redis/redis.conf", "--maxmemory", "64mb") as container:
        assert ask(container, "CONFIG", "GET", "maxmemory").split() == ["maxmemory", "67108864"]


def test_has_no_shell(engine: Engine, server: Container) -> None:
    message = engine.refusal("exec", server.id, "/bin/sh", "-c", "true")
    assert "no such file or directory" in message
