"""PictureOptimize: one picture made smaller, in other formats beside it, and what that saved."""

from pathlib import Path

import msgspec

from distill.assets import formats, pictures
from distill.assets.formats import Format
from distill.image import image_lines
from distill.image.image_lines import File
from distill.request import Request, outputs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    qualities: dict[Format, int] = {}
    """Formats to make besides, with the quality of each, 0 to 100."""


class PictureLine(File, frozen=True, tag="picture"):
    """The picture."""

    name: str
    """Its base name, for the report."""


def run(request: Request) -> None:
    """Write the outs `optimized` and `report` (a JSON line), and with formats `formats`, a directory of them."""
    settings = request.settings(Settings)
    lines = image_lines.read(request, PictureLine)
    outs = outputs(lines, "optimized", "report", *(["formats"] if settings.qualities else []))
    path = image_lines.path(lines, PictureLine)
    (name,) = [line.name for line in image_lines.of(lines, PictureLine)]
    data = Path(path).read_bytes()
    made, report = pictures.optimize(data, name)
    if settings.qualities:
        directory = Path(outs["formats"])
        directory.mkdir(parents=True, exist_ok=True)
        found = formats.encode(data, settings.qualities, report.after)
        for each, written in found:
            if written:
                (directory / f"{name}.{each.format}").write_bytes(written)
        report = msgspec.structs.replace(report, formats=tuple(each for each, _ in found))
    Path(outs["optimized"]).write_bytes(made)
    Path(outs["report"]).write_bytes(msgspec.json.encode(report) + b"\n")
