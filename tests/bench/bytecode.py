"""The start of the Django example with bytecode and without, and what the bytecode weighs. Prints Markdown.

python3 tests/bench/bytecode.py [--rounds 15]

Both images run `check` in user namespaces on read-only roots, in turns. Seconds are medians; the first round is left
out.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from container import Container  # noqa: E402 - the line above says where it is
from oci_archive import OciArchive  # noqa: E402

IMAGES = {"without": "django_image", "with": "django_image_bytecode"}


def seconds(config: dict[str, Any], root: Path, data: Path) -> float:
    """Run the check once and give how long it took."""
    began = time.monotonic()
    with Container(config, root, ["check"], volumes={"/data": data}, read_only=True) as container:
        code, output = container.wait(120)
    if code:
        raise SystemExit(output)
    return time.monotonic() - began


def main() -> None:
    """Build, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    targets = [f"//examples/django:{name}" for name in IMAGES.values()]
    subprocess.run([ROOT / "bazelw", "build", "--noshow_progress", *targets], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as scratch:
        images, sizes = {}, {}
        for label, name in IMAGES.items():
            root = Path(scratch) / name
            root.mkdir()
            with OciArchive(ROOT / f"bazel-bin/examples/django/{name}.tar") as archive:
                archive.unpack(root)
                images[label] = (archive.config, root)
                sizes[label] = sum(layer["size"] for layer in archive.manifest["layers"])
        data = Path(scratch) / "data"
        data.mkdir()
        times: dict[str, list[float]] = {label: [] for label in images}
        for turn in range(rounds + 1):
            for label, (config, root) in images.items():
                took = seconds(config, root, data)
                if turn:
                    times[label].append(took)
    medians = {label: statistics.median(found) for label, found in times.items()}
    lines = ["| bytecode | layers, gzip | `check`, seconds |", "| --- | ---: | ---: |"]
    lines += [f"| {label} | {sizes[label] / 1e6:.1f} MB | {median:.2f} |" for label, median in medians.items()]
    size, speed = sizes["with"] / sizes["without"], medians["without"] / medians["with"]
    sys.stdout.write("\n".join([*lines, "", f"{size:.2f} times the size, {speed:.1f} times as fast"]) + "\n")


if __name__ == "__main__":
    main()
