"""What the search for secrets costs a layer of small texts: CPU with it and without, in one process, turn about.

python3 tests/bench/secrets.py [--rounds N]

The texts are Python's own library, as a layer of an application would have it: nothing in it is published code.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "py"))

from distill.compression import Compression  # noqa: E402
from distill.layer import content, file_sources, layer, secrets  # noqa: E402
from distill.layer.file_lines import SourceLine  # noqa: E402

_LARGEST = 1 << 16
_FIND = secrets.find


def make(tree: Path) -> tuple[int, int]:
    """Copy the texts to `tree` and give how many they are and their bytes."""
    library = Path(os.__file__).parent
    sizes = []
    for source in sorted(library.rglob("*.py")):
        if source.stat().st_size <= _LARGEST and "site-packages" not in source.parts:
            target = tree / "srv" / source.relative_to(library)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            sizes.append(source.stat().st_size)
    return len(sizes), sum(sizes)


def build(tree: Path, out: Path, compression: Compression, searched: bool) -> float:
    """Build a layer of `tree` with one thread and give the seconds of CPU."""
    content.secrets.find = _FIND if searched else lambda path, data: []  # type: ignore[attr-defined]
    start = time.process_time()
    made = file_sources.build([SourceLine(path=str(tree), short_path="tree", strip_prefix="tree", tree=True)])
    names = (out, f"{out}.descriptor", f"{out}.listing")
    layer.write(made, *names, compression=compression, level="default", threads=1)
    return time.process_time() - start


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    kinds: tuple[Compression, ...] = ("gzip", "zstd")
    with tempfile.TemporaryDirectory() as folder:
        count, size = make(Path(folder, "tree"))
        sys.stdout.write(f"{count} files, {size / 1e6:.1f} MB\n")
        for compression in kinds:
            found: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(rounds):
                for searched, seconds in found.items():
                    seconds.append(build(Path(folder, "tree"), Path(folder, "out"), compression, searched))
            without, with_it = (statistics.median(seconds) for seconds in found.values())
            sys.stdout.write(f"{compression}: {without:.3f} s, {with_it:.3f} s with: {with_it / without - 1:+.0%}\n")


if __name__ == "__main__":
    main()
