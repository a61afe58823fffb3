"""The image that a test is about: its config, what a container sees of it, and the bytes of its files.

Listings answer most questions; bytes are read from the layers' blobs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from distill.layer.stored import Tar
from distill.runtime.rootfs import Node, Rootfs


class Contents(Protocol):
    """Where the bytes of files come from."""

    def read(self, node: Node) -> bytes:
        """Give the bytes of the file `node`."""


@dataclass(frozen=True)
class View:
    """An image as it is looked at: its listings and blobs, or what an engine made of them."""

    config: Mapping[str, Any]
    """The image config (OCI image-spec 1.1, config.md)."""
    rootfs: Rootfs
    contents: Contents

    @property
    def execution(self) -> Mapping[str, Any]:
        """How a container runs: the `config` of the config."""
        return self.config.get("config") or {}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the config sets."""
        return dict(entry.partition("=")[::2] for entry in self.execution.get("Env") or [])


@dataclass(frozen=True)
class TarContents:
    """The bytes of files that all stand in one tar."""

    tar: Tar

    def read(self, node: Node) -> bytes:
        """Give the bytes of the file `node`."""
        return self.tar.read(node.file.path)


def exported(config: Mapping[str, Any], file: Path) -> View:
    """Give the view of a container that an engine exported as the uncompressed tar `file`."""
    tar = Tar(file, "the exported container")
    return View(config, Rootfs([tar.records()]), TarContents(tar))


def files(rootfs: Rootfs) -> Iterable[Node]:
    """Give each regular file once, whatever its number of hard links."""
    seen: set[int] = set()
    for node in rootfs:
        if node.kind == "file" and id(node.file) not in seen:
            seen.add(id(node.file))
            yield node
