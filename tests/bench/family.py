"""The distroless family built from downloaded packages: sizes, seconds, memory, actions. Prints Markdown.

python3 tests/bench/family.py

All images of both releases in all variants, for amd64 and arm64, in a copy of this workspace with an own output base.
One build before it downloads the packages and makes Bazel ready; then everything of a release is built anew.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/nested"))

from workspace import Workspace, cache_folder, copy  # noqa: E402 - the line above says where it is

IMAGES = ("static", "base_nossl", "base", "cc", "python3", "nodejs", "java_base", "java")
VARIANTS = ("", "_nonroot", "_debug", "_debug_nonroot")
RELEASES = {"Debian 12": "distroless", "Debian 13": "distroless/debian13"}
ARCHITECTURES = ("amd64", "arm64")
# Megabytes of amd64 with gzip, for Debian 12.
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


def targets(package: str, variants: Sequence[str] = VARIANTS) -> list[str]:
    """Give the labels of the family in `package`."""
    return [f"//{package}:{image}{variant}" for image in IMAGES for variant in variants]


def platform(architecture: str) -> str:
    """Give Bazel's option for an architecture, in Debian's words."""
    return f"--platforms=//platforms:linux_{architecture}"


def sizes(place: Workspace, package: str, architecture: str) -> dict[str, int]:
    """Build all of the family in `package`; give the bytes of each image without variants."""
    place.bazel("build", platform(architecture), "--symlink_prefix=/", *targets(package))
    # At once: the other architecture is built to the same place.
    manifests = ["build", platform(architecture), "--output_groups=manifest", "--symlink_prefix=/"]
    place.bazel(*manifests, *targets(package))
    files = place.files(["manifest"], targets(package, [""]), platform(architecture))
    return {image: layers(files[f"{package}/{image}.manifest.json"]) for image in IMAGES}


def speed(place: Workspace, package: str, mark: str) -> str:
    """Build the family in `package` anew for all architectures, and tell what that took; `mark` is as for Memory."""
    actions: Counter[str] = Counter()
    place.bazel("clean")
    start = time.monotonic()
    with Memory(mark) as memory:
        for architecture in ARCHITECTURES:
            actions.update(spawn.mnemonic for spawn in place.build(platform(architecture), *targets(package)))
    seconds = time.monotonic() - start
    made = ", ".join(f"{count} {mnemonic}" for mnemonic, count in sorted(actions.items()))
    return (
        f"{len(targets(package))} images for {len(ARCHITECTURES)} architectures: {seconds:.1f} s, "
        f"{memory.peak / 1e6:.0f} MB, of which the tool {memory.tool / 1e6:.0f} MB; {made}"
    )


def main() -> int:
    """Measure and print; exit code 1 where a goal is missed."""
    folder = Path(tempfile.mkdtemp(prefix="distill-family-", dir=cache_folder()))
    columns = [(release, architecture) for release in RELEASES for architecture in ARCHITECTURES]
    try:
        with Workspace(copy(folder / "tree"), folder / "outputs") as place:
            found = {(r, a): sizes(place, RELEASES[r], a) for r, a in columns}
            speeds = {release: speed(place, package, str(folder / "outputs")) for release, package in RELEASES.items()}
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    write(["image", *(f"{release}, {architecture}" for release, architecture in columns), "goal"])
    write(["---", *("---:" for _ in columns), "---:"])
    for image in IMAGES:
        goal = f"{GOALS[image]:.1f} MB" if image in GOALS else ""
        write([f"`{image}`", *(f"{found[column][image] / 1e6:.2f} MB" for column in columns), goal])
    sys.stdout.writelines(f"\n{release}: {text}\n" for release, text in speeds.items())
    goals = found["Debian 12", "amd64"]
    return 1 if any(goals[image] / 1e6 > goal for image, goal in GOALS.items()) else 0


def write(cells: list[str]) -> None:
    """Write a row of the table."""
    sys.stdout.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    sys.exit(main())
