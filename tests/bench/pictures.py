"""A layer of 200 MB of pictures, JPEG and PNG: seconds, CPU and size under each compression.

python3 tests/bench/pictures.py [--rounds N] [--repository DIRECTORY]

Needs Pillow, which makes the pictures. `--repository` is another state of this one to measure, such as one before.
"""

import argparse
import io
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
_BYTES = 200_000_000
_SMALL, _LARGE = (150, 112), (1200, 896)
_RUN = """
import sys, time
sys.path.insert(0, sys.argv[1] + "/py")
from distill import compression
from distill.layer import file_sources, layer
from distill.layer.file_lines import SourceLine
kind, level, out = sys.argv[2:]
compression.compressor(kind, level)
cpu, start = time.process_time(), time.perf_counter()
made = file_sources.build([SourceLine(path="tree", short_path="tree", strip_prefix="tree", tree=True)])
layer.write(made, out, out + ".d", out + ".l", compression=kind, level=level)
print(time.perf_counter() - start, time.process_time() - cpu)
"""


def make(tree: Path) -> None:
    """Write pictures to `tree`: soft ones, as photographs are, the same every time."""
    tree.mkdir()
    total = number = 0
    while total < _BYTES:
        pixels = random.Random(number).randbytes(_SMALL[0] * _SMALL[1] * 3)
        picture = Image.frombytes("RGB", _SMALL, pixels).resize(_LARGE, Image.Resampling.BICUBIC)
        stream = io.BytesIO()
        kind = "JPEG" if number % 5 else "PNG"
        picture.save(stream, kind, quality=95)
        (tree / f"{number:04}.{kind.lower()}").write_bytes(stream.getvalue())
        total += stream.tell()
        number += 1


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repository", type=Path, default=REPOSITORY)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder, "tree"))
        for kind in ("gzip", "zstd"):
            for level in ("fast", "default", "best"):
                command = [sys.executable, "-c", _RUN, str(asked.repository), kind, level, "out"]
                runs = [
                    subprocess.run(command, cwd=folder, check=True, capture_output=True) for _ in range(asked.rounds)
                ]
                numbers = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
                seconds, cpu = (statistics.median(column) for column in numbers)
                size = Path(folder, "out").stat().st_size / 1e6
                sys.stdout.write(f"{kind} {level}: {seconds:.2f} s, {cpu:.2f} s of CPU, {size:.1f} MB\n")


if __name__ == "__main__":
    main()
