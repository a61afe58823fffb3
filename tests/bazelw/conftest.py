"""Fixtures for the tests of bazelw: where it is, how to run it, a mirror of tiny packages."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest


def _root() -> Path:
    """The folder of `bazelw`: $BAZELW_ROOT, else Bazel's runfiles, else this checkout."""
    given = os.environ.get("BAZELW_ROOT")
    runfiles = os.environ.get("RUNFILES_DIR") or os.environ.get("TEST_SRCDIR")
    places = [Path(given)] if given else []
    if runfiles:
        places.append(Path(runfiles, os.environ.get("TEST_WORKSPACE", "_main")))
    places.append(Path(__file__).resolve().parents[2])
    return next(place for place in places if (place / "bazelw").is_file())


sys.path.insert(0, str(_root() / "tools"))

import fake_mirror  # noqa: E402  (needs the path above)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def not_tested(reason: str) -> NoReturn:
    """Skip the test, loudly; with DISTILL_NO_SKIP in the environment (as in CI) that is a failure."""
    if os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"DISTILL_NO_SKIP is set, and {reason}", pytrace=False)
    pytest.skip(f"NOT TESTED: {reason}")


@pytest.fixture(scope="session")
def bazelw_root() -> Path:
    """The folder that holds bazelw and tools/bazelw."""
    return _root()


@pytest.fixture
def fast(bazelw_root: Path) -> ModuleType:
    """The script bazelw as a module."""
    loader = importlib.machinery.SourceFileLoader("bazelw_script", str(bazelw_root / "bazelw"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A cache folder of the test's own."""
    return tmp_path / "home"


@pytest.fixture
def environment(home: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which bazelw finds no Bazel and no mirror but what the test gives it."""
    bundle = tmp_path / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n", encoding="utf-8")
    (tmp_path / "apt").mkdir()
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(tmp_path),
        "BAZELW_HOME": str(home),
        "BAZELW_ALLOW_TMP": "1",
        "BAZELW_APT_SOURCES": str(tmp_path / "apt"),
        "SSL_CERT_FILE": str(bundle),
    }


@pytest.fixture
def run(bazelw_root: Path, environment: Mapping[str, str]) -> Run:
    """Run bazelw with arguments and further variables; returns what it printed and its exit code."""

    def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(bazelw_root / "bazelw"), *arguments],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return call


@pytest.fixture(scope="session")
def signed_mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[fake_mirror.Mirror]:
    """A signed mirror, to be copied and not to be changed."""
    missing = [name for name in ("apt-get", "dpkg-deb", "gpg", "gpgv") if shutil.which(name) is None]
    if missing:
        not_tested(f"installing needs {', '.join(missing)}; install apt, dpkg, gnupg")
    with tempfile.TemporaryDirectory(prefix="gpg", dir="/tmp", ignore_cleanup_errors=True) as gnupg:
        yield fake_mirror.build(tmp_path_factory.mktemp("mirror"), Path(gnupg))
        subprocess.run(["gpgconf", "--homedir", gnupg, "--kill", "all"], check=False, capture_output=True)


@pytest.fixture
def mirror(signed_mirror: fake_mirror.Mirror, tmp_path: Path, environment: dict[str, str]) -> fake_mirror.Mirror:
    """A copy of the mirror, named in the environment."""
    copy = signed_mirror.copy(tmp_path / "mirror")
    environment["BAZELW_MIRROR"] = copy.uri
    environment["BAZELW_KEYRING"] = str(copy.keyring)
    return copy
