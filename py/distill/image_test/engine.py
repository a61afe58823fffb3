"""The drivers docker and podman of an image test: the archive is loaded, and the engine shows and runs it.

The engine's own program is what is called, so that a test reaches whatever a user has set up for it (DOCKER_HOST, a
context, rootless podman). What is made is removed again; the image itself stays loaded.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from distill.errors import ImageError
from distill.image_test import streams
from distill.image_test.drivers import CommandError, Options, Session
from distill.image_test.namespace import Result
from distill.image_test.subject import View, exported

Name = Literal["docker", "podman"]

_ENGINE_SECONDS = 600
_NOT_STARTED = (125, 126, 127)
"""What `run` exits with where the engine or the program's name is at fault (docker run, "Exit Status")."""


class EngineDriver:
    """Looks at the image as `name` (docker or podman) exports it, and runs commands there."""

    def __init__(self, name: Name, archive: Path, config: Mapping[str, Any], scratch: Path) -> None:
        """Load `archive`, whose image has `config`.

        Raises:
            ImageError: the engine is not there, or refuses the image.
        """
        self._name = name
        self._scratch = scratch
        self._program = shutil.which(name, path=os.environ.get("PATH", os.defpath)) or ""
        if not self._program:
            raise ImageError(f'driver is not there, got no {name} in PATH; install it, or set driver to "namespace"')
        loaded = self.ask("load", "--input", str(archive)).splitlines()[-1].partition(": ")[2].strip()
        (inspected,) = json.loads(self.ask("image", "inspect", loaded))
        self.image = str(inspected["Id"])
        execution = {key: value for key, value in (inspected.get("Config") or {}).items() if value}
        seen = {**config, "config": execution, "architecture": inspected.get("Architecture")}
        self.view = self._exported(seen)

    def skipped(self) -> str:
        """Say nothing: what an engine cannot run it says itself."""
        return ""

    @contextmanager
    def session(self, options: Options) -> Iterator[Session]:
        """Open a session: each command is a container, what it wrote is committed and is the image of the next."""
        session = _EngineSession(self, options, [self.image])
        try:
            yield session
        finally:
            for image in session.images[:0:-1]:
                self.ask("rmi", "--force", image)

    def close(self) -> None:
        """Do nothing: sessions have removed what they made."""

    def ask(self, *words: str) -> str:
        """Run a command of the engine's and give its output.

        Raises:
            ImageError: it fails; the message has what it says.
        """
        done = self.call(*words)
        if done.stopped:
            what = f"more than {streams.MOST_SAID}" if done.stopped == "flood" else f"no end in {_ENGINE_SECONDS} s"
            raise ImageError(f"{self._name} {words[0]} was killed, got {what}; see its log")
        if done.code:
            said = done.error.decode("utf-8", "replace").strip()
            raise ImageError(f"{self._name} {words[0]} exited with {done.code}, got {said}; see its log")
        return done.output.decode("utf-8", "replace").strip()

    def call(self, *words: str, seconds: float = 0) -> Result:
        """Run a command of the engine's, whatever comes of it; it is killed where it takes or writes too much."""
        seconds = seconds or _ENGINE_SECONDS
        with subprocess.Popen(  # noqa: S603 - the engine that the test names
            [self._program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            if process.stdout is None or process.stderr is None:
                raise ValueError("pipes that were asked for")
            pipes = (process.stdout.fileno(), process.stderr.fileno())
            (output, error), stopped = streams.drain(pipes, seconds, process.pid)
            if stopped:
                process.kill()
        code = process.returncode
        return Result(code if code >= 0 else 128 - code, output, error, stopped)

    def _exported(self, config: Mapping[str, Any]) -> View:
        """Give the view of a container that was made and never started."""
        container = self.ask("create", "--entrypoint=/", self.image)
        tar = Path(tempfile.mkdtemp(dir=self._scratch), "export.tar")
        try:
            self.ask("export", "--output", str(tar), container)
        finally:
            self.ask("rm", "--force", container)
        return exported(config, tar)


@dataclass
class _EngineSession:
    driver: EngineDriver
    options: Options
    images: list[str]
    """The image, then what each command has made of it."""

    def run(self, command: Sequence[str], variables: Mapping[str, str], seconds: float) -> Result:
        """Run `command` and commit what it wrote."""
        name = f"image-test-{os.getpid()}-{os.urandom(6).hex()}"
        words = ["run", f"--name={name}", "--network=none", *self._flags(variables)]
        words += [f"--entrypoint={command[0]}", self.images[-1], *command[1:]]
        try:
            done = self.driver.call(*words, seconds=seconds)
            if done.stopped:
                return done
            if done.code in _NOT_STARTED and self._never_started(name):
                raise CommandError(f"{command[0]} cannot be started: {done.error.decode('utf-8', 'replace').strip()}")
            self.images.append(self.driver.ask("commit", name).splitlines()[-1])
            return done
        finally:
            with contextlib.suppress(ImageError):
                self.driver.ask("rm", "--force", "--volumes", name)

    def _never_started(self, name: str) -> bool:
        try:
            (found,) = json.loads(self.driver.ask("container", "inspect", name))
        except ImageError:
            return True
        started = str(found["State"].get("StartedAt", ""))
        return started.startswith("0001-")

    def _flags(self, variables: Mapping[str, str]) -> Iterator[str]:
        options = self.options
        if options.user:
            yield f"--user={options.user}"
        if options.privileged:
            yield "--privileged"
        if options.tty:
            yield "--tty"
        for capability in options.capabilities:
            yield f"--cap-add={capability}"
        for mount in options.binds:
            source, _, target = mount.partition(":")
            yield f"--volume={Path(source).absolute() if '/' in source else source}:{target}"
        for key, value in {**options.environment, **variables}.items():
            yield f"--env={key}={value}"
