"""Tests of distill.image.validate."""

from typing import Any

import pytest
from distill.errors import InputError
from distill.image import validate
from distill.image.validate import Options
from distill.listing import Record
from support_listing import LIBC, directory, file, hardlink, library, program, symlink
from support_match import exactly

ACCOUNTS = [
    file("etc/passwd", text="redis:x:999:999::/data:/sbin/nologin\n"),
    file("etc/group", text="redis:x:999:\n"),
]


def check(*layers: list[Record], allow: dict[str, str] | None = None, **execution: Any) -> list[str]:
    config = {"architecture": "amd64", "os": "linux", "config": execution}
    named = [(f"//layers:{number}", layer) for number, layer in enumerate(layers)]
    return [
        f"{finding.severity}: {finding.message}"
        for finding in validate.check(config, named, Options(allow=allow or {}))
    ]


def test_a_good_image_has_no_findings() -> None:
    assert (
        check(
            LIBC,
            [program("usr/bin/redis-server", "libc.so.6"), *ACCOUNTS, directory("data", "0750", uid=999, gid=999)],
            Entrypoint=["redis-server"],
            User="redis:redis",
            WorkingDir="/data",
            Volumes={"/data": {}},
        )
        == []
    )
    assert check() == []


def test_all_findings_come_sorted_and_once() -> None:
    found = check(
        [program("usr/bin/app", "libgone.so", interpreter="/lib/ld.so"), symlink("dead", "none")],
        Entrypoint=["/usr/bin/none"],
        User="nobody:nogroup",
        WorkingDir="/data",
    )
    assert found == [
        (
            "error: /dead is a link to nothing, got none (there is no /none);"
            " add what it leads to, leave it out, or name it in allow"
        ),
        (
            "error: /usr/bin/app needs its interpreter /lib/ld.so, which no layer has;"
            " add the package that provides it to packages"
        ),
        "error: /usr/bin/app needs libgone.so, which no layer has; add the package that provides it to packages",
        "error: entrypoint is not in the image, got /usr/bin/none; add what provides it to packages or layers",
        "error: group is not in /etc/group, got nogroup; add an accounts_layer that has it, or use a number",
        "error: user is not in /etc/passwd, got nobody; add an accounts_layer that has it, or use a number",
        "error: working_dir is not in the image, got /data; add a layer that has it",
    ]


def test_a_working_dir_that_is_no_directory() -> None:
    assert check([file("data")], WorkingDir="/data") == [
        "error: working_dir is no directory, got /data; add a layer that has it"
    ]


DEAD = "add what it leads to, leave it out, or name it in allow"


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("none", "there is no /none"),
        ("usr/none/x", "there is no /usr/none"),
        ("a", "links that lead to each other"),
        ("usr/file/x", "/usr/file is no directory"),
    ],
)
def test_a_link_to_nothing(link: str, why: str) -> None:
    assert check([symlink("a", link), file("usr/file")]) == [
        f"error: /a is a link to nothing, got {link} ({why}); {DEAD}"
    ]


@pytest.mark.parametrize(
    "link", ["/proc/self/fd", "/dev/stdout", "/sys/x", "/run/app", "/var/run/app.pid", "/data/state", "/etc/localtime"]
)
def test_links_to_what_an_engine_provides(link: str) -> None:
    assert check([symlink("a", link)], Volumes={"/data": {}}) == []


def test_a_hard_link_to_nothing() -> None:
    assert check([hardlink("a", "gone")]) == ["error: /a is a hard link to nothing, got gone; build its layer again"]


SAME = "make it the same in both"


def test_layers_that_disagree() -> None:
    assert check([directory("lib"), file("etc/x")], [symlink("etc/x", "/lib")], [file("lib")]) == [
        f"error: layers disagree on /etc/x, got a file in //layers:0 and a symlink in //layers:1; {SAME}",
        f"error: layers disagree on /lib, got a directory in //layers:0 and a file in //layers:2; {SAME}",
    ]


def test_usr_is_merged_wholly_or_not_at_all() -> None:
    merged = [directory("usr/bin"), directory("usr/lib"), symlink("bin", "usr/bin"), symlink("lib", "usr/lib")]
    assert check(merged) == []
    assert check([directory("bin"), directory("lib64")]) == []
    assert check([*merged, directory("lib64")]) == [
        (
            "error: usr is merged in part, got the directory /lib64 beside /bin -> usr/bin;"
            " use layers that are all merged, or all not"
        )
    ]


def test_volumes() -> None:
    layer = [directory("own", uid=999), directory("roots"), file("file"), *ACCOUNTS]
    volumes: dict[str, Any] = {"/own": {}, "/roots": {}, "/file": {}, "/none": {}}
    assert check(layer, Volumes=volumes, User="redis") == [
        "error: volume is no directory, got /file (a file); add a layer that has it as one",
        (
            "warning: volume is not in the image, got /none; add a layer that has it, owned by user redis:"
            " an engine would make it as root's"
        ),
        (
            "warning: volume may not be written by user redis, got /roots (mode 0755, owner 0:0);"
            " change its mode or owner, or the user"
        ),
    ]
    assert check(layer, Volumes={"/none": {}, "/own": {}}) == []


@pytest.mark.parametrize("pattern", ["usr/bin/app", "/usr/bin/*", "usr/**", "libgone.so", "libgone.*"])
def test_what_is_allowed_is_no_finding(pattern: str) -> None:
    app = [program("usr/bin/app", "libgone.so", interpreter="/ld"), library("ld")]
    assert len(check(app)) == 2
    assert not any("libgone" in text for text in check(app, allow={pattern: "a plugin that is not used"}))


@pytest.mark.parametrize(("pattern", "reason"), [("", "x"), ("a", " ")])
def test_an_allowance_needs_a_reason(pattern: str, reason: str) -> None:
    message = f"allow has no reason for a pattern, got {pattern!r}: {reason!r}; say why it is no fault"
    with pytest.raises(InputError, match=exactly(message)):
        check([], allow={pattern: reason})
