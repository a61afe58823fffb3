"""Small images with real layers, and tests of them, run as `bazel test` would."""

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import image_test
import pytest
import support_layer
from distill.image_test import config as image_test_config
from distill.image_test import namespace
from distill.image_test.schema import Configuration
from distill.image_test.subject import View
from distill.layer.stored import Layers
from distill.layer.tree import Source
from support_layer import source

ENV = ["PATH=/bin", "GREETING=hello"]
PASSWD = b"root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:\n"
SCHEMA = 'schemaVersion: "2.0.0"\n'


def require_namespaces() -> None:
    """Skip the test, loudly, where the machine does not let it make user namespaces; in CI that is a failure."""
    problem = namespace.problem()
    if problem and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"an image cannot be run here: {problem}")
    if problem:
        pytest.skip(f"IMAGE NOT RUN: {problem}")


@functools.cache
def programs() -> tuple[Source, ...]:
    """Give a shell and a few tools of the machine, with their libraries."""
    found: dict[str, Source] = {}
    for name in ("sh", "cat", "id", "ls", "sleep", "rm", "mkdir"):
        place = shutil.which(name)
        assert place, name
        found[f"bin/{name}"] = source(f"bin/{name}", data=Path(place).resolve().read_bytes(), mode=0o755)
        said = subprocess.run(["ldd", place], capture_output=True, text=True, check=True).stdout
        for library in re.findall(r"(/\S+) \(0x", said):
            path = library.lstrip("/")
            found[path] = source(path, data=Path(library).read_bytes(), mode=0o755)
    return tuple(found.values())


class Built:
    """An image of `layers`, lowest first, on disk below `root`."""

    def __init__(self, root: Path, *layers: Sequence[Source], **config: Any) -> None:
        self.root = root
        self.folders: list[Path] = []
        for number, sources in enumerate(layers):
            folder = root / f"layer{number}"
            folder.mkdir()
            support_layer.write(support_layer.tree_of(*sources), folder, compression="gzip")
            self.folders.append(folder)
        machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
        self.config = {
            "architecture": config.pop("architecture", machine),
            "os": "linux",
            "config": {"Env": ENV} | config,
        }
        (root / "config.json").write_text(json.dumps(self.config))

    def layers(self) -> Layers:
        """Give its layers."""
        listings, blobs, descriptors = (
            [str(folder / name) for folder in self.folders] for name in ("listing", "blob", "descriptor")
        )
        return Layers(listings, blobs, descriptors, self.root)

    def view(self) -> View:
        """Give the view of it that needs no engine."""
        layers = self.layers()
        return View(self.config, layers.rootfs, layers)

    def run(
        self, tests: str, environment: Mapping[str, str] | None = None, driver: str = "namespace", **more: Path
    ) -> int:
        """Run the `tests` (YAML without schemaVersion) on it and give the exit code."""
        (self.root / "tests.yaml").write_text(SCHEMA + tests)
        lines: list[dict[str, Any]] = [
            {"command": "ImageTest", "label": "//app:image_test", "settings": {"driver": driver}},
            {"role": "config", "path": "config.json"},
            {"role": "tests", "path": "tests.yaml"},
            *({"role": role, "path": str(path)} for role, path in more.items()),
        ]
        for folder in self.folders:
            for role, name in (("layer", "descriptor"), ("listing", "listing"), ("blob", "blob")):
                lines.append({"role": role, "path": str(folder / name)})
        (self.root / "request.jsonl").write_text("\n".join(map(json.dumps, lines)))
        before, variables = Path.cwd(), dict(os.environ)
        os.chdir(self.root)
        os.environ.update({"TEST_TMPDIR": str(self.root), **(environment or {})})
        os.environ.pop("XML_OUTPUT_FILE", None) if not environment else None
        try:
            return image_test.main(["request.jsonl"])
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(variables)


def parsed(tests: str) -> Configuration:
    """Read `tests`, YAML without schemaVersion, which is line 1."""
    return image_test_config.parse((SCHEMA + tests).encode(), "t.yaml")
