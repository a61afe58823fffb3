"""The files of an image as its layers make them together: owners, modes and links as the tars have them.

It reads with the standard library alone, so that an independent reader checks what our writers say.
"""

import posixpath
import tarfile
from collections.abc import Iterator, Sequence
from typing import IO

_MOST_LINKS = 40
_WHITEOUT = ".wh."


class Layer:
    """The members of one layer by their paths below the root, without a slash at either end.

    An assertion fails for what no layer of ours may have: two members of one path, whiteouts, devices, pax headers.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.tar = tarfile.open(fileobj=stream)  # noqa: SIM115 - its members are read as long as the test runs
        self.members: dict[str, tarfile.TarInfo] = {}
        for member in self.tar:
            path = member.name.removeprefix("./").strip("/")
            assert not path.startswith("/"), path
            assert ".." not in path.split("/"), path
            assert path not in self.members, f"two entries of {path}"
            assert not posixpath.basename(path).startswith(_WHITEOUT), path
            assert member.isfile() or member.isdir() or member.issym() or member.islnk(), path
            # Among them capabilities (SCHILY.xattr.security.capability).
            assert not member.pax_headers, (path, member.pax_headers)
            assert path == "" or posixpath.dirname(path) in self.members or posixpath.dirname(path) == "", path
            self.members[path] = member

    def data(self, path: str) -> bytes:
        """Give the bytes of a file; of a hard link those of its target."""
        stream = self.tar.extractfile(self.members[path])
        assert stream is not None, path
        return stream.read()


class Root:
    """All files of `layers`, lowest first; of one path the highest counts. Paths are as those of a layer."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers
        self._where: dict[str, Layer] = {}
        for layer in layers:
            for path, member in layer.members.items():
                assert not (path in self and self.member(path).isdir() and not member.isdir()), path
                self._where[path] = layer

    def __contains__(self, path: str) -> bool:
        return path in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._where))

    def member(self, path: str) -> tarfile.TarInfo:
        """Give the entry that stands at `path`: a link is not followed."""
        return self._where[path].members[path]

    def data(self, path: str) -> bytes:
        """Give the bytes of the file that stands at `path`: a link is not followed."""
        return self._where[path].data(path)

    def text(self, path: str) -> str:
        """Give the text of the file at `path`, links followed."""
        return self.data(self.at(path)).decode()

    def start(self, path: str) -> bytes:
        """Give the first four bytes of the file at `path`, links followed: what kind it is."""
        return self.data(self.at(path))[:4]

    def children(self, path: str) -> set[str]:
        """Give the names of what stands in the directory at `path`, links followed."""
        folder = self.resolve(path)
        return (
            set() if folder is None else {posixpath.basename(p) for p in self if p and posixpath.dirname(p) == folder}
        )

    def at(self, path: str) -> str:
        """Give where `path` leads; an assertion fails where it leads nowhere."""
        found = self.resolve(path)
        assert found is not None, f"there is no {path}"
        return found

    def resolve(self, path: str) -> str | None:
        """Give where `path` leads, symbolic links inside the root followed; None where nothing stands there."""
        rest, done, links = [part for part in path.split("/") if part], "", 0
        while rest:
            part = rest.pop(0)
            if part in (".", ".."):
                done = posixpath.dirname(done) if part == ".." else done
                continue
            done = posixpath.join(done, part)
            if done not in self:
                return None
            member = self.member(done)
            if member.issym():
                links += 1
                assert links < _MOST_LINKS, f"{path} leads in a circle"
                rest = [part for part in member.linkname.split("/") if part] + rest
                done = "" if member.linkname.startswith("/") else posixpath.dirname(done)
        return done
