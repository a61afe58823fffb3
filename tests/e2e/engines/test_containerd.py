"""containerd imports the archive and runs it."""

from collections.abc import Iterator
from pathlib import Path

import images
import pytest
from programs import Daemon, require, require_root, run

_SETTINGS = """\
version = 2
root = "{place}/containerd"
state = "{place}/containerd-run"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{place}/containerd.sock"
[ttrpc]
  address = "{place}/containerd.sock.ttrpc"
"""


@pytest.fixture(scope="module")
def ctr(place: Path) -> Iterator[list[str]]:
    """A ctr with a containerd of the test's own."""
    require_root()
    require("runc")
    command = [require("ctr"), f"--address={place}/containerd.sock"]
    settings = place / "containerd.toml"
    settings.write_text(_SETTINGS.format(place=place))
    server = Daemon(
        [require("containerd"), f"--config={settings}"],
        place / "containerd.log",
        lambda: run([*command, "version"]),
    )
    yield command
    server.stop()


@pytest.mark.parametrize("compression", images.COMPRESSIONS)
def test_imports_the_archive_under_its_name_and_digest(ctr: list[str], compression: str) -> None:
    # A layer that another archive brought before would not be unpacked again.
    if known := run([*ctr, "images", "ls", "--quiet"]).stdout.split():
        run([*ctr, "images", "rm", "--sync", *known])
    redis = images.redis(compression)
    run([*ctr, "images", "import", "--snapshotter=native", redis.archive])
    lines = run([*ctr, "images", "ls"]).stdout.splitlines()
    found = {line.split()[0]: line.split()[2] for line in lines[1:]}
    assert [digest for name, digest in found.items() if name.endswith(redis.name)] == [redis.digest]
    assert "incomplete" not in run([*ctr, "images", "check", "--snapshotter=native"]).stdout


def test_runs_a_program(ctr: list[str]) -> None:
    hello = images.static_hello()
    run([*ctr, "images", "import", "--snapshotter=native", hello.archive])
    names = run([*ctr, "images", "ls", "--quiet"]).stdout.split()
    (name,) = [name for name in names if name.endswith(hello.name)]
    done = run([*ctr, "run", "--rm", "--snapshotter=native", "--read-only", name, "hello"])
    assert done.stdout == "hello from scratch\n"
