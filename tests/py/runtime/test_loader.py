"""Tests of distill.runtime.loader."""

import pytest
from distill.listing import Record
from distill.runtime.loader import Loader
from distill.runtime.rootfs import Rootfs
from support_listing import LIBC, directory, file, library, program, symlink

LIB = "usr/lib/x86_64-linux-gnu"


def load(
    *records: Record, path: str = "usr/bin/app", library_path: tuple[str, ...] = ()
) -> tuple[list[str], list[str]]:
    """Give what is loaded for `path`, without it, and `object:library` for what is missing."""
    rootfs = Rootfs([[*LIBC, *records]])
    node = rootfs.get(path)
    assert node
    process = Loader(rootfs, library_path, "/work").load(path, node)
    return [o.node.record.path for o in process.objects[1:]], [f"{of}:{name}" for of, name in process.missing]


@pytest.mark.parametrize(
    "place", ["lib", "usr/lib", "lib64", "usr/lib64", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"]
)
def test_the_systems_directories(place: str) -> None:
    assert load(program("usr/bin/app", "libx.so.1"), library(f"{place}/libx.so.1")) == ([f"{place}/libx.so.1"], [])


def test_the_closure_is_loaded_once_breadth_first() -> None:
    loaded, missing = load(
        program("usr/bin/app", "liba.so", "libb.so", "libc.so.6"),
        library("lib/liba.so", "libb.so", "libc.so.6", "libgone.so"),
        library("lib/libb.so", "liba.so"),
    )
    assert loaded == ["lib/liba.so", "lib/libb.so", f"{LIB}/libc.so.6"]
    assert missing == ["lib/liba.so:libgone.so"]


def test_the_loader_is_there_by_its_soname() -> None:
    assert load(program("usr/bin/app", "ld-linux-x86-64.so.2"))[1] == []


def test_links_are_followed_and_two_names_are_one_file() -> None:
    records = [library("opt/libx.so.1.2", soname="libx.so.1"), symlink("lib/libx.so.1", "/opt/libx.so.1.2")]
    records += [symlink("lib/libx.so", "libx.so.1")]
    assert load(program("usr/bin/app", "libx.so", "libx.so.1"), *records) == (["opt/libx.so.1.2"], [])


def test_another_machine_is_passed_over() -> None:
    records = [library("lib/libx.so", machine="i386"), file("lib64/libx.so"), directory("usr/lib64/libx.so")]
    assert load(program("usr/bin/app", "libx.so"), *records)[1] == ["usr/bin/app:libx.so"]
    assert load(program("usr/bin/app", "libx.so"), *records, library("usr/lib/libx.so"))[0] == ["usr/lib/libx.so"]


def test_rpath_serves_what_it_loads_too() -> None:
    records = [library("app/lib/liba.so", "libb.so"), library("app/lib/libb.so")]
    assert load(program("usr/bin/app", "liba.so", rpath=("/app/lib",)), *records)[1] == []


def test_runpath_serves_its_own_object_only_and_disables_rpath() -> None:
    records = [library("app/lib/liba.so", "libb.so"), library("app/lib/libb.so")]
    assert load(program("usr/bin/app", "liba.so", runpath=("/app/lib",)), *records)[1] == ["app/lib/liba.so:libb.so"]
    both = program("usr/bin/app", "liba.so", rpath=("/app/lib",), runpath=("/none",))
    assert load(both, *records)[1] == ["usr/bin/app:liba.so"]
    inner = [library("app/lib/liba.so", "libb.so", runpath=("/none",)), library("app/lib/libb.so")]
    assert load(program("usr/bin/app", "liba.so", rpath=("/app/lib",)), *inner)[1] == ["app/lib/liba.so:libb.so"]


def test_a_soname_that_is_loaded_is_not_looked_for() -> None:
    records = [library("app/libpriv.so.1.0", soname="libpriv.so.1"), library("lib/libb.so", "libpriv.so.1")]
    assert load(program("usr/bin/app", "/app/libpriv.so.1.0", "libb.so"), *records)[1] == []


@pytest.mark.parametrize(
    "entry",
    ["$ORIGIN/../lib/app", "${ORIGIN}/../lib/app", "/usr/$LIB/app", "/usr/${LIB}/$PLATFORM/../app", "../usr/lib/app/"],
)
def test_tokens_and_relative_directories(entry: str) -> None:
    records = [directory("work"), directory("usr/lib/x86_64"), library("usr/lib/app/liba.so")]
    assert load(program("usr/bin/app", "liba.so", runpath=(entry,)), *records) == (["usr/lib/app/liba.so"], [])


def test_the_origin_of_a_library_is_where_it_was_opened() -> None:
    records = [
        library("usr/lib/app/liba.so", "libb.so", runpath=("$ORIGIN/own",)),
        library("usr/lib/app/own/libb.so"),
    ]
    assert load(program("usr/bin/app", "liba.so", runpath=("$ORIGIN/../lib/app",)), *records)[1] == []


def test_a_name_with_a_slash_is_a_path() -> None:
    records = [library("work/libs/liba.so"), library("usr/bin/libb.so")]
    assert load(program("usr/bin/app", "libs/liba.so", "$ORIGIN/libb.so"), *records)[1] == []
    assert load(program("usr/bin/app", "none/liba.so"), *records)[1] == ["usr/bin/app:none/liba.so"]


def test_library_path() -> None:
    app = program("usr/bin/app", "liba.so")
    assert load(app, library("opt/liba.so"), library("lib/liba.so"), library_path=("/opt",))[0] == ["opt/liba.so"]
    with_runpath = program("usr/bin/app", "liba.so", runpath=("/run",))
    records = [library("opt/liba.so"), library("run/liba.so")]
    assert load(with_runpath, *records, library_path=("/opt",))[0] == ["opt/liba.so"]
    with_rpath = program("usr/bin/app", "liba.so", rpath=("/run",))
    assert load(with_rpath, *records, library_path=("/opt",))[0] == ["run/liba.so"]


def test_usr_local_is_searched_where_there_is_a_cache() -> None:
    app = program("usr/bin/app", "liba.so")
    assert load(app, library("usr/local/lib/liba.so"))[1]
    assert load(app, library("usr/local/lib/liba.so"), file("etc/ld.so.cache"))[1] == []


def test_musl() -> None:
    app = program("usr/bin/app", "liba.so", "libpthread.so", "libc.so", interpreter="/lib/ld-musl-x86_64.so.1")
    records = [library("usr/local/lib/liba.so", "libb.so", "libc.musl-x86_64.so.1", runpath=("/opt",))]
    records += [library("opt/libb.so", "libd.so"), library("opt/libd.so")]
    assert load(app, *records)[1] == ["usr/local/lib/liba.so:libc.musl-x86_64.so.1"]
    records += [library("lib/ld-musl-x86_64.so.1"), symlink("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1")]
    assert load(app, *records)[1] == []
    assert load(program("usr/bin/app", "libe.so", interpreter="/lib/ld-musl-x86_64.so.1"), library(f"{LIB}/libe.so"))[1]


def test_what_is_no_elf_file_loads_nothing() -> None:
    assert load(file("usr/bin/app")) == ([], [])


def test_the_directories_of_the_cache() -> None:
    records = [program("usr/bin/app", "libx.so"), library("opt/x/lib/libx.so"), library("usr/local/lib/liby.so")]
    assert load(*records)[1] == ["usr/bin/app:libx.so"]
    assert load(*records, file("etc/ld.so.cache", text="/opt/none\n/opt/x/lib\n"))[1] == []
    # ld.so.conf is read by ldconfig only.
    assert load(*records, file("etc/ld.so.conf", text="/opt/x/lib\n"))[1] == ["usr/bin/app:libx.so"]


MUSL = "/lib/ld-musl-x86_64.so.1"


@pytest.mark.parametrize("text", ["/opt/x:/opt/y", "/opt/x\n/opt/y\n"])
def test_the_paths_of_musl(text: str) -> None:
    records = [program("usr/bin/app", "libx.so", interpreter=MUSL), library("opt/y/libx.so"), library("lib/libc.so")]
    assert load(*records)[1] == ["usr/bin/app:libx.so"]
    assert load(*records, file("etc/ld-musl-x86_64.path", text=text)) == (["opt/y/libx.so"], [])


def test_edges_and_what_is_opened() -> None:
    records = [program("usr/bin/app", "libb.so", "libc.so.6"), library("lib/libb.so.1", "libc.so.6")]
    records += [symlink("lib/libb.so", "libb.so.1"), library("lib/libp.so")]
    rootfs = Rootfs([[*LIBC, *records]])
    node = rootfs.get("usr/bin/app")
    assert node
    process = Loader(rootfs).load("usr/bin/app", node, ["libp.so", "libq.so"])
    assert [(by.path, name, found.path, found.links) for by, name, found in process.edges] == [
        ("usr/bin/app", "/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2", ()),
        ("usr/bin/app", "libb.so", "lib/libb.so", ("lib/libb.so",)),
        ("usr/bin/app", "libc.so.6", f"{LIB}/libc.so.6", ()),
        ("usr/bin/app", "libp.so", "lib/libp.so", ()),
        ("lib/libb.so", "libc.so.6", f"{LIB}/libc.so.6", ()),
        (f"{LIB}/libc.so.6", "ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2", ()),
    ]
    assert process.missing == (("usr/bin/app", "libq.so"),)


def test_what_an_image_lacks_is_looked_for_in_others() -> None:
    image = Rootfs([[program("usr/bin/app", "liba.so", "libb.so", "libc.so.6"), library("usr/lib/liba.so")]])
    more = Rootfs([[*LIBC, library("lib/liba.so"), library("lib/libb.so")]])
    most = Rootfs([[library("lib/libb.so"), library("lib/libc.so.6")]])
    node = image.get("usr/bin/app")
    assert node
    process = Loader(image, more=[more, most]).load("usr/bin/app", node)
    assert [o.path for o in process.objects[1:]] == ["usr/lib/liba.so", "lib/libb.so", f"{LIB}/libc.so.6"]
    assert process.names["ld-linux-x86-64.so.2"].path == "lib64/ld-linux-x86-64.so.2"
