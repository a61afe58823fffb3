"""Memory of programs and size of layers, packed with UPX and as the linker made them. Prints Markdown.

python3 tests/bench/upx.py [--processes 8]

The program is Debian's interpreter of Python in //distroless:python3, packed by the UPX of tests/upx. It starts in
containers of its own, all on one root, as containers of one image share their layers; each says, once all are there,
what the kernel has for it (proc(5), smaps_rollup). Layers are one file, gzip of level 6 and zstd of level 19.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import zstandard

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from container import Container  # noqa: E402 - the line above says where it is
from oci_archive import OciArchive  # noqa: E402

PROGRAM = "usr/bin/python3.11"
METHODS = {"plain": "", "--best": "--best", "--lzma": "--lzma"}
FIELDS = ("Rss", "Pss", "Anonymous")
# Waits until all are there, says what it has, and stays until all have said it.
SAY = "import time; time.sleep(4); print(open('/proc/self/smaps_rollup').read(), flush=True); time.sleep(4)"


def built(*targets: str) -> None:
    """Build `targets`."""
    subprocess.run([ROOT / "bazelw", "build", "--noshow_progress", *targets], cwd=ROOT, check=True)


def memory(config: Any, root: Path, processes: int) -> dict[str, int]:
    """Give the kilobytes of all processes together, by field."""
    words = [f"/{PROGRAM}", "-S", "-c", SAY]
    running = [Container(config, root, words, entrypoint=[], read_only=True) for _ in range(processes)]
    total = dict.fromkeys(FIELDS, 0)
    for container in running:
        with container:
            code, output = container.wait(120)
        if code:
            raise SystemExit(output)
        for line in output.splitlines():
            name, _, value = line.partition(":")
            if name in total:
                total[name] += int(value.split()[0])
    return total


def main() -> None:
    """Build, pack, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    processes = parser.parse_args().processes
    built("//distroless:python3", "//tests/upx:upx")
    lines = [
        f"| {PROGRAM} | file | gzip | zstd | 1: RSS | anonymous | {processes}: PSS | anonymous |",
        "| --- |" + " ---: |" * 7,
    ]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        root.mkdir()
        with OciArchive(ROOT / "bazel-bin/distroless/python3.tar") as archive:
            archive.unpack(root)
            config = archive.config
        original = Path(scratch) / "plain"
        shutil.copy(root / PROGRAM, original)
        for label, option in METHODS.items():
            (root / PROGRAM).unlink()
            shutil.copy(original, root / PROGRAM)
            if option:
                packer = str(ROOT / "bazel-bin/tests/upx/upx")
                subprocess.run([packer, "-qqq", option, str(root / PROGRAM)], check=True)
            os.sync()
            data = (root / PROGRAM).read_bytes()
            sizes = [len(data), len(gzip.compress(data, 6)), len(zstandard.ZstdCompressor(19).compress(data))]
            one, many = memory(config, root, 1), memory(config, root, processes)
            kilobytes = [one["Rss"], one["Anonymous"], many["Pss"], many["Anonymous"]]
            cells = [f"{size / 1e6:.2f} MB" for size in sizes] + [f"{each * 1024 / 1e6:.1f} MB" for each in kilobytes]
            lines.append(f"| {label} | {' | '.join(cells)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
