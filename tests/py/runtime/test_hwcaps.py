"""Tests of distill.runtime.hwcaps and of rare tags in distill.runtime.loader, on listings and beside the real ld.so."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from distill.elf import file as elf
from distill.listing import Record, escape
from distill.runtime.hwcaps import Levels
from distill.runtime.loader import Loader
from distill.runtime.process import Process
from distill.runtime.rootfs import Rootfs
from support_compiler import compiled, tool
from support_listing import LIBC, directory, file, library, program

LIB = "usr/lib/x86_64-linux-gnu"
CAPS = f"{LIB}/glibc-hwcaps"


def load(*records: Record) -> tuple[list[str], list[str]]:
    """Give what is loaded for usr/bin/app, without it, and what is missing."""
    rootfs = Rootfs([[*LIBC, *records]])
    node = rootfs.get("usr/bin/app")
    assert node
    process = Loader(rootfs).load("usr/bin/app", node)
    return [o.node.record.path for o in process.objects[1:]], [name for _, name in process.missing]


def test_levels_are_in_the_order_of_processors() -> None:
    names = ["power10", "power9", "x86-64-v2", "z13"]
    rootfs = Rootfs([[directory(f"lib/glibc-hwcaps/{name}") for name in names] + [file("opt/glibc-hwcaps")]])
    levels = Levels(rootfs)
    assert [path.rpartition("/")[2] for path in levels.below("/lib")] == ["power9", "power10", "x86-64-v2", "z13"]
    assert levels.below("/opt") == levels.below("/none") == ()


def test_the_library_and_its_variants() -> None:
    variants = [library(f"{CAPS}/x86-64-v{level}/libx.so", "liby.so") for level in (3, 2)]
    records = [program("usr/bin/app", "libx.so"), *variants, library("opt/liby.so")]
    base = library(f"{LIB}/libx.so")
    assert load(*records, base) == (
        [f"{LIB}/libx.so", f"{CAPS}/x86-64-v2/libx.so", f"{CAPS}/x86-64-v3/libx.so"],
        ["liby.so"],
    )
    # Who has a library for better processors only, has it; the lowest level is what its name means.
    assert load(*records)[0] == [f"{CAPS}/x86-64-v2/libx.so", f"{CAPS}/x86-64-v3/libx.so"]
    # What stands behind the library is never looked at.
    behind = [program("usr/bin/app", "libx.so"), base, library("usr/lib/glibc-hwcaps/x86-64-v3/libx.so")]
    assert load(*behind) == ([f"{LIB}/libx.so"], [])


def test_variants_of_another_machine_and_of_musl_are_none() -> None:
    other = library(f"{CAPS}/x86-64-v2/libx.so", machine="i386")
    assert load(program("usr/bin/app", "libx.so"), other)[1] == ["libx.so"]
    musl = program("usr/bin/app", "libx.so", interpreter="/lib/ld-musl-x86_64.so.1")
    assert load(musl, library("lib/glibc-hwcaps/x86-64-v2/libx.so"))[1] == ["libx.so"]


def test_directories_of_variants_in_the_cache() -> None:
    cache = file("etc/ld.so.cache", text=f"/opt/glibc-hwcaps/x86-64-v3\n/opt\n/{LIB}\n")
    records = [program("usr/bin/app", "libx.so"), cache, library("opt/libx.so")]
    variant = library("opt/glibc-hwcaps/x86-64-v3/libx.so")
    assert load(*records, variant) == (["opt/libx.so", "opt/glibc-hwcaps/x86-64-v3/libx.so"], [])


def test_filters_auxiliaries_and_audits() -> None:
    app = program("usr/bin/app", "liba.so", audit=("libw.so", "libnone.so"))
    front = library(
        "lib/liba.so", filters=("libf.so", "libgone.so"), auxiliary=("libx.so", "libnone.so"), audit=("no",)
    )
    loaded, missing = load(app, front, *(library(f"lib/lib{name}.so") for name in "fwx"))
    assert loaded == ["lib/liba.so", "lib/libw.so", "lib/libf.so", "lib/libx.so"]
    assert missing == ["libgone.so"]
    musl = program("usr/bin/app", "liba.so", interpreter="/lib/ld-musl-x86_64.so.1")
    assert load(musl, front) == (["lib/liba.so"], [])


def test_without_the_systems_directories() -> None:
    records = [library("lib/libx.so"), library("opt/liby.so"), file("etc/ld.so.cache", text=f"/{LIB}\n/lib\n/opt\n")]
    app = program("usr/bin/app", "libx.so", "liby.so", own_directories_only=True)
    assert load(app, *records) == (["opt/liby.so"], ["libx.so"])
    own = program("usr/bin/app", "libx.so", own_directories_only=True, runpath=("/lib",))
    assert load(own, *records) == (["lib/libx.so"], [])


# Beside the loader of the machine: a folder with real programs, and the files of the machine that they need.


def listed(folder: Path) -> Rootfs:
    """Give a view with all of `folder` and of the machine's C library, links included."""
    found: dict[str, Record] = {}
    pending = [*folder.rglob("*"), Path("/lib"), Path("/lib64"), Path("/etc/ld.so.cache")]
    pending += [path for root in ("/lib64", "/lib/x86_64-linux-gnu") for path in Path(root).glob("*.so*")]
    for path in pending:
        for each in [path, *path.parents][:-1]:
            name = escape(str(each)[1:])
            if name in found or not os.path.lexists(each):
                continue
            if each.is_symlink():
                found[name] = Record(name, "symlink", "0777", link=str(each.readlink()))
            elif each.is_dir():
                found[name] = directory(name)
            else:
                found[name] = file(name, "0755", elf=elf.parse(each.read_bytes()))
    return Rootfs([list(found.values())])


def ours(program: Path) -> Process:
    rootfs = listed(program.parent)
    end = rootfs.resolve(str(program))
    assert end.node
    return Loader(rootfs).load(end.path, end.node)


def theirs(program: Path) -> tuple[set[str], bool]:
    """Give the names of what ld.so opens, and whether it found all of it."""
    environment = {"LD_DEBUG": "libs", "PATH": os.environ["PATH"]}
    done = subprocess.run([program], env=environment, capture_output=True, text=True, check=False)
    begun = re.findall(r"calling init: (\S+)", done.stderr)
    return {os.path.realpath(path) for path in begun}, "cannot open shared object file" not in done.stderr


def code(folder: Path, name: str, *flags: str, value: int = 1) -> Path:
    path = folder / f"lib{name}.so"
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f"int {name.replace('-', '_')}(void) {{ return {value}; }}\n"
    return compiled(path, "-shared", "-fPIC", *flags, source=source)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    if os.uname().machine != "x86_64" or not shutil.which("gcc"):
        tool("gcc")
        pytest.skip("NOT TESTED: the loader of another machine")
    return tmp_path


def test_variants_beside_the_real_loader(place: Path) -> None:
    base = code(place, "x")
    better = [code(place / f"glibc-hwcaps/x86-64-v{level}", "x", value=level) for level in (2, 3)]
    source = "int x(void);\nint main(void) { return x() * 0; }\n"
    app = compiled(place / "app", f"-L{place}", "-lx", "-Wl,-rpath,$ORIGIN", source=source)
    opened, complete = theirs(app)
    assert complete
    assert opened & {str(path) for path in (base, *better)}
    found = {f"/{o.node.record.path}" for o in ours(app).objects}
    assert {str(path) for path in (base, *better)} <= found
    assert {path for path in opened if path.startswith(str(place))} <= found
    # Without the base the real loader takes a variant; so do we.
    base.unlink()
    process = ours(app)
    assert process.missing == ()
    assert theirs(app)[1] or not process.missing


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("tag", ["filter", "auxiliary"])
def test_filters_beside_the_real_loader(place: Path, tag: str, there: bool) -> None:
    behind = code(place, "behind")
    front = code(place, "front", f"-Wl,--{tag}=libbehind.so", "-Wl,-rpath,$ORIGIN")
    source = "int front(void);\nint main(void) { return front() * 0; }\n"
    app = compiled(place / "app", f"-L{place}", "-lfront", "-Wl,-rpath,$ORIGIN", source=source)
    if not there:
        behind.unlink()
    opened, complete = theirs(app)
    process = ours(app)
    assert complete == (not process.missing) == (there or tag == "auxiliary")
    if complete:
        assert {path for path in opened if path.startswith(str(place))} == {
            f"/{o.node.record.path}" for o in process.objects if o.path.startswith(str(place)[1:]) and o.by
        }
        assert (str(behind) in opened) == there
    assert str(front) in {f"/{o.node.record.path}" for o in process.objects}


def test_an_auditor_beside_the_real_loader(place: Path) -> None:
    source = "unsigned la_version(unsigned version) { return version; }\n"
    auditor = compiled(place / "libaudit-own.so", "-shared", "-fPIC", source=source)
    app = compiled(place / "app", "-Wl,--audit,libaudit-own.so", "-Wl,-rpath,$ORIGIN")
    process = ours(app)
    assert str(auditor) in {f"/{o.node.record.path}" for o in process.objects}
    environment = {"LD_DEBUG": "libs", "PATH": os.environ["PATH"]}
    said = subprocess.run([app], env=environment, capture_output=True, text=True, check=True).stderr
    assert "find library=libaudit-own.so" in said
    auditor.unlink()
    assert ours(app).missing == ()
    assert subprocess.run([app], capture_output=True, check=False).returncode == 0


def test_no_default_directories_beside_the_real_loader(place: Path) -> None:
    app = compiled(place / "app", "-Wl,-z,nodefaultlib")
    assert theirs(app)[1] is False
    assert [name for _, name in ours(app).missing] == ["libc.so.6"]
    here = compiled(place / "here", "-Wl,-z,nodefaultlib", "-Wl,-rpath,/lib/x86_64-linux-gnu")
    assert theirs(here)[1] is True
    assert ours(here).missing == ()
