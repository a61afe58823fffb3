"""Lint of generated images: the time of one action, cold, and its memory.

python3 tests/bench/lint.py [--rounds N]

Each run is a process of its own that imports everything, as a one-shot action does; the start of Python is in its time.
"""

import argparse
import hashlib
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

from distill import listing  # noqa: E402
from distill.listing import Elf, Record  # noqa: E402

_LAYERS = 40
_CASES = {"1,500 ELF files": (1_500, 6_000), "100,000 files": (1_500, 98_500)}
"""Name to the numbers of ELF files and of other files."""
_RUN = (
    "import sys; sys.path.insert(0, {py!r}); import tool; code = tool.run(['@' + sys.argv[1]]); "
    "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
)


def records(elves: int, others: int) -> Iterator[Record]:
    """Give the records of an image: libraries that need each other, and files, some of them the same."""
    for number in range(elves):
        path = f"usr/lib/x86_64-linux-gnu/libbench{number}.so.{number % 7}"
        needed = (f"libbench{(number + 1) % elves}.so.{(number + 1) % elves % 7}", "libc.so.6")
        calls = ("localtime",) if not number % 9 else ()
        elf = Elf("amd64", "shared", soname=path.rpartition("/")[2], needed=needed, calls=calls, build_id="ab" * 20)
        yield Record(path, "file", "0644", size=90_000, sha256=_sha256(path), package="bench_1_amd64", elf=elf)
    for number in range(others):
        path = f"usr/lib/bench/part{number // 100:04}/module_{number}.py"
        content = str(number // 2 if not number % 50 else number)
        yield Record(path, "file", "0644", size=3_000 + number % 9_000, sha256=_sha256(content))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make(folder: Path, elves: int, others: int) -> Path:
    """Write listings, config and request of an image below `folder`; give the request."""
    found = list(records(elves, others))
    lines = []
    for number in range(_LAYERS):
        path = folder / f"{number}.jsonl"
        path.write_bytes(b"".join(map(listing.encode, found[number::_LAYERS])))
        lines.append(f'{{"role":"listing","path":"{path}"}}')
    (folder / "config.json").write_text('{"architecture":"amd64","os":"linux","config":{"User":"1"}}')
    lines.append(f'{{"role":"config","path":"{folder}/config.json"}}')
    lines += [f'{{"role":"out","name":"{name}","path":"{folder}/{name}"}}' for name in ("text", "json", "sarif")]
    request = folder / "request"
    request.write_text("\n".join(['{"command":"ImageLint","label":"//bench","settings":{}}', *lines]))
    return request


def measure(request: Path) -> tuple[float, float, int]:
    """Give seconds, seconds of CPU and peak resident bytes of one cold run on one core."""
    command = [sys.executable, "-c", _RUN.format(py=str(REPOSITORY / "py")), str(request)]
    core = {min(os.sched_getaffinity(0))}
    before, start = os.times(), time.perf_counter()
    run = subprocess.run(
        command, check=True, capture_output=True, preexec_fn=lambda: os.sched_setaffinity(0, core), text=True
    )
    seconds, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, cpu, int(run.stdout) * 1024


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    sys.stdout.write(f"{'':18}{'median s':>10}{'cpu s':>8}{'peak MB':>9}{'listings MB':>13}\n")
    for name, (elves, others) in _CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            request = make(Path(folder), elves, others)
            size = sum(path.stat().st_size for path in Path(folder).glob("*.jsonl"))
            runs = [measure(request) for _ in range(rounds)]
        seconds, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
        sys.stdout.write(f"{name:18}{seconds:10.2f}{cpu:8.2f}{memory / 1e6:9.0f}{size / 1e6:13.1f}\n")


if __name__ == "__main__":
    main()
