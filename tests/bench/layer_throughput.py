"""Layer throughput: from files on disk to blob, descriptor and listing, against pipes of other tools.

python3 tests/bench/layer_throughput.py [--rounds N] [--threads N] [--tree DIRECTORY] [--json FILE]

Every round runs each contender once, one after another, so that what else the machine does falls on all of them; ratios
are of medians. Ours does more than the others: it hashes every file, the tar and the blob, and reads ELF facts.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "py"))

_BYTES = 190_000_000
_SCRIPTS = 2_000
_LARGEST = 16_000_000
_OURS = ("gzip default", "gzip fast", "zstd default", "zstd fast", "uncompressed default")
_OTHERS = {
    "tar | gzip -6": ("gzip", "tar -C {tree} -cf - . | gzip -6 > {out}"),
    "tar | pigz -6": ("pigz", "tar -C {tree} -cf - . | pigz -6 -p {threads} > {out}"),
    "tar | zstd -3": ("zstd", "tar -C {tree} -cf - . | zstd -q -3 -T{threads} > {out}"),
    "bsdtar --gzip": ("bsdtar", "bsdtar -C {tree} --gzip --options gzip:compression-level=6 -cf {out} ."),
    "crane append": ("crane", "tar -C {tree} -cf {out}.tar . && crane append -f {out}.tar -t bench -o {out}"),
}
_TARGETS = (
    # ours, theirs, times as fast, size at most times theirs
    ("gzip default", "tar | gzip -6", 7.0, 1.0),
    ("gzip default", "tar | pigz -6", 3.0, None),
    ("gzip fast", "tar | gzip -6", 12.0, 1.15),
    ("zstd default", "tar | zstd -3", 1.0, None),
)


@dataclass
class Runs:
    """What was measured of one contender."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds of all cores together, which other load on the machine changes less."""
    size: int = 0
    memory: int = 0
    """Peak resident bytes of the process and its children."""

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)


def files(roots: tuple[str, ...], suffix: str) -> list[Path]:
    """Give the regular files below `roots` with `suffix` in their names, in an order that is the same every time."""

    def walk() -> Iterator[Path]:
        for root in roots:
            for directory, _, names in os.walk(root):
                for name in names:
                    path = Path(directory, name)
                    if suffix in name and "__pycache__" not in directory and path.is_file() and not path.is_symlink():
                        yield path

    return sorted(walk(), key=lambda path: hashlib.sha256(os.fsencode(path)).digest())


def make_tree(tree: Path) -> None:
    """Copy scripts of Python's library, then shared libraries of the machine, into `tree`, up to a number of bytes."""
    stdlib = os.path.dirname(os.__file__)  # noqa: PTH120 - os.walk takes strings
    total = 0
    for path in files(("/usr/lib/python3", stdlib), ".py")[:_SCRIPTS] + files(("/usr/lib",), ".so"):
        size = path.stat().st_size
        if total > _BYTES or size > _LARGEST:
            continue
        total += size
        copy = tree / path.relative_to("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o755 if os.access(path, os.X_OK) else 0o644)


def build(tree: str, out: str, compression: str, level: str, threads: int) -> None:
    """Build a layer of `tree`; the whole path from lines to blob, descriptor and listing."""
    from distill.layer import file_sources, layer
    from distill.layer.file_lines import SourceLine

    made = file_sources.build([SourceLine(path=tree, short_path="tree", strip_prefix="tree", tree=True)])
    names = (out, f"{out}.descriptor", f"{out}.listing")
    layer.write(made, *names, compression=compression, level=level, threads=threads)  # type: ignore[arg-type]


def measure(runs: Runs, command: str, out: Path) -> None:
    """Run a pipe of other tools and add its time and work, and the size of `out`, to `runs`."""
    start, cpu = time.perf_counter(), _children()
    subprocess.run(command, shell=True, check=True)
    runs.seconds.append(time.perf_counter() - start)
    runs.cpu.append(_children() - cpu)
    runs.size = out.stat().st_size


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_ours(runs: Runs, tree: Path, out: Path, contender: str, threads: int) -> None:
    """Build in a process of its own, as a worker that has imported everything: its start is not timed."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        compression, level = contender.split()
        build_warm(compression)
        start, cpu = time.perf_counter(), time.process_time()
        build(str(tree), str(out), compression, level, threads)
        os.write(writer, json.dumps([time.perf_counter() - start, time.process_time() - cpu]).encode())
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    os.close(writer)
    with open(reader, "rb") as stream:
        if status:
            raise SystemExit(f"{contender} failed")
        seconds, cpu = json.loads(stream.read())
    runs.seconds.append(seconds)
    runs.cpu.append(cpu)
    runs.size = out.stat().st_size
    runs.memory = max(runs.memory, usage.ru_maxrss * 1024)


def build_warm(compression: str) -> None:
    """Import what building takes, as a worker has done before its second request."""
    from distill.compression import compressor
    from distill.layer import file_sources, layer  # noqa: F401 - imported for later

    compressor(compression, "fast")(memoryview(b""))  # type: ignore[arg-type]


def run(tree: Path, rounds: int, threads: int, contenders: list[str]) -> dict[str, Runs]:
    """Run all contenders `rounds` times, interleaved."""
    results = {name: Runs() for name in contenders}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for name, runs in results.items():
                out = Path(folder, "blob")
                out.unlink(missing_ok=True)  # freeing what the one before wrote is nobody's work
                if name in _OURS:
                    measure_ours(runs, tree, out, name, threads)
                else:
                    measure(runs, _OTHERS[name][1].format(tree=tree, out=out, threads=threads), out)
            sys.stderr.write(f"round {number} of {rounds}{' (warms up)' if not number else ''}\n")
            if not number:
                for runs in results.values():
                    runs.seconds.clear()
                    runs.cpu.clear()
    return results


def report(results: dict[str, Runs], total: int, count: int) -> str:
    """Say what was measured: medians, sizes, ratios, and whether the targets were met."""
    lines = [f"{count} files, {total / 1e6:.1f} MB, {os.cpu_count()} cores", ""]
    lines.append(f"{'':22}{'median s':>10}{'cpu s':>8}{'MB/s':>8}{'blob MB':>10}{'peak MB':>9}")
    for name, runs in results.items():
        memory = f"{runs.memory / 1e6:9.0f}" if runs.memory else " " * 9
        speed = total / runs.median / 1e6
        times = f"{runs.median:10.3f}{statistics.median(runs.cpu):8.2f}{speed:8.0f}"
        lines.append(f"{name:22}{times}{runs.size / 1e6:10.2f}{memory}")
    lines.append("")
    for ours, theirs, faster, size in _TARGETS:
        if ours not in results or theirs not in results:
            continue
        ratio = results[theirs].median / results[ours].median
        work = statistics.median(results[ours].cpu) / statistics.median(results[theirs].cpu)
        part = results[ours].size / results[theirs].size
        met = ratio >= faster and (size is None or part <= size)
        target = f"target {faster:g}x" + (f", size at most {size:g}x" if size else "")
        lines.append(
            f"{ours:12} / {theirs:13}: {ratio:5.2f}x as fast, {work:.2f} of its work, {part:.3f} of its size; "
            f"{target}: {'met' if met else 'NOT met'}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--tree", type=Path, help="build this directory, not files of the machine")
    parser.add_argument("--only", help="contenders whose names have this in them")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    arguments = parser.parse_args()
    available = [name for name, (program, _) in _OTHERS.items() if shutil.which(program)]
    for name in sorted(_OTHERS.keys() - set(available)):
        sys.stderr.write(f"left out, not on this machine: {name}\n")
    contenders = [name for name in (*_OURS, *available) if not arguments.only or arguments.only in name]
    with tempfile.TemporaryDirectory() as folder:
        tree = arguments.tree or Path(folder)
        if not arguments.tree:
            make_tree(tree)
        sizes = [path.stat().st_size for path in tree.rglob("*") if path.is_file()]
        results = run(tree, arguments.rounds, arguments.threads, contenders)
    sys.stdout.write(report(results, sum(sizes), len(sizes)))
    if arguments.json:
        figures = {
            "bytes": sum(sizes),
            "files": len(sizes),
            "threads": arguments.threads,
            "contenders": {
                name: {
                    "seconds": runs.seconds,
                    "cpu": runs.cpu,
                    "median": runs.median,
                    "size": runs.size,
                    "memory": runs.memory,
                }
                for name, runs in results.items()
            },
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
