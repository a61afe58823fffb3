"""Tests of distill.runtime.launch."""

from typing import Any

import pytest
from distill.listing import Record
from distill.runtime import launch
from distill.runtime.identity import ROOT, Identity
from distill.runtime.rootfs import Rootfs
from support_listing import directory, file, program, script, symlink

APP = Identity("app", 1000, frozenset({1000}))
TREE = [
    program("usr/bin/app"),
    file("usr/bin/data"),
    file("usr/bin/odd", "0755"),
    directory("root", "0700"),
    program("root/app"),
    program("usr/bin/mine", mode="0700"),
    script("usr/bin/run", "/usr/bin/app -x"),
    script("usr/bin/run2", "/usr/bin/run"),
    script("usr/bin/noshell", "/bin/sh -e"),
    program("usr/bin/env"),
    script("usr/bin/through", "/usr/bin/env app"),
    script("usr/bin/through-none", "/usr/bin/env -S python3 -u"),
    script("usr/bin/plain", "/usr/bin/env -S -u X A=b app"),
    script("usr/bin/blank", "/usr/bin/env app -u"),
    script("usr/bin/elsewhere", "/usr/bin/env -S -C /root ./app"),
    script("usr/bin/no-path", "/usr/bin/env -S PATH=/opt app"),
    symlink("usr/bin/link", "/opt/none"),
    symlink("start", "usr/bin/app"),
    *(script(f"usr/bin/s{n}", f"/usr/bin/s{n + 1}") for n in range(9)),
]


def check(entrypoint: list[str] | None, who: Identity = ROOT, records: list[Record] = TREE, **config: Any) -> list[str]:
    return [finding.message for finding in launch.check(Rootfs([records]), {"Entrypoint": entrypoint, **config}, who)]


@pytest.mark.parametrize(
    "command",
    [
        ["/usr/bin/app"],
        ["app", "x"],
        ["/start"],
        ["/usr/bin/run"],
        ["run2"],
        ["/usr/bin/through"],
        ["/usr/bin/plain"],
    ],
)
def test_what_can_be_started(command: list[str]) -> None:
    assert check(command) == []
    assert check(command, APP) == []
    assert check(None, Cmd=command) == []


def test_an_image_without_a_command_is_fine() -> None:
    assert check(None) == []
    assert check([], Cmd=None) == []


def test_relative_commands() -> None:
    assert check(["./app"], WorkingDir="/usr/bin") == []
    assert check(["bin/app"], WorkingDir="/usr") == []
    assert check(["app"], WorkingDir="/usr/bin", Env=["PATH="]) == []
    assert check(["app"], Env=["PATH=/sbin:/usr/bin"]) == []


ADD = "add what provides it to packages or layers"


@pytest.mark.parametrize(
    ("entrypoint", "who", "message"),
    [
        (["/usr/bin/redis"], ROOT, f"entrypoint is not in the image, got /usr/bin/redis; {ADD}"),
        (["/bin/app"], ROOT, "entrypoint is not in the image, got /bin/app; it is at /root/app"),
        (["/usr/bin/link"], ROOT, f"entrypoint is not in the image, got /usr/bin/link; {ADD}"),
        (
            ["redis"],
            ROOT,
            (
                "entrypoint is not in a directory of PATH"
                " (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin),"
                f" got redis; {ADD}"
            ),
        ),
        (["/usr/bin"], ROOT, "entrypoint is no regular file, got /usr/bin (a directory); name a program"),
        (["data"], ROOT, "entrypoint has no execute bit, got /usr/bin/data (mode 0644); give it mode 0755"),
        (
            ["/usr/bin/mine"],
            APP,
            (
                "entrypoint may not be executed by user app, got /usr/bin/mine (mode 0700, owner 0:0);"
                " change its mode or owner, or the user"
            ),
        ),
        (
            ["/root/app"],
            APP,
            (
                "entrypoint is below a directory that user app may not enter, got /root (mode 0700, owner 0:0);"
                " change its mode or owner, or the user"
            ),
        ),
        (
            ["odd"],
            ROOT,
            (
                "entrypoint is no program, got /usr/bin/odd (neither an ELF file nor a script that begins with #!);"
                " name a program"
            ),
        ),
        (
            ["noshell"],
            ROOT,
            (
                "/usr/bin/noshell needs its interpreter /bin/sh, which no layer has;"
                " add the package that provides it to packages"
            ),
        ),
        (
            ["through-none"],
            ROOT,
            (
                "/usr/bin/through-none needs its interpreter python3, which no layer has;"
                " add the package that provides it to packages"
            ),
        ),
        (
            ["blank"],
            ROOT,
            (
                "/usr/bin/blank gives env one argument with a blank in it, got 'app -u', which is no program;"
                " write #!/usr/bin/env -S app -u"
            ),
        ),
        (
            ["no-path"],
            ROOT,
            (
                "/usr/bin/no-path needs its interpreter app, which no layer has;"
                " add the package that provides it to packages"
            ),
        ),
        (
            ["s0"],
            ROOT,
            (
                "entrypoint is a script whose interpreters are scripts too, got 5 from s0 on;"
                " begin one with #! and a program"
            ),
        ),
    ],
)
def test_what_cannot_be_started(entrypoint: list[str], who: Identity, message: str) -> None:
    assert check(entrypoint, who) == [message]


def test_env_that_goes_elsewhere() -> None:
    assert check(["elsewhere"]) == []


def test_cmd_is_named_where_it_is_the_command() -> None:
    assert check(None, Cmd=["/none"]) == [f"cmd is not in the image, got /none; {ADD}"]
