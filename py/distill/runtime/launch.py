"""What happens when an engine starts an image's command: the lookup of execvp(3) and execve(2), done on listings."""

from collections.abc import Mapping, Sequence
from typing import Any

from distill.listing import Record
from distill.runtime import env_command, environment, identity
from distill.runtime.env_command import EnvCommand
from distill.runtime.finding import Finding
from distill.runtime.identity import EXECUTE, Identity
from distill.runtime.rootfs import Resolution, Rootfs

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What docker, podman and containerd set where a config has no PATH."""

_MAX_SCRIPTS = 5
"""Interpreters that are scripts themselves which the kernel follows before it gives ELOOP (execve(2))."""

_ADD = "add the package that provides it to packages"


def check(rootfs: Rootfs, execution: Mapping[str, Any], who: Identity) -> list[Finding]:
    """Check that the command of `execution` (the `config` of an image config) can be started by `who`.

    The command is the entrypoint, or cmd where there is none; an image with neither, such as a base, starts nothing.
    """
    attribute = "entrypoint" if execution.get("Entrypoint") else "cmd"
    command: Sequence[str] = execution.get("Entrypoint") or execution.get("Cmd") or []
    if not command:
        return []
    variables = environment.parse(execution.get("Env") or [])
    search = [entry or "." for entry in variables.get("PATH", DEFAULT_PATH).split(":")]
    start = str(execution.get("WorkingDir") or "/").strip("/")
    wanted, needed_by = command[0], ""
    for _ in range(_MAX_SCRIPTS):
        found = find(rootfs, wanted, search, start)
        if found.problem or found.node is None:
            return [_missing(rootfs, attribute, wanted, needed_by, search)]
        finding = _denied(rootfs, attribute, wanted, found, who)
        if finding:
            return [finding]
        file = found.node.file
        if file.elf:
            return []
        if not file.shebang:
            return [
                Finding(
                    f"{attribute} is no program, got {_at(found.path)}"
                    " (neither an ELF file nor a script that begins with #!); name a program",
                    (found.path,),
                )
            ]
        needed_by, (wanted, *argument) = found.path, file.shebang.split(None, 1)
        if is_env(wanted) and rootfs.resolve(wanted, start=start).node:
            by_env = env_command.read("".join(argument))
            if by_env.problem:
                return [Finding(f"{_at(found.path)} {by_env.problem}", (found.path,))]
            wanted, start = by_env.program, moved(start, by_env)
            search = search if by_env.search is None else list(by_env.search)
    return [
        Finding(
            f"{attribute} is a script whose interpreters are scripts too, got {_MAX_SCRIPTS} from {command[0]} on;"
            " begin one with #! and a program",
            (needed_by,),
        )
    ]


def is_env(interpreter: str) -> bool:
    """Say whether a script's `interpreter` is env, by its name."""
    return interpreter.rpartition("/")[2] == "env"


def moved(start: str, command: EnvCommand) -> str:
    """Give the working directory in which env looks for its program, where the process began in `start`."""
    if command.working_dir is None:
        return start
    return command.working_dir.strip("/") if command.working_dir.startswith("/") else f"{start}/{command.working_dir}"


def find(rootfs: Rootfs, program: str, search: Sequence[str], start: str) -> Resolution:
    """Find `program`: a path where it has a slash, else through PATH, where what cannot be executed is passed over."""
    if "/" in program:
        return rootfs.resolve(program, start=start)
    first: Resolution | None = None
    for directory in search:
        found = rootfs.resolve(f"{directory}/{program}", start=start)
        if found.node and found.node.kind == "file":
            if found.node.file.bits & 0o111:
                return found
            first = first or found
    return first or Resolution(program, None, "missing")


def _missing(rootfs: Rootfs, attribute: str, wanted: str, needed_by: str, search: Sequence[str]) -> Finding:
    """Say that a program is not there, and where one of its name is."""
    name = wanted.rpartition("/")[2]
    if needed_by:
        subject = f"{_at(needed_by)} needs its interpreter {wanted}, which no layer has; {_ADD}"
        return Finding(subject, (needed_by, wanted.lstrip("/")))
    elsewhere = [
        _at(node.record.path) for node in rootfs if node.kind == "file" and node.record.path.endswith(f"/{name}")
    ]
    advice = f"it is at {elsewhere[0]}" if elsewhere else "add what provides it to packages or layers"
    where = "the image" if "/" in wanted else f"a directory of PATH ({':'.join(search)})"
    return Finding(f"{attribute} is not in {where}, got {wanted}; {advice}", (wanted.lstrip("/"),))


def _denied(rootfs: Rootfs, attribute: str, wanted: str, found: Resolution, who: Identity) -> Finding | None:
    """Say why `who` may not execute what was found, if so."""
    if found.node is None:
        return None
    file = found.node.file
    if file.type != "file":
        return Finding(f"{attribute} is no regular file, got {wanted} (a {file.type}); name a program", (found.path,))
    if not file.bits & 0o111:
        return Finding(
            f"{attribute} has no execute bit, got {_at(found.path)} (mode {file.mode}); give it mode 0755",
            (found.path,),
        )
    if not who.may(file, EXECUTE):
        return Finding(
            f"{attribute} may not be executed by user {who.name}, got {_at(found.path)} ({owned(file)});"
            " change its mode or owner, or the user",
            (found.path,),
        )
    directory = identity.blocked(rootfs, found.path, who)
    if directory:
        return Finding(
            f"{attribute} is below a directory that user {who.name} may not enter, got {_at(directory.path)}"
            f" ({owned(directory)}); change its mode or owner, or the user",
            (found.path, directory.path),
        )
    return None


def owned(record: Record) -> str:
    """Give mode and owner of `record`, for messages."""
    return f"mode {record.mode}, owner {record.uid}:{record.gid}"


def _at(path: str) -> str:
    return f"/{path}"
