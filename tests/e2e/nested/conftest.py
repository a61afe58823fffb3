"""Copies of the workspace to build in. Run by .ci/run, outside Bazel: these tests run Bazel themselves."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import workspace
from workspace import Workspace


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder outside /tmp, which Bazel's sandbox would hide."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="distill-e2e-", dir=cache))
    yield folder
    subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def tree(place: Path) -> Iterator[Workspace]:
    """A copy that has been built by no test yet; tests that change a file change it back."""
    with Workspace(workspace.copy(place / "tree"), place / "outputs") as copy:
        yield copy
