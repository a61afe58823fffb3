"""ImageLint: what an image should not have, or should, though it runs; judged by its config and listings."""

import sys
from pathlib import Path

import msgspec

from distill import canonical, listing, request
from distill.errors import ImageError
from distill.image import image_lines
from distill.image.image_lines import BaseLint, Config, Listing
from distill.lint import check, report, sarif
from distill.lint.image import Image
from distill.lint.report import FailOn
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of lint."""

    allow: dict[str, str] = {}
    """A rule, or a rule and a glob of paths (`shell:/busybox/**`), to the reason why it is no fault."""
    disable: list[str] = []
    """Rules that are left out."""
    fail_on: FailOn = "error"
    """What fails a build."""
    inherited: dict[str, str] = {}
    """What the base allows."""


def run(asked: Request) -> None:
    """Write the outputs text, json and sarif. Warnings are shown too, but for those of the base.

    Raises:
        DistillError: a finding that fails the build, with a line for each rule; settings that make no sense.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Listing, Config, BaseLint)
    outputs = request.outputs(lines, "json", "sarif", "text")
    path = image_lines.path(lines, Config)
    config = canonical.decode_object(Path(path).read_bytes(), path)
    layers = (list(listing.read(line.path)) for line in image_lines.of(lines, Listing))
    # The image has no layer for an empty one.
    image = Image(config, [layer for layer in layers if layer])
    findings = check.check(image, settings.allow, settings.disable, settings.inherited)
    if fatal := report.fatal(findings, settings.fail_on):
        raise ImageError("\n".join(fatal))
    Path(outputs["text"]).write_text(report.text(findings), "utf-8", "backslashreplace")
    Path(outputs["json"]).write_bytes(canonical.encode(report.document(findings)))
    Path(outputs["sarif"]).write_bytes(canonical.encode(sarif.document(findings)))
    known = "".join(Path(line.path).read_text("utf-8") for line in image_lines.of(lines, BaseLint))
    for line in report.shown(findings, known):
        sys.stderr.write(f"{asked.header.label}: {line}\n")
