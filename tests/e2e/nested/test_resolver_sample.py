"""A sample of Debian 12 is resolved as dose-debcheck and apt-get would have it: docs/resolver.md's proof in small.

It runs the modules of tests/bench/resolver_proof, so that they keep working; all of the proof takes an hour.
"""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest
import workspace

sys.path += [str(workspace.ROOT / "py"), str(workspace.ROOT / "tests/bench/resolver_proof")]

import archive
import differences
import dose
import private_apt
from archive import Closure, Index
from distill.errors import NetworkError
from distill.resolver.index import Universe

ARCHITECTURE = "amd64"
SAMPLE, SEED = 40, 7
BROKEN = ("console-setup-freebsd", "parl-desktop", "webext-tbsync")
"""What bookworm has and cannot install from main, at its release 12.15; a sample would hardly have one."""


def lacking(what: str) -> None:
    """Skip, loudly; with DISTILL_NO_SKIP in the environment (as in CI) that is a failure."""
    if os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"{what} is missing: apt-get install dose-distcheck debian-archive-keyring")
    pytest.skip(f"NOT TESTED: {what} is missing")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Bookworm's main, as the lock command gets and proves it."""
    for program in ("dose-debcheck", "apt-get"):
        if shutil.which(program) is None:
            lacking(program)
    if not archive.KEYRING.exists():
        lacking(str(archive.KEYRING))
    try:
        return archive.fetch("bookworm", ARCHITECTURE, tmp_path_factory.mktemp("index"))
    except NetworkError as error:
        lacking(f"an index of bookworm ({error})")
        raise


@pytest.fixture(scope="module")
def universe(index: Index) -> Universe:
    return index.universe()


@pytest.fixture(scope="module")
def sample(universe: Universe) -> dict[str, Closure]:
    """What we say of each package of the sample."""
    names = random.Random(SEED).sample(sorted(universe.names()), SAMPLE)
    return {name: archive.closure(universe, name) for name in {*names, *BROKEN} & universe.names()}


def test_dose_calls_the_same_packages_broken(index: Index, sample: dict[str, Closure]) -> None:
    broken, checked = dose.uninstallable(index.file, ARCHITECTURE, sample.keys())
    assert checked >= len(sample)  # some names have two versions
    assert broken == {name for name, closure in sample.items() if closure.fault}


def test_dose_installs_each_closure_by_itself(index: Index, sample: dict[str, Closure]) -> None:
    good = [closure for closure in sample.values() if not closure.fault]
    worlds = dose.Worlds(index.file, ARCHITECTURE)
    assert worlds.check(good, print)[::2] == (len(good), set())
    spoilt, noticed = worlds.control(good, SEED)
    assert noticed == spoilt > SAMPLE // 2


def test_apt_get_installs_the_same(
    index: Index, universe: Universe, sample: dict[str, Closure], tmp_path: Path
) -> None:
    answers = private_apt.Apt(tmp_path, index.file, ARCHITECTURE).ask([*sample], print)
    assert {name for name, answer in answers.items() if answer.fault} == {
        name for name, closure in sample.items() if closure.fault
    }
    unlike = [name for name, answer in answers.items() if answer.packages != sample[name].packages]
    explained = [name for name in unlike if differences.explain(universe, name, answers[name].packages).explained]
    assert explained == unlike
    assert len(unlike) <= SAMPLE // 10
