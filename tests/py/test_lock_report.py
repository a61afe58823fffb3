"""What people ask of locks."""

import pytest
from distill import lock_report
from distill.errors import LockError
from distill.lock import LeftOut, Lock, LockedPackage


def package(
    name: str, version: str = "1", *depends: str, size: int = 1000, suite: str = "bookworm", wished: bool = False
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
    )


def lock(*packages: LockedPackage) -> Lock:
    return Lock(1, "", "", (), (LeftOut("adduser", "accounts are declared", ("redis",)),), (), {"amd64": packages})


OLD = lock(package("aa", "1", "bb", wished=True), package("bb", "1", "cc"), package("cc"), package("gone"))
NEW = lock(
    package("aa", "1", "bb", wished=True),
    package("bb", "2", "cc", size=3000, suite="bookworm-security"),
    package("cc"),
    package("dd"),
)


def test_changes() -> None:
    assert list(lock_report.changes(OLD, NEW)) == [
        "amd64: 4 packages, 0.0 MB to download, 0.0 MB installed",
        "    bb 1 -> 2 (bookworm-security, security, +4 kB)",
        "  + dd 1 (0.0 MB)",
        "  - gone 1",
        "  +0.0 MB installed",
    ]


def test_the_first_lock() -> None:
    assert list(lock_report.changes(None, NEW)) == ["amd64: 4 packages, 0.0 MB to download, 0.0 MB installed"]


def test_why() -> None:
    assert list(lock_report.why(OLD, "cc", "amd64")) == ["amd64: aa -> bb -> cc", "  needed by bb"]
    assert list(lock_report.why(OLD, "aa", "amd64")) == ["amd64: aa"]


def test_why_not() -> None:
    expected = ["adduser is left out: accounts are declared (wanted by redis)"]
    assert list(lock_report.why(OLD, "adduser", "amd64")) == expected


def test_a_package_that_is_not_in_the_lock() -> None:
    with pytest.raises(LockError) as caught:
        list(lock_report.why(OLD, "gon", "amd64"))
    assert str(caught.value) == "package is not in the lock for amd64, got 'gon'; did you mean gone?"
