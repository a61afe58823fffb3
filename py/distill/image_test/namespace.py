"""A process in namespaces of its own, by the kernel's calls: no engine, no root, no program of the machine's.

User, mount, PID, IPC, UTS and network namespaces (namespaces(7)). One user is mapped, so the process appears as the
image's user while the kernel sees whoever runs the test (user_namespaces(7)). The root is an overlay of a directory
that is only read and one for what is written (overlayfs in a user namespace: Linux 5.11), or a directory itself.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from distill.image_test import kernel, streams
from distill.image_test.streams import Ending

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "s390x": 217, "ppc64le": 203, "armv7l": 218, "i686": 217}

_LAST_CAPABILITY = 63
_KEPT_CAPABILITIES = frozenset((0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31))
"""What docker leaves to root: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE,
NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP (capabilities(7); moby, oci/caps/defaults.go)."""

_DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}
HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"


class NamespaceError(Exception):
    """What the machine does not allow, or a command that cannot be started; the message says which."""


@dataclass(frozen=True)
class Root:
    """The file system of a container. Directories are of the machine; `scratch` is a directory for mount points."""

    scratch: Path
    lower: Path
    """What the image has."""
    upper: Path | None = None
    """What is written; without it `lower` itself is written to."""
    work: Path | None = None
    """Overlayfs's own directory beside `upper`."""
    held_by: int = 0
    """The process in whose namespaces `lower` is to be seen; 0 where everybody sees it."""


@dataclass(frozen=True)
class Process:
    """What is to run."""

    command: Sequence[str]
    environment: Mapping[str, str]
    directory: str
    """Where it starts, absolute."""
    uid: int
    gid: int
    binds: Mapping[str, str] = field(default_factory=dict)
    """Paths of the container to paths of the machine; those of the container must exist, as the same kind."""


@dataclass(frozen=True)
class Result:
    """How a process ended."""

    code: int
    """Its exit code; 128 and the number of the signal that ended it."""
    output: bytes
    error: bytes
    stopped: Ending = ""
    """Why it was killed, where it did not end by itself."""


def problem() -> str:
    """Say why no namespaces can be made here, empty where they can."""
    child = os.fork()
    if not child:
        code = 1
        try:
            kernel.call("unshare", kernel.NEWUSER | kernel.NEWNS | kernel.NEWPID)
            # AppArmor may let a user make a namespace, and nothing in it.
            kernel.mount(None, "/", None, kernel.REC | kernel.PRIVATE)
            code = 0
        finally:
            os._exit(code)
    return "" if os.waitpid(child, 0)[1] == 0 else "this machine does not allow user namespaces"


def run(root: Root, process: Process, seconds: float) -> Result:
    """Run `process` in `root` and wait for its end.

    It and all that it started is killed after `seconds`, and where it writes more than `streams.MOST` bytes.

    Raises:
        NamespaceError: the machine does not allow what is needed, or the command cannot be started.
    """
    output, error, failure, ready = (os.pipe2(os.O_CLOEXEC) for _ in range(4))
    helper = os.fork()
    if not helper:
        _outside(root, process, output[1], error[1], failure[1], ready[1])
    for pipe in (output, error, failure, ready):
        os.close(pipe[1])
    try:
        number = os.read(ready[0], 16)
        written, stopped = streams.drain((output[0], error[0], failure[0]), seconds, helper)
        if stopped and number:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)
        status = os.waitpid(helper, 0)[1]
    finally:
        for pipe in (output, error, failure, ready):
            os.close(pipe[0])
    if written[2]:
        raise NamespaceError(written[2].decode("utf-8", "replace"))
    return Result(os.waitstatus_to_exitcode(status), written[0], written[1], stopped)


def _outside(root: Root, process: Process, output: int, error: int, failure: int, ready: int) -> None:
    """Make the namespaces, start their first process and end as it does. It never returns."""
    try:
        kernel.call("prctl", kernel.SET_PDEATHSIG, signal.SIGKILL)
        if root.held_by:
            enter(root.held_by)
        others = kernel.NEWNS | kernel.NEWPID | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWNET
        kernel.become(process.uid, process.gid, others)
        inner = os.fork()
        if not inner:
            _inside(root, process, output, error, failure)
        os.write(ready, b"%d" % inner)
        for pipe in (output, error, failure, ready):
            os.close(pipe)
        status = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
        os._exit(status if status >= 0 else 128 - status)
    except BaseException as problem:
        _fail(failure, f"no namespaces can be made here: {problem}")


def enter(process: int) -> None:
    """Become a part of the user and mount namespaces of `process` (setns(2))."""
    for name, kind in (("user", kernel.NEWUSER), ("mnt", kernel.NEWNS)):
        namespace = os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC)
        kernel.call("setns", namespace, kind)
        os.close(namespace)


def _inside(root: Root, process: Process, output: int, error: int, failure: int) -> None:
    """Become the container's first process. It never returns."""
    try:
        kernel.call("prctl", kernel.SET_PDEATHSIG, signal.SIGKILL)
        _prepare(root, process)
        os.dup2(output, 1)
        os.dup2(error, 2)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.chdir(process.directory)
        for capability in set(range(_LAST_CAPABILITY + 1)) - _KEPT_CAPABILITIES:
            kernel.libc.prctl(kernel.CAPBSET_DROP, capability, 0, 0, 0)  # those that the kernel does not know fail
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.umask(0o022)
        os.execvpe(process.command[0], list(process.command), dict(process.environment))  # noqa: S606 - the command
    except BaseException as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        _fail(failure, f"{process.command[0]} cannot be started: {reason}")


def _fail(failure: int, message: str) -> None:
    try:
        os.write(failure, message.encode("utf-8", "replace")[:4096])
    finally:
        os._exit(125)


def _prepare(root: Root, process: Process) -> None:
    """Mount what a container has and make it the root (runtime-spec, config-linux.md, "Default Filesystems")."""
    kernel.mount(None, "/", None, kernel.REC | kernel.PRIVATE)
    merged = root.scratch / "merged"
    if root.upper and root.work:
        # Relative names: the options of a mount have to fit one page.
        os.chdir(root.scratch)
        lower, upper, work = (os.path.relpath(path, root.scratch) for path in (root.lower, root.upper, root.work))
        options = f"lowerdir={lower},upperdir={upper},workdir={work},userxattr"
        kernel.mount("overlay", str(merged), "overlay", 0, options)
    else:
        kernel.mount(str(root.lower), str(merged), None, kernel.BIND | kernel.REC)
    os.chdir(merged)
    _devices()
    try:
        kernel.mount("proc", "proc", "proc", kernel.NOSUID | kernel.NODEV | kernel.NOEXEC)
    except OSError:  # where parts of /proc are hidden, as in a container
        kernel.mount("/proc", "proc", None, kernel.BIND | kernel.REC)
    for target, source in process.binds.items():
        kernel.mount(source, _inner(target), None, kernel.BIND | kernel.REC)
    _loopback()
    kernel.call("sethostname", b"image-test", len(b"image-test"))
    kernel.call("syscall", _PIVOT_ROOT[os.uname().machine], b".", b".")
    kernel.call("umount2", b".", kernel.DETACH)
    os.chdir("/")


def _inner(path: str) -> str:
    """Give the place of the container's `path` below the working directory, which is to be its root."""
    return os.path.join(".", path.lstrip("/"))  # noqa: PTH118 - a mount's target is text


def _devices() -> None:
    """Make /dev: the machine's harmless devices, links to /proc and shared memory."""
    held = {name: f"/dev/{name}" for name in _DEVICES if os.path.exists(f"/dev/{name}")}  # noqa: PTH110
    kernel.mount("tmpfs", "dev", "tmpfs", kernel.NOSUID, "mode=755,size=65536k")
    for name, source in held.items():
        Path("dev", name).touch()
        kernel.mount(source, f"dev/{name}", None, kernel.BIND)
    for name, target in _LINKS.items():
        Path("dev", name).symlink_to(target)
    Path("dev/shm").mkdir(mode=0o1777)
    Path("dev/shm").chmod(0o1777)


def _loopback() -> None:
    """Set the loopback interface up (netdevice(7)); where that is not allowed the process has no network at all."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            request = struct.pack("16sh22x", b"lo", 0)
            flags = struct.unpack_from("16sh", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))[1]
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))
    except OSError as problem:
        if problem.errno not in (errno.EPERM, errno.EAFNOSUPPORT, errno.ENODEV):
            raise
