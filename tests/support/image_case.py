"""What the test of an example does first: find its image among the runfiles and unpack it."""

from pathlib import Path
from typing import Any

from oci_archive import OciArchive
from runfiles import Runfiles

_WORKSPACE = "rules_distill"


def runfile(path: str) -> Path:
    """Find the file that stands at `path` in the workspace."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "this test runs under bazel test"
    for workspace in ("_main", _WORKSPACE):
        location = runfiles.Rlocation(f"{workspace}/{path}")
        if location is not None and Path(location).exists():
            return Path(location)
    raise AssertionError(f"{path} is not among the test's data")


def unpack(path: str, root: Path) -> dict[str, Any]:
    """Unpack the archive that stands at `path` in the workspace below `root` and give its config."""
    root.mkdir()
    with OciArchive(runfile(path)) as archive:
        archive.unpack(root)
        config: dict[str, Any] = archive.config
        return config
