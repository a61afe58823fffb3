"""Tests of distill.runtime.sharing: processes that share work are what they would be on their own."""

from typing import Any

from distill.listing import Dlopen, Elf, Record
from distill.runtime.loader import Loader
from distill.runtime.process import Loaded, Process
from distill.runtime.rootfs import Rootfs
from hypothesis import given, settings
from hypothesis import strategies as st
from support_listing import LIBC, file, library, program, symlink

FOLDERS = ("lib", "usr/lib", "opt")
NAMES = ("liba.so", "libb.so", "libc.so.6", "libd.so", "libe.so", "libm.so.6")


def shown(loaded: Loaded) -> tuple[str, str, tuple[str, ...]]:
    return loaded.path, loaded.node.record.path, loaded.links


def facts(process: Process) -> tuple[Any, ...]:
    """Give all that a process says, without who was the first to need an object."""
    return (
        [shown(loaded) for loaded in process.objects],
        {name: shown(loaded) for name, loaded in process.names.items()},
        [(shown(by), name, shown(child)) for by, name, child in process.edges],
        process.missing,
        process.unopened,
    )


@st.composite
def libraries(draw: st.DrawFn) -> list[Record]:
    """Give libraries that need each other, some of them twice, some with directories or other names of their own."""
    found: dict[str, Record] = {}
    few = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
    paths = st.sampled_from(["/opt", "$ORIGIN", "/usr/lib"])
    rare = st.sampled_from([(), (), (), (), ("x",)])
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8)):
        path = f"{draw(st.sampled_from(FOLDERS))}/{name}"
        wish = Dlopen(draw(few.filter(bool)), draw(st.sampled_from(["required", "recommended"])))
        found[path] = library(
            path,
            *draw(few),
            soname=draw(st.sampled_from([name, name, name, "", *NAMES])),
            rpath=tuple(draw(paths) for _ in draw(rare)),
            runpath=tuple(draw(paths) for _ in draw(rare)),
            auxiliary=draw(few) if draw(rare) else (),
            dlopen=(wish,) if draw(rare) else (),
        )
    if draw(st.booleans()):
        found.setdefault("lib/libe.so", symlink("lib/libe.so", draw(st.sampled_from(NAMES))))
    if draw(st.booleans()):
        found["lib/glibc-hwcaps/x86-64-v2/liba.so"] = library("lib/glibc-hwcaps/x86-64-v2/liba.so", *draw(few))
    return list(found.values())


@settings(max_examples=400, deadline=None)
@given(
    libraries(),
    st.lists(st.lists(st.sampled_from(NAMES), max_size=3), min_size=1, max_size=3),
    st.sampled_from(["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1", ""]),
    st.lists(st.sampled_from(NAMES), max_size=1),
)
def test_shared_processes_are_as_on_their_own(
    made: list[Record], needs: list[list[str]], interpreter: str, opened: list[str]
) -> None:
    programs = [program(f"usr/bin/p{n}", *names, interpreter=interpreter) for n, names in enumerate(needs)]
    rootfs = Rootfs([[*LIBC, library("lib/ld-musl-x86_64.so.1"), *programs, *made]])
    priorities = ("required", "recommended")
    shared, alone = Loader(rootfs), Loader(rootfs, shared=False)
    for record in [*programs, *made, *programs]:
        end = rootfs.resolve(record.path)
        if end.node is None:
            continue
        given = opened if record in programs else ()
        ours, theirs = (it.load(end.path, end.node, given, priorities) for it in (shared, alone))
        assert facts(ours) == facts(theirs), record.path


def test_an_object_is_resolved_once_for_all_programs() -> None:
    """Work is counted, not timed: the blocks of what programs share are the same objects."""
    names = [f"lib{number}.so" for number in range(200)]
    records = [library(f"usr/lib/{name}", *names[number + 1 : number + 30]) for number, name in enumerate(names)]
    programs = [program(f"usr/bin/p{number}", names[number]) for number in range(20)]
    rootfs = Rootfs([[*LIBC, *records, *programs]])
    loader = Loader(rootfs)
    blocks = set()
    for record in programs:
        end = rootfs.resolve(record.path)
        assert end.node
        blocks |= set(loader.load(end.path, end.node).blocks)
    assert len(blocks) == len(names) + len(programs)


def test_what_depends_on_the_process_is_not_shared() -> None:
    inner, outer = library("opt/libx.so"), library("lib/libx.so")
    records = [library("opt/liba.so", "libx.so"), inner, outer, library("lib/liba.so", "libx.so")]
    first = program("usr/bin/first", "liba.so", rpath=("/opt",))
    second = program("usr/bin/second", "liba.so")
    rootfs = Rootfs([[*LIBC, *records, first, second, file("etc/x")]])
    loader = Loader(rootfs)
    for path, folder in (("usr/bin/second", "lib"), ("usr/bin/first", "opt"), ("usr/bin/second", "lib")):
        node = rootfs.get(path)
        assert node
        found = [loaded.node.record.path for loaded in loader.load(path, node).objects[1:]]
        assert found == [f"{folder}/liba.so", f"{folder}/libx.so"]


def test_other_programs_with_an_interpreter_that_is_not_there() -> None:
    elf = Elf("amd64", "executable", "/lib/none.so", needed=("libc.so.6",))
    rootfs = Rootfs([[*LIBC, file("usr/bin/app", "0755", elf=elf)]])
    node = rootfs.get("usr/bin/app")
    assert node
    assert facts(Loader(rootfs).load("usr/bin/app", node)) == facts(
        Loader(rootfs, shared=False).load("usr/bin/app", node)
    )
