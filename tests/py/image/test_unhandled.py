"""What an image lacks because no maintainer script ran."""

from typing import Any

import pytest
from distill.effect import Effect, Kind
from distill.image import unhandled
from distill.listing import Record
from distill.runtime.rootfs import Rootfs
from hypothesis import given
from hypothesis import strategies as st
from support_listing import directory, file, symlink

ACCOUNTS = [
    file("etc/passwd", text="root:x:0:0::/:/x\ndemo:x:7:8::/:/x\n"),
    file("etc/group", text="root:x:0:\ndemo:x:8:\nadm:x:4:demo,x\n"),
]


def status(*effects: Effect, name: str = "demo") -> Record:
    return file(f"var/lib/dpkg/status.d/{name}", package=f"{name}_1_all", effects=effects)


def lacking(effect: Effect, *records: Record, accounts: bool = True) -> bool:
    return bool(unhandled.check(Rootfs([[status(effect), *records, *(ACCOUNTS if accounts else [])]])))


TRUE, FALSE = True, False


@pytest.mark.parametrize(
    ("effect", "records", "missed"),
    [
        (("user", "demo"), [], FALSE),
        (("user", "other"), [], TRUE),
        (("group", "adm"), [], FALSE),
        (("group", "tty"), [], TRUE),
        (("member", "demo", "adm"), [], FALSE),
        (("member", "root", "adm"), [], TRUE),
        (("directory", "run/demo"), [], TRUE),
        (("directory", "run/demo"), [directory("run/demo")], FALSE),
        (("directory", "var/run/x"), [symlink("var/run", "/run"), directory("run/x")], FALSE),
        (("alternative", "usr/bin/x", "/usr/bin/x.demo"), [file("usr/bin/x.demo")], TRUE),
        (("alternative", "usr/bin/x", "/usr/bin/x.demo"), [], FALSE),
        (("alternative", "usr/bin/x", "/usr/bin/x.demo"), [file("usr/bin/x.demo"), file("usr/bin/x")], FALSE),
        (("link", "var/a", "../srv"), [directory("srv")], TRUE),
        (("link", "var/a", "../srv"), [], FALSE),
        (("file", "etc/a"), [], TRUE),
        (("file", "etc/a"), [file("etc/a")], FALSE),
        (("file", "var/log/a"), [], FALSE),
        (("file", "var/a", "/usr/share/a"), [file("usr/share/a")], TRUE),
        (("file", "etc/a", "/usr/share/a"), [], FALSE),
        (("mode", "a", "2755"), [file("a", "2755")], FALSE),
        (("mode", "a", "2755"), [file("a", "0755")], TRUE),
        (("mode", "a", "u+s"), [file("a", "0755")], TRUE),
        (("mode", "a", "u+s"), [file("a", "4755")], FALSE),
        (("mode", "a", "o-w"), [file("a", "0777")], FALSE),
        (("mode", "a", "9"), [file("a")], FALSE),
        (("mode", "a", "0755"), [], FALSE),
        (("owner", "a", "demo:adm"), [file("a", uid=7, gid=4)], FALSE),
        (("owner", "a", "demo:adm"), [file("a", uid=7)], TRUE),
        (("owner", "a", ":demo"), [file("a", uid=3, gid=8)], FALSE),
        (("owner", "a", "unknown:unknown"), [file("a")], FALSE),
        (("owner", "a", "demo:"), [], FALSE),
        (("capability", "a", "cap_net_raw+ep"), [file("a")], TRUE),
        (("capability", "a", "cap_net_raw+ep"), [], FALSE),
        (("divert", "a", "/a.old"), [file("a")], FALSE),
        (("divert", "a", "/a.old"), [file("a"), file("a.old")], TRUE),
        (("divert", "lib64", ""), [directory("usr/lib64"), symlink("lib64", "usr/lib64")], FALSE),
        (("certificates", "update-ca-certificates"), [], TRUE),
        (("certificates", "update-ca-certificates"), [file("etc/ssl/certs/ca-certificates.crt")], FALSE),
        (("cache", "update-mime-database"), [], TRUE),
        (("cache", "update-mime-database"), [file("usr/share/mime/mime.cache")], FALSE),
        (("cache", "fc-cache"), [], FALSE),
        (("machine", "ssh-keygen"), [], TRUE),
        (("script", "postinst", "/usr/bin/perl"), [], TRUE),
        (("debconf", "config"), [], FALSE),
        (("ldconfig", "ldconfig"), [], FALSE),
        (("bytecode", "py3compile"), [], FALSE),
    ],
)
def test_effects(effect: tuple[Kind, str] | tuple[Kind, str, str], records: list[Record], missed: bool) -> None:
    assert lacking(Effect(*effect), *records) is missed


def messages(*records: Record, **values: Any) -> list[str]:
    found = unhandled.check(Rootfs([records]), **values)
    assert {finding.severity for finding in found} <= {"warning"}
    return [finding.message for finding in found]


def test_one_warning_for_a_package() -> None:
    record = status(Effect("user", "demo"), Effect("directory", "run/demo"), Effect("machine", "ssh-keygen"))
    assert messages(record) == [
        (
            "maintainer scripts are not run, got demo, which would have had user demo, directory /run/demo, machine"
            " ssh-keygen; use accounts_layer; directories of layer; a volume, or what the container does at its start;"
            " or name what is not needed in allow"
        )
    ]
    assert messages(record, allowed=lambda subject: subject in ("demo", "ssh-keygen")) == [
        (
            "maintainer scripts are not run, got demo, which would have had directory /run/demo;"
            " use directories of layer; or name what is not needed in allow"
        )
    ]
    assert messages(record, allowed=lambda subject: True) == []


def test_long_lists_are_cut() -> None:
    record = status(*(Effect("user", f"u{number}") for number in range(12)))
    assert "user u7 and 4 more; use accounts_layer;" in messages(record)[0]


def script(path: str, shebang: str = "/bin/sh -e", mode: str = "0755", package: str = "demo_1_all") -> Record:
    return file(path, mode, shebang=shebang, package=package)


def test_scripts_without_their_interpreter() -> None:
    records = [script("usr/bin/a"), script("usr/bin/b"), script("usr/bin/c", "/usr/bin/perl")]
    assert messages(*records) == [
        (
            "scripts of demo need /bin/sh, which no layer has, got /usr/bin/a, /usr/bin/b;"
            " leave them out, add the package that has it, or name them in allow"
        ),
        (
            "scripts of demo need /usr/bin/perl, which no layer has, got /usr/bin/c;"
            " leave them out, add the package that has it, or name them in allow"
        ),
    ]
    shell = [symlink("bin", "usr/bin"), symlink("usr/bin/sh", "dash"), file("usr/bin/dash", "0755")]
    assert messages(*records[:2], *shell) == []
    assert messages(*records[:2], allowed=lambda subject: subject == "usr/bin/a") == [
        (
            "scripts of demo need /bin/sh, which no layer has, got /usr/bin/b;"
            " leave them out, add the package that has it, or name them in allow"
        )
    ]


def test_scripts_that_nobody_starts() -> None:
    assert (
        messages(
            script("etc/init.d/demo"),
            script("etc/cron.daily/demo"),
            script("usr/share/doc/demo/example"),
            script("usr/bin/not-executable", mode="0644"),
            script("app/own", package=""),
        )
        == []
    )


@given(st.sampled_from(list(Effect.__annotations__)), st.text(max_size=8), st.text(max_size=8))
def test_any_subject_is_looked_up(_: str, subject: str, detail: str) -> None:
    for kind in ("user", "member", "mode", "owner", "link", "file", "divert", "cache", "alternative"):
        lacking(Effect(kind, subject.strip("/"), detail))
