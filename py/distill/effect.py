"""Effects: what an installed system has of a package besides its files, because a maintainer script made it."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal[
    "alternative",
    "bytecode",
    "cache",
    "capability",
    "certificates",
    "debconf",
    "directory",
    "divert",
    "file",
    "group",
    "ldconfig",
    "link",
    "machine",
    "member",
    "mode",
    "owner",
    "script",
    "user",
]

HANDLED_BY: Mapping[Kind, str] = {
    "alternative": "alternatives_layer",
    "bytecode": "nothing: Python compiles as it imports; bytecode_layer makes it start faster",
    "cache": "a layer with the file, made by the build",
    "capability": "capabilities that the container is started with",
    "certificates": "ca_certificates_layer",
    "debconf": "nothing: no question is asked",
    "directory": "directories of layer",
    "divert": "exclude of package_layer, and symlinks of layer",
    "file": "files of layer",
    "group": "accounts_layer",
    "ldconfig": "nothing: the loader looks in its own directories",
    "link": "symlinks of layer",
    "machine": "a volume, or what the container does at its start",
    "member": "accounts_layer",
    "mode": "modes of layer or package_layer",
    "owner": "owners of layer or package_layer",
    "script": "what the script does, after reading it: it is not for a shell",
    "user": "accounts_layer",
}
"""What stands for each kind in an image."""


class Effect(msgspec.Struct, frozen=True, order=True, omit_defaults=True, forbid_unknown_fields=True):
    """One effect of a package's scripts."""

    kind: Kind
    subject: str
    """What it is about: a path relative to the root, the name of a user, of a group, of a program or of a script."""
    detail: str = ""
    """Of a link or an alternative what it leads to; of a mode the octal or symbolic mode, of an owner `user:group`;
    of a file what it is a copy of; of a member the group; of a user what is known of it; of a capability its text."""

    group: str = ""
    """Of an alternative: the name of the link group that it belongs to; of a slave link, its master's."""
    name: str = ""
    """Of an alternative: its name in /etc/alternatives. A slave link is one whose name is not that of its group."""
    priority: int = 0
    """Of an alternative: its own, or its master's."""

    @property
    def handled_by(self) -> str:
        """What stands for it in an image."""
        return HANDLED_BY[self.kind]

    def __str__(self) -> str:
        """Write it on one line: `alternative /usr/bin/awk -> /usr/bin/mawk`."""
        subject = f"/{self.subject}" if self.is_path else self.subject
        joint = " -> " if self.kind in ("alternative", "link") else " "
        return f"{self.kind} {subject}{joint if self.detail else ''}{self.detail}"

    @property
    def is_path(self) -> bool:
        """Whether `subject` is a path."""
        return self.kind in _OF_PATHS


_OF_PATHS = frozenset({"alternative", "capability", "directory", "divert", "file", "link", "mode", "owner"})
