"""docker and podman, which speak one command line: images are loaded and inspected, containers run."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from programs import require, run


class Engine:
    """An engine with a store of its own.

    command: the program with the options that name the store.
    options: what each `run` is to be given.
    version: of the engine, as numbers.
    address: of its daemon, where it has one.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        version: tuple[int, ...],
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        address: str = "",
    ) -> None:
        self.name = name
        self.address = address
        self.version = version
        self._command = command
        self.options = options
        self._environment = environment

    def ask(self, *arguments: str | Path) -> str:
        """Run a command of the engine and give its output."""
        return run([*self._command, *arguments], environment=self._environment).stdout.strip()

    def refusal(self, *arguments: str | Path) -> str:
        """Run a command of the engine that must fail and give what it says."""
        done = run([*self._command, *arguments], environment=self._environment, check=False)
        assert done.returncode != 0, f"{self.name} {' '.join(map(str, arguments))} was to fail:\n{done.stdout}"
        return (done.stdout + done.stderr).strip()

    def load(self, archive: Path) -> str:
        """Load an archive and give the image's name as the archive says it."""
        output = self.ask("load", "--input", archive)
        loaded = re.search(r"^Loaded image(?:\(s\))?: (\S+)$", output, re.MULTILINE)
        assert loaded, output
        # podman writes names in full.
        return loaded[1].removeprefix("docker.io/").removeprefix("localhost/")

    def inspect(self, image: str) -> dict[str, Any]:
        """Give what the engine knows of an image."""
        (found,) = json.loads(self.ask("image", "inspect", image))
        return dict(found)

    def start(self, image: str, *arguments: str, options: Sequence[str] = ()) -> "Container":
        """Start a container: no network but its own loopback, no privileges, nothing to write to but its volumes."""
        hardened = ("--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
        words = ("run", "--detach", "--pull=never", *hardened, *self.options, *options)
        return Container(self, self.ask(*words, image, *arguments))


class Container:
    """A container; as a context manager it is removed at the end, its anonymous volumes too."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self.engine = engine
        self.id = identity

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.ask("rm", "--force", "--volumes", self.id)

    @property
    def state(self) -> dict[str, Any]:
        """The engine's `State` of it: `Pid`, `Running`, `ExitCode`."""
        (found,) = json.loads(self.engine.ask("container", "inspect", self.id))
        return dict(found["State"])

    @property
    def logs(self) -> str:
        """What it has written, to both streams."""
        done = run([*self.engine._command, "logs", self.id], environment=self.engine._environment)
        return done.stdout + done.stderr

    def wait(self) -> int:
        """Wait for its end and give its exit code."""
        return int(self.engine.ask("wait", self.id))

    def stop(self) -> int:
        """Have the engine stop it, with the image's stop signal, and give its exit code: 137 if it had to be killed."""
        self.engine.ask("stop", "--time", "20", self.id)
        return int(self.state["ExitCode"])

    def users(self) -> set[tuple[int, ...]]:
        """Give (real, effective, saved, file system) uid and gid of its processes, as the kernel knows them."""
        main = int(self.state["Pid"])
        found = set()
        for pid in [main, *_children(main)]:
            status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            found.add(tuple(int(number) for number in (status["Uid"] + "\t" + status["Gid"]).split("\t")))
        return found

    def inside(self, *command: str, check: bool = True) -> str:
        """Run a program of the host in the container's network and give its output."""
        state = self.state
        assert state["Running"], f"the program has ended with {state['ExitCode']}: {self.logs}"
        return run([require("nsenter"), "--target", str(state["Pid"]), "--net", *command], check=check).stdout.strip()

    def get(self, address: str) -> tuple[int, str]:
        """Ask for an address over HTTP in the container's network; gives status and body."""
        answer = self.inside(sys.executable, "-c", _GET, address)
        status, _, body = answer.partition("\n")
        return int(status), body


_GET = """
import sys, time, urllib.error, urllib.request
for attempt in range(100):
    try:
        answer = urllib.request.urlopen(sys.argv[1])
    except urllib.error.HTTPError as error:
        answer = error
    except OSError:
        time.sleep(0.1)
        continue
    print(answer.status, answer.read().decode(), sep="\\n")
    break
else:
    sys.exit("nothing answers")
"""


def _children(pid: int) -> list[int]:
    found = []
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += [child, *_children(child)]
    return found
