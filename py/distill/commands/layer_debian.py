"""LayerDebian: one layer of what is asked for of one or several packages, tar to tar."""

from contextlib import ExitStack
from pathlib import Path

import msgspec

from distill.debian.deb import Deb
from distill.errors import RequestError
from distill.layer import layer_request
from distill.layer.layer import Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.layer.metadata import Metadata
from distill.package import catalogue, debian_layer, slice_choice
from distill.package.package_input import PackageLine, open_package
from distill.package.selection import Selection
from distill.package.slices import DEFAULT_DROP
from distill.request import Request, outputs


class CatalogueLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="catalogue"):
    """A line of a request that names a file of the catalogue."""

    path: str
    short_path: str = ""
    """What messages call it."""
    user: bool = False
    """Whether it is the user's, whose slices stand instead of ours."""


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings; what the lists mean, `Selection` says."""

    usr_merged: bool = True
    slices: tuple[str, ...] = ()
    drop: tuple[str, ...] = DEFAULT_DROP
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    provided: tuple[str, ...] = ()
    mtime: int = 0
    modes: dict[str, str] = msgspec.field(default_factory=dict)
    """Octal modes of single paths."""
    owners: dict[str, str] = msgspec.field(default_factory=dict)
    """`uid:gid` of single paths."""


def run(request: Request) -> None:
    """Write the layer of the request's `package` lines to its outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, PackageLine, CatalogueLine)
    outs = outputs(lines, *OUTPUTS)
    packages = [line for line in lines if isinstance(line, PackageLine)]
    if not packages:
        raise RequestError("request names no package, got none; give a line of role package")
    with ExitStack() as stack:
        debs = [stack.enter_context(open_package(line)) for line in packages]
        choice = _choice(settings, [line for line in lines if isinstance(line, CatalogueLine)], debs)
        metadata = Metadata(settings.modes, settings.owners)
        tree = Tree(settings.mtime)
        for source in debian_layer.sources(debs, choice, settings.mtime):
            tree.add(metadata.of(source))
        metadata.finish(tree)
        layer_request.write(tree, outs, settings)


def _choice(settings: Settings, files: list[CatalogueLine], debs: list[Deb]) -> Selection:
    """Give what `settings` ask for; names of slices with a slash are looked up in the catalogue of `files`."""
    keep = tuple(name for name in settings.slices if "/" not in name)
    names = [name for name in settings.slices if "/" in name]
    parts = None
    if names:
        read = [
            (file.user, catalogue.parse(Path(file.path).read_bytes(), file.short_path or file.path)) for file in files
        ]
        found = catalogue.combine(
            [part for user, slices in read if not user for part in slices],
            [part for user, slices in read if user for part in slices],
        )
        parts = slice_choice.choose(names, found, {deb.name: deb.architecture for deb in debs}, settings.provided)
    return Selection(keep, settings.drop, settings.include, settings.exclude, settings.usr_merged, parts)
