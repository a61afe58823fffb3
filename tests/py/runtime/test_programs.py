"""Tests of distill.runtime.programs."""

import pytest
from distill.runtime import programs


@pytest.mark.parametrize(
    "name",
    [
        *("sh", "bash", "bash5", "rbash", "busybox", "busybox.static", "dash", "mksh", "lksh"),
        *("ksh93", "fish", "pwsh", "yash", "hush", "elvish", "nu", "osh"),
    ],
)
def test_shells(name: str) -> None:
    assert programs.is_shell(name)
    assert not programs.is_package_manager(name)


@pytest.mark.parametrize("name", ["ssh", "shell", "mosh", "push", "flush", "bashbug", "nul", ""])
def test_no_shells(name: str) -> None:
    assert not programs.is_shell(name)


@pytest.mark.parametrize(
    "name",
    [
        *("apk", "apt-cache", "dnf-3", "dpkg-deb", "nix-store", "poetry", "bun", "bundle", "mamba"),
        *("micromamba", "uv"),
    ],
)
def test_package_managers(name: str) -> None:
    assert programs.is_package_manager(name)
    assert not programs.is_shell(name)


@pytest.mark.parametrize("name", ["dpkg-architecture", "aptly", "bunzip2", "gemini", "pipe", "nixie", "rpm2cpio", ""])
def test_no_package_managers(name: str) -> None:
    assert not programs.is_package_manager(name)
