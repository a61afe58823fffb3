"""Tests of distill.closure.report."""

import msgspec
import pytest
from distill.closure import closure
from distill.closure import report as closure_report
from distill.listing import Dlopen, Elf, Record
from distill.runtime.rootfs import Node, Rootfs
from support_listing import LIBC, file, library, program, script, symlink


def sized(record: Record, size: int, package: str = "") -> Record:
    return msgspec.structs.replace(record, size=size, package=package)


OPENED = (Dlopen(("libz.so", "liby.so"), feature="zip"),)
ROOTFS = Rootfs(
    [
        [
            *LIBC,
            sized(program("usr/bin/app", "liba.so", "libb.so", "libgone.so"), 1234567, "app_1_amd64"),
            sized(library("lib/liba.so.1", "libb.so", "libc.so.6", soname="liba.so"), 999),
            symlink("lib/liba.so", "liba.so.1"),
            file("lib/libb.so", size=2000, elf=Elf("amd64", "shared", dlopen=OPENED)),
            script("usr/bin/run", "/usr/bin/app"),
            file("usr/share/doc/x", size=12, package="doc_1_all"),
            file("usr/share/doc/y", size=30, package="doc_1_all"),
            file("etc/plain", size=1),
        ]
    ]
)  # fmt: skip


def origin(node: Node) -> str:
    return node.record.package.partition("_")[0]


def computed() -> closure.Closure:
    return closure.compute(ROOTFS, [("usr/bin/run", "entrypoint")])


def test_the_tree() -> None:
    assert (
        closure_report.text(computed(), origin, ROOTFS)
        == """\
/usr/bin/run  0 B  (entrypoint)
└─ /usr/bin/app  1.23 MB  app  (#!/usr/bin/app)
   ├─ /lib64/ld-linux-x86-64.so.2  0 B  (interpreter /lib64/ld-linux-x86-64.so.2)
   ├─ /lib/liba.so -> liba.so.1  (on the way to liba.so)
   ├─ /lib/liba.so.1  999 B  (liba.so)
   │  ├─ /lib/libb.so  2 kB  (libb.so)
   │  └─ /usr/lib/x86_64-linux-gnu/libc.so.6  0 B  (libc.so.6)
   │     └─ /lib64/ld-linux-x86-64.so.2  0 B  (ld-linux-x86-64.so.2)
   └─ /lib/libb.so  2 kB  (libb.so)

7 files, 1.24 MB
missing: libgone.so, which /usr/bin/app needs
not there: libz.so or liby.so, which /lib/libb.so would open for zip

Not reached by ELF, shebang and link rules; a program or an interpreter may open them: 3 files, 43 B
   doc: 2 files, 42 B
   no package: 1 file, 1 B
"""
    )


def test_what_was_shown_is_not_shown_again() -> None:
    records = [program("usr/bin/a", "libc.so.6"), program("usr/bin/b", "libc.so.6")]
    rootfs = Rootfs([[*LIBC, *records]])
    lines = closure_report.text(closure.compute(rootfs, [("usr/bin/a", "x"), ("usr/bin/b", "x")]), origin).splitlines()
    assert [line for line in lines if "[...]" in line] == [
        "└─ /usr/lib/x86_64-linux-gnu/libc.so.6  0 B  (libc.so.6) [...]"
    ]


def test_the_document() -> None:
    found = closure_report.document(computed(), origin, ROOTFS)
    files = {entry["path"]: entry for entry in found["files"]}  # type: ignore[attr-defined]
    assert list(files) == sorted(files)
    assert files["lib/libb.so"] == {
        "path": "lib/libb.so",
        "size": 2000,
        "from": "",
        "why": {"by": "usr/bin/app", "kind": "needed", "name": "libb.so"},
        "needs": [],
    }
    assert {"kind": "link", "name": "liba.so", "path": "lib/liba.so"} in files["usr/bin/app"]["needs"]
    assert found["missing"] == [{"by": "usr/bin/app", "kind": "needed", "name": "libgone.so"}]
    assert found["unopened"] == [
        {"by": "lib/libb.so", "soname": ["libz.so", "liby.so"], "priority": "recommended", "feature": "zip"}
    ]
    assert found["rest"] == [{"from": "doc", "files": 2, "size": 42}, {"from": "", "files": 1, "size": 1}]
    assert "rest" not in closure_report.document(computed(), origin)


def test_a_long_chain_is_printed() -> None:
    chain = [library(f"lib/l{number}.so", f"l{number + 1}.so") for number in range(3000)]
    rootfs = Rootfs([[program("app", "l0.so", interpreter=""), *chain]])
    found = closure.compute(rootfs, [("app", "x")])
    assert closure_report.text(found, origin).splitlines()[2999].lstrip().startswith("└─ /lib/l2998.so")
    closure_report.document(found, origin)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1421, "1.42 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (2**60, "1.15e+06 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert closure_report.size(count) == text
