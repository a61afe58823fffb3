"""Copies pages that were just built into the workspace: update GENERATED=COMMITTED …, run by `bazel run`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    """Copy each GENERATED (relative to the runfiles) over COMMITTED (relative to the workspace); say which changed."""
    workspace = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    for argument in arguments:
        generated, _, committed = argument.partition("=")
        text = Path(generated).read_bytes()
        target = workspace / committed
        if not target.exists() or target.read_bytes() != text:
            target.write_bytes(text)
            sys.stdout.write(f"{committed}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
