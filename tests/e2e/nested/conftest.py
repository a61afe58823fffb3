"""Copies of the workspace to build in. Run by .ci/run, outside Bazel: these tests run Bazel themselves."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import workspace
from workspace import Workspace

# tiny.py makes packages with the helpers of tests/py.
sys.path.append(str(workspace.ROOT / "tests/py"))


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder for copies and output bases."""
    folder = Path(tempfile.mkdtemp(prefix="distill-e2e-", dir=workspace.cache_folder()))
    yield folder
    subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def tree(place: Path) -> Iterator[Workspace]:
    """A copy that has been built by no test yet; tests that change a file change it back."""
    with Workspace(workspace.copy(place / "tree"), place / "outputs") as copy:
        yield copy
