"""Rules on what an attacker, or a careless process, could use in a container."""

from collections.abc import Callable, Iterator

from distill.lint.image import Image
from distill.lint.rule import Problem, rule
from distill.runtime import identity, programs
from distill.runtime.rootfs import Node


@rule(
    "setuid-file",
    "warning",
    "programs run as their owner or group, whoever starts them",
    "clear the bits with modes, or leave the programs out",
)
def setuid_file(image: Image) -> Iterator[Problem]:
    """Files with the setuid or setgid bit.

    In a container for one service nobody needs to become somebody else; such a program is a way to root for whoever got
    in. Directories with setgid, whose files get their group, are none.
    """
    for node in image.files:
        if node.file.bits & 0o6000:
            yield Problem(node.record.path, f"mode {node.file.mode}, owner {node.file.uid}:{node.file.gid}")


@rule(
    "world-writable",
    "warning",
    "anybody may write to files or directories",
    "give them to the user that writes there, with owners and modes",
)
def world_writable(image: Image) -> Iterator[Problem]:
    """Files that anybody may write to, and directories likewise, unless they have the sticky bit as `/tmp` has.

    Whoever runs anything in the container can change what others read or run from there.
    """
    for node in image.rootfs:
        bits, kind = node.file.bits, node.file.type
        if (kind == "directory" and bits & 0o1002 == 0o002) or (kind in ("file", "fifo") and bits & 0o002):
            yield Problem(node.record.path, f"mode {node.file.mode}")


@rule(
    "shell",
    "warning",
    "the image has a shell",
    "leave it out, and keep it for a debug variant of the image",
)
def shell(image: Image) -> Iterator[Problem]:
    """Programs, and links to programs, with the name of a shell.

    What breaks into a service mostly needs one for its next step. A program that starts `sh -c` itself is better off
    without: give it a command as a list. An image for debugging has one on purpose and names this rule in `lint_allow`.
    """
    yield from _programs(image, programs.is_shell)


@rule(
    "package-manager",
    "warning",
    "the image has a package manager",
    "leave it out: an image is built, not installed into",
)
def package_manager(image: Image) -> Iterator[Problem]:
    """Programs, and links to programs, with the name of a package manager, of a distribution or of a language.

    In a container it serves only who should not be there; what it would install belongs into the build.
    """
    yield from _programs(image, programs.is_package_manager)


@rule(
    "root-user",
    "warning",
    "the image runs as root",
    "set user, with an accounts_layer that has it",
)
def root_user(image: Image) -> Iterator[Problem]:
    """A config without a user, or with one whose number is 0, whatever its name in `/etc/passwd`.

    Root in a container is root to the kernel: one fault of an engine, or one mount too many, is all that is between.
    Most services need no more than a directory of their own, and a port above 1023.
    """
    user = str(image.execution.get("User") or "")
    who, _ = identity.find(image.rootfs, user)
    # Without an entry for it, root cannot be started; it is meant all the same.
    if who.uid == 0 or user.partition(":")[0] == "root":
        name = user.partition(":")[0]
        number = "" if name in ("", "root") or name.isdigit() else f", whose number is {who.uid}"
        yield Problem(detail=f"user {user}{number}" if user else "no user")


def _programs(image: Image, named: Callable[[str], bool]) -> Iterator[Problem]:
    for node in image.rootfs:
        path = node.record.path
        if named(path.rpartition("/")[2]) and _runs(image, node):
            yield Problem(path)


def _runs(image: Image, node: Node) -> bool:
    """Say whether `node` is a program, or leads to one."""
    end = image.rootfs.resolve(node.record.path).node
    return end is not None and end.file.type == "file" and bool(end.file.bits & 0o111)
