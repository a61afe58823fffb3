"""A command test in an image of many files, as `bazel test` runs it: the whole time of the test, and its CPU.

python3 tests/bench/image_test.py [--files N] [--rounds N] [--place DIRECTORY] [--repository DIRECTORY]

The layers, a static program and generated files, are made before. `--place` has what Bazel's TEST_TMPDIR would be, and
`--repository` another state of this one to measure.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "py"))

from distill.layer import layer  # noqa: E402
from distill.layer.tree import Source, Tree  # noqa: E402
from distill.tar import Entry  # noqa: E402

_PROGRAM = "int main(void) { return 0; }"
_IN_EACH = 500
_TESTS = 'schemaVersion: "2.0.0"\ncommandTests: [{name: runs, command: /program}]\n'


def sources(program: bytes, files: int) -> Iterator[Source]:
    """Give a program and `files` small texts."""
    yield Source(Entry("program", "file", 0o755, size=len(program)), "program", data=program)
    for number in range(files):
        data = b"x = %d\n" % number * (1 + number * 7919 % 400)
        path = f"app/d{number // _IN_EACH:03}/module_{number}.py"
        yield Source(Entry(path, "file", size=len(data)), path, data=data)


def make(folder: Path, files: int) -> None:
    """Write the layer, the config, the tests and the request of an image test below `folder`."""
    (folder / "program.c").write_text(_PROGRAM)
    subprocess.run(["cc", "-static", "-o", "program", "program.c"], cwd=folder, check=True)
    tree = Tree()
    for source in sources((folder / "program").read_bytes(), files):
        tree.add(source)
    names = [folder / name for name in ("blob", "descriptor", "listing")]
    layer.write(tree, *names, compression="gzip", level="default")
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    (folder / "config").write_text(json.dumps({"architecture": machine, "os": "linux", "config": {}}))
    (folder / "tests").write_text(_TESTS)
    lines = [{"command": "ImageTest", "label": "//bench", "settings": {"driver": "namespace"}}]
    roles = {"config": "config", "tests": "tests", "layer": "descriptor", "listing": "listing", "blob": "blob"}
    lines += [{"role": role, "path": str(folder / name)} for role, name in roles.items()]
    (folder / "request").write_text("\n".join(map(json.dumps, lines)))


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--place")
    parser.add_argument("--repository", type=Path, default=REPOSITORY)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        make(Path(made), asked.files)
        seconds, cpu = [], []
        for _ in range(asked.rounds):
            with tempfile.TemporaryDirectory(dir=asked.place) as place:
                before, start = os.times(), time.perf_counter()
                command = [sys.executable, str(asked.repository / "py/image_test.py"), f"{made}/request"]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TEST_TMPDIR": place})
                seconds.append(time.perf_counter() - start)
                after = os.times()
                cpu.append(sum(after[2:4]) - sum(before[2:4]))
    whole, work = statistics.median(seconds), statistics.median(cpu)
    sys.stdout.write(f"{asked.files} files: {whole:.2f} s, {work:.2f} s of CPU\n")


if __name__ == "__main__":
    main()
