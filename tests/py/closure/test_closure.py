"""Tests of distill.closure.closure."""

import pytest
from distill.closure import closure, report
from distill.closure.closure import Closure, Missing, Need, Options
from distill.closure.problems import Messages
from distill.listing import Dlopen, Elf, Record
from distill.runtime.rootfs import Rootfs
from support_listing import LIBC, directory, file, hardlink, library, program, script, symlink

LIB = "usr/lib/x86_64-linux-gnu"
LD = "lib64/ld-linux-x86-64.so.2"


def found(*records: Record, roots: tuple[str, ...] = ("usr/bin/app",), **values: object) -> Closure:
    rootfs = Rootfs([[*LIBC, *records]])
    return closure.compute(rootfs, [(root, "asked for") for root in roots], Options(**values))  # type: ignore[arg-type]


def test_a_static_program_needs_nothing() -> None:
    result = found(program("usr/bin/app"), library("usr/lib/other.so"))
    assert list(result.files) == ["usr/bin/app"]
    assert result.needs == (Need("", "root", "asked for", "usr/bin/app"),)
    assert result.missing == ()


def test_libraries_the_loader_and_all_links() -> None:
    result = found(
        program("usr/bin/app", "liba.so.1"),
        library("opt/liba.so.1.2", "libc.so.6", soname="liba.so.1"),
        symlink("opt/liba.so.1", "liba.so.1.2"),
        symlink("usr/lib/liba.so.1", "../../alias/liba.so.1"),
        symlink("alias", "/opt"),
        library("usr/lib/unused.so"),
    )
    assert sorted(result.files) == [
        "alias", LD, "opt/liba.so.1", "opt/liba.so.1.2", "usr/bin/app", "usr/lib/liba.so.1", f"{LIB}/libc.so.6",
    ]  # fmt: skip
    reasons = result.reasons()
    assert reasons[f"{LIB}/libc.so.6"] == Need("opt/liba.so.1.2", "needed", "libc.so.6", f"{LIB}/libc.so.6")
    assert reasons["alias"] == Need("usr/bin/app", "link", "liba.so.1", "alias")
    assert reasons[LD].kind == "interpreter"


def test_hard_links_come_together() -> None:
    result = found(program("usr/bin/busybox"), hardlink("usr/bin/app", "usr/bin/busybox"))
    assert list(result.files) == ["usr/bin/app", "usr/bin/busybox"]


def test_scripts_of_scripts_and_env() -> None:
    result = found(
        script("usr/bin/app", "/opt/run -x"),
        script("opt/run", "/usr/bin/env -S python3 -I"),
        program("usr/bin/env", "libc.so.6"),
        program("usr/local/bin/python3", "libc.so.6", mode="0644"),
        program("usr/bin/python3.11", "libm.so"),
        symlink("usr/bin/python3", "python3.11"),
        library("lib/libm.so"),
    )
    assert sorted(result.files) == [
        "lib/libm.so", LD, "opt/run", "usr/bin/app", "usr/bin/env", "usr/bin/python3", "usr/bin/python3.11",
        f"{LIB}/libc.so.6",
    ]  # fmt: skip
    assert Need("opt/run", "script", "python3", "usr/bin/python3.11") in result.needs


@pytest.mark.parametrize(
    "argument", ["-S -u HOME -- python3", "-S A=b python3", "--split-string=python3 -u", "-vSpython3"]
)
def test_env_with_options(argument: str) -> None:
    result = found(script("usr/bin/app", f"/usr/bin/env {argument}"), program("usr/bin/env"))
    assert result.missing == (Missing("usr/bin/app", "script", "python3"),)


def test_env_with_a_path_of_its_own() -> None:
    files = [script("usr/bin/app", "/usr/bin/env -S PATH=/opt tool"), program("usr/bin/env"), program("usr/bin/tool")]
    assert found(*files).missing == (Missing("usr/bin/app", "script", "tool"),)
    assert found(*files, program("opt/tool")).missing == ()


def test_env_that_finds_no_program() -> None:
    result = found(script("usr/bin/app", "/usr/bin/env python3 -u"), program("usr/bin/env"), program("usr/bin/python3"))
    assert sorted(result.files) == ["usr/bin/app", "usr/bin/env"]
    why = (
        "gives env one argument with a blank in it, got 'python3 -u', which is no program;"
        " write #!/usr/bin/env -S python3 -u"
    )
    assert result.unreadable == (("usr/bin/app", why),)
    assert list(Messages(Rootfs([]), lambda _: "", "none").of(result)) == [f"/usr/bin/app {why}"]
    assert report.text(result, lambda _: "").splitlines()[-1] == f"/usr/bin/app {why}"
    assert report.document(result, lambda _: "")["unreadable"] == [{"path": "usr/bin/app", "why": why}]


def test_scripts_that_run_each_other_end() -> None:
    result = found(script("usr/bin/app", "/b"), script("b", "/usr/bin/app"))
    assert list(result.files) == ["usr/bin/app", "b"]


def test_libraries_that_need_each_other_end() -> None:
    result = found(
        program("usr/bin/app", "liba.so"), library("lib/liba.so", "libb.so"), library("lib/libb.so", "liba.so")
    )
    assert sorted(result.files) == ["lib/liba.so", "lib/libb.so", LD, "usr/bin/app"]


def test_links_that_lead_to_each_other_lead_nowhere() -> None:
    result = found(
        program("usr/bin/app", "liba.so"), symlink("lib/liba.so", "libb.so"), symlink("lib/libb.so", "liba.so")
    )
    assert result.missing == (Missing("usr/bin/app", "needed", "liba.so"),)


DLOPEN = Elf(
    "amd64",
    "executable",
    dlopen=(
        Dlopen(("libr.so",), "required"),
        Dlopen(("libx.so", "libw.so"), feature="w"),
        Dlopen(("libn.so",)),
        Dlopen(("libs.so",), "suggested"),
    ),
)


@pytest.mark.parametrize(
    ("priorities", "files", "unopened"),
    [
        (("required",), ["libr.so"], []),
        (closure.RECOMMENDED, ["libr.so", "libw.so"], [("usr/bin/app", Dlopen(("libn.so",)))]),
        (
            ("required", "recommended", "suggested"),
            ["libr.so", "libs.so", "libw.so"],
            [("usr/bin/app", Dlopen(("libn.so",)))],
        ),
    ],
)
def test_what_a_program_says_that_it_opens(
    priorities: tuple[str, ...], files: list[str], unopened: list[tuple[str, Dlopen]]
) -> None:
    libraries = [library(f"lib/lib{name}.so") for name in "rws"]
    result = found(file("usr/bin/app", "0755", elf=DLOPEN), *libraries, priorities=priorities)
    assert sorted(result.files) == [*(f"lib/{name}" for name in files), "usr/bin/app"]
    assert list(result.unopened) == unopened
    assert {need.kind for need in result.needs} == {"root", "opened"}


def test_what_is_required_and_not_there_is_missing() -> None:
    result = found(file("usr/bin/app", "0755", elf=DLOPEN))
    assert result.missing == (Missing("usr/bin/app", "needed", "libr.so"),)


def test_what_programs_open_without_saying_so() -> None:
    result = found(program("usr/bin/app"), library("lib/libnss_x.so.2"), opens=("libnss_x.so.2", "libgone.so"))
    assert "lib/libnss_x.so.2" in result.files
    assert result.missing == (Missing("usr/bin/app", "opened", "libgone.so"),)


def test_what_is_missing_and_who_needs_it() -> None:
    result = found(
        program("usr/bin/app", "libgone.so", interpreter="/lib/ld-gone.so"),
        script("s", "/bin/gone"),
        script("e", "/usr/bin/env gone"),
        roots=("usr/bin/app", "s", "e", "nothing"),
    )
    assert result.missing == (
        Missing("usr/bin/app", "interpreter", "/lib/ld-gone.so"),
        Missing("usr/bin/app", "needed", "libgone.so"),
        Missing("s", "script", "/bin/gone"),
        Missing("e", "script", "/usr/bin/env"),
        Missing("e", "script", "gone"),
        Missing("", "root", "nothing"),
    )


def test_plain_files_and_directories_are_taken_as_they_are() -> None:
    result = found(file("etc/x"), directory("srv"), roots=("etc/x", "srv"))
    assert list(result.files) == ["etc/x", "srv"]


def test_what_the_image_lacks_comes_from_the_others_in_turn() -> None:
    image = [program("usr/bin/app", "liba.so", "libb.so"), library("lib/liba.so")]
    packages = [*LIBC, library("usr/lib/liba.so"), library("usr/lib/libb.so"), script("usr/bin/s", "/bin/sh")]
    own = [library("lib/libb.so"), program("bin/sh")]
    views = [Rootfs([image]), Rootfs([packages, image]), Rootfs([own, packages, image])]
    result = closure.compute(views[0], [("usr/bin/app", ""), ("usr/bin/s", "")], more=views[1:])
    assert list(result.files) == ["usr/bin/app", LD, "lib/liba.so", "usr/lib/libb.so", "usr/bin/s", "bin/sh"]
    assert result.missing == ()


def test_a_chain_as_long_as_an_image_needs_no_stack() -> None:
    count = 5000
    chain = [library(f"lib/l{number}.so", f"l{number + 1}.so") for number in range(count)]
    result = found(program("usr/bin/app", "l0.so"), *chain, library(f"lib/l{count}.so"))
    assert len(result.files) == count + 3
