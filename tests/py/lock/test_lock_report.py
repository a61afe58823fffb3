"""What people ask of locks."""

from collections.abc import Sequence

import msgspec
import pytest
from distill.errors import LockError
from distill.lock import report as lock_report
from distill.lock.lock import LeftOut, Lock, LockedChoice, LockedPackage


def package(
    name: str,
    version: str = "1",
    *depends: str,
    size: int = 1000,
    suite: str = "bookworm",
    wished: bool = False,
    effects: Sequence[str] = (),
    sonames: Sequence[str] = (),
) -> LockedPackage:
    return LockedPackage(
        name,
        version,
        "amd64",
        "debian",
        suite,
        "main",
        "misc",
        name,
        version,
        f"pool/{name}.deb",
        size,
        f"{name}{version}",
        size * 2,
        depends,
        wished=wished,
        effects=tuple(effects),
        sonames=tuple(sonames),
    )


def lock(*packages: LockedPackage) -> Lock:
    return Lock(1, "", "", (), (LeftOut("adduser", "accounts are declared", ("redis",)),), (), {"amd64": packages})


OLD = lock(package("aa", "1", "bb", wished=True), package("bb", "1", "cc"), package("cc"), package("gone"))
NEW = lock(
    package("aa", "1", "bb", wished=True),
    package("bb", "2", "cc", size=3000, suite="bookworm-security"),
    package("cc"),
    package("dd", suite="bookworm-security"),
)


def test_changes() -> None:
    assert list(lock_report.changes(OLD, NEW)) == [
        "amd64: 4 packages, 6 kB to download, 12 kB installed",
        "  1 changed, 1 added, 1 removed, 2 from a security suite; +2 kB to download, +4 kB installed",
        "    bb 1 -> 2 (bookworm-security, security, +4 kB)",
        "  + dd 1 (bookworm-security, security, 2 kB)",
        "  - gone 1",
    ]


def test_the_first_lock() -> None:
    assert list(lock_report.changes(None, NEW)) == ["amd64: 4 packages, 6 kB to download, 12 kB installed"]


def test_nothing_changed() -> None:
    assert list(lock_report.changes(OLD, OLD)) == [
        "amd64: 4 packages, 4 kB to download, 8 kB installed",
        "  nothing changed",
    ]


def test_back_to_an_older_version_and_another_build() -> None:
    rebuilt = msgspec.structs.replace(package("cc"), sha256="other", installed_size=3_002_000)
    assert list(lock_report.changes(lock(package("bb", "10"), package("cc")), lock(package("bb", "9"), rebuilt))) == [
        "amd64: 2 packages, 2 kB to download, 3.0 MB installed",
        "  2 changed, 0 added, 0 removed, 0 from a security suite; +0 kB to download, +3.0 MB installed",
        "    bb 10 -> 9 (bookworm, older)",
        "    cc 1, another build of it (bookworm, +3.0 MB)",
    ]


def test_architectures_that_come_and_go() -> None:
    two = msgspec.structs.replace(OLD, packages={"amd64": OLD.packages["amd64"], "arm64": (package("aa"),)})
    assert list(lock_report.changes(two, OLD))[2:] == ["arm64: no longer locked, 1 packages less"]
    assert list(lock_report.changes(OLD, two))[2:] == ["arm64: 1 packages, 1 kB to download, 2 kB installed"]


def test_why() -> None:
    assert list(lock_report.why(OLD, "cc")) == ["amd64: aa -> bb -> cc", "  needed by bb"]
    assert list(lock_report.why(OLD, "aa", ["amd64"])) == ["amd64: aa"]


def test_why_not() -> None:
    two = msgspec.structs.replace(OLD, packages={**OLD.packages, "arm64": ()})
    expected = ["adduser is left out: accounts are declared (wanted by redis)"]
    assert list(lock_report.why(two, "adduser")) == expected


def test_why_a_base_has_it_for_one_architecture_and_we_for_the_other() -> None:
    out = LeftOut("lib1", "base.lock.json has it", ("app",), ("amd64",))
    app = package("app", "1", "lib1", wished=True)
    two = Lock(
        1, "", "", (), (out,), (), {"amd64": (package("app", "1", wished=True),), "arm64": (app, package("lib1"))}
    )
    arm64 = ["arm64: app -> lib1", "  needed by app"]
    amd64 = ["lib1 is left out for amd64: base.lock.json has it (wanted by app)"]
    assert list(lock_report.why(two, "lib1", ["arm64"])) == arm64
    assert list(lock_report.why(two, "lib1", ["amd64"])) == amd64
    assert list(lock_report.why(two, "lib1")) == [*arm64, *amd64]
    three = msgspec.structs.replace(two, packages={**two.packages, "s390x": ()})
    assert list(lock_report.why(three, "lib1")) == [*arm64, *amd64]
    assert refusal(three, "lib1", "s390x").startswith("package is not in the lock for s390x, got 'lib1'; ")


def test_a_choice_that_changes_is_told() -> None:
    def chosen(name: str) -> Lock:
        return msgspec.structs.replace(lock(package(name)), choices=(LockedChoice("mta", name),))

    assert list(lock_report.changes(chosen("yota"), chosen("alpha")))[2:] == [
        "  + alpha 1 (bookworm, 2 kB)",
        "  - yota 1",
        "  mta is provided by alpha now, and no longer by yota",
    ]
    assert "mta" not in "".join(lock_report.changes(chosen("yota"), chosen("yota")))


def test_why_where_one_architecture_has_it() -> None:
    two = msgspec.structs.replace(OLD, packages={"amd64": (), "arm64": OLD.packages["amd64"]})
    assert list(lock_report.why(two, "bb")) == ["arm64: aa -> bb", "  needed by aa"]
    assert refusal(two, "bb", "amd64") == (
        "package is not in the lock for amd64, got 'bb'; add it to the manifest's packages"
    )
    assert refusal(two, "gon") == "package is not in the lock for amd64, arm64, got 'gon'; did you mean gone?"


def refusal(found: Lock, name: str, *architectures: str) -> str:
    with pytest.raises(LockError) as caught:
        list(lock_report.why(found, name, architectures))
    return str(caught.value)


def test_a_package_that_is_not_in_the_lock() -> None:
    assert refusal(OLD, "gon", "amd64") == "package is not in the lock for amd64, got 'gon'; did you mean gone?"


def test_an_architecture_that_is_not_in_the_lock() -> None:
    assert refusal(OLD, "aa", "arm64") == (
        "lock is for other architectures, got 'arm64'; it has amd64: add it to the manifest's architectures"
    )


HEAD = "scripts of packages are never run; in an image other layers stand for what they would have made:"
TAIL = "  (`why PACKAGE` tells all of it, and what stands for it)"
MANY = [f"directory /srv/a-rather-long-name/{number}" for number in range(5)]
SERVER = package("server", effects=["group server", "user server home=/srv"], sonames=["libserver.so.1"])


def test_effects_of_what_is_new_or_changed() -> None:
    old = lock(package("cc", effects=["group cc"]), package("gone", effects=["group gone"]), package("bb"))
    new = lock(package("bb", "2", effects=MANY), package("cc", effects=["group cc"]), SERVER)
    assert list(lock_report.effects(old, new)) == [
        HEAD,
        (
            "  bb: directory /srv/a-rather-long-name/0, directory /srv/a-rather-long-name/1,"
            " directory /srv/a-rather-long-name/2 and 2 more"
        ),
        "  server: group server, user server home=/srv",
        TAIL,
    ]
    assert list(lock_report.effects(new, new)) == []
    assert len(list(lock_report.effects(None, new))) == 5


def test_effects_of_several_architectures_are_told_once() -> None:
    other = package("aa", effects=["link /lib -> usr/lib"])
    packages = {"amd64": (package("aa", effects=["group aa"]), SERVER), "arm64": (other, SERVER), "s390x": (other,)}
    assert list(lock_report.effects(None, msgspec.structs.replace(OLD, packages=packages)))[1:-1] == [
        "  aa (amd64; not the same for arm64, s390x): group aa",
        "  server: group server, user server home=/srv",
    ]


def test_a_summary_has_an_end() -> None:
    found = list(
        lock_report.effects(None, lock(*(package(f"p{n:03}", effects=["group " + "x" * 500]) for n in range(50))))
    )
    assert len(found) == 42
    assert found[1] == "  p000: group " + "x" * 114
    assert found[-1] == "  (`why PACKAGE` tells all of it, and what stands for it; and 10 more packages)"


def test_why_tells_what_comes_with_it() -> None:
    assert list(lock_report.why(lock(package("aa", "1", "server", wished=True), SERVER), "server")) == [
        "amd64: aa -> server",
        "  needed by aa",
        "  scripts would have made: group server (accounts_layer)",
        "  scripts would have made: user server home=/srv (accounts_layer)",
        "  libraries libserver.so.1",
    ]
