"""Tests of distill.tar.header."""

import io
import tarfile

import pytest
from distill import tar
from distill.tar import Entry


def _member(entry: Entry) -> tarfile.TarInfo:
    """Give what Python's reader makes of a header; its data is not there."""
    with tarfile.open(fileobj=io.BytesIO(tar.header(entry) + tar.END), errors="surrogateescape") as archive:
        member = archive.next()
        assert member is not None
        return member


def test_a_plain_header_is_one_block_of_gnu_form() -> None:
    data = tar.header(Entry("usr/bin/x", "file", 0o4755, 1, 2, 3, 5))
    assert len(data) == tar.BLOCK
    assert data[:100] == b"usr/bin/x".ljust(100, b"\0")
    assert data[100:108] == b"0004755\0"
    assert data[108:116] == b"0000001\0"
    assert data[116:124] == b"0000002\0"
    assert data[124:136] == b"00000000005\0"
    assert data[136:148] == b"00000000003\0"
    assert data[156:157] == b"0"
    assert data[157:257] == bytes(100)
    assert data[257:265] == b"ustar  \0"
    assert data[265:] == bytes(247)  # no names of owners, no device, no times


def test_the_checksum_counts_itself_as_spaces() -> None:
    data = tar.header(Entry("a", "file"))
    assert int(data[148:154], 8) == sum(data[:148]) + sum(data[156:]) + 8 * ord(" ")
    assert data[154:156] == b"\0 "


@pytest.mark.parametrize("length", [1, 99, 100, 101, 154, 155, 156, 255, 256, 257, 4000])
def test_names_of_any_length(length: int) -> None:
    name = ("d/" * length)[: length - 1] + "x"
    assert len(name) == length
    data = tar.header(Entry(name, "file"))
    assert len(data) == (tar.BLOCK if length <= 100 else 2 * tar.BLOCK + -(-(length + 1) // tar.BLOCK) * tar.BLOCK)
    assert _member(Entry(name, "file")).name == name


@pytest.mark.parametrize("length", [98, 99, 100, 101, 255, 256])
def test_a_directory_has_its_slash_also_at_the_limit(length: int) -> None:
    name = "x" * min(length, 200) + "/y" * ((length - 200) // 2 if length > 200 else 0)
    member = _member(Entry(name, "directory", 0o755))
    assert (member.name, member.isdir()) == (name, True)


@pytest.mark.parametrize("length", [1, 99, 100, 101, 255, 256, 4000])
def test_links_of_any_length(length: int) -> None:
    link = "l" * length
    for kind in ("symlink", "hardlink"):
        assert _member(Entry("a", kind, link=link)).linkname == link


def test_a_long_name_and_a_long_link() -> None:
    member = _member(Entry("n" * 300, "symlink", link="l" * 400))
    assert (member.name, member.linkname) == ("n" * 300, "l" * 400)


def test_bytes_that_are_no_utf_8_stand_as_they_are() -> None:
    entry = Entry("caf\udce9", "symlink", link="\udcff")
    assert tar.header(entry)[:5] == b"caf\xe9\0"
    member = _member(entry)
    assert (member.name, member.linkname) == ("caf\udce9", "\udcff")


@pytest.mark.parametrize("size", [0, 8**11 - 1, 8**11, 1 << 34, 1 << 62])
def test_sizes_beyond_8_gib(size: int) -> None:
    assert _member(Entry("a", "file", size=size)).size == size


@pytest.mark.parametrize("number", [0, 8**7 - 1, 8**7, 65532, (1 << 32) - 2])
def test_owners_of_any_size(number: int) -> None:
    member = _member(Entry("a", "directory", uid=number, gid=number))
    assert (member.uid, member.gid) == (number, number)


@pytest.mark.parametrize("mtime", [-1, 0, 1_700_000_000, 8**11 - 1, 8**11, -(1 << 40)])
def test_times_of_any_size(mtime: int) -> None:
    assert _member(Entry("a", "directory", mtime=mtime)).mtime == mtime


@pytest.mark.parametrize("mode", [0, 0o644, 0o1777, 0o2755, 0o4755, 0o7777])
def test_all_12_bits_of_a_mode(mode: int) -> None:
    assert _member(Entry("a", "directory", mode)).mode == mode


def test_devices_and_pipes() -> None:
    null = _member(Entry("dev/null", "char", 0o666, device=(1, 3)))
    assert (null.ischr(), null.devmajor, null.devminor) == (True, 1, 3)
    disk = _member(Entry("dev/sda", "block", 0o660, device=(8, 1 << 21)))
    assert (disk.isblk(), disk.devmajor, disk.devminor) == (True, 8, 1 << 21)
    assert _member(Entry("p", "fifo")).isfifo()


@pytest.mark.parametrize(("size", "zeros"), [(0, 0), (1, 511), (511, 1), (512, 0), (513, 511), (1 << 40, 0)])
def test_padding(size: int, zeros: int) -> None:
    assert tar.padding(size) == bytes(zeros)
