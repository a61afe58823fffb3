"""Packages as the lock has them."""

import hashlib
from pathlib import Path

import pytest
from distill.errors import VerificationError
from distill.package.package_input import PackageLine, open_package
from support_deb import Item, deb, write

DEB = deb([Item("usr/bin/demo", b"1")], suffix=".gz", control_suffix=".gz")
SHA256 = hashlib.sha256(DEB).hexdigest()
FOUND = "demo_1.0-1_amd64"
ANEW = "fetch it again, or make the lock anew"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageLine:
    write(tmp_path, DEB, "x.deb")
    monkeypatch.chdir(tmp_path)
    return PackageLine("x.deb", "demo", "1.0-1", "amd64", SHA256, len(DEB))


def test_the_package_that_the_lock_has(line: PackageLine) -> None:
    with open_package(line) as found:
        assert found.identity == "demo_1.0-1_amd64"
    with open_package(PackageLine("x.deb", "demo", "1.0-1", "amd64")) as found:
        assert [entry.path for entry, _ in found.entries] == ["usr/bin/demo"]


@pytest.mark.parametrize(
    ("name", "version", "architecture", "sha256", "size", "message"),
    [
        (
            "demo", "1.0-2", "amd64", "", -1,
            f"x.deb is another package than the lock has, got {FOUND} for demo_1.0-2_amd64; make the lock anew",
        ),
        (
            "other", "1.0-1", "amd64", "", -1,
            f"x.deb is another package than the lock has, got {FOUND} for other_1.0-1_amd64; make the lock anew",
        ),
        (
            "demo", "1.0-1", "arm64", "", -1,
            f"x.deb is another package than the lock has, got {FOUND} for demo_1.0-1_arm64; make the lock anew",
        ),
        (
            "demo", "1.0-1", "amd64", "0" * 64, -1,
            f"x.deb has not the hash that the lock has, got sha256:{SHA256} for sha256:{'0' * 64}; {ANEW}",
        ),
        (
            "demo", "1.0-1", "amd64", SHA256, 7,
            f"x.deb has not the size that the lock has, got {len(DEB)} bytes for 7; {ANEW}",
        ),
    ],
)  # fmt: skip
def test_another_package_is_named(
    line: PackageLine, name: str, version: str, architecture: str, sha256: str, size: int, message: str
) -> None:
    with (
        pytest.raises(VerificationError) as error,
        open_package(PackageLine(line.path, name, version, architecture, sha256, size)),
    ):
        pass
    assert str(error.value) == message
