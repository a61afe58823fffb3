"""BinaryStrip: a program without what it does not need to run, its debug part, and what that saved."""

import sys
from pathlib import Path

import msgspec

from distill.elf import strip
from distill.image import image_lines
from distill.image.image_lines import File
from distill.request import Request, outputs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    path: str = ""
    """Where the program stands in the image, empty where nobody said."""


class BinaryLine(File, frozen=True, tag="binary"):
    """The program."""

    name: str
    """Its base name, for the report."""


class StripLine(File, frozen=True, tag="strip"):
    """The strip that is run."""


def run(request: Request) -> None:
    """Write the outs `stripped`, `debug` (a directory), `report` (JSON lines) and `text`.

    Raises:
        DistillError: a strip that cannot be run or does not know the program's architecture.
    """
    settings = request.settings(Settings)
    lines = image_lines.read(request, BinaryLine, StripLine)
    outs = outputs(lines, "debug", "report", "stripped", "text")
    binary, tool = image_lines.path(lines, BinaryLine), image_lines.path(lines, StripLine)
    (name,) = [line.name for line in image_lines.of(lines, BinaryLine)]
    report = strip.strip(Path(binary), Path(outs["stripped"]), Path(outs["debug"]), tool, name, settings.path)
    Path(outs["report"]).write_bytes(msgspec.json.encode(report) + b"\n")
    Path(outs["text"]).write_text(report.line(), "utf-8")
    for warning in report.warnings():
        sys.stderr.write(f"{request.header.label}: {name}: {warning}\n")
