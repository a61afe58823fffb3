"""Runfiles as layers: seconds of the two actions for a program and its third-party code, one-shot. Prints Markdown.

python3 tests/bench/runfiles.py [--files 1000] [--rounds 5]

The interpreter starts anew for each action, as without a worker; a worker leaves that out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SIZE = 6_000
"""Bytes of a file, as of the modules of Django on average."""


def tree(folder: Path, count: int) -> list[dict[str, str]]:
    """Write `count` files, four fifths of them third-party; give their lines."""
    sources = sorted(Path(json.__file__).parents[1].glob("*.py"))
    text = b"".join(path.read_bytes() for path in sources)
    lines = []
    for number in range(count):
        external = number % 5
        place = f"{f'external/pip_{number % 20}' if external else 'app'}/package/module_{number}.py"
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        start = number * _SIZE % (len(text) - _SIZE)
        file.write_bytes(text[start : start + _SIZE])
        short_path = place.replace("external/", "../", 1)
        lines.append(
            {"role": "src", "path": str(file), "short_path": short_path, "below": "app", "repository": "_main"}
        )
    return lines


def seconds(folder: Path, name: str, lines: list[dict[str, str]]) -> float:
    """Run the tool once, as a process of its own."""
    header = {
        "command": "LayerFiles",
        "label": "//bench",
        "settings": {"compression": "gzip", "level": "default"},
    }
    outs = [
        {"role": "out", "name": out, "path": str(folder / f"{name}.{out}")} for out in ("blob", "descriptor", "listing")
    ]
    request = folder / f"{name}.params"
    request.write_text("".join(json.dumps(line) + "\n" for line in (header, *lines, *outs)))
    start = time.monotonic()
    environment = os.environ | {"PYTHONPATH": str(ROOT / "py")}
    subprocess.run([sys.executable, str(ROOT / "py/tool.py"), f"@{request}"], env=environment, check=True)
    return time.monotonic() - start


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = tree(folder, options.files)
        lower = {"role": "lower", "path": str(folder / "third_party.listing")}
        third, application = [], []
        for _ in range(options.rounds):
            third.append(seconds(folder, "third_party", [{**line, "only": "../"} for line in lines]))
            application.append(seconds(folder, "application", [lower, *lines]))
    sys.stdout.write("| layer | median | best |\n| --- | --- | --- |\n")
    both = [one + other for one, other in zip(third, application, strict=True)]
    for what, found in (("third-party", third), ("application", application), ("both", both)):
        sys.stdout.write(f"| {what} | {statistics.median(found):.2f} s | {min(found):.2f} s |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
