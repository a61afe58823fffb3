"""ImageValidate: fails for an image that would not run, judged by its config and listings."""

import sys
from pathlib import Path

import msgspec

from distill import canonical, listing, request
from distill.errors import ImageError
from distill.image import image_lines, validate
from distill.image.image_lines import BaseReport, Config, Listing, SonamesIndex
from distill.image.validate import Options
from distill.request import Request
from distill.runtime.sonames import Sonames


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of the check."""

    allow: dict[str, str] = {}
    """Glob of a path, or of a soname, to the reason why a finding about it is no fault."""


def run(asked: Request) -> None:
    """Write the output report: a line for each warning, nothing where there is none; and the output unused.

    Warnings are shown too, but for those that the check of the base has shown.

    Raises:
        DistillError: an image that would not run, with a line for each reason.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, BaseReport, Listing, Config, SonamesIndex)
    outputs = request.outputs(lines, "report", "unused")
    indexes = [line.path for line in image_lines.of(lines, SonamesIndex)]
    path = image_lines.path(lines, Config)
    config = canonical.decode_object(Path(path).read_bytes(), path)
    layers = [(line.label or line.path, listing.read(line.path)) for line in image_lines.of(lines, Listing)]
    findings = validate.check(config, layers, Options(settings.allow, Sonames(indexes)))
    errors = [finding.message for finding in findings if finding.severity == "error"]
    if errors:
        raise ImageError("\n".join(validate.PREFIX + message for message in errors))
    # As the report has them, for an image above this one to compare with.
    warnings = [f"warning: {finding.message}\n".encode("utf-8", "backslashreplace") for finding in findings]
    Path(outputs["report"]).write_bytes(b"".join(warnings))
    request.write_unused(outputs["unused"], indexes)
    bases = image_lines.of(lines, BaseReport)
    known = {text for base in bases for text in Path(base.path).read_bytes().splitlines(keepends=True)}
    for warning in warnings:
        if warning not in known:
            sys.stderr.write(f"{asked.header.label}: {warning.decode()}")
