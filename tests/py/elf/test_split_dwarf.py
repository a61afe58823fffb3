"""Tests of distill.elf.split_dwarf, on programs of the machine's compiler, with gdb on what is made of them."""

import os
import subprocess
from pathlib import Path

import pytest
from distill.elf import layout as elf_layout
from distill.elf import split_dwarf, strip
from distill.elf.strip import Report
from hypothesis import given
from hypothesis import strategies as st
from support_compiler import compiled, tool
from support_elf import Made

SOURCE = """\
struct thing { int answer; };
int main(int count, char **words) {
    struct thing one = {count};
    return one.answer - 1;
}
"""
SPLIT = "-gsplit-dwarf"


def skeletons(path: Path) -> int:
    data = path.read_bytes()
    return split_dwarf.skeletons(data, elf_layout.read(data))


@pytest.mark.parametrize("flags", [["-gdwarf-4"], ["-gdwarf-5"], ["-gdwarf-5", "-gz"], ["-gdwarf-4", "-gz"]])
def test_units_of_each_version(tmp_path: Path, flags: list[str]) -> None:
    assert skeletons(compiled(tmp_path / "whole", *flags, source=SOURCE)) == 0
    assert skeletons(compiled(tmp_path / "split", *flags, SPLIT, source=SOURCE)) == 1


def test_several_units(tmp_path: Path) -> None:
    other = tmp_path / "other.c"
    other.write_text("int other(void) { return 1; }\n")
    assert skeletons(compiled(tmp_path / "two", str(other), "-gdwarf-5", SPLIT, source=SOURCE)) == 2


def test_a_file_without_debug_information() -> None:
    data = Made().build()
    assert split_dwarf.skeletons(data, elf_layout.read(data)) == 0


@given(st.binary(max_size=300), st.binary(max_size=300), st.sampled_from([0, 0x800]))
def test_any_bytes(info: bytes, abbreviations: bytes, flags: int) -> None:
    data = info + abbreviations
    sections = (
        elf_layout.Section(".debug_info", 1, flags, 0, len(info)),
        elf_layout.Section(".debug_abbrev", 1, flags, len(info), len(abbreviations)),
    )
    layout = elf_layout.Layout(True, True, 3, 62, 0, 0, (0, 0), (0, 0), 0, (), sections)
    assert split_dwarf.skeletons(data, layout) <= len(info) // 4 + 1


WARNING = (
    "warning: debug part has little more than lines, got split DWARF: {} in .dwo files; make a .dwp of them and give it"
    " to dwps of a debug_layer, or build without -gsplit-dwarf"
)


def test_the_report_warns() -> None:
    assert Report("x", 20, 10, 10).warnings() == []
    assert Report("x", 20, 10, 10, split_units=1).warnings() == [WARNING.format("1 unit is")]
    two = Report("x", 20, 10, 10, 5, "/d", split_units=2)
    assert two.warnings() == [WARNING.format("2 units are")]
    assert two.line().splitlines()[1:] == [f"x: {WARNING.format('2 units are')}"]


def test_gdb_finds_the_package_beside_debug_parts(tmp_path: Path) -> None:
    # The dwp of binutils knows no DWARF 5.
    source = compiled(tmp_path / "server", SPLIT, "-gdwarf-4", "-Wl,--build-id", source=SOURCE)
    dwp = tmp_path / "package"
    subprocess.run([tool("dwp"), "-e", source, "-o", dwp], check=True, cwd=tmp_path)
    root = tmp_path / "root"
    debug = root / "usr/lib/debug"
    debug.mkdir(parents=True)
    report = strip.strip(source, root / "server", debug, tool("strip"), "server")
    assert report.split_units == 1
    source.unlink()
    for file in tmp_path.glob("*.dwo"):
        file.unlink()

    def gdb() -> str:
        command = [tool("gdb"), "-batch", "-nx", "-iex", f"set debug-file-directory {debug}", "-ex", "info scope main"]
        environment = {"PATH": os.environ["PATH"], "HOME": "/none", "LC_ALL": "C"}
        return subprocess.run(
            [*command, root / "server"], env=environment, capture_output=True, text=True, check=False
        ).stdout

    assert "one is" not in gdb()
    dwp.rename(debug / "server.dwp")
    assert "Symbol one is" in gdb()
