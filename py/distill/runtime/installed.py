"""The packages of an image: are they for its architecture, and which of them has a path that several have?

Within one layer `debian_layer` decides by the same rule, which is dpkg's (Debian Policy, 7.6.1): a package's file may
stand for another's where its field Replaces names that one, and not where each names the other.
"""

from collections.abc import Iterator, Mapping

from distill.debian import relation
from distill.errors import FormatError
from distill.listing import Record
from distill.runtime import libraries
from distill.runtime.finding import Finding
from distill.runtime.rootfs import Rootfs

_STATUS = "var/lib/dpkg/status.d"


def check(rootfs: Rootfs, architecture: str) -> Iterator[Finding]:
    """Check the packages that an image for `architecture` (as OCI names it) says that it has.

    A package for another architecture is an error; so is a path on which two packages do not agree, unless the upper
    one Replaces the lower one. Of a directory it is a warning: it gets the mode and owner that the upper layer has.
    """
    status = [node.record for path in rootfs.children(_STATUS) if (node := rootfs.get(path)) and node.record.package]
    known = (*libraries.MACHINES.get(architecture, (architecture,)), "all")
    for record in status:
        name, _, rest = record.package.partition("_")
        version, _, own = rest.rpartition("_")
        if own not in known and record.path == f"{_STATUS}/{name}":
            yield Finding(
                f"package is for another architecture, got {name} {version} for {own} in an image for {architecture}; "
                "name the package without an architecture, or set platform",
                (record.path,),
            )
    yield from _overlaps(rootfs, {record.package: record.replaces for record in status if record.replaces})


def _overlaps(rootfs: Rootfs, found: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Compare the packages of each path that several have; `found` is what each of them Replaces."""
    for overlap in rootfs.overlaps:
        lower, upper = overlap.lower, overlap.upper
        if upper.type == "directory":
            yield Finding(
                f"two packages do not agree on the directory /{overlap.path}, got {_owner(lower)} of {lower.package} "
                f"below {_owner(upper)} of {upper.package}; name it in allow, and where the upper one is not what you "
                "want, set it with directories of a layer",
                (overlap.path,),
                "warning",
            )
            continue
        forth = _replaces(found.get(upper.package, ()), lower)
        back = _replaces(found.get(lower.package, ()), upper)
        if forth and not back:
            continue
        if back and not forth:
            what = (
                f"/{overlap.path} is of a package that another one Replaces, got {upper.package} over {lower.package}"
            )
            advice = "put both into one package_layer"
        else:
            what = f"two packages do not agree on /{overlap.path}, got {lower.package} and {upper.package}"
            advice = "leave one of them out, or exclude the path from it with a package_layer"
        yield Finding(f"{what}; {advice}", (overlap.path,))


def _owner(record: Record) -> str:
    return f"{record.mode} {record.uid}:{record.gid}"


def _replaces(relations: tuple[str, ...], other: Record) -> bool:
    name, _, rest = other.package.partition("_")
    version = rest.partition("_")[0]
    for text in relations:
        try:
            atom = relation.parse_atom(text)
        except FormatError:
            continue  # what cannot be read replaces nothing
        if atom.name == name and atom.accepts(version):
            return True
    return False
