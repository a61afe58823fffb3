"""stripped_binary on 50 programs by real Bazel, beside strip and objcopy in a loop. Prints Markdown.

python3 tests/bench/strip.py [--programs 50] [--rounds 3]

Each program is a static one of C++ with debug sections, some megabytes. Seconds are Bazel's own of execution, medians
over the rounds; each round begins with a clean output base, and the tool is built before. Needs g++ and binutils.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/nested"))

from workspace import Workspace, cache_folder, metrics  # noqa: E402 - the line above says where it is

_MODULE = """\
module(name = "bench")

bazel_dep(name = "rules_distill", version = "0.1.0")
local_path_override(
    module_name = "rules_distill",
    path = "{root}",
)
"""
_BUILD = """\
load("@rules_distill//rules:defs.bzl", "stripped_binary")

[
    stripped_binary(
        name = "stripped_%d" % number,
        binary = "program_%d" % number,
    )
    for number in range({count})
]

stripped_binary(
    name = "first",
    binary = "BUILD.bazel",
)
"""
_SOURCE = "#include <iostream>\nint main() { std::cout << VALUE << std::endl; }\n"


def generate(root: Path, count: int) -> int:
    """Write the workspace; give the bytes of a program."""
    (root / "MODULE.bazel").write_text(_MODULE.format(root=ROOT))
    (root / ".bazelrc").write_text("build --worker_max_instances=Distill=2\n")
    (root / "BUILD.bazel").write_text(_BUILD.format(count=count))
    (root / "program.cc").write_text(_SOURCE)
    for number in range(count):
        command = ["g++", "-g", "-static", f"-DVALUE={number}", "-o", f"program_{number}", "program.cc"]
        subprocess.run(command, cwd=root, check=True)
    return (root / "program_0").stat().st_size


def loop(root: Path, count: int) -> float:
    """Strip all programs one after the other, as by hand; give the seconds."""
    out = root.parent / "by_hand"
    out.mkdir(exist_ok=True)
    start = time.monotonic()
    for number in range(count):
        program, debug, made = (str(path) for path in (root / f"program_{number}", out / "debug", out / "stripped"))
        subprocess.run(["objcopy", "--only-keep-debug", program, debug], check=True)
        subprocess.run(["strip", "--strip-all", "-o", made, program], check=True)
        subprocess.run(["objcopy", f"--add-gnu-debuglink={debug}", made], check=True)
    return time.monotonic() - start


def build(place: Workspace, jobs: int) -> tuple[float, int]:
    """Build all from nothing; give seconds of execution, and how many actions stripped."""
    place.bazel("clean")
    place.bazel("build", "--symlink_prefix=/", "//:first")
    found = metrics(place, f"--jobs={jobs}", "//:all")
    data = found["actionSummary"].get("actionData", [])
    actions = sum(int(entry.get("actionsExecuted", 0)) for entry in data if entry["mnemonic"] == "BinaryStrip")
    return int(found["timingMetrics"].get("executionPhaseTimeInMs", 0)) / 1000, actions


def main() -> int:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="distill-bench-", dir=cache_folder()))
    lines = ["| what | actions | seconds |", "| --- | ---: | ---: |"]
    try:
        root = folder / "workspace"
        root.mkdir()
        size = generate(root, options.programs)
        by_hand = statistics.median(loop(root, options.programs) for _ in range(options.rounds))
        lines.append(f"| objcopy, strip, objcopy in a loop | | {by_hand:.2f} |")
        with Workspace(root, folder / "outputs") as place:
            for jobs in (1, 2):
                runs = [build(place, jobs) for _ in range(options.rounds)]
                seconds = statistics.median(run[0] for run in runs)
                lines.append(f"| stripped_binary, --jobs={jobs} | {runs[-1][1]} | {seconds:.2f} |")
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    lines.append(f"\n{options.programs} programs of {size / 1e6:.1f} MB.")
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
