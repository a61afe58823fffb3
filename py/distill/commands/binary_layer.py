"""BinaryLayer: programs with just the files that they need at run time, as one layer; and why each is there."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from distill import canonical, listing
from distill.closure import layer as closure_layer
from distill.closure import report as closure_report
from distill.closure.closure import Options
from distill.closure.layer import Offer
from distill.debian.deb import Deb
from distill.errors import InputError
from distill.layer import file_sources, layer_request
from distill.layer.file_lines import SourceLine, StrippedLine
from distill.layer.layer import Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.package.package_input import PackageLine, open_package
from distill.request import Request, outputs, write_unused
from distill.runtime.sonames import Sonames

_PRIORITIES = ("required", "recommended", "suggested")


class LibraryLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="library"):
    """A shared library of the build."""

    path: str
    name: str
    """Its base name."""


class ListingLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="listing"):
    """The listing of a layer of the base, lowest first, or with `package` that of a package."""

    path: str
    package: bool = False


class SonamesLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="sonames"):
    """The index of a lock that packages are from: only for messages."""

    path: str


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    library_dir: str
    """Where libraries of the build go."""
    library_path: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    priority: Literal["required", "recommended", "suggested"] = "recommended"
    """The lowest priority of `.note.dlopen` that is taken."""


def run(request: Request) -> None:
    """Write the layer to its outs `blob`, `descriptor` and `listing`, the report to `text` and `json`, and `unused`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, SourceLine, StrippedLine, LibraryLine, ListingLine, PackageLine, SonamesLine)
    outs = outputs(lines, *OUTPUTS, "text", "json", "unused")
    stripped = [line for line in lines if isinstance(line, StrippedLine)]
    stands_for = {line.original: line.path for line in stripped}
    programs = file_sources.build([*stripped, *(line for line in lines if isinstance(line, SourceLine))])
    libraries = [
        SourceLine(path=stands_for.get(line.path, line.path), below=settings.library_dir, name=line.name)
        for line in lines
        if isinstance(line, LibraryLine)
    ]
    listings = [line for line in lines if isinstance(line, ListingLine)]
    offer = Offer(
        [source for source in programs.sources() if source.entry.kind != "directory"],
        [list(listing.read(line.path)) for line in listings if not line.package],
        [list(listing.read(line.path)) for line in listings if line.package],
        [source for line in libraries for source in file_sources.build([line]).sources() if source.file],
    )
    options = Options(
        library_path=settings.library_path,
        opens=settings.opens,
        priorities=_PRIORITIES[: _PRIORITIES.index(settings.priority) + 1],
    )
    indexes = [line.path for line in lines if isinstance(line, SonamesLine)]
    plan = closure_layer.plan(offer, options, Sonames(indexes))
    packages = {
        f"{line.name}_{line.version}_{line.architecture}": line for line in lines if isinstance(line, PackageLine)
    }

    @contextmanager
    def opened(identity: str) -> Iterator[Deb]:
        if identity not in packages:
            raise InputError(f"packages lacks one that their listings name, got {identity}; name the package itself")
        with open_package(packages[identity]) as deb:
            yield deb

    with ExitStack() as stack:
        tree = Tree()
        closure_layer.fill(tree, plan, opened, stack)
        layer_request.write(tree, outs, settings)
    write_unused(outs["unused"], indexes)
    Path(outs["text"]).write_text(closure_report.text(plan.closure, plan.origin), "utf-8")
    Path(outs["json"]).write_bytes(canonical.encode(closure_report.document(plan.closure, plan.origin)))
