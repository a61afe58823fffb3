"""ImageTestConfig: reads the files of an image test, so that a fault in them fails the build, with its line."""

from pathlib import Path

import msgspec

from distill import request
from distill.image import image_lines
from distill.image.image_lines import File
from distill.image_test import config as image_test_config
from distill.request import Request


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """There are none."""


class Tests(File, frozen=True, tag="tests"):
    """A file of tests."""

    short_path: str
    """What messages call it."""


def run(asked: Request) -> None:
    """Write the output report: file, line and name of each case, in the order in which they run.

    Raises:
        DistillError: a file that is no YAML, does not fit the schema, or asserts nothing.
    """
    asked.settings(Settings)
    lines = image_lines.read(asked, Tests)
    outputs = request.outputs(lines, "report")
    found: list[str] = []
    for line in image_lines.of(lines, Tests):
        tests = image_test_config.parse(Path(line.path).read_bytes(), line.short_path)
        found += [f"{line.short_path}:{test.line}: {name}\n" for _, name, test in image_test_config.cases(tests)]
    Path(outputs["report"]).write_text("".join(found), "utf-8")
