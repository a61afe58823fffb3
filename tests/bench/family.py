"""The distroless family built from downloaded packages: sizes, seconds, memory, actions. Prints Markdown.

python3 tests/bench/family.py

All images of Debian 12 in all variants, for amd64 and arm64, in a copy of this workspace with an own output base.
One build before it downloads the packages and makes Bazel ready; then everything is built anew.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/nested"))

from workspace import Workspace, cache_folder, copy  # noqa: E402 - the line above says where it is

IMAGES = ("static", "base_nossl", "base", "cc", "python3", "nodejs", "java_base", "java")
VARIANTS = ("", "_nonroot", "_debug", "_debug_nonroot")
TARGETS = [f"//distroless:{image}{variant}" for image in IMAGES for variant in VARIANTS]
ARCHITECTURES = ("amd64", "arm64")
# Megabytes of amd64 with gzip: issue 3 of this repository.
GOALS = {"static": 0.6, "base": 4.5, "cc": 5.5, "python3": 15.5}
_EVERY = 0.1


class Memory(threading.Thread):
    """Watches the resident memory of the processes whose command line has `mark`; a context manager.

    `peak` is the most of all at one time, in bytes; `tool` that of the workers alone, which run the tool.
    """

    def __init__(self, mark: str) -> None:
        super().__init__(daemon=True)
        self.mark = mark.encode()
        self.peak = self.tool = 0
        self._done = threading.Event()

    def __enter__(self) -> "Memory":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Look until the context ends."""
        while not self._done.wait(_EVERY):
            everything = tool = 0
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    command = (process / "cmdline").read_bytes()
                    status = (process / "status").read_text()
                except OSError:
                    continue
                if self.mark in command:
                    size = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
                    everything += size * 1024
                    tool += size * 1024 if b"--persistent_worker" in command else 0
            self.peak, self.tool = max(self.peak, everything), max(self.tool, tool)


def layers(manifest: Path) -> int:
    """Give the bytes of all layers of a manifest."""
    return sum(int(layer["size"]) for layer in json.loads(manifest.read_text())["layers"])


def main() -> int:
    """Measure and print; exit code 1 where a goal is missed."""
    folder = Path(tempfile.mkdtemp(prefix="distill-family-", dir=cache_folder()))
    sizes: dict[str, dict[str, int]] = {image: {} for image in IMAGES}
    actions: Counter[str] = Counter()
    try:
        with Workspace(copy(folder / "tree"), folder / "outputs") as place:
            for architecture in ARCHITECTURES:
                platform = f"--platforms=//platforms:linux_{architecture}"
                place.bazel("build", platform, "--symlink_prefix=/", *TARGETS)
                # At once: the other architecture is built to the same place.
                place.bazel("build", platform, "--output_groups=manifest", "--symlink_prefix=/", *TARGETS)
                files = place.files(["manifest"], [f"//distroless:{image}" for image in IMAGES], platform)
                for image in IMAGES:
                    sizes[image][architecture] = layers(files[f"distroless/{image}.manifest.json"])
            place.bazel("clean")
            start = time.monotonic()
            with Memory(str(folder / "outputs")) as memory:
                for architecture in ARCHITECTURES:
                    platform = f"--platforms=//platforms:linux_{architecture}"
                    actions.update(spawn.mnemonic for spawn in place.build(platform, *TARGETS))
            seconds = time.monotonic() - start
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    write(["image", "amd64", "arm64", "goal"])
    write(["---", "---:", "---:", "---:"])
    for image in IMAGES:
        goal = f"{GOALS[image]:.1f} MB" if image in GOALS else ""
        write([f"`{image}`", *(f"{sizes[image][a] / 1e6:.2f} MB" for a in ARCHITECTURES), goal])
    made = ", ".join(f"{count} {mnemonic}" for mnemonic, count in sorted(actions.items()))
    sys.stdout.write(f"\n{len(TARGETS)} images for {len(ARCHITECTURES)} architectures: {seconds:.1f} s, ")
    sys.stdout.write(f"{memory.peak / 1e6:.0f} MB, of which the tool {memory.tool / 1e6:.0f} MB; {made}\n")
    return 1 if any(sizes[image]["amd64"] / 1e6 > goal for image, goal in GOALS.items()) else 0


def write(cells: list[str]) -> None:
    """Write a row of the table."""
    sys.stdout.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    sys.exit(main())
