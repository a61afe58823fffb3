"""From files to archive in processes that differ in all that a digest must not depend on (docs/architecture.md).

tests/e2e/nested/test_reproducibility.py does the same through Bazel.
"""

import os
import subprocess
import sys
from pathlib import Path

import support_chain

ELSEWHERE = {
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "SOURCE_DATE_EPOCH": "1234567890",
    "TZ": "Pacific/Chatham",
    "USER": "somebody",
}


def outputs(folder: Path, prefix: str, label: str, *more: str, umask: int, **environment: str) -> dict[str, bytes]:
    """Run the chain in `folder`; give its outputs by what follows the prefix in their names."""
    folder.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, support_chain.__file__, prefix, label, *more],
        cwd=folder,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.name.removeprefix(prefix): path.read_bytes() for path in folder.glob(f"{prefix}*") if path.is_file()}


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    here = outputs(tmp_path / "here", "out-", "//a:b", umask=0o022, PYTHONHASHSEED="0", TZ="UTC")
    there = outputs(tmp_path / "another/place", "x", "@@other//c:d", "one-core", umask=0o077, **ELSEWHERE)
    assert len(here) == 5 * 3 + 4 + 3
    assert {name for name in here if here[name] != there.get(name)} == set()
    assert len(there) == len(here)
