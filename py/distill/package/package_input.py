"""A package as a request names it: a .deb on disk that has to be the one that the lock says."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from distill import digest
from distill.debian.deb import Deb, open_deb
from distill.errors import VerificationError


class PackageLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="package"):
    """A line of a request that names a .deb and what the lock says of it."""

    path: str
    name: str
    version: str
    architecture: str
    sha256: str = ""
    """Hex; empty where it is not to be checked, as when a repository rule has done it."""
    size: int = -1
    """Bytes; negative where they are not to be checked."""


@contextmanager
def open_package(line: PackageLine) -> Iterator[Deb]:
    """Open the package of `line`.

    Raises:
        VerificationError: it is not the one that the line says.
        FormatError: it is no sound package.
    """
    _check_file(line)
    with open_deb(line.path) as deb:
        expected = f"{line.name}_{line.version}_{line.architecture}"
        if deb.identity != expected:
            raise VerificationError(
                f"{line.path} is another package than the lock has, got {deb.identity} for {expected};"
                " make the lock anew"
            )
        yield deb


def _check_file(line: PackageLine) -> None:
    if not line.sha256 and line.size < 0:
        return
    found, size = digest.digest_of(line.path)
    if line.size >= 0 and size != line.size:
        raise VerificationError(
            f"{line.path} has not the size that the lock has, got {size} bytes for {line.size};"
            " fetch it again, or make the lock anew"
        )
    if line.sha256 and found != f"sha256:{line.sha256}":
        raise VerificationError(
            f"{line.path} has not the hash that the lock has, got {found} for sha256:{line.sha256};"
            " fetch it again, or make the lock anew"
        )
