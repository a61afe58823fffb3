"""Tests of distill.runtime.libraries."""

from pathlib import Path

from distill.listing import Dlopen, Elf, Record
from distill.runtime import libraries
from distill.runtime.rootfs import Rootfs
from distill.runtime.sonames import Sonames
from support_listing import LIBC, file, hardlink, library, program, symlink


def findings(*records: Record, architecture: str = "amd64", env: tuple[str, ...] = ()) -> list[str]:
    found = libraries.check(Rootfs([[*LIBC, *records]]), architecture, {"Env": list(env)})
    return sorted(finding.message for finding in found)


def test_a_whole_image_is_fine() -> None:
    assert findings(program("usr/bin/app", "libc.so.6"), file("etc/x")) == []
    assert libraries.check(Rootfs([[program("hello")]]), "amd64", {})


ADD = "add the package that provides it to packages"


def test_a_library_that_no_layer_has() -> None:
    assert findings(program("usr/bin/redis-server", "libssl.so.3", "libc.so.6")) == [
        f"/usr/bin/redis-server needs libssl.so.3, which no layer has; {ADD}"
    ]


def test_where_a_lock_has_what_no_layer_has(tmp_path: Path) -> None:
    (tmp_path / "i.json").write_text(
        '{"hub":"b","sonames":{"amd64":{"libssl.so.3":"libssl3","ld.so":"libc6","libx.so.1":"libx1"}}}'
    )
    records = [
        program("usr/bin/app", "libssl.so.3", "libx.so.1", "libpq.so.5", interpreter="/lib/ld.so"),
        library("lib/libx.so.1", machine="arm64"),
    ]
    found = libraries.check(Rootfs([records]), "amd64", {}, Sonames([str(tmp_path / "i.json")]))
    needs, none = "/usr/bin/app needs", "which no layer has"
    assert sorted(finding.message for finding in found)[1:] == [
        f"{needs} its interpreter /lib/ld.so, {none}; ld.so is in libc6 of this lock: add @b//libc6 to packages",
        (
            f"{needs} libpq.so.5, {none}; no package of this lock has it where the loader looks: lock the one"
            " that has it, by Debian's naming rule libpq5 (`bazel run @b//:lock -- provides libpq.so.5` tells)"
        ),
        f"{needs} libssl.so.3, {none}; libssl.so.3 is in libssl3 of this lock: add @b//libssl3 to packages",
        (
            f"{needs} libx.so.1, which is there only as /lib/libx.so.1 for arm64;"
            " libx.so.1 is in libx1 of this lock: add @b//libx1 to packages"
        ),
    ]


def test_a_library_that_the_loader_does_not_find() -> None:
    records = [program("usr/bin/app", "libx.so.1"), library("opt/x/libx.so.1", "libc.so.6")]
    assert findings(*records) == [
        (
            "/usr/bin/app needs libx.so.1, which is at /opt/x/libx.so.1, where the loader does not look;"
            " put /opt/x into LD_LIBRARY_PATH in env, or link with a RUNPATH"
        )
    ]
    assert findings(*records, env=("LD_LIBRARY_PATH=/none::/opt/x",)) == []


def test_a_library_that_only_the_configuration_of_a_cache_names() -> None:
    records = [program("usr/bin/app", "libx.so.1"), library("opt/x/libx.so.1", "libc.so.6")]
    conf = file("etc/ld.so.conf", text="/opt/link\n")
    message = (
        "/usr/bin/app needs libx.so.1, which is at /opt/x/libx.so.1, where /etc/ld.so.conf leads but no"
        " /etc/ld.so.cache, and the loader reads only that; add an ld_so_cache_layer with the same base and layers"
    )
    assert findings(*records, conf, symlink("opt/link", "x")) == [message]
    assert findings(*records, file("etc/ld.so.conf", text="/opt/x\n")) == [message]
    cache = file("etc/ld.so.cache", text="/opt/x\n")
    assert findings(*records, file("etc/ld.so.conf", text="/opt/x\n"), cache) == []


def test_a_library_of_another_architecture() -> None:
    assert findings(program("usr/bin/app", "libx.so.1"), library("lib/libx.so.1", machine="arm64")) == [
        "/lib/libx.so.1 is for another architecture, got arm64 in an image for amd64; take it from a build for amd64",
        f"/usr/bin/app needs libx.so.1, which is there only as /lib/libx.so.1 for arm64; {ADD} for this architecture",
    ]


def test_architectures_have_debians_names_in_listings() -> None:
    for oci, debian in (
        ("386", "i386"),
        ("arm", "armhf"),
        ("ppc64le", "ppc64el"),
        ("s390x", "s390x"),
        ("arm64", "arm64"),
    ):
        rootfs = Rootfs([[program("app", machine=debian)]])
        assert list(libraries.check(rootfs, oci, {})) == []
        assert list(libraries.check(rootfs, "riscv64", {}))


def test_an_interpreter_that_is_not_there_or_none() -> None:
    app = program("usr/bin/app", interpreter="/lib/ld-other.so.1")
    assert findings(app) == [f"/usr/bin/app needs its interpreter /lib/ld-other.so.1, which no layer has; {ADD}"]
    assert findings(app, file("lib/ld-other.so.1")) == [
        (
            "/usr/bin/app needs its interpreter /lib/ld-other.so.1, got a file of mode 0644 that is no ELF file;"
            f" {ADD} as it is"
        )
    ]
    assert findings(app, library("lib/ld-other.so.1")) == [
        f"/usr/bin/app needs its interpreter /lib/ld-other.so.1, got a file of mode 0644 for amd64; {ADD} as it is"
    ]


def test_every_library_is_checked_even_if_nothing_loads_it() -> None:
    assert findings(library("usr/lib/plugins/p.so", "libgone.so")) == [
        f"/usr/lib/plugins/p.so needs libgone.so, which no layer has; {ADD}"
    ]


def test_a_plugin_may_use_what_a_program_has_loaded() -> None:
    app = program("usr/bin/app", "libhost.so.1", runpath=("/opt/host",))
    host = library("opt/host/libhost.so.1")
    assert findings(app, host, library("opt/plugins/p.so", "libhost.so.1")) == []


def test_a_plugin_may_use_what_a_program_opens_by_its_path() -> None:
    plugin, host = library("opt/lib/libzip.so", "libjvm.so"), library("opt/lib/server/libjvm.so")
    found = list(libraries.check(Rootfs([[plugin, host]]), "amd64", {}))
    assert [(finding.severity, finding.subjects) for finding in found] == [
        ("warning", ("opt/lib/libzip.so", "libjvm.so"))
    ]
    app = program("usr/bin/app", "libjvm.so", interpreter="")
    found = list(libraries.check(Rootfs([[app, plugin, host]]), "amd64", {}))
    assert [(finding.severity, finding.subjects[0]) for finding in found] == [
        ("warning", "opt/lib/libzip.so"),
        ("error", "usr/bin/app"),
    ]


def test_a_private_library_is_judged_where_it_is_loaded() -> None:
    private = [library("opt/lib/liba.so", "libb.so"), library("opt/lib/libb.so")]
    assert findings(program("usr/bin/app", "liba.so", rpath=("/opt/lib",)), *private) == []
    assert findings(library("opt/p.so", "liba.so", rpath=("/opt/lib",)), *private) == []


def test_libraries_that_load_each_other_are_checked() -> None:
    circle = [library("lib/liba.so", "libb.so", "libgone.so"), library("lib/libb.so", "liba.so")]
    assert findings(*circle) == [f"/lib/liba.so needs libgone.so, which no layer has; {ADD}"]


def test_hard_links_are_checked_once() -> None:
    assert len(findings(program("usr/bin/app", "libgone.so"), hardlink("usr/bin/same", "usr/bin/app"))) == 1


def test_a_symbol_version_that_the_library_does_not_define() -> None:
    libc = library("usr/lib/x86_64-linux-gnu/libc.so.6", "ld-linux-x86-64.so.2", versions=("GLIBC_2.36",))
    needs = {"libc.so.6": ("GLIBC_2.38",)}
    app = program("usr/bin/app", "libc.so.6", versions_needed=needs)
    plugin = library("opt/p.so", "libc.so.6", versions_needed=needs)
    end = (
        "of libc.so.6, which /usr/lib/x86_64-linux-gnu/libc.so.6 does not have, where the highest is GLIBC_2.36;"
        " build it against that library, or take the library from a later release"
    )
    found = list(libraries.check(Rootfs([[*LIBC[:2], libc, app, plugin]]), "amd64", {}))
    assert [(finding.severity, finding.message, finding.subjects) for finding in found] == [
        ("error", f"/usr/bin/app needs GLIBC_2.38 {end}", ("usr/bin/app", "libc.so.6")),
        ("error", f"/opt/p.so needs GLIBC_2.38 {end}", ("opt/p.so", "libc.so.6")),
    ]


def test_a_library_that_a_file_says_it_must_open_is_needed() -> None:
    wishes = (Dlopen(("libr.so",), "required"), Dlopen(("libn.so",)))
    app = file("usr/bin/app", "0755", elf=Elf("amd64", "executable", dlopen=wishes))
    assert findings(app) == [f"/usr/bin/app needs libr.so, which no layer has; {ADD}"]
    assert findings(app, library("lib/libr.so")) == []
