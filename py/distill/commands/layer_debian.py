"""LayerDebian: one layer of what is asked for of one or several packages, tar to tar."""

from contextlib import ExitStack

from distill import debian_layer, layer_request
from distill.errors import RequestError
from distill.layer import Tree
from distill.layer_request import OUTPUTS, LayerSettings
from distill.package_input import PackageLine, open_package
from distill.request import Request, outputs
from distill.selection import Selection
from distill.slices import DEFAULT_DROP


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings; what the lists mean, `Selection` says."""

    usr_merged: bool = True
    slices: tuple[str, ...] = ()
    drop: tuple[str, ...] = DEFAULT_DROP
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    mtime: int = 0


def run(request: Request) -> None:
    """Write the layer of the request's `package` lines to its outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(Settings)
    lines = layer_request.read(request, PackageLine)
    outs = outputs(lines, *OUTPUTS)
    packages = [line for line in lines if isinstance(line, PackageLine)]
    if not packages:
        raise RequestError("request names no package, got none; give a line of role package")
    choice = Selection(settings.slices, settings.drop, settings.include, settings.exclude, settings.usr_merged)
    with ExitStack() as stack:
        debs = [stack.enter_context(open_package(line)) for line in packages]
        tree = Tree(settings.mtime)
        for source in debian_layer.sources(debs, choice, settings.mtime):
            tree.add(source)
        layer_request.write(tree, outs, settings)
