"""BinaryLayer, and with it distill.closure.layer, on packages and libraries made by hand."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from distill import listing
from distill.elf import file as elf
from distill.listing import Record
from support_command import Result, package_line, run
from support_deb import Item, control_text, deb, write
from support_elf import Made
from support_listing import directory, file, library, program, symlink

NEEDED, SONAME, RUNPATH = 1, 14, 29
LIB = "usr/lib/x86_64-linux-gnu"
LD = "/lib64/ld-linux-x86-64.so.2"


def shared(soname: str, *needed: str, machine: int = 62, **values: Any) -> bytes:
    dynamic: list[tuple[int, int | bytes]] = [(SONAME, soname.encode())] if soname else []
    return Made(dynamic=[*dynamic, *((NEEDED, name.encode()) for name in needed)], machine=machine, **values).build()


def executable(
    *needed: str, interpreter: str | None = LD, machine: int = 62, runpath: str = "", **values: Any
) -> bytes:
    dynamic: list[tuple[int, int | bytes]] = [(NEEDED, name.encode()) for name in needed]
    dynamic += [(RUNPATH, runpath.encode())] if runpath else []
    return Made(interpreter=interpreter, dynamic=dynamic, machine=machine, **values).build()


LIBC = [
    Item("lib/"),
    Item("lib/x86_64-linux-gnu/"),
    Item("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", shared("ld-linux-x86-64.so.2"), mode=0o755),
    Item("lib/x86_64-linux-gnu/libc.so.6", shared("libc.so.6", "ld-linux-x86-64.so.2", defines=[(b"GLIBC_2.36", 0)])),
    Item("lib/x86_64-linux-gnu/libm.so.6", shared("libm.so.6", "libc.so.6")),
    Item("lib64/"),
    Item("lib64/ld-linux-x86-64.so.2", link="/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
    Item("usr/share/doc/libc6/"),
    Item("usr/share/doc/libc6/copyright", b"free"),
]
LIBZ = [
    Item("usr/lib/x86_64-linux-gnu/"),
    Item("usr/lib/x86_64-linux-gnu/libz.so.1.2", shared("libz.so.1", "libc.so.6")),
    Item("usr/lib/x86_64-linux-gnu/libz.so.1", link="libz.so.1.2"),
    Item("usr/lib/x86_64-linux-gnu/private/"),
    Item("usr/lib/x86_64-linux-gnu/private/libp.so", shared("libp.so")),
    Item("usr/bin/zcat", b"#!/bin/sh\n", mode=0o755),
    Item("usr/share/doc/libz1", link="libc6"),
]
MERGED = ["lib", "lib64"]


@dataclass
class Case:
    """A target: what its attributes name, made as files below `directory`."""

    directory: Path
    lines: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def program(self, data: bytes, dest: str = "usr/bin/app") -> "Case":
        """Add a file that the layer is for."""
        return self._line("src", data, dest=dest)

    def library(self, data: bytes, name: str) -> "Case":
        """Add a library of the build."""
        return self._line("library", data, name=name)

    def package(self, items: list[Item], name: str, version: str = "1") -> "Case":
        """Add a package, and its listing as its layer has it."""
        path = write(self.directory, deb(items, control_text(name, version), {}), f"{name}.deb")
        line = package_line(path, name, version)
        self.lines.append(line)
        place = self.directory / name
        place.mkdir()
        assert run(place, "LayerDebian", [line]).code == 0
        self.lines.append({"role": "listing", "path": str(place / "outs/listing"), "package": True})
        return self

    def base(self, *records: Record) -> "Case":
        """Add a layer of the base."""
        return self._line("listing", b"".join(listing.encode(record) for record in records))

    def hint(self, data: bytes) -> "Case":
        """Add the index of a lock."""
        return self._line("sonames", data)

    def run(self, **settings: Any) -> Result:
        """Build it."""
        settings = {"library_dir": "usr/lib", **settings}
        return run(self.directory, "BinaryLayer", self.lines, ("text", "json", "unused"), **settings)

    def _line(self, role: str, data: bytes, **values: Any) -> "Case":
        self.count += 1
        path = self.directory / f"file{self.count}"
        path.write_bytes(data)
        self.lines.append({"role": role, "path": str(path), **values})
        return self


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def files(result: Result) -> list[str]:
    assert result.code == 0
    return [path for path, record in result.records.items() if record.type != "directory"]


def test_from_scratch_the_layer_has_just_the_closure(case: Case) -> None:
    result = case.program(executable("libz.so.1")).package(LIBC, "libc6").package(LIBZ, "libz1").run()
    assert files(result) == [
        *MERGED,
        "usr/bin/app",
        f"{LIB}/ld-linux-x86-64.so.2",
        f"{LIB}/libc.so.6",
        f"{LIB}/libz.so.1",
        f"{LIB}/libz.so.1.2",
        "usr/lib64/ld-linux-x86-64.so.2",
        "usr/share/doc/libc6/copyright",
        "usr/share/doc/libz1",
        "var/lib/dpkg/status.d/libc6",
        "var/lib/dpkg/status.d/libz1",
    ]
    assert result.records[f"{LIB}/libz.so.1.2"].package == "libz1_1_amd64"
    assert result.records["usr/bin/app"].mode == "0755"
    assert (result.directory / "text").read_text().splitlines()[0].startswith("/usr/bin/app  ")
    report = json.loads((result.directory / "json").read_bytes())
    assert {entry["path"]: entry["from"] for entry in report["files"]}[f"{LIB}/libz.so.1.2"] == "libz1 1"


def test_the_image_of_a_layer_from_scratch_runs_by_its_own_check(case: Case) -> None:
    """The layer over its own listing gives the same closure, with nothing to add."""
    result = case.program(executable("libz.so.1")).package(LIBC, "libc6").package(LIBZ, "libz1").run()
    (case.directory / "again").mkdir()
    again = (
        Case(case.directory / "again")
        .program(executable("libz.so.1"))
        .base(*listing.read(result.directory / "listing"))
    )
    assert files(again.run()) == ["usr/bin/app"]


def test_what_the_base_has_is_not_added(case: Case) -> None:
    base = [
        directory("usr", uid=7),
        symlink("lib", "usr/lib"),
        symlink("lib64", "usr/lib64"),
        directory(LIB, "0700"),
        program("usr/lib64/ld-linux-x86-64.so.2", soname="ld-linux-x86-64.so.2"),
        library(f"{LIB}/libc.so.6"),
    ]
    case.program(executable("libz.so.1", "libm.so.6")).base(*base).package(LIBC, "libc6").package(LIBZ, "libz1")
    result = case.run()
    assert files(result) == [
        "usr/bin/app",
        f"{LIB}/libm.so.6",
        f"{LIB}/libz.so.1",
        f"{LIB}/libz.so.1.2",
        "usr/share/doc/libc6/copyright",
        "usr/share/doc/libz1",
        "var/lib/dpkg/status.d/libc6",
        "var/lib/dpkg/status.d/libz1",
    ]
    # Directories of the base that the layer must name keep what they have there.
    assert (result.records["usr"].uid, result.records[LIB].mode) == (7, "0700")


def test_a_directory_that_the_base_names_to_ldconfig_alone(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    conf = [
        file("etc/ld.so.conf", text="include ld.so.conf.d/*.conf\n"),
        file("etc/ld.so.conf.d/x.conf", text="/opt\n"),
    ]
    case.program(executable("libx.so", interpreter=None)).base(*conf, library("opt/libx.so"))
    assert case.run().code == 1
    assert capsys.readouterr().err == (
        "//x:y: /usr/bin/app needs libx.so, which is at /opt/libx.so (base), where /etc/ld.so.conf leads"
        " but no /etc/ld.so.cache, and the loader reads only that; add an ld_so_cache_layer, to layers too\n"
    )
    # As a layer of the image above the base.
    assert files(case.base(file("etc/ld.so.cache", text="/opt\n")).run()) == ["usr/bin/app"]


def test_stripped_programs_and_libraries_stand_for_the_originals(case: Case) -> None:
    full, own = executable("libown.so") + bytes(1000), shared("libown.so") + bytes(1000)
    case.package(LIBC, "libc6").program(full).library(own, "libown.so")
    for number, line in enumerate([line for line in case.lines if line["role"] in ("src", "library")]):
        short = case.directory / f"short{number}"
        short.write_bytes(Path(line["path"]).read_bytes()[:-1000])
        case.lines.append({"role": "stripped", "path": str(short), "original": line["path"]})
    result = case.run()
    assert result.code == 0
    assert result.records["usr/bin/app"].size == len(full) - 1000
    assert result.records["usr/lib/libown.so"].size == len(own) - 1000


def test_libraries_of_the_build_come_last_and_by_their_sonames(case: Case) -> None:
    case.package(LIBC, "libc6").library(shared("libm.so.6"), "libm.so.6").library(shared("libown.so.2"), "libown.so")
    case.library(shared("", "libc.so.6"), "libplain.so").library(shared("libunused.so"), "libunused.so")
    result = case.program(executable("libm.so.6", "libown.so.2", "libplain.so")).run()
    found = files(result)
    assert [path for path in found if path.startswith("usr/lib/lib")] == [
        "usr/lib/libown.so",
        "usr/lib/libown.so.2",
        "usr/lib/libplain.so",
    ]
    assert result.records["usr/lib/libown.so.2"].link == "libown.so"
    assert f"{LIB}/libm.so.6" in found


def test_a_path_below_a_link_of_the_base_is_settled(case: Case) -> None:
    case.base(directory("usr/bin"), symlink("bin", "usr/bin"))
    assert files(case.program(executable(interpreter=None), "bin/app").run()) == ["usr/bin/app"]


def test_a_script_brings_its_interpreter(case: Case) -> None:
    dash = [Item("bin/"), Item("bin/sh", executable("libc.so.6"), mode=0o755)]
    case.package(LIBC, "libc6").package(dash, "dash").program(b"#!/bin/sh\n", "app/run")
    found = files(case.run())
    assert {"app/run", "usr/bin/sh", f"{LIB}/libc.so.6", "bin"} <= set(found)


def test_what_it_opens(case: Case) -> None:
    case.package(LIBC, "libc6").package(LIBZ, "libz1").program(executable("libc.so.6"))
    assert f"{LIB}/libz.so.1" in files(case.run(opens=["libz.so.1"]))
    assert f"{LIB}/libz.so.1" not in files(case.run())
    assert f"{LIB}/private/libp.so" in files(case.run(opens=["libp.so"], library_path=[f"/{LIB}/private"]))


GLIBC_2_38 = {b"libc.so.6": [(b"GLIBC_2.38", 0)]}


@pytest.mark.parametrize(
    ("program_data", "message"),
    [
        (
            executable("libssl.so.3", interpreter=None),
            (
                "/usr/bin/app needs libssl.so.3, which none of base, packages and libraries has;"
                " add the package that has it, by Debian's naming rule libssl3"
                " (`provides libssl.so.3` of the lock command tells)"
            ),
        ),
        (
            executable("plugin.so", interpreter=None),
            "/usr/bin/app needs plugin.so, which none of base, packages and libraries has; add the package that has it",
        ),
        (
            executable(interpreter="/lib/ld-linux-aarch64.so.1"),
            (
                "/usr/bin/app needs its interpreter /lib/ld-linux-aarch64.so.1, which none of base, packages and"
                " libraries has; add the package that has it, by Debian's naming rule libc6"
                " (`provides ld-linux-aarch64.so.1` of the lock command tells)"
            ),
        ),
        (
            executable("libz.so.1", interpreter=None, machine=183),
            (
                f"/usr/bin/app needs libz.so.1 for arm64, which is there only as /{LIB}/libz.so.1 for amd64 (libz1 1);"
                " build for the platform of the image, or take what is for arm64"
            ),
        ),
        (
            executable(machine=183),
            (
                f"/usr/bin/app needs its interpreter {LD} for arm64, got one for amd64 from libc6 1;"
                " build for the platform of the image, or take what is for arm64"
            ),
        ),
        (
            executable("libp.so"),
            (
                f"/usr/bin/app needs libp.so, which is at /{LIB}/private/libp.so (libz1 1), where the loader does not"
                f" look; link with /{LIB}/private as a RUNPATH, or put it into library_path"
            ),
        ),
        (
            executable("libc.so.6", needs=GLIBC_2_38),
            (
                f"/usr/bin/app needs GLIBC_2.38 of libc.so.6, which /{LIB}/libc.so.6 does not have, where the highest"
                " is GLIBC_2.36; build it against that library, or take the library from a later release"
            ),
        ),
        (
            b"#!/usr/bin/perl -w\n",
            (
                "/usr/bin/app needs its interpreter /usr/bin/perl, which none of base, packages and libraries has;"
                " add the package that has it"
            ),
        ),
    ],
)
def test_what_cannot_run(program_data: bytes, message: str, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    result = case.package(LIBC, "libc6").package(LIBZ, "libz1").program(program_data).run()
    assert result.code == 1
    assert capsys.readouterr().err == f"//x:y: {message}\n"
    assert list(result.directory.iterdir()) == []


INDEX = b'{"hub":"b","sonames":{"amd64":{"libssl.so.3":"libssl3"},"arm64":{"libz.so.1":"libz1"}}}'


def test_the_lock_names_the_package(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.package(LIBC, "libc6").package(LIBZ, "libz1").hint(INDEX)
    case.program(executable("libssl.so.3", "libpq.so.5")).program(executable("libz.so.1", machine=183), "usr/bin/arm")
    assert case.run().code == 1
    none = "which none of base, packages and libraries has"
    assert capsys.readouterr().err.splitlines()[:3] == [
        (
            f"//x:y: /usr/bin/app needs libssl.so.3, {none}; libssl.so.3 is in libssl3 of this lock:"
            " add @b//libssl3 to packages"
        ),
        (
            f"/usr/bin/app needs libpq.so.5, {none}; no package of this lock has it where the loader looks:"
            " lock the one that has it, by Debian's naming rule libpq5"
            " (`bazel run @b//:lock -- provides libpq.so.5` tells)"
        ),
        (
            f"/usr/bin/arm needs libz.so.1 for arm64, which is there only as /{LIB}/libz.so.1 for amd64 (libz1 1);"
            " build for the platform of the image, or take what is for arm64, @b//libz1:arm64"
        ),
    ]


def test_a_layer_does_not_depend_on_the_index(case: Case) -> None:
    """Bazel is told that it was not used, so it may not be: not even whether it can be read."""
    result = case.package(LIBC, "libc6").program(executable("libc.so.6")).hint(b"no index").run()
    assert result.code == 0
    assert (result.directory / "unused").read_text() == f"{case.lines[-1]['path']}\n"


def test_all_faults_are_told_at_once(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert case.program(executable("liba.so.1", "libb.so.1", interpreter=None)).run().code == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_broken_program(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert case.program(executable("libc.so.6")[:200]).run().code == 1
    assert capsys.readouterr().err == (
        f"//x:y: /usr/bin/app is a broken program or library, got {case.directory}/file1: ELF file points beyond its"
        " end or has tables too big, got 168 bytes at 64 of 200; build the file again\n"
    )


def test_another_version_of_a_package_in_the_base(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    base = library(f"{LIB}/libc.so.6")
    case.base(msgspec.structs.replace(base, package="libc6_0.9_amd64"))
    assert case.package(LIBC, "libc6").program(executable("libm.so.6")).run().code == 1
    assert capsys.readouterr().err == (
        "//x:y: package is in the base in another version, got libc6 0.9 there and libc6 1 in packages;"
        " use one lock for both\n"
    )


def test_two_libraries_of_one_name(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.library(shared("a"), "liba.so").library(shared("a"), "liba.so").program(executable(interpreter=None))
    assert case.run().code == 0
    case.library(shared("b"), "liba.so")
    assert case.run().code == 1
    assert capsys.readouterr().err == (
        f"//x:y: libraries has two files for /usr/lib/liba.so, got {case.directory}/file1 and {case.directory}/file4;"
        " give them different names\n"
    )


def test_a_listing_without_its_package(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.package(LIBC, "libc6").program(executable("libc.so.6"))
    case.lines = [line for line in case.lines if line["role"] != "package"]
    assert case.run().code == 1
    assert capsys.readouterr().err == (
        "//x:y: packages lacks one that their listings name, got libc6_1_amd64; name the package itself\n"
    )


def test_a_listing_of_another_layer(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.package(LIBC, "libc6").program(executable("libc.so.6", "libnew.so"))
    record = listing.encode(msgspec.structs.replace(library(f"{LIB}/libnew.so"), package="libc6_1_amd64"))
    path = Path(case.lines[1]["path"])
    path.write_bytes(path.read_bytes() + record)
    assert case.run().code == 1
    assert capsys.readouterr().err == (
        f"//x:y: packages have no /{LIB}/libnew.so, got none although their listings say so;"
        " build their layers with the same lock\n"
    )


def test_names_in_any_bytes(case: Case) -> None:
    items = [*LIBC, Item("usr/lib/"), Item("usr/lib/lib\udcff\\.so", shared(""))]
    name = b"lib\xff\\.so"
    made = Made(interpreter=LD, dynamic=[(NEEDED, name)]).build()
    assert "usr/lib/lib\udcff\\.so" in files(case.package(items, "libc6").program(made).run())


def test_a_large_base(case: Case) -> None:
    base = [library(f"usr/lib/x/lib{number}.so") for number in range(20000)]
    assert files(case.base(*base).program(executable(interpreter=None)).run()) == ["usr/bin/app"]


def test_the_bytes_do_not_depend_on_the_order_of_lines(tmp_path: Path) -> None:
    blobs = set()
    for turn in (1, -1):
        place = tmp_path / str(turn)
        place.mkdir()
        case = Case(place).package(LIBC, "libc6").package(LIBZ, "libz1").program(executable("libz.so.1"))
        case.lines = case.lines[::turn]
        blobs.add((case.run().directory / "blob").read_bytes())
    assert len(blobs) == 1


def test_what_gcc_says_that_it_opens(tmp_path: Path) -> None:
    """A note as the assembler lays it out, read by the reader that everything else here trusts."""
    source = tmp_path / "note.s"
    value = '[{\\"soname\\":[\\"libz.so.1\\"],\\"feature\\":\\"zip\\"}]'
    source.write_text(
        '.section .note.dlopen, "a", %note\n.balign 4\n.long 4, 2f-1f, 0x407c0c0a\n.asciz "FDO"\n'
        f'1: .asciz "{value}"\n2: .balign 4\n'
    )
    try:
        subprocess.run(["gcc", "-shared", "-nostdlib", "-o", tmp_path / "x", source], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("NO gcc ON THIS MACHINE: no note of a linker is read")
    facts = elf.parse((tmp_path / "x").read_bytes())
    assert facts is not None
    assert [(wish.soname, wish.feature) for wish in facts.dlopen] == [(("libz.so.1",), "zip")]
