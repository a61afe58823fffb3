"""What every driver of an image test offers, and the one that needs no engine: a user namespace.

A driver shows the image as it sees it, and opens sessions. A session begins with a file system as the image has it;
each command is a container of its own, and finds what the commands before it in the session have written.
"""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from distill.errors import ImageError, InputError
from distill.image_test import memory as memory_file_system
from distill.image_test import namespace, subject, unpack
from distill.image_test.memory import Memory
from distill.image_test.namespace import NamespaceError, Process, Result, Root
from distill.image_test.subject import View
from distill.layer.stored import Layers
from distill.runtime import identity, launch
from distill.runtime.identity import Identity

# Architectures as OCI names them, by what uname says; the second runs on the first.
_MACHINES = {
    "x86_64": ("amd64", "386"),
    "aarch64": ("arm64",),
    "armv7l": ("arm",),
    "i686": ("386",),
    "ppc64le": ("ppc64le",),
    "riscv64": ("riscv64",),
    "s390x": ("s390x",),
}
_QEMU = {"amd64": "x86_64", "386": "i386", "arm64": "aarch64", "arm": "arm"}
_HANDLERS = "/proc/sys/fs/binfmt_misc"
_EMULATOR = ".emulator"


class CommandError(Exception):
    """A command that could not be run; the message says why."""


@dataclass(frozen=True)
class Options:
    """How containers are run: containerRunOptions, with files read and variables looked up."""

    user: str = ""
    privileged: bool = False
    tty: bool = False
    capabilities: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    binds: tuple[str, ...] = ()


class Session(Protocol):
    """Commands that share a file system."""

    def run(self, command: Sequence[str], variables: Mapping[str, str], seconds: float) -> Result:
        """Run `command` with `variables` beside the image's own; CommandError where it cannot be."""


class Driver(Protocol):
    """Where the image is looked at and run."""

    view: View

    def skipped(self) -> str:
        """Say why no command can be run, empty where it can."""

    def session(self, options: Options) -> AbstractContextManager[Session]:
        """Open a session whose file system is the image's."""

    def close(self) -> None:
        """Give back what sessions have taken and the next ones would use."""


class NamespaceDriver:
    """Runs commands in user namespaces; see distill.image_test.namespace."""

    def __init__(self, config: Mapping[str, Any], layers: Layers, scratch: Path, emulator: str = "") -> None:
        self.view = View(config, layers.rootfs, layers)
        self._layers = layers
        self._scratch = scratch
        self._emulator = emulator
        self._lowers: dict[tuple[object, ...], tuple[Path, Memory | None]] = {}
        self._overlay = True

    def skipped(self) -> str:
        """Say why no command can be run: an image for another CPU, and nothing that emulates it."""
        architecture = str(self.view.config.get("architecture"))
        if architecture in _MACHINES.get(platform.machine(), ()) or self._emulator or _handled(architecture):
            return ""
        return (
            f"the image is for {architecture}, this machine is {platform.machine()}: commands need an emulator;"
            " set emulator to a static qemu-user"
        )

    @contextmanager
    def session(self, options: Options) -> Iterator[Session]:
        """Open a session.

        Raises:
            InputError: an option that needs an engine.
        """
        for what, given in (
            ("privileged", options.privileged),
            ("allocateTty", options.tty),
            ("capabilities", options.capabilities),
        ):
            if given:
                raise InputError(
                    f"containerRunOptions.{what} is not for the driver namespace, got {given};"
                    ' set driver to "docker" or "podman", or leave it out'
                )
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        try:
            yield self._open(options, folder)
        finally:
            remove(folder)

    def _open(self, options: Options, folder: Path) -> Session:
        execution, rootfs = self.view.execution, self.view.rootfs
        who, findings = identity.find(rootfs, options.user or str(execution.get("User") or ""))
        if findings:
            raise ImageError(findings[0].message)
        where = str(execution.get("WorkingDir") or "/")
        binds = _binds(options.binds)
        hosts = folder / "hosts"
        hosts.write_text(namespace.HOSTS)
        targets = {unpack.target(rootfs, path): source for path, source in binds.items()}
        etc = rootfs.resolve("/etc/hosts", follow=False)
        if rootfs.get("etc") and (etc.node is None or etc.node.kind == "file"):
            targets.setdefault("etc/hosts", str(hosts))
        if self._emulator:
            targets[_EMULATOR] = str(Path(self._emulator).resolve())
        made = (where, *(execution.get("Volumes") or ()))
        directories = {"proc", "dev", *(unpack.target(rootfs, path) for path in made)}
        directories |= {path for path, source in targets.items() if Path(source).is_dir()}
        files = {path for path, source in targets.items() if not Path(source).is_dir()}
        lower, memory = self._unpacked(who, directories, files)
        for name in ("merged", "upper", "work"):
            (folder / name).mkdir()
        # The root of an overlay is that of its upper directory.
        (folder / "upper").chmod(unpack.added_mode(who))
        root = Root(folder, lower, folder / "upper", folder / "work", memory.process if memory else 0)
        environment = {"PATH": launch.DEFAULT_PATH, "HOSTNAME": "image-test", "HOME": _home(self.view, who.uid)}
        environment |= {**self.view.environment, **options.environment}
        process = Process((), environment, where, who.uid, who.gid, targets)
        if self._overlay and not _works(root, process):
            self._overlay = False
        if not self._overlay:
            whole = folder / "root"
            whole.mkdir()
            unpack.unpack(rootfs, self._layers.copy, whole, who, directories, files)
            root = Root(folder, whole)
        return _NamespaceSession(self, root, process)

    def _unpacked(self, who: Identity, directories: set[str], files: set[str]) -> tuple[Path, Memory | None]:
        """Give the directory that has the image, which all sessions of one user share, and what holds it."""
        key = (who, frozenset(directories), frozenset(files))
        if key not in self._lowers:
            lower = Path(tempfile.mkdtemp(dir=self._scratch))
            rootfs, copy = self.view.rootfs, self._layers.copy
            self._layers.decompress()

            def write() -> None:
                unpack.unpack(rootfs, copy, lower, who, directories, files)

            added = len(directories) + len(files)
            size = sum(node.file.size for node in subject.files(rootfs))
            memory = memory_file_system.fill(lower, len(rootfs) + added, size, write)
            if not memory:
                write()
            self._lowers[key] = lower, memory
        return self._lowers[key]

    def close(self) -> None:
        """Give back the memory that sessions have taken; no session is open any more."""
        for _, memory in self._lowers.values():
            if memory:
                memory.free()
        self._lowers.clear()

    def start(self, root: Root, process: Process, command: Sequence[str], seconds: float) -> Result:
        """Run `command` as `process` says, through the emulator where there is one."""
        words = list(command)
        if self._emulator:
            words = [f"/{_EMULATOR}", self._program(words[0], process), *words[1:]]
        process = Process(words, process.environment, process.directory, process.uid, process.gid, process.binds)
        try:
            return namespace.run(root, process, seconds)
        except NamespaceError as error:
            raise CommandError(str(error)) from None

    def _program(self, name: str, process: Process) -> str:
        """Find what an emulator has to be told: the path of a program that stands in PATH, its own links left."""
        if "/" in name:
            return name
        for folder in process.environment["PATH"].split(":"):
            found = self.view.rootfs.resolve(f"{folder}/{name}", start=process.directory.strip("/"))
            if found.node and found.node.kind == "file" and found.node.file.bits & 0o111:
                return f"{folder or '.'}/{name}"
        raise CommandError(f"{name} cannot be started: No such file or directory")


@dataclass(frozen=True)
class _NamespaceSession:
    driver: NamespaceDriver
    root: Root
    process: Process

    def run(self, command: Sequence[str], variables: Mapping[str, str], seconds: float) -> Result:
        """Run `command`."""
        own = self.process
        environment = {**own.environment, **variables}
        process = Process((), environment, own.directory, own.uid, own.gid, own.binds)
        return self.driver.start(self.root, process, command, seconds)


def _works(root: Root, process: Process) -> bool:
    """Say whether the kernel makes an overlay of `root`'s directories: it does not on all file systems."""
    probe = Process(("/",), process.environment, "/", process.uid, process.gid)
    try:
        namespace.run(root, probe, 60)
    except NamespaceError as error:
        return "mount of overlay" not in str(error)
    return True


def _binds(mounts: Sequence[str]) -> dict[str, str]:
    """Read `FROM:TO` of the bind mounts: path of the container to path of the machine."""
    found: dict[str, str] = {}
    for mount in mounts:
        source, _, target = mount.partition(":")
        if not target.startswith("/") or ":" in target or not Path(source).exists():
            raise InputError(
                f"containerRunOptions.bindMounts has one that cannot be made, got {mount!r};"
                " write FROM:TO, FROM a file or directory of data or of the machine, TO an absolute path"
            )
        found[target] = str(Path(source).absolute())
    return found


def _home(view: View, uid: int) -> str:
    """Give the home directory of a user as engines do: from /etc/passwd, else the root."""
    node = view.rootfs.resolve("/etc/passwd").node
    for line in node.file.text.splitlines() if node else []:
        fields = line.split(":")
        if len(fields) > 5 and fields[2] == str(uid):
            return fields[5] or "/"
    return "/"


def _handled(architecture: str) -> bool:
    """Say whether the kernel starts programs of `architecture` with an emulator, in any root (binfmt_misc, flag F)."""
    try:
        text = Path(_HANDLERS, f"qemu-{_QEMU.get(architecture, architecture)}").read_text()
    except OSError:
        return False
    return text.startswith("enabled") and any("F" in line for line in text.splitlines() if line.startswith("flags"))


def remove(folder: Path) -> None:
    """Remove a directory in which a container may have taken all rights from its owner."""
    pending = [folder]
    while pending:
        place = pending.pop()
        place.chmod(0o700)
        pending += [Path(entry.path) for entry in os.scandir(place) if entry.is_dir(follow_symlinks=False)]
    shutil.rmtree(folder)
