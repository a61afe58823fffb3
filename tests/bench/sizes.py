"""Sizes of the examples: unpacked, and their layers under each compression. Prints Markdown for the README.

python3 tests/bench/sizes.py [TARGET…]

A megabyte is 10⁶ bytes. Unpacked is what the files of the image hold, a hard link counted once; compressed is what a
registry stores of its layers.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = (
    "//examples/redis:redis_image",
    "//examples/nginx:nginx_image",
    "//examples/django:django_image",
    "//examples/static_hello:static_hello",
)
COMPRESSIONS = (("gzip", "default"), ("gzip", "best"), ("zstd", "default"), ("zstd", "best"))
# Of the issues, in megabytes: unpacked, gzip, zstd.
GOALS = {
    "//examples/django:django_image": (65.0, 30.0, 30.0),
    "//examples/redis:redis_image": (18.0, 7.4, 6.6),
}


def bazel(*arguments: str) -> str:
    """Run the wrapper at the root and give its output."""
    done = subprocess.run([ROOT / "bazelw", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def sizes(target: str, compression: str, level: str) -> tuple[float, float]:
    """Build `target`; give megabytes of its files and of its layers."""
    settings = [
        f"--//rules/settings:compression={compression}",
        f"--//rules/settings:compression_level={level}",
        "--output_groups=manifest,listing",
    ]
    bazel("build", "--noshow_progress", "--ui_event_filters=-info", *settings, target)
    execution_root = Path(bazel("info", "execution_root").strip())
    names = bazel("cquery", "--ui_event_filters=-info", *settings, "--output=files", target).split()
    found = {name.rpartition(".")[2]: execution_root / name for name in names}
    return unpacked(found["jsonl"]) / 1e6, compressed(found["json"]) / 1e6


def unpacked(listing: Path) -> int:
    """Give the bytes of all files of a listing."""
    return sum(json.loads(line).get("size", 0) for line in listing.read_text().splitlines())


def compressed(manifest: Path) -> int:
    """Give the bytes of all layers of a manifest."""
    return sum(int(layer["size"]) for layer in json.loads(manifest.read_text())["layers"])


def row(cells: list[str]) -> None:
    """Write a row of the table."""
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


def main(targets: list[str]) -> int:
    """Measure and print; exit code 1 where a goal is missed."""
    heads = ["unpacked", *(f"{compression} ({level})" for compression, level in COMPRESSIONS)]
    row(["image", *heads, "goal"])
    row(["---"] * (len(heads) + 2))
    missed = False
    for target in targets or EXAMPLES:
        measured = {how: sizes(target, *how) for how in COMPRESSIONS}
        size = measured["gzip", "default"][0]
        blobs = {how: layers for how, (_, layers) in measured.items()}
        goal = ""
        if target in GOALS:
            most = GOALS[target]
            goal = " / ".join(f"{number} MB" for number in most)
            reached = (size, blobs["gzip", "default"], min(blobs["zstd", "default"], blobs["zstd", "best"]))
            missed = missed or any(got > limit for got, limit in zip(reached, most, strict=True))
        row([f"`{target}`", *(f"{number:.2f} MB" for number in (size, *blobs.values())), goal])
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
