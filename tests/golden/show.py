"""Writes a listing as golden files have it: show LISTING OUT [FIELD…], without the fields named."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    """Write the records of LISTING to OUT, each without the fields named; no other line changes."""
    source, target, *without = arguments
    records = map(json.loads, Path(source).read_text(encoding="utf-8").splitlines())
    lines = [
        json.dumps(
            {key: value for key, value in record.items() if key not in without},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for record in records
    ]
    Path(target).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
