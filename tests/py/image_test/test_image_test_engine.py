"""Tests of distill.image_test.engine, with a script that stands for docker: real ones are in tests/e2e/engines."""

import json
import sys
import tarfile
from pathlib import Path

import pytest
from distill.errors import ImageError
from distill.image_test import checks, engine, streams
from distill.image_test.drivers import CommandError, Options
from distill.image_test.engine import EngineDriver
from support_image_test import parsed

_FAKE = """#!{python}
import json, pathlib, shutil, sys, time
place = pathlib.Path({place!r})
words = sys.argv[1:]
with (place / "log").open("a") as log:
    print(json.dumps(words), file=log)
match words:
    case ["load", *_]: print("Loaded image: app:latest")
    case ["image", "inspect", name]:
        print(json.dumps([{{"Id": "sha256:1", "Architecture": "amd64", "Config": {{"User": "app", "Cmd": None}}}}]))
    case ["create", *_]: print("container")
    case ["export", "--output", out, _]: shutil.copy(place / "export.tar", out)
    case ["commit", *_]: print("sha256:2")
    case ["run", *_, "sleep"]:
        print("begun", flush=True)
        time.sleep(60)
    case ["run", *_, "flood"]:
        while True: print("x" * 4096)
    case ["run", *_, "missing"]:
        print("executable file not found", file=sys.stderr)
        sys.exit(127)
    case ["run", *_]:
        print("out")
        print("err", file=sys.stderr)
        sys.exit(3)
    case ["container", "inspect", _]:
        print(json.dumps([{{"State": {{"StartedAt": "0001-01-01T00:00:00Z"}}}}]))
    case ["rmi", *_] if (place / "busy").exists():
        print("image is in use", file=sys.stderr)
        sys.exit(1)
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the script where docker is looked for and give the file that has what it was asked."""
    with tarfile.open(tmp_path / "export.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("etc/x"))
    script = tmp_path / "bin/docker"
    script.parent.mkdir()
    script.write_text(_FAKE.format(python=sys.executable, place=str(tmp_path)))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent))
    return tmp_path / "log"


def driver(folder: Path) -> EngineDriver:
    return EngineDriver("docker", folder / "image.tar", {"config": {"User": "other"}, "os": "linux"}, folder)


def asked(log: Path) -> list[list[str]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_shows_what_the_engine_has(log: Path, tmp_path: Path) -> None:
    view = driver(tmp_path).view
    (test,) = parsed("fileExistenceTests: [{name: n, path: /etc/x}]").file_existence_tests
    assert list(checks.existence(view, test)) == []
    assert view.execution == {"User": "app"}
    assert [words[:2] for words in asked(log)] == [
        ["load", "--input"],
        ["image", "inspect"],
        ["create", "--entrypoint=/"],
        ["export", "--output"],
        ["rm", "--force"],
    ]


def test_each_command_begins_where_the_last_has_ended(log: Path, tmp_path: Path) -> None:
    options = Options("root", True, True, ("SYS_TIME",), {"A": "b"}, ("volume:/v", "./data:/d"))
    with driver(tmp_path).session(options) as session:
        done = session.run(["sh", "-c", "x"], {"C": "d"}, 60)
        session.run(["ls"], {}, 60)
    assert (done.code, done.output, done.error) == (3, b"out\n", b"err\n")
    first, second = [words for words in asked(log) if words[0] == "run"]
    assert first[2:] == [
        "--network=none",
        "--user=root",
        "--privileged",
        "--tty",
        "--cap-add=SYS_TIME",
        "--volume=volume:/v",
        f"--volume={Path.cwd() / 'data'}:/d",
        "--env=A=b",
        "--env=C=d",
        "--entrypoint=sh",
        "sha256:1",
        "-c",
        "x",
    ]
    assert second[-1] == "sha256:2"
    assert [words for words in asked(log) if words[0] == "rmi"] == [["rmi", "--force", "sha256:2"]] * 2
    assert len([words for words in asked(log) if words[:3] == ["rm", "--force", "--volumes"]]) == 2


def test_what_takes_too_long_is_removed(log: Path, tmp_path: Path) -> None:
    with driver(tmp_path).session(Options()) as session:
        done = session.run(["sh", "sleep"], {}, 1)
    assert (done.stopped, done.code, done.output) == ("late", 137, b"begun\n")
    assert asked(log)[-1][:3] == ["rm", "--force", "--volumes"]


def test_what_writes_without_end_is_removed(log: Path, tmp_path: Path) -> None:
    with driver(tmp_path).session(Options()) as session:
        done = session.run(["sh", "flood"], {}, 60)
    assert (done.stopped, done.code, len(done.output)) == ("flood", 137, streams.MOST)
    assert [words[0] for words in asked(log)][-2:] == ["run", "rm"]


@pytest.mark.parametrize(
    ("command", "got"), [("while :; do echo xxxxxxxx; done", "more than 16 MiB"), ("exec sleep 60", "no end in 1 s")]
)
def test_an_engine_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, got: str) -> None:
    script = tmp_path / "docker"
    script.write_text(f"#!/bin/sh\n{command}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(engine, "_ENGINE_SECONDS", 1 if "sleep" in command else 60)
    with pytest.raises(ImageError) as caught:
        driver(tmp_path)
    assert str(caught.value) == f"docker load was killed, got {got}; see its log"


def test_a_command_that_is_not_there(log: Path, tmp_path: Path) -> None:
    with driver(tmp_path).session(Options()) as session, pytest.raises(CommandError) as caught:
        session.run(["sh", "missing"], {}, 60)
    assert str(caught.value) == "sh cannot be started: executable file not found"


def test_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ImageError) as caught:
        driver(tmp_path)
    assert str(caught.value) == 'driver is not there, got no docker in PATH; install it, or set driver to "namespace"'


def test_what_the_engine_refuses(log: Path, tmp_path: Path) -> None:
    (tmp_path / "busy").touch()
    with pytest.raises(ImageError) as caught, driver(tmp_path).session(Options()) as session:
        session.run(["ls"], {}, 60)
    assert str(caught.value) == "docker rmi exited with 1, got image is in use; see its log"
