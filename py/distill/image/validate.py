"""Checks of an image that need no container: would it run, judged by its config and the listings of its layers.

Each check gives findings; all are collected, so that one build shows everything that is wrong. What a user means to be
so stands in `allow`: a glob of a path, or of a soname, with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from distill import globs
from distill.errors import InputError
from distill.image import unhandled
from distill.listing import Record
from distill.runtime import identity, installed, launch, libraries
from distill.runtime.finding import Finding
from distill.runtime.identity import WRITE, Identity
from distill.runtime.rootfs import Rootfs
from distill.runtime.sonames import Sonames

PREFIX = "image would not run: "

_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")

_PROVIDED = ("proc", "dev", "sys", "run", "var/run", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/localtime")
"""What is there, or may be, only once a container runs. /etc/localtime is for whoever starts it to mount: tzdata
has a link to it in every distribution."""


@dataclass(frozen=True)
class Options:
    """What a target says of the checks."""

    allow: Mapping[str, str] = field(default_factory=dict)
    """Glob of a path, or of a soname, to the reason why a finding about it is no fault."""
    sonames: Sonames = field(default_factory=Sonames)
    """The indexes of the locks that packages are from, for messages."""


def check(
    config: Mapping[str, Any], layers: Sequence[tuple[str, Iterable[Record]]], options: Options | None = None
) -> list[Finding]:
    """Give what is wrong with an image, sorted, each finding once.

    Args:
        config: the image config (OCI image-spec 1.1, config.md), decoded.
        layers: name (for messages) and listing of each layer, lowest first.
        options: what the target allows.

    Raises:
        InputError: an allowance without a reason.
    """
    options = options or Options()
    allow = options.allow
    for pattern, reason in allow.items():
        if not pattern or not reason.strip():
            raise InputError(f"allow has no reason for a pattern, got {pattern!r}: {reason!r}; say why it is no fault")
    execution = config.get("config") or {}
    rootfs = Rootfs([records for _, records in layers])
    who, findings = identity.find(rootfs, str(execution.get("User") or ""))
    findings += launch.check(rootfs, execution, who)
    findings += libraries.check(rootfs, str(config.get("architecture")), execution, options.sonames)
    findings += _links(rootfs, execution.get("Volumes") or {})
    findings += _clashes(rootfs, [name for name, _ in layers])
    findings += installed.check(rootfs, str(config.get("architecture")))
    findings += _merged(rootfs)
    findings += _directories(rootfs, execution, who)
    findings += unhandled.check(rootfs, lambda subject: _means(allow, subject))
    return [finding for finding in sorted(set(findings)) if not _allowed(finding, allow)]


def _allowed(finding: Finding, allow: Mapping[str, str]) -> bool:
    return any(_means(allow, subject) for subject in finding.subjects)


def _means(allow: Mapping[str, str], subject: str) -> bool:
    return any(globs.compiled(pattern).fullmatch(subject) for pattern in allow)


def _links(rootfs: Rootfs, volumes: Iterable[str]) -> Iterator[Finding]:
    """Check that every link leads somewhere, now or, for what an engine provides, in a container."""
    provided = _PROVIDED + tuple(path.strip("/") for path in volumes)
    for node in rootfs:
        path, link = node.record.path, node.record.link
        if node.file.type == "hardlink":
            message = f"/{path} is a hard link to nothing, got {link}; build its layer again"
            yield Finding(message, (path, link))
        if node.record.type != "symlink":
            continue
        end = rootfs.resolve(path)
        if not end.problem or any(f"{end.path}/{end.rest}/".startswith(f"{place}/") for place in provided):
            continue
        why = {"loop": "links that lead to each other", "missing": f"there is no /{end.path}"}.get(
            end.problem, f"/{end.path} is no directory"
        )
        message = (
            f"/{path} is a link to nothing, got {link} ({why}); add what it leads to, leave it out, or name it in allow"
        )
        yield Finding(message, (path, end.path))


def _clashes(rootfs: Rootfs, names: Sequence[str]) -> Iterator[Finding]:
    """Check that no two layers disagree on what a path is: engines lay such layers over each other differently."""
    for clash in rootfs.clashes:
        yield Finding(
            f"layers disagree on /{clash.path}, got a {clash.lower_kind} in {names[clash.lower]}"
            f" and a {clash.upper_kind} in {names[clash.upper]}; make it the same in both",
            (clash.path,),
        )


def _merged(rootfs: Rootfs) -> Iterator[Finding]:
    """Check that the image is usr-merged wholly or not at all (Debian's usr-merge; file-hierarchy(7))."""
    nodes = [node for name in _MERGED if (node := rootfs.get(name))]
    links = [node for node in nodes if node.record.type == "symlink"]
    directories = [node for node in nodes if node.record.type == "directory"]
    if links and directories:
        yield Finding(
            f"usr is merged in part, got the directory /{directories[0].record.path} beside"
            f" /{links[0].record.path} -> {links[0].record.link}; use layers that are all merged, or all not",
            tuple(node.record.path for node in directories),
        )


def _directories(rootfs: Rootfs, execution: Mapping[str, Any], who: Identity) -> Iterator[Finding]:
    """Check the working directory, and that the user may write into volumes: an engine makes missing ones as root's."""
    working_dir = str(execution.get("WorkingDir") or "/")
    end = rootfs.resolve(working_dir)
    if end.node is None or end.node.kind != "directory":
        what = "no directory" if end.node else "not in the image"
        yield Finding(f"working_dir is {what}, got {working_dir}; add a layer that has it", (working_dir.strip("/"),))
    for volume in execution.get("Volumes") or {}:
        end = rootfs.resolve(volume)
        if end.node is None:
            if who.uid:
                yield Finding(
                    f"volume is not in the image, got {volume}; add a layer that has it, owned by user {who.name}:"
                    " an engine would make it as root's",
                    (volume.strip("/"),),
                    "warning",
                )
        elif end.node.kind != "directory":
            yield Finding(
                f"volume is no directory, got {volume} (a {end.node.kind}); add a layer that has it as one", (end.path,)
            )
        elif not who.may(end.node.record, WRITE):
            yield Finding(
                f"volume may not be written by user {who.name}, got {volume} ({launch.owned(end.node.record)});"
                " change its mode or owner, or the user",
                (end.path,),
                "warning",
            )
