"""Tests of distill.lint.access: each rule with what it finds and what it leaves alone."""

import pytest
from distill.lint import access
from distill.listing import Record
from support_lint import found
from support_listing import directory, file, hardlink, program, script, symlink


@pytest.mark.parametrize("mode", ["4755", "2755", "6711"])
def test_setuid_file(mode: str) -> None:
    assert found(access.setuid_file, [file("usr/bin/su", mode, gid=5)]) == [f"/usr/bin/su (mode {mode}, owner 0:5)"]


def test_no_setuid_file() -> None:
    assert found(access.setuid_file, [program("usr/bin/app"), directory("var/mail", "2775")]) == []


def test_world_writable() -> None:
    layer = [directory("data", "0777"), file("etc/x", "0666"), directory("y", "0772")]
    assert found(access.world_writable, layer) == ["/data (mode 0777)", "/etc/x (mode 0666)", "/y (mode 0772)"]


def test_not_world_writable() -> None:
    layer = [directory("tmp", "1777"), symlink("x", "tmp"), file("y", "0664"), directory("z", "0775")]
    assert found(access.world_writable, layer) == []


@pytest.mark.parametrize(
    "name",
    ["sh", "bash", "dash", "rbash", "zsh", "ksh93", "busybox", "bash-static", "ash", "csh", "pwsh", "yash", "hush"],
)
def test_shell(name: str) -> None:
    assert found(access.shell, [program(f"usr/bin/{name}")]) == [f"/usr/bin/{name}"]


def test_links_to_a_shell_are_shells() -> None:
    layer = [
        symlink("bin", "usr/bin"),
        program("usr/bin/tool"),
        symlink("usr/bin/sh", "tool"),
        hardlink("x/sh", "usr/bin/tool"),
    ]
    assert found(access.shell, layer) == ["/usr/bin/sh", "/x/sh"]


@pytest.mark.parametrize(
    "record",
    [
        program("usr/bin/shell"),
        file("usr/share/bash-completion/bash"),
        symlink("usr/bin/sh", "nowhere"),
        directory("etc/sh"),
        script("usr/bin/ssh", "/bin/sh"),
    ],
)
def test_no_shell(record: Record) -> None:
    assert found(access.shell, [record]) == []


@pytest.mark.parametrize(
    "name",
    [
        *("apt-get", "dpkg", "apk", "rpm", "microdnf", "pip", "pip3.11", "npm", "gem", "conda", "poetry", "bun", "nix"),
        *("bundle", "bundler", "corepack", "micromamba", "apk.static", "dpkg-deb", "nix-env"),
    ],
)
def test_package_manager(name: str) -> None:
    assert found(access.package_manager, [script(f"usr/bin/{name}", "/usr/bin/x")]) == [f"/usr/bin/{name}"]


def test_no_package_manager() -> None:
    assert (
        found(access.package_manager, [directory("etc/apt"), file("usr/share/apt", "0644"), program("bin/pipe")]) == []
    )


@pytest.mark.parametrize(
    ("user", "said"), [("", "no user"), ("0", "user 0"), ("root", "user root"), ("0:5", "user 0:5"), (None, "no user")]
)
def test_root_user(user: str | None, said: str) -> None:
    assert found(access.root_user, [], User=user) == [said]


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ("admin", "user admin, whose number is 0"),
        ("admin:1", "user admin:1, whose number is 0"),
        ("00", "user 00"),
    ],
)
def test_root_by_another_name(user: str, said: str) -> None:
    passwd = file("etc/passwd", text="admin:x:0:0::/:/bin/x\nroot:x:5:5::/:\n")
    assert found(access.root_user, [passwd], User=user) == [said]


def test_a_user_of_another_number() -> None:
    passwd = file("etc/passwd", text="admin:x:0:0::/:/bin/x\nuser:x:10:0::/:\n")
    assert found(access.root_user, [passwd], User="user") == []


@pytest.mark.parametrize("user", ["1", "nobody", "65532:0", "rooty"])
def test_another_user(user: str) -> None:
    assert found(access.root_user, [], User=user) == []
