"""Writes one page: render TEXTPROTO PAGE UPDATE_COMMAND."""

import sys
from collections.abc import Sequence
from pathlib import Path

from starlark_docs import markdown, textproto


def main(arguments: Sequence[str]) -> None:
    """Read the ModuleInfo at the first argument, write the page to the second; the third is for its first line."""
    source, target, update = arguments
    module = textproto.parse(Path(source).read_text("utf-8"))
    Path(target).write_text(markdown.page(module, update), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
