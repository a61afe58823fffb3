"""Segments and sections: of a real program as pyelftools sees it, of files by hand, and of anything."""

import sys
from pathlib import Path

import pytest
from distill.elf import layout as elf_layout
from distill.errors import FormatError
from elftools.elf.elffile import ELFFile
from hypothesis import given
from hypothesis import strategies as st
from support_compiler import compiled
from support_elf import BASE, Made


def test_a_real_program_is_as_pyelftools_sees_it() -> None:
    path = Path(sys.executable).resolve()
    layout = elf_layout.read(path.read_bytes())
    with path.open("rb") as stream:
        elf = ELFFile(stream)
        sections = [
            (s.name, s["sh_type"] != "SHT_NOBITS", s["sh_flags"], s["sh_offset"], s["sh_size"])
            for s in elf.iter_sections()
        ]
        segments = [
            (s["p_flags"], s["p_offset"], s["p_vaddr"], s["p_paddr"], s["p_filesz"], s["p_memsz"], s["p_align"])
            for s in elf.iter_segments()
        ]
        assert (layout.entry, layout.flags) == (elf["e_entry"], elf["e_flags"])
    assert [
        (s.name, s.kind != elf_layout.NOBITS, s.flags, s.offset, s.size) for s in layout.sections
    ] == sections  # fmt: skip
    assert [(s.flags, s.offset, s.address, s.physical, s.size, s.memory, s.align) for s in layout.segments] == segments
    assert layout.end() == path.stat().st_size


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("little", [True, False])
def test_every_class_and_byte_order(wide: bool, little: bool) -> None:
    data = Made(wide=wide, little=little, interpreter="/lib/ld.so", sections=[(b".debug_info", 1)]).build()
    layout = elf_layout.read(data)
    assert [section.name for section in layout.sections] == ["", ".debug_info", ".shstrtab"]
    assert layout.segments[0].address == BASE
    assert [segment.kind for segment in layout.segments] == [1, 3, 2]
    assert layout.end() == len(data)
    assert (layout.wide, layout.little, layout.header_size) == (wide, little, 64 if wide else 52)


@pytest.mark.parametrize("given_id", ["none", "0xabcdef01", "sha1"])
def test_build_ids(tmp_path: Path, given_id: str) -> None:
    data = compiled(tmp_path / "x", f"-Wl,--build-id={given_id}", source="int main(void) { return 0; }").read_bytes()
    found = elf_layout.build_id(data, elf_layout.read(data))
    if given_id == "sha1":
        assert len(bytes.fromhex(found)) == 20
    else:
        assert found == {"none": "", "0xabcdef01": "abcdef01"}[given_id]


def test_a_build_id_that_makes_no_sense(tmp_path: Path) -> None:
    path = compiled(tmp_path / "x", "-Wl,--build-id=0xabcdef01", source="int main(void) { return 0; }")
    data = path.read_bytes()
    note = next(s for s in elf_layout.read(data).sections if s.name == ".note.gnu.build-id")
    for at, value in ((0, 5), (4, 400), (4, 1), (8, 4), (12, 0)):
        broken = bytearray(data)
        broken[note.offset + at : note.offset + at + 4] = value.to_bytes(4, "little")
        assert elf_layout.build_id(bytes(broken), elf_layout.read(bytes(broken))) == ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "file is no ELF file of a known class and byte order, or truncated; build the file again"),
        (b"\x7fELF\x02\x01".ljust(60, b"\0"), "ELF header is truncated; build the file again"),
        (
            Made().build()[:100],
            "ELF file points beyond its end or has tables too big, got 64 bytes at 236 of 100; build the file again",
        ),
    ],
)
def test_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as error:
        elf_layout.read(data)
    assert str(error.value) == message


def test_tables_of_a_wrong_size() -> None:
    for at, name in ((54, "program"), (58, "section")):
        data = bytearray(Made().build())
        data[at] = 7
        with pytest.raises(FormatError) as error:
            elf_layout.read(bytes(data))
        assert str(error.value) == f"ELF {name} headers have a wrong size, got 7; build the file again"


@given(st.data())
def test_anything_is_read_or_refused(draw: st.DataObject) -> None:
    data = bytearray(Made(wide=draw.draw(st.booleans()), interpreter="/lib/ld.so").build())
    for _ in range(draw.draw(st.integers(1, 6))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        layout = elf_layout.read(bytes(data))
    except FormatError:
        return
    layout.end()
    elf_layout.build_id(bytes(data), layout)


def test_a_name_without_end() -> None:
    data = Made(sections=[(b"." + b"x" * 300, 1), (b".text", 1)]).build()
    assert [section.name for section in elf_layout.read(data).sections] == ["", "", ".text", ".shstrtab"]
