"""LayerZoneinfo: /usr/share/zoneinfo, all of it or some zones, from a tzdata package."""

from msgspec.structs import replace

from distill import near
from distill.debian.deb import Deb
from distill.errors import InputError, RequestError
from distill.layer import layer_request
from distill.layer.layer import Source, Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.package import debian_layer, selection, zoneinfo
from distill.package.package_input import PackageLine, open_package
from distill.request import Request, outputs
from distill.tar import Entry


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    zones: tuple[str, ...] = ()
    """IANA names; empty takes all."""
    variants: bool = False
    """Whether `posix/` and `right/` come along."""
    localtime: str = ""
    """The zone that /etc/localtime links to; it comes along. Empty makes no link."""


def run(request: Request) -> None:
    """Write the layer of the request's one `package` line to its outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, PackageLine)
    outs = outputs(lines, *OUTPUTS)
    packages = [line for line in lines if isinstance(line, PackageLine)]
    if len(packages) != 1:
        raise RequestError(f"request needs one package, got {len(packages)}; give one line of role package")
    with open_package(packages[0]) as deb:
        tree = Tree()
        for source in _sources(deb, settings):
            tree.add(source)
        layer_request.write(tree, outs, settings)


def _sources(deb: Deb, settings: Settings) -> list[Source]:
    entries = {entry.path: entry for entry, _ in deb.entries}
    known = zoneinfo.names(entries)
    if not known:
        raise InputError(f"package has no time zones, got {deb.identity}; give tzdata")
    if settings.localtime and settings.localtime not in known:
        hint = near.suggestion(settings.localtime, known, "use an IANA name, such as Europe/Berlin")
        raise InputError(f"localtime names no time zone, got {settings.localtime!r}; {hint}")
    zones = (*settings.zones, settings.localtime) if settings.zones and settings.localtime else settings.zones
    taken = set(zoneinfo.select(entries, zones, settings.variants)) | {f"usr/share/doc/{deb.name}/copyright"}
    kept = selection.promoted([(e, at) for e, at in deb.entries if e.path in taken], deb.entries)
    sources = [*debian_layer.status_sources(deb)]
    for entry, offset in kept:
        if entry.kind == "file" and entry.path.startswith(zoneinfo.ROOT):
            zoneinfo.check(entry.path, deb.read(replace(entry, size=min(entry.size, 4)), offset))
        sources.append(debian_layer.source(deb, replace(entry, mtime=0), offset))
    if settings.localtime:
        link = Entry(path="etc/localtime", kind="symlink", mode=0o777, link=f"/{zoneinfo.ROOT}/{settings.localtime}")
        sources.append(Source(entry=link, origin="localtime"))
    return sources
