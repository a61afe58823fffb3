"""A copy of this workspace with a Bazel server and an output base of its own."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
_SECONDS = 1200


@dataclass(frozen=True)
class Spawn:
    """An action that ran: from Bazel's execution log."""

    mnemonic: str
    target: str
    runner: str
    """`worker`, or the name of a sandbox."""


class Workspace:
    """Bazel in the folder `root`, its output base below `outputs`; a context manager that ends the server.

    prefix: what the server is started with, such as `taskset`.
    environment: what it and its client have beyond this process's environment.
    umask: of both.
    """

    def __init__(
        self,
        root: Path,
        outputs: Path,
        *,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        umask: int = 0o022,
    ) -> None:
        self.root = root
        self.outputs = outputs
        self._prefix = prefix
        self._environment = environment or {}
        self._umask = umask

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.bazel("shutdown", check=False)

    def bazel(self, command: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of Bazel; an assertion with all it says fails where it does not exit with 0."""
        words = [
            *self._prefix,
            str(ROOT / "bazelw"),
            f"--output_user_root={self.outputs}",
            "--max_idle_secs=120",
            command,
        ]
        if command not in ("shutdown", "clean", "info"):
            # Nothing is downloaded that this machine has had before.
            words.append(f"--repository_cache={repository_cache()}")
        done = subprocess.run(
            [*words, *arguments],
            cwd=self.root,
            env={**os.environ, **self._environment},
            umask=self._umask,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if check:
            assert done.returncode == 0, (
                f"exit code {done.returncode} of bazel {command} {' '.join(arguments)}\n{done.stderr}"
            )
        return done

    def build(self, *arguments: str) -> list[Spawn]:
        """Build, and give the actions that ran, without those that Bazel does itself, such as links."""
        log = self.outputs / "execution_log.json"
        log.unlink(missing_ok=True)
        self.bazel("build", f"--execution_log_json_file={log}", "--symlink_prefix=/", *arguments)
        return [Spawn(entry["mnemonic"], name(entry["targetLabel"]), entry["runner"]) for entry in _documents(log)]

    def executed(self, *arguments: str) -> dict[str, int]:
        """Build, and give how many actions of each mnemonic ran, all of them: from Bazel's own metrics."""
        data = metrics(self, *arguments)["actionSummary"].get("actionData", [])
        return {entry["mnemonic"]: int(entry["actionsExecuted"]) for entry in data if "actionsExecuted" in entry}

    def files(self, groups: Sequence[str], targets: Sequence[str], *flags: str) -> dict[str, Path]:
        """Give the files of the output groups of `targets`, by their names below the configuration's folder."""
        found = {}
        execution_root = Path(self.bazel("info", "execution_root").stdout.strip())
        options = ["--output=files", f"--output_groups={','.join(groups)}", "--symlink_prefix=/", *flags]
        for line in self.bazel("cquery", *options, "set(" + " ".join(targets) + ")").stdout.splitlines():
            # bazel-out/<configuration>/bin/<name>
            found[line.split("/", 3)[3]] = execution_root / line
        return found


def metrics(place: Workspace, *arguments: str) -> dict[str, Any]:
    """Build, and give what Bazel measures of it: BuildMetrics of build_event_stream.proto, as JSON."""
    events = place.outputs / "events.json"
    place.bazel("build", f"--build_event_json_file={events}", "--symlink_prefix=/", *arguments)
    for event in map(json.loads, events.read_text().splitlines()):
        if "buildMetrics" in event:
            return dict(event["buildMetrics"])
    raise AssertionError("Bazel wrote no metrics")


def cache_folder() -> Path:
    """Give the user's cache folder: output bases go there, for Bazel's sandbox would hide them in /tmp."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def name(label: str) -> str:
    """Give the label as a user writes it."""
    return label.removeprefix("@@").removeprefix("@") if label.startswith(("@@//", "@//")) else label


def copy(destination: Path) -> Path:
    """Copy the files of this workspace, what git ignores left out, and give the copy."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    for path in filter(None, os.fsdecode(listed.stdout).split("\0")):
        source = ROOT / path
        if source.is_symlink() or source.exists():
            (destination / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, destination / path, follow_symlinks=False)
    return destination


@cache
def repository_cache() -> str:
    """Give the folder of downloads of this workspace's own Bazel."""
    done = subprocess.run(
        [str(ROOT / "bazelw"), "info", "repository_cache"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON documents that follow one another without a separator."""
    decoder = json.JSONDecoder()
    text, position = path.read_text(), 0
    while position < len(text.rstrip()):
        document, position = decoder.raw_decode(text, position)
        while position < len(text) and text[position].isspace():
            position += 1
        yield document
