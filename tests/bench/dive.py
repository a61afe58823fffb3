"""Lint of an image beside dive: one cold process each, of the same generated image.

python3 tests/bench/dive.py DIVE [--files N] [--layers N] [--rounds N]

DIVE is the program: `go install github.com/wagoodman/dive/cmd/dive@latest`. It reads the archive, as it has to; lint
reads config and listings, which are there once the layers are. What both say of hidden bytes is compared: in every
layer but the lowest a tenth of the files replace those of the layer below.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "py"))

from distill.layer import layer  # noqa: E402
from distill.layer.tree import Source, Tree  # noqa: E402
from distill.tar import Entry  # noqa: E402

_IN_EACH = 500
_SIZE = 5000


def make(folder: Path, files: int, layers: int) -> None:
    """Write the archive of an image for dive, and a request of lint, below `folder`."""
    each = files // layers
    lines: list[dict[str, Any]] = [{"command": "ImageLint", "label": "//bench", "settings": {"fail_on": "never"}}]
    diffs: list[str] = []
    blobs: list[str] = []
    for number in range(layers):
        tree = Tree()
        for file in range(each):
            owner = number - 1 if number and not file % 10 else number
            path = f"app{owner}/d{file // _IN_EACH:03}/module_{file}.py"
            data = hashlib.sha256(f"{number} {file}".encode()).hexdigest().encode() * (_SIZE // 64)
            tree.add(Source(Entry(path, "file", size=len(data)), path, data=data))
        names = [folder / f"{number}.{name}" for name in ("tar", "descriptor", "listing")]
        layer.write(tree, *names, compression="uncompressed", level="default")
        diffs.append(json.loads(names[1].read_text())["digest"])
        blobs.append(names[0].name)
        lines.append({"role": "listing", "path": str(names[2])})
    config: dict[str, Any] = {"architecture": "amd64", "os": "linux", "config": {"User": "1"}}
    config |= {"rootfs": {"type": "layers", "diff_ids": diffs}, "history": [{"created_by": "layer"}] * layers}
    (folder / "config.json").write_text(json.dumps(config))
    manifest = [{"Config": "config.json", "RepoTags": ["bench:latest"], "Layers": blobs}]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(folder / "image.tar", "w") as archive:
        for name in ("manifest.json", "config.json", *blobs):
            archive.add(folder / name, name)
    lines.append({"role": "config", "path": str(folder / "config.json")})
    lines += [{"role": "out", "name": name, "path": str(folder / name)} for name in ("text", "json", "sarif")]
    (folder / "request").write_text("\n".join(map(json.dumps, lines)))


def measure(command: list[str]) -> tuple[float, float, float]:
    """Give seconds, seconds of CPU and peak MB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dive")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        make(folder, asked.files, asked.layers)
        report = folder / "dive.json"
        commands = {
            "dive": [asked.dive, "--source=docker-archive", f"--json={report}", str(folder / "image.tar")],
            "lint": [sys.executable, str(REPOSITORY / "py/tool.py"), f"@{folder}/request"],
        }
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for _ in range(asked.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
        for name, found in runs.items():
            seconds, cpu, memory = (statistics.median(column) for column in zip(*found, strict=True))
            sys.stdout.write(f"{name:6}{seconds:8.2f} s{cpu:8.2f} s of CPU{memory:8.0f} MB\n")
        theirs = json.loads(report.read_text())["image"]["inefficientBytes"]
        findings = json.loads((folder / "json").read_text())["findings"]
        ours = sum(each["size"] for each in findings if each["rule"] == "shadowed-bytes")
        sys.stdout.write(f"hidden bytes: dive {theirs} (all copies), lint {ours} (those that nobody sees)\n")


if __name__ == "__main__":
    main()
