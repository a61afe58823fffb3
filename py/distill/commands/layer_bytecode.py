"""LayerBytecode: bytecode for the Python sources of layers below."""

import tempfile
from pathlib import Path

from distill.bytecode import layer, pyc
from distill.errors import RequestError
from distill.image import image_lines
from distill.image.image_lines import Blob, File, Listing
from distill.layer import layer_request
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.layer.stored import Layers
from distill.request import Request, outputs


class InterpreterLine(File, frozen=True, tag="interpreter"):
    """The interpreter that compiles, a program of this machine."""


class Settings(LayerSettings, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    directories: tuple[str, ...] = ()
    """Absolute; sources below them are compiled, all where there are none."""
    exclude: tuple[str, ...] = ()
    """Globs of sources that are not."""


def run(request: Request) -> None:
    """Write the layer to the outs `blob`, `descriptor` and `listing`, and what was compiled to `report` (text)."""
    settings = request.settings(Settings)
    lines = image_lines.read(request, InterpreterLine, Listing, Blob)
    outs = outputs(lines, *OUTPUTS, "report")
    listings = [line.path for line in image_lines.of(lines, Listing)]
    blobs = [line.path for line in image_lines.of(lines, Blob)]
    if len(listings) != len(blobs):
        raise RequestError(f"request needs a blob for each listing, got {len(blobs)} for {len(listings)}; give both")
    interpreter = image_lines.path(lines, InterpreterLine)
    with tempfile.TemporaryDirectory(prefix="bytecode.") as scratch:
        layers = Layers(listings, blobs, [], Path(scratch))
        found = layer.modules(layers.rootfs, settings.directories, settings.exclude)
        made = list(pyc.compile_all(interpreter, [(module.path, layers.read(module.node)) for module in found]))
        tree = layer.build(layers.rootfs, zip(found, made, strict=True))
    layer_request.write(tree, outs, settings)
    Path(outs["report"]).write_text(layer.report(made), "utf-8")
