"""The section that names a debug part."""

import zlib
from pathlib import Path

import pytest
from distill.elf import debuglink
from distill.elf import layout as elf_layout
from distill.errors import FormatError
from elftools.elf.elffile import ELFFile
from support_compiler import compiled
from support_elf import Made


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("name", ["x.debug", "four", "a-longer-name.debug"])
def test_the_link_is_added_and_nothing_else_changes(tmp_path: Path, wide: bool, little: bool, name: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(Made(wide=wide, little=little, sections=[(b".note", 7)]).build())
    with path.open("rb") as stream:
        before = [(s.name, s.header, s.data()) for s in ELFFile(stream).iter_sections() if s.name != ".shstrtab"]
    debuglink.add(path, name, 0x12345678)
    with path.open("rb") as stream:
        elf = ELFFile(stream)
        found = [(s.name, s.header, s.data()) for s in elf.iter_sections() if s.name != ".shstrtab"]
        link = found.pop()
        assert found[1:] == before[1:]
        assert link[0] == ".gnu_debuglink"
        assert link[1]["sh_offset"] % 4 == 0
        assert len(link[2]) % 4 == 0
        assert link[2][:-4].rstrip(b"\0") == name.encode()
        assert link[2][-4:] == (0x12345678).to_bytes(4, "little" if little else "big")
        assert link[2][len(name)] == 0


def test_a_real_program_is_loaded_as_before(tmp_path: Path) -> None:
    path = compiled(tmp_path / "x", "-s", source="int main(void) { return 0; }")
    before, size = elf_layout.read(path.read_bytes()), path.stat().st_size
    debuglink.add(path, "x.debug", 1)
    after = elf_layout.read(path.read_bytes())
    assert after.segments == before.segments
    # The old tables are written over: the link, its name and one header are all that is new.
    assert path.stat().st_size - size < 16 + 16 + 64 + 16


def test_checksums(tmp_path: Path) -> None:
    data = bytes(range(256)) * 8200
    (tmp_path / "x").write_bytes(data)
    assert debuglink.crc32(tmp_path / "x") == zlib.crc32(data)


def test_a_file_without_the_names_of_its_sections(tmp_path: Path) -> None:
    data = bytearray(Made().build())
    data[62:64] = b"\0\0"
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(FormatError) as error:
        debuglink.add(tmp_path / "x", "x.debug", 1)
    assert str(error.value) == "ELF file has no names of sections, got 2 sections; build the file again"
