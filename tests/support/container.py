"""Runs an unpacked image without an engine: user namespaces and chroot, by util-linux's unshare.

This is how `bazel test //...` runs images on a machine that has no container engine, inside Bazel's own sandbox too.
It has no image store, no network of its own and no owners (all files belong to whoever runs the test, who appears in
the container as the image's user); the engine tests cover those.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

# Runs as root of the outer namespace: devices and /proc, then the program as the image's user in the image's root.
_SETUP = """
set -e
root=$1; uid=$2; gid=$3; wd=$4; read_only=$5; shift 5
mount --bind "$root" "$root"
for device in null zero full random urandom; do
    [ -e "$root/dev/$device" ] || : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
for link in fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2; do
    ln -sfn "${link#*:}" "$root/dev/${link%%:*}"
done
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
while [ "$1" != -- ]; do mount --bind "$1" "$root/$2"; shift 2; done
shift
if [ "$read_only" = 1 ]; then mount -o remount,bind,ro "$root"; fi
exec unshare --user --map-user="$uid" --map-group="$gid" --root="$root" --wd="$wd" -- "$@"
"""


def require_namespaces() -> None:
    """Skip the test, loudly, where the machine does not let it make user namespaces; in CI that is a failure."""
    problem = ""
    if not shutil.which("unshare"):
        problem = "util-linux's unshare is not installed"
    elif subprocess.run(["unshare", "-r", "-m", "true"], capture_output=True, check=False).returncode:
        problem = "this machine does not allow user namespaces"
    if problem and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"an image cannot be run here: {problem}")
    if problem:
        pytest.skip(f"IMAGE NOT RUN: {problem}")


def accounts(root: Path, user: str) -> tuple[int, int]:
    """Find uid and gid of `user` (`name`, `uid`, `name:group`, `uid:gid`) in the image at `root`, as an engine does."""
    name, _, group = user.partition(":")
    passwd = [line.split(":") for line in _lines(root / "etc/passwd")]
    groups = [line.split(":") for line in _lines(root / "etc/group")]
    fields = next((fields for fields in passwd if name in (fields[0], fields[2])), None)
    uid = int(fields[2]) if fields else int(name or 0)
    gid = int(fields[3]) if fields else 0
    if group:
        gid = next((int(fields[2]) for fields in groups if fields[0] == group), None) or int(group)
    return uid, gid


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


class Container:
    """A process of an image: `config` is the image config, `root` its unpacked layers.

    As a context manager it is killed at the end. `volumes` maps directories of the image to directories of the host.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        root: Path,
        arguments: Sequence[str] | None = None,
        *,
        entrypoint: Sequence[str] | None = None,
        volumes: Mapping[str, Path] | None = None,
        read_only: bool = False,
    ) -> None:
        require_namespaces()
        settings = config["config"]
        command = [
            *(settings.get("Entrypoint") or [] if entrypoint is None else entrypoint),
            *(settings.get("Cmd") or [] if arguments is None else arguments),
        ]
        uid, gid = accounts(root, settings.get("User", ""))
        for folder in ("dev", "proc"):
            (root / folder).mkdir(exist_ok=True)
        binds: list[str] = []
        for target, source in (volumes or {}).items():
            binds += [str(source), target.lstrip("/")]
        self.process = subprocess.Popen(
            [
                *("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child=SIGKILL"),
                *("sh", "-c", _SETUP, "sh", str(root), str(uid), str(gid), settings.get("WorkingDir") or "/"),
                *("1" if read_only else "0", *binds, "--", *command),
            ],
            env=dict(entry.split("=", 1) for entry in settings.get("Env") or []) | {"PATH": _path(settings)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def wait(self, seconds: float = 30) -> tuple[int, str]:
        """Wait for the end and give exit code and output."""
        output, _ = self.process.communicate(timeout=seconds)
        return self.process.returncode, output

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal to the program, as an engine's stop does, then as `wait`."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        os.kill(int(children[0]), number)
        return self.wait()

    def connect(self, port: int, seconds: float = 30) -> socket.socket:
        """Connect to `port` on loopback as soon as the program listens; fails with its output where it ends before."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=10)
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.kill()
                    raise AssertionError(
                        f"nothing listens on {port} ({error}): {self.process.communicate()[0]}"
                    ) from None
                time.sleep(0.05)


def _path(settings: Mapping[str, Any]) -> str:
    for entry in settings.get("Env") or []:
        if entry.startswith("PATH="):
            return str(entry[len("PATH=") :])
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def free_port() -> int:
    """Find a TCP port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
