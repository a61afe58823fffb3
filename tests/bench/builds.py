"""Builds of many layers and many images by real Bazel: how long, how many actions. Prints Markdown.

python3 tests/bench/builds.py [--layers 200] [--images 1000] [--rounds 3]

Works in a generated workspace with an output base of its own, in the user's cache folder. Seconds of execution are
Bazel's own figure (executionPhaseTimeInMs of its metrics), medians over the rounds; each round changes every file.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/nested"))

from workspace import Workspace, cache_folder, metrics  # noqa: E402 - the line above says where it is

SHARED = 10
ONE_SHOT = "--spawn_strategy=sandboxed,local"
NO_ARCHIVE = "--@rules_distill//rules/settings:archive=false"
_MODULE = """\
module(name = "bench")

bazel_dep(name = "rules_distill", version = "0.1.0")
local_path_override(
    module_name = "rules_distill",
    path = "{root}",
)
"""
_LAYERS = """\
load("@rules_distill//rules:defs.bzl", "layer")

[
    layer(
        name = "layer_%d" % number,
        files = {{"file_%d" % number: "/srv/file_%d" % number}},
        visibility = ["//visibility:public"],
    )
    for number in range({count})
]
"""
_IMAGES = """\
load("@rules_distill//rules:defs.bzl", "image")

[
    image(
        name = "image_%d" % number,
        env = {{"NUMBER": str(number)}},
        layers = ["//shared:layer_%d" % layer for layer in range({layers})],
    )
    for number in range({count})
]
"""


@dataclass(frozen=True)
class Run:
    """A build: seconds from start to end, and of its execution; actions of the tool."""

    wall: float
    execution: float
    actions: int


def generate(root: Path, layers: int, images: int) -> None:
    """Write the workspace: //layers, //shared (the layers of all images) and //images."""
    (root / "MODULE.bazel").write_text(_MODULE.format(root=ROOT))
    # What a user of rules_distill has, and this repository's .bazelrc says why.
    (root / ".bazelrc").write_text("build --worker_max_instances=Distill=2\n")
    for name, text in {
        "layers": _LAYERS.format(count=layers),
        "shared": _LAYERS.format(count=SHARED),
        "images": _IMAGES.format(count=images, layers=SHARED),
    }.items():
        (root / name).mkdir()
        (root / name / "BUILD.bazel").write_text(text)
    change(root / "layers", layers, 0)
    change(root / "shared", SHARED, 0)


def change(package: Path, count: int, mark: int) -> None:
    """Give the first `count` files of a package new content."""
    for number in range(count):
        (package / f"file_{number}").write_text(f"{number} {mark}\n")


def build(place: Workspace, *arguments: str) -> Run:
    """Build and measure."""
    start = time.monotonic()
    found = metrics(place, *arguments)
    wall = time.monotonic() - start
    data = found["actionSummary"].get("actionData", [])
    ours = [entry for entry in data if entry["mnemonic"].startswith(("Layer", "Image"))]
    actions = sum(int(entry.get("actionsExecuted", 0)) for entry in ours)
    return Run(wall, int(found["timingMetrics"].get("executionPhaseTimeInMs", 0)) / 1000, actions)


def rounds(count: int, before: Callable[[int], object], run: Callable[[], Run]) -> list[Run]:
    """Run `count` times; `before` gets a number that is new each time."""
    found = []
    for _ in range(count):
        before(time.monotonic_ns())
        found.append(run())
    return found


def row(what: str, runs: Sequence[Run], per: int = 0, goal: str = "") -> str:
    """Give a row of the table: medians; with `per`, also milliseconds for each of so many."""
    execution = statistics.median(run.execution for run in runs)
    wall = statistics.median(run.wall for run in runs)
    each = f"{execution * 1000 / per:.1f} ms" if per else ""
    return f"| {what} | {runs[-1].actions:,} | {execution:.2f} s | {wall:.2f} s | {each} | {goal} |"


def measure(place: Workspace, layers: int, images: int, count: int) -> list[str]:
    """Run all builds; give the rows."""
    root = place.root
    every, all_images = "//layers:all", ["//images:all", NO_ARCHIVE]
    lines = []
    build(place, every)
    runs = rounds(count, lambda mark: change(root / "layers", layers, mark), lambda: build(place, every))
    lines.append(row(f"{layers} one-file layers, worker", runs, layers, "2.5 s"))
    runs = rounds(1, lambda mark: change(root / "layers", layers, mark), lambda: build(place, every, ONE_SHOT))
    lines.append(row(f"{layers} one-file layers, one-shot in sandboxes", runs, layers))

    # Without the check first: what remains is the manifest of each image.
    assemble = [*all_images, "--norun_validations"]
    build(place, *assemble)
    runs = rounds(count, lambda mark: change(root / "shared", 1, mark), lambda: build(place, *assemble))
    lines.append(row(f"{images:,} images of {SHARED} layers, one changed: assembled", runs, images, "25 ms each"))
    build(place, *all_images)
    runs = rounds(count, lambda mark: change(root / "shared", 1, mark), lambda: build(place, *all_images))
    lines.append(row("the same, assembled and checked", runs, images))
    runs = rounds(count, lambda _: None, lambda: build(place, *all_images))
    lines.append(row("nothing changed", runs, goal="0 actions"))
    return lines


def main() -> int:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=200)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="distill-bench-", dir=cache_folder()))
    try:
        (folder / "workspace").mkdir()
        generate(folder / "workspace", options.layers, options.images)
        with Workspace(folder / "workspace", folder / "outputs") as place:
            lines = measure(place, options.layers, options.images, options.rounds)
            heap = place.bazel("info", "used-heap-size-after-gc").stdout.strip()
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    head = [
        "| build | actions | execution | from start to end | each | goal |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    sys.stdout.write("\n".join([*head, *lines, f"\nServer heap after all of it: {heap}.\n"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
