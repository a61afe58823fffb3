"""Closure and check of an image with many ELF files, on one core, from a cold start, against ldd for each file.

python3 tests/bench/closure.py [--files N] [--rounds N] [--json FILE]

The image is this machine's /usr/bin, /usr/sbin and /usr/lib, up to a number of ELF files, as a listing that the layer
action makes once. What is timed is the action: a process that starts, reads the listing and writes its outputs. The
contender runs the loader for each of the same files, as a script would that knows no better. Besides, the closure of a
made-up image of 50 programs over 3,000 libraries that need 50 others each: what programs share is worked out once.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "py"))

_ROOTS = ("usr/lib64", "usr/bin", "usr/sbin", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib")
_TARGET = 2.0
"""Seconds, for 1,500 files."""


def write_listing(path: Path, most: int) -> list[str]:
    """Write the listing of this machine's files to `path`, up to `most` ELF files; give the paths of those."""
    from distill import listing
    from distill.elf import file as elf
    from distill.listing import Record, escape

    found: list[str] = []
    lines: dict[str, Record] = {}
    for name in ("bin", "sbin", "lib", "lib64"):
        if (link := Path("/", name)).is_symlink():
            lines[name] = Record(name, "symlink", "0777", link=str(link.readlink()))
    for file in _files():
        relative = str(file.relative_to("/"))
        if relative in lines:
            continue
        if file.is_symlink():
            lines[relative] = Record(escape(relative), "symlink", "0777", link=escape(str(file.readlink())))
            continue
        status = file.stat()
        with file.open("rb") as stream:
            facts = elf.parse_file(stream.fileno(), 0, status.st_size)
        if facts is not None:
            if len(found) == most:
                break
            found.append(str(file))
        mode = f"{status.st_mode & 0o7777:04o}"
        lines[relative] = Record(escape(relative), "file", mode, size=status.st_size, sha256="0" * 64, elf=facts)
    path.write_bytes(b"".join(listing.encode(lines[name]) for name in sorted(lines)))
    return found


def _files() -> Iterator[Path]:
    for root in _ROOTS:
        for folder, _, names in sorted(os.walk(f"/{root}")):
            yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file())


def request(folder: Path, command: str, outs: list[str]) -> Path:
    """Write the request of an action on the listing."""
    settings: dict[str, object] = {"allow": {}} if command == "ImageValidate" else {"programs": ["**"]}
    lines = [
        {"command": command, "label": "//bench", "settings": settings},
        {"role": "config", "path": str(folder / "config.json")},
        {"role": "listing", "path": str(folder / "listing.jsonl")},
        *({"role": "out", "name": name, "path": str(folder / name)} for name in outs),
    ]
    path = folder / f"{command}.params"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def action(params: Path) -> float:
    """Run the tool once, in a process of its own on one core; give the seconds."""
    core = str(min(os.sched_getaffinity(0)))
    pin = ["taskset", "--cpu-list", core] if shutil.which("taskset") else []
    start = time.perf_counter()
    subprocess.run(
        [*pin, sys.executable, str(REPOSITORY / "py/tool.py"), f"@{params}"], capture_output=True, check=False
    )
    return time.perf_counter() - start


def ldd(files: list[str]) -> float:
    """Run ldd for each of `files`, on one core; give the seconds."""
    core = str(min(os.sched_getaffinity(0)))
    pin = ["taskset", "--cpu-list", core] if shutil.which("taskset") else []
    start = time.perf_counter()
    for file in files:
        subprocess.run([*pin, "ldd", file], capture_output=True, check=False)
    return time.perf_counter() - start


_MANY = """
import random, resource, sys, time
sys.path.insert(0, sys.argv[1])
from distill.closure import closure
from distill.listing import Elf, Record
from distill.runtime.rootfs import Rootfs
chosen = random.Random(1)
names = [f"lib{number}.so" for number in range(3000)]
def needs(): return tuple(dict.fromkeys(chosen.choices(names, k=50)))
libraries = [(name, Elf("amd64", "shared", soname=name, needed=needs())) for name in names]
records = [Record(f"usr/lib/{name}", "file", "0644", elf=elf) for name, elf in libraries]
programs = [f"usr/bin/program{number}" for number in range(50)]
records += [Record(path, "file", "0755", elf=Elf("amd64", "executable", needed=needs())) for path in programs]
rootfs = Rootfs([records])
start = time.perf_counter()
found = closure.compute(rootfs, [(path, "program") for path in programs])
seconds = time.perf_counter() - start
assert len(found.files) == len(records)
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def many() -> tuple[float, float]:
    """Give seconds and megabytes of the closure of many programs with many libraries in common."""
    done = subprocess.run(
        [sys.executable, "-c", _MANY, str(REPOSITORY / "py")], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1500, help="ELF files at most")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_listing(folder / "listing.jsonl", arguments.files)
        (folder / "config.json").write_text(json.dumps({"architecture": "amd64", "os": "linux", "config": {}}))
        entries = (folder / "listing.jsonl").read_bytes().count(b"\n")
        size = (folder / "listing.jsonl").stat().st_size
        contenders = {
            "closure of all files": request(folder, "BinaryClosure", ["text", "json"]),
            "check of the image": request(folder, "ImageValidate", ["report"]),
        }
        seconds = {what: [action(params) for _ in range(arguments.rounds)] for what, params in contenders.items()}
        found = len(json.loads((folder / "json").read_bytes())["files"])
        if shutil.which("ldd"):
            seconds["ldd for each file"] = [ldd(files)]
    medians = {what: statistics.median(times) for what, times in seconds.items()}
    lines = [f"{len(files)} ELF files, {entries} entries, {size / 1e6:.1f} MB of listing; the closure has {found}", ""]
    lines += [f"{what:24}{value:8.2f} s" for what, value in medians.items()]
    runs = [many() for _ in range(arguments.rounds)]
    common = statistics.median(run[0] for run in runs)
    lines += [f"{'50 programs, 3,000 shared':24}{common:8.2f} s, {max(run[1] for run in runs):.0f} MB at most"]
    ours = medians["closure of all files"]
    met = "met" if ours < _TARGET else "NOT met"
    lines += ["", f"closure, cold, one core: {ours:.2f} s; target below {_TARGET:g} s for 1500 files: {met}"]
    if "ldd for each file" in medians:
        lines.append(f"ldd takes {medians['ldd for each file'] / ours:.1f} times as long")
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.json:
        figures = {"files": len(files), "entries": entries, "seconds": seconds}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
