"""The engines as fixtures: each has a store of its own, below a short folder of /tmp, and leaves nothing behind."""

import re
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import Engine
from programs import Daemon, remove, require, require_root, run


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder for stores and sockets. A socket's path has at most 107 bytes, which Bazel's folders use up."""
    folder = Path(tempfile.mkdtemp(prefix="distill-", dir="/tmp"))
    yield folder
    remove(folder)


@pytest.fixture(scope="session")
def podman(place: Path) -> Engine:
    """A podman with runc, as root: crun, its default, does not start containers on hybrid cgroups."""
    require_root()
    require("runc")
    program = require("podman")
    # By itself podman asks for more files and processes than the machine that CI runs on may give.
    limits = [f"--ulimit={name}={number}:{number}" for name, number in (("nofile", 10_240), ("nproc", 1_024))]
    store = [f"--root={place}/podman", f"--runroot={place}/podman-run", f"--tmpdir={place}/podman-tmp"]
    return Engine(
        "podman",
        [program, *store, "--runtime=runc", "--cgroup-manager=cgroupfs", "--events-backend=none"],
        version=_version(run([program, "--version"]).stdout),
        options=["--log-driver=k8s-file", *limits],
        environment={"HOME": str(place), "XDG_RUNTIME_DIR": str(place)},
    )


@pytest.fixture(scope="session")
def docker(place: Path) -> Iterator[Engine]:
    """A docker with a daemon of the test's own, which touches neither the machine's network nor its images."""
    require_root()
    program, daemon = require("docker"), require("dockerd")
    command = [program, f"--host=unix://{place}/docker.sock"]
    environment = {"HOME": str(place), "DOCKER_CONFIG": f"{place}/docker-config"}
    server = Daemon(
        [
            *(daemon, "--iptables=false", "--ip6tables=false", "--bridge=none", f"--host=unix://{place}/docker.sock"),
            *(f"--data-root={place}/docker", f"--exec-root={place}/docker-run", f"--pidfile={place}/docker.pid"),
        ],
        place / "docker.log",
        lambda: run([*command, "version"], environment=environment),
    )
    version = run([*command, "version", "--format={{.Server.Version}}"], environment=environment).stdout
    address = f"unix://{place}/docker.sock"
    yield Engine("docker", command, version=_version(version), environment=environment, address=address)
    server.stop()


@pytest.fixture(scope="session", params=["podman", "docker"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the two engines."""
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def registry(place: Path) -> Iterator[str]:
    """A registry on loopback, Debian's docker-registry: its address without a scheme."""
    program = require("docker-registry")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = place / "registry.yml"
    settings.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {place}/registry}}}}\nhttp: {{addr: '{address}'}}\n"
    )
    host, _, port = address.partition(":")
    server = Daemon(
        [program, "serve", settings],
        place / "registry.log",
        lambda: socket.create_connection((host, int(port)), timeout=1).close(),
    )
    yield address
    server.stop()


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(?:\.\d+)+", text)
    assert found, text
    return tuple(int(number) for number in found[0].split("."))
