"""Names of a manifest that no index has, or has for other architectures only."""

from collections.abc import Mapping

from distill.errors import InputError
from distill.lock.package_manifest import PackageManifest
from distill.near import suggestion
from distill.resolver.index import Universe


def check(manifest: PackageManifest, universes: Mapping[str, Universe]) -> None:
    """See that the names of `manifest` are in `universes`, which are by architecture.

    Raises:
        InputError: a name in exclude or provided that is in no index, which would silently exclude nothing; a package
            that is wanted for an architecture and is there for others only.
    """
    for key, names in (("exclude", manifest.exclude), ("provided", manifest.provided)):
        for name in names:
            if not any(universe.has(name) or universe.faults(name) for universe in universes.values()):
                known = set().union(*(universe.names() | universe.virtual_names() for universe in universes.values()))
                near = suggestion(name, known, "leave it out")
                raise InputError(f"{key} names a package that is in no index, got {name!r}; {near}")
    for wish, architectures in manifest.packages:
        name = wish.atom.name
        have = [architecture for architecture in architectures if universes[architecture].has(name)]
        lack = [architecture for architecture in architectures if architecture not in have]
        if have and lack and not any(universes[architecture].faults(name) for architecture in lack):
            raise InputError(
                f"packages has one that is not there for {', '.join(lack)}, got {name!r}, which is there for "
                f"{', '.join(have)}; write `{wish} [{' '.join(have)}]`"
            )
