"""PictureOptimize: one picture made smaller, and what that saved."""

from pathlib import Path

import msgspec

from distill.assets import pictures
from distill.image import image_lines
from distill.image.image_lines import File
from distill.request import Request, outputs


class PictureLine(File, frozen=True, tag="picture"):
    """The picture."""

    name: str
    """Its base name, for the report."""


def run(request: Request) -> None:
    """Write the outs `optimized` and `report` (a JSON line)."""
    lines = image_lines.read(request, PictureLine)
    outs = outputs(lines, "optimized", "report")
    path = image_lines.path(lines, PictureLine)
    (name,) = [line.name for line in image_lines.of(lines, PictureLine)]
    made, report = pictures.optimize(Path(path).read_bytes(), name)
    Path(outs["optimized"]).write_bytes(made)
    Path(outs["report"]).write_bytes(msgspec.json.encode(report) + b"\n")
