"""Tests of distill.lint.report."""

import pytest
from distill.lint import report
from distill.lint.report import FailOn
from support_lint import findings
from support_listing import file, program

LAYER = [
    *[program(f"usr/bin/{name}", strippable=1_500_000) for name in "abcde"],
    file("srv/key", marks=("secret:private-key",)),
    file("srv/x.xz", size=20000, marks=("xz",)),
]
KEYS = (
    "private-key: private keys are in the image, got /srv/key (a private key);"
    " mount it when the container starts, and take it back: it may have been seen"
)
ELF = (
    "unstripped-elf: ELF files hold symbols and debug information, which nothing reads at run time, got"
    " /usr/bin/a (1.5 MB), /usr/bin/b (1.5 MB), /usr/bin/c (1.5 MB) and 2 more, 7.5 MB in all;"
    " strip them and keep the debug files elsewhere"
)
XZ = (
    "compressed-file: files are stored compressed, so each container that reads them decompresses them again, got"
    " /srv/x.xz (xz, 20.0 kB); store them as they are: the layer is compressed"
)


def test_one_line_a_rule() -> None:
    assert report.text(findings(LAYER)) == f"error: {KEYS}\nwarning: {ELF}\nnote: {XZ}\n"
    assert report.text(findings()) == ""


def test_what_is_shown_has_no_notes() -> None:
    assert report.shown(findings(LAYER)) == [f"error: lint {KEYS}", f"warning: lint {ELF}"]


def test_a_name_writes_no_lines_of_its_own() -> None:
    found = findings([program("x\nerror: y/sh"), program("ü/sh")])
    assert report.text(found) == (
        "warning: shell: the image has a shell, got /x\\nerror: y/sh, /ü/sh;"
        " leave it out, and keep it for a debug variant of the image\n"
    )


def test_what_was_said_of_the_base_is_not_said_again() -> None:
    assert report.shown(findings(LAYER), f"note: x\nwarning: {ELF}\n") == [f"error: lint {KEYS}"]


@pytest.mark.parametrize(("fail_on", "lines"), [("error", [KEYS]), ("warning", [KEYS, ELF]), ("never", [])])
def test_what_fails_a_build(fail_on: FailOn, lines: list[str]) -> None:
    expected = [f"lint {line}, or allow it in lint_allow with the reason" for line in lines]
    assert report.fatal(findings(LAYER), fail_on) == expected


def test_what_is_allowed_is_not_in_the_text() -> None:
    found = findings(
        LAYER, allow={"private-key": "a test", "unstripped-elf:/usr/bin/*": "small", "compressed-file": "x"}
    )
    assert report.text(found) == ""
    assert report.fatal(found, "warning") == []


def test_the_document() -> None:
    layer = [program("usr/bin/sh"), program("usr/bin/dpkg"), file("a\\xff", size=20000, marks=("xz",))]
    assert report.document(findings(layer, User="", allow={"shell": "for people"})) == {
        "findings": [
            {
                "rule": "root-user",
                "severity": "warning",
                "message": "the image runs as root, got no user; set user, with an accounts_layer that has it",
            },
            {
                "rule": "shell",
                "severity": "warning",
                "message": (
                    "the image has a shell, got /usr/bin/sh; leave it out, and keep it for a debug variant of the image"
                ),
                "path": "/usr/bin/sh",
                "allowed": "for people",
            },
            {
                "rule": "package-manager",
                "severity": "warning",
                "message": (
                    "the image has a package manager, got /usr/bin/dpkg;"
                    " leave it out: an image is built, not installed into"
                ),
                "path": "/usr/bin/dpkg",
            },
            {
                "rule": "compressed-file",
                "severity": "note",
                "message": XZ.partition(": ")[2].replace("/srv/x.xz", "/a\\xff"),
                "path": "/a\\xff",
                "size": 20000,
            },
        ],
        "summary": {"error": 0, "warning": 2, "note": 1, "allowed": 1},
    }


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, ""),
        (1, "1 bytes"),
        (9999, "9999 bytes"),
        (10000, "10.0 kB"),
        (1_000_000, "1.0 MB"),
        (2_500_000_000, "2.5 GB"),
    ],
)
def test_amounts(size: int, said: str) -> None:
    assert report.amount(size) == said
