"""Runs the tests of a rule `image_test`.

image_test REQUEST     a file of JSON lines whose paths are relative to the working directory, as the rule writes it
"""

import os
import sys
from collections.abc import Sequence

import tool
from distill.errors import DistillError
from distill.image_test import run as image_test
from distill.request import Request


def main(arguments: Sequence[str]) -> int:
    """Run the request that is named, or say how this is used."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 0 if list(arguments) == ["--help"] else 2
    label = ""
    try:
        request = Request.parse(tool.read(arguments[0]))
        label = request.header.label
        return image_test.run(request, os.environ)
    except DistillError as error:
        sys.stderr.write(f"{label}: {error}\n" if label else f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
