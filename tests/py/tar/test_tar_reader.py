"""Tests of distill.tar.reader: archives of other writers, and hostile ones."""

import contextlib
import io
import tarfile

import pytest
from distill import paths, tar
from distill.errors import FormatError, PathError
from distill.tar import Entry
from hypothesis import given, settings
from hypothesis import strategies as st
from support_match import exactly
from support_tar import block, data, long, pax, record


def scan(data: bytes) -> list[tuple[Entry, int]]:
    return list(tar.scan(io.BytesIO(data)))


# What other writers write.


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_reads_what_python_writes(form: int) -> None:
    out = io.BytesIO()
    deep = "/".join(["directory"] * (20 if form != tarfile.USTAR_FORMAT else 12)) + "/file"
    with tarfile.open(fileobj=out, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for name, kind, link, size in (
            ("./", tarfile.DIRTYPE, "", 0),
            ("./usr/", tarfile.DIRTYPE, "", 0),
            (deep, tarfile.REGTYPE, "", 700),
            ("länge", tarfile.REGTYPE, "", 0),
            ("s", tarfile.SYMTYPE, "../" * 30, 0),
            ("h", tarfile.LNKTYPE, "länge", 0),
            ("c", tarfile.CHRTYPE, "", 0),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size, member.mode = kind, link, size, 0o4755
            member.uid, member.gid, member.mtime = 1000, 2000, 1_700_000_000
            member.devmajor, member.devminor = 1, 3
            archive.addfile(member, io.BytesIO(b"x" * size))
    found = scan(out.getvalue())
    assert [(e.path.rstrip("/"), e.kind, e.link, e.size) for e, _ in found] == [
        (".", "directory", "", 0),
        ("./usr", "directory", "", 0),
        (deep, "file", "", 700),
        ("länge", "file", "", 0),
        ("s", "symlink", "../" * 30, 0),
        ("h", "hardlink", "länge", 0),
        ("c", "char", "", 0),
    ]
    assert {(e.mode, e.uid, e.gid, e.mtime) for e, _ in found} == {(0o4755, 1000, 2000, 1_700_000_000)}
    assert [e.device for e, _ in found] == [None] * 6 + [(1, 3)]
    offset = next(at for e, at in found if e.size)
    assert out.getvalue()[offset : offset + 700] == b"x" * 700


def test_an_old_tar_says_directory_by_a_slash() -> None:
    old = block(b"d/", b"\0", magic=b"") + block(b"f", b"\0", b"3", magic=b"") + data(b"abc") + tar.END
    assert [(e.path, e.kind, e.size) for e, _ in scan(old)] == [("d/", "directory", 0), ("f", "file", 3)]


def test_the_prefix_of_ustar_and_of_star_and_none_in_gnu() -> None:
    posix = block(b"name", at_345=b"p" * 155)
    star = block(b"name", at_345=b"q" * 131, at_476=b"00000000000", at_508=b"tar\0")
    gnu = block(b"name", magic=b"ustar  \0", at_345=b"00000000000")
    assert [e.path for e, _ in scan(posix + star + gnu + tar.END)] == ["p" * 155 + "/name", "q" * 131 + "/name", "name"]


def test_gnu_long_names_and_links() -> None:
    name, link = "n" * 300, "l/" * 200
    found = scan(long(b"L", name.encode()) + long(b"K", link.encode()) + block(flag=b"2") + block(b"next") + tar.END)
    assert [(e.path, e.link) for e, _ in found] == [(name, link), ("next", "")]


def test_pax_records_stand_before_the_header_and_global_ones_behind_them() -> None:
    records = record(b"path", "lang/ä".encode()) + record(b"size", b"3") + record(b"uid", b"70000")
    records += record(b"mtime", b"1700000000.99") + record(b"comment", b"a = b\n")
    whole = pax(record(b"gid", b"9") + record(b"uid", b"8"), b"g") + pax(records) + block(size=b"0") + data(b"abc")
    whole += block(b"b") + tar.END
    (first, offset), (second, _) = scan(whole)
    assert first == Entry("lang/ä", "file", 0o644, 70000, 9, 1_700_000_000, 3)
    assert whole[offset : offset + 3] == b"abc"
    assert second == Entry("b", "file", 0o644, 8, 9)


def test_an_empty_pax_value_takes_the_record_back() -> None:
    assert scan(pax(record(b"path", b"")) + block(b"f") + tar.END)[0][0].path == "f"


def test_a_time_before_1970_and_one_with_a_fraction() -> None:
    assert scan(pax(record(b"mtime", b"-1.5")) + block() + tar.END)[0][0].mtime == -2
    assert scan(pax(record(b"mtime", b"-1")) + block() + tar.END)[0][0].mtime == -1
    assert scan(pax(record(b"mtime", b"1.")) + block() + tar.END)[0][0].mtime == 1


def test_numbers_with_spaces_zeros_and_in_base_256() -> None:
    size = (1 << 95 | 3).to_bytes(12, "big")
    found = scan(block(size=b"        3 \0") + data(b"abc") + block(size=size) + data(b"abc") + tar.END)
    assert [e.size for e, _ in found] == [3, 3]


def test_a_checksum_of_signed_characters() -> None:
    raw = bytearray(block("ä".encode()))
    raw[148:156] = b"%06o\0 " % (int(raw[148:154], 8) - 2 * 256)
    assert scan(bytes(raw) + tar.END)[0][0].path == "ä"


def test_contiguous_files_are_files_and_links_have_no_data() -> None:
    whole = block(b"c", b"7", b"1") + data(b"x") + block(b"h", b"1", b"7", b"c") + block(b"d", b"5", b"7") + tar.END
    assert [(e.path, e.kind, e.size) for e, _ in scan(whole)] == [
        ("c", "file", 1),
        ("h", "hardlink", 0),
        ("d", "directory", 0),
    ]


def test_what_follows_the_end_is_not_looked_at() -> None:
    assert len(scan(block() + tar.END + b"anything")) == 1
    assert scan(tar.END) == []


def test_bytes_that_are_no_utf_8() -> None:
    raw = pax(record(b"path", b"pax\xff")) + block() + block(b"ustar\xe9") + tar.END
    assert [e.path for e, _ in scan(raw)] == ["pax\udcff", "ustar\udce9"]


def test_a_path_that_climbs_is_reported_and_its_normalization_refused() -> None:
    ((entry, _),) = scan(block(b"../../etc/passwd") + tar.END)
    assert entry.path == "../../etc/passwd"
    with pytest.raises(PathError):
        paths.normalize(entry.path)


# What is refused.

SHORT = "it ends after {} bytes, truncated"


@pytest.mark.parametrize(
    ("raw", "what", "at"),
    [
        (b"", SHORT.format(0), 0),
        (b"x" * 511, SHORT.format(511), 0),
        (block(), SHORT.format(512), 512),
        (block() + bytes(512), SHORT.format(1024), 512),
        (block() + bytes(512) + block() + tar.END, "a lone block of zeros stands among the entries", 512),
        (block(size=b"2001") + tar.END, "its data ends beyond the file's 1536 bytes, truncated", 0),
        (block(size=b"1") + b"x", "its data ends beyond the file's 513 bytes, truncated", 0),
        (b"x" * 512, "the checksum is no number (b'xxxxxxxx')", 0),
        (block()[:-1] + b"x", "a header has a wrong checksum", 0),
        (block(size=b"12x4") + tar.END, "the size is no number (b'12x4\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00')", 0),
        (block(size=b"\xff" * 12) + tar.END, "size, owner or time out of range (-1, 0:0, 0)", 0),
        (block(at_108=b"\xff" * 8) + tar.END, "size, owner or time out of range (0, -1:0, 0)", 0),
        (block(size=b"\xbf" + b"\xff" * 11) + tar.END, "its data ends beyond the file's 1536 bytes, truncated", 0),
        (block(flag=b"S") + tar.END, "sparse files are not supported: a sparse file", 0),
        (
            pax(record(b"GNU.sparse.major", b"1")) + block() + tar.END,
            "sparse files are not supported: a sparse file",
            1024,
        ),
        (block(flag=b"V") + tar.END, "an entry of the unknown type b'V'", 0),
        (block(b"d/", b"0", b"1") + data(b"x") + tar.END, "the directory 'd/' has 1 bytes of data", 0),
        (long(b"L", b"name") + tar.END, "a long name or pax header is followed by no entry", 1024),
        (pax(record(b"path", b"x")) + tar.END, "a long name or pax header is followed by no entry", 1024),
        (long(b"L", b"name"), SHORT.format(1024), 1024),
        (block(flag=b"x", size=b"7777777"), "a long name or pax header has 2097151 bytes", 0),
        (block(flag=b"L", size=b"\xff" * 12), "a long name or pax header has -1 bytes", 0),
        (block(flag=b"x", size=b"100"), SHORT.format(512), 0),
        (pax(b"5 a=b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"7 a=b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"-6 a=b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"0 a=b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"6 ab=\n") + block() + tar.END, None, 0),
        (pax(b"5 ab\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"5 =b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"garbage") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(record(b"path", b"x") + b"garbage") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(record(b"path", b"x") + b"more garbage") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(record(b"path", b"x") + b"4 a\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(b"\xc2\xb2 a=b\n") + block() + tar.END, "a pax record is of no legal form", 0),
        (pax(record(b"path", b"a\0b")) + block() + tar.END, "a name with a NUL", 1024),
        (pax(record(b"size", b"-1")) + block() + tar.END, "the size of a pax header is no number ('-1')", 1024),
        (pax(record(b"uid", b"root")) + block() + tar.END, "the uid of a pax header is no number ('root')", 1024),
        (pax(record(b"mtime", b"now")) + block() + tar.END, "the mtime of a pax header is no number ('now')", 1024),
        (
            pax(record(b"size", b"9" * 30)) + block() + tar.END,
            f"the size of a pax header is no number ('{'9' * 30}')",
            1024,
        ),
        (block(flag=b"3", at_329=b"\xff" * 8) + tar.END, "a device (-1, 0) that is negative", 0),
    ],
)
def test_refused(raw: bytes, what: str | None, at: int) -> None:
    if what is None:
        assert scan(raw)
        return
    with pytest.raises(FormatError, match=exactly(f"tar is no tar that can be read: {what} at byte {at}")):
        scan(raw)


def test_errors_name_the_archive() -> None:
    with pytest.raises(FormatError, match=r"\Ax\.deb: data is no tar that can be read: "):
        list(tar.scan(io.BytesIO(b""), "x.deb: data"))


# Properties.


@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_else(raw: bytes) -> None:
    _only_format_errors(raw)


GOOD = (
    pax(record(b"path", b"p/q") + record(b"size", b"3"))
    + block(size=b"3")
    + data(b"abc")
    + long(b"L", b"n" * 200)
    + long(b"K", b"l" * 200)
    + block(flag=b"2")
    + pax(record(b"mtime", b"1.5"), b"g")
    + block(flag=b"3")
    + tar.END
)


@settings(max_examples=300)
@given(st.data())
def test_damage_raises_nothing_else(draw: st.DataObject) -> None:
    raw = bytearray(GOOD)
    start = draw.draw(st.sampled_from(range(0, len(GOOD), 512)))
    for _ in range(draw.draw(st.integers(1, 4))):
        raw[min(start + draw.draw(st.integers(0, 511)), len(raw) - 1)] = draw.draw(st.integers(0, 255))
    if draw.draw(st.booleans()):  # else the checksum would hide all that lies behind it
        head = raw[start : start + 512]
        raw[start + 148 : start + 156] = b"%06o\0 " % (sum(head[:148]) + sum(head[156:]) + 8 * 32)
    _only_format_errors(bytes(raw[: draw.draw(st.sampled_from([len(raw), 100, 1536, 2000, 5000]))]))


def _only_format_errors(raw: bytes) -> None:
    with contextlib.suppress(FormatError):
        for entry, offset in tar.scan(io.BytesIO(raw)):
            assert 0 <= offset <= offset + entry.size <= len(raw)
