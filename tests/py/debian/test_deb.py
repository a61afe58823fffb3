"""Debian packages."""

import io
import tarfile
from pathlib import Path

import pytest
from distill.debian import ar as archives
from distill.debian import deb
from distill.errors import FormatError
from hypothesis import given, settings
from hypothesis import strategies as st
from support_deb import COMPRESSORS, Item, ar, control_text, member, tar, write
from support_deb import deb as package

ITEMS = [
    Item("usr/"),
    Item("usr/bin/"),
    Item("usr/bin/demo", b"#!/bin/sh\n", mode=0o4755, gid=42),
    Item("usr/bin/same", link="usr/bin/demo", hard=True),
    Item("usr/bin/with space", b"x"),
    Item("usr/bin/caf\udce9", link="/usr/bin/demo"),
    Item("usr/share/" + "long/" * 40 + "name", b"deep"),
]
CONTROL_TAR = tar([Item("control", control_text().encode())])
BINARY = ("debian-binary", b"2.0\n")


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_every_compression(tmp_path: Path, suffix: str) -> None:
    with deb.open_deb(write(tmp_path, package(ITEMS, suffix=suffix, control_suffix=suffix))) as found:
        assert found.identity == "demo_1.0-1_amd64"
        assert found.control == control_text()
        assert found.fields["maintainer"] == "Nobody <nobody@example.com>"
        assert found.md5sums == b"d41d8cd98f00b204e9800998ecf8427e  usr/bin/demo\n"
        assert sorted(found.control_files) == ["control", "md5sums"]
        assert [entry.path for entry, _ in found.entries] == [item.path.rstrip("/") for item in ITEMS]
        by_path = {entry.path: (entry, offset) for entry, offset in found.entries}
        demo = by_path["usr/bin/demo"][0]
        assert (demo.kind, demo.mode, demo.uid, demo.gid, demo.size) == ("file", 0o4755, 0, 42, 10)
        assert found.read(*by_path["usr/bin/demo"]) == b"#!/bin/sh\n"
        assert found.read(*by_path[ITEMS[-1].path]) == b"deep"
        assert (by_path["usr/bin/same"][0].kind, by_path["usr/bin/same"][0].link) == ("hardlink", "usr/bin/demo")
        assert (by_path["usr/bin/caf\udce9"][0].kind, by_path["usr/bin/caf\udce9"][0].link) == (
            "symlink",
            "/usr/bin/demo",
        )


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_other_tars_and_names_without_a_dot(tmp_path: Path, form: int) -> None:
    data = tar([Item("opt/a", b"1")], form, prefix="")
    made = ar(BINARY, ("control.tar", CONTROL_TAR), ("data.tar", data))
    with deb.open_deb(write(tmp_path, made)) as found:
        assert [entry.path for entry, _ in found.entries] == ["opt/a"]
        assert found.md5sums is None


def test_the_root_is_left_out_and_a_directory_may_come_twice(tmp_path: Path) -> None:
    with deb.open_deb(write(tmp_path, package([Item(""), Item("a/"), Item("a/")]))) as found:
        assert [entry.path for entry, _ in found.entries] == ["a"]


def test_members_that_begin_with_an_underscore_are_skipped(tmp_path: Path) -> None:
    made = ar(
        BINARY,
        ("_gpgorigin", b"sig"),
        ("control.tar/", CONTROL_TAR),
        ("_x", b""),
        ("data.tar/", tar([])),
        ("_y", b"abc"),
    )
    with deb.open_deb(write(tmp_path, made)) as found:
        assert found.entries == []


def test_a_later_format_of_version_2_is_read(tmp_path: Path) -> None:
    made = ar(("debian-binary", b"2.7\nmore\n"), ("control.tar", CONTROL_TAR), ("data.tar", tar([])))
    with deb.open_deb(write(tmp_path, made)) as found:
        assert found.name == "demo"


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write(tmp_path, package(ITEMS))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with deb.open_deb(made) as found:
        assert list(scratch.iterdir()) == []
        file = found.file
    assert file.closed


ORDER = "a package has debian-binary, control.tar and data.tar, in this order"
TWICE = ["debian-binary", "control.tar", "control.tar"]
CONTROL, DATA = ("control.tar", CONTROL_TAR), ("data.tar", tar([]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ar(), f"x.deb is no package, got members none; {ORDER}"),
        (ar(BINARY, CONTROL), f"x.deb is no package, got members debian-binary, control.tar; {ORDER}"),
        (ar(BINARY, DATA), f"x.deb is no package, got members debian-binary, data.tar; {ORDER}"),
        (ar(CONTROL, DATA), f"x.deb is no package, got members control.tar, data.tar; {ORDER}"),
        (ar(BINARY, DATA, CONTROL), f"x.deb is no package, got members debian-binary, data.tar, control.tar; {ORDER}"),
        (ar(BINARY, CONTROL, CONTROL), f"x.deb is no package, got members {', '.join(TWICE)}; {ORDER}"),
        (
            ar(BINARY, CONTROL, ("data.tar.rar", b"")),
            f"x.deb is no package, got members debian-binary, control.tar, data.tar.rar; {ORDER}",
        ),
        (
            ar(("debian-binary", b"3.0\n"), CONTROL, DATA),
            "x.deb is of a format that is not known, got b'3.0\\n'; only format 2 is",
        ),
        (
            ar(BINARY, CONTROL, DATA)[:-7],
            "x.deb ends within member data.tar, got 10233 of 10240 bytes; fetch the file again",
        ),
        (
            ar(BINARY, ("control.tar", tar([Item("md5sums")])), DATA),
            "x.deb: control.tar has no control file, got ['md5sums']; fetch the package again",
        ),
        (
            ar(BINARY, ("control.tar", tar([Item("control", b"Package: a1\nVersion: 1\n")])), DATA),
            "x.deb: control lacks a field, got no Architecture; fetch the package again",
        ),
        (
            package(control=control_text(name="../evil")),
            "x.deb: control gives no package name, got '../evil'; see Debian Policy, 5.6.1",
        ),
        (
            package(control=control_text(version="a/b")),
            "x.deb: version is not of the form [epoch:]upstream[-revision], got 'a/b'; see Debian Policy",
        ),
        (
            package(control=control_text(architecture="amd/64")),
            "x.deb: control gives no architecture, got 'amd/64'; see Debian Policy, 5.6.8",
        ),
        (
            package(control="Package: demo\noops\n"),
            "x.deb: control:2 is no field, got 'oops'; write `Name: value`, or begin a continuation with a space",
        ),
        (
            package([Item("a", b"1"), Item("a", b"1")], suffix=""),
            "x.deb: data.tar has a path twice, got a; take another version of the package",
        ),
        (
            package([Item("b", link="a", hard=True), Item("a")], suffix=""),
            (
                "x.deb: data.tar has a hard link that leads to no file before it, got b to a;"
                " take another version of the package"
            ),
        ),
        (
            package([Item("b", link="b", hard=True)], suffix=""),
            (
                "x.deb: data.tar has a hard link that leads to no file before it, got b to b;"
                " take another version of the package"
            ),
        ),
    ],
)
def test_a_broken_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    write(tmp_path, data, "x.deb")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value) == message


@pytest.mark.parametrize("path", ["../x", "a/../../x", "a/./../b"])
def test_a_path_that_climbs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, package([Item(path, b"1")]), "x.deb")
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value) == f"x.deb: path climbs with .., got './{path}'; write the path it means"


def test_an_absolute_path_is_below_the_root(tmp_path: Path) -> None:
    made = ar(BINARY, CONTROL, ("data.tar", tar([Item("/etc/x", b"1")], prefix="")))
    with deb.open_deb(write(tmp_path, made)) as found:
        assert [entry.path for entry, _ in found.entries] == ["etc/x"]


def test_damaged_data_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ar(BINARY, CONTROL, ("data.tar.gz", b"\x1f\x8b\x08")), "x.deb")
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value) == "x.deb: gzip data is truncated, got an end within a member; fetch the file again"
    write(tmp_path, ar(BINARY, CONTROL, ("data.tar", b"x" * 512)), "x.deb")
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value).startswith("x.deb: data.tar is no tar that can be read: ")


def test_a_control_archive_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deb, "_MOST_CONTROL", 4096)
    monkeypatch.chdir(tmp_path)
    made = package()
    write(tmp_path, made, "x.deb")
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value) == (
        f"x.deb: control.tar.xz unpacks to more than it may, got over 4096 bytes from {size(made, 'control.tar.xz')}; "
        "take another version of the package"
    )


def size(package: bytes, name: str) -> int:
    """Give the size of a member, as the archive has it."""
    return next(m.size for m in archives.members(io.BytesIO(package), "") if m.name == name)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".lzma", ".xz", ".zst"])
def test_a_package_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(deb, "_LEAST_DATA", 1 << 20)
    monkeypatch.setattr(deb, "_RATIO", 1)
    monkeypatch.chdir(tmp_path)
    made = package([Item("zeros", bytes(3 << 20))], suffix=suffix)
    write(tmp_path, made, "x.deb")
    with pytest.raises(FormatError) as error, deb.open_deb("x.deb"):
        pass
    assert str(error.value) == (
        f"x.deb: data.tar{suffix} of demo 1.0-1 unpacks to more than it may, got over 1048576 bytes from "
        f"{size(made, f'data.tar{suffix}')}; take another version of the package"
    )


def test_how_much_a_package_may_unpack_to(tmp_path: Path) -> None:
    """A small package that is all zeros is none too many: bounds are for what no package of Debian comes near."""
    zeros = write(tmp_path, package([Item("zeros", bytes(60 << 20))]), "zeros.deb")
    assert Path(zeros).stat().st_size < 20_000
    with deb.open_deb(zeros) as found:
        assert found.entries[0][0].size == 60 << 20
    bomb = write(tmp_path, package([Item("zeros", bytes(65 << 20))]), "bomb.deb")
    with pytest.raises(FormatError, match=r" got over 67108864 bytes from [0-9]+; "), deb.open_deb(bomb):
        pass


def test_what_follows_the_data_is_not_looked_at(tmp_path: Path) -> None:
    """As dpkg-deb does it: a line end, another member, anything."""
    made = ar(BINARY, CONTROL, ("data.tar", tar([Item("a", b"1")])))
    more = ar(BINARY, CONTROL, ("data.tar", tar([Item("a", b"1")])), ("data.tar.gz", b"no gzip"))
    for data in (made + b"\n", made + b"garbage" * 20, more):
        with deb.open_deb(write(tmp_path, data)) as found:
            assert [entry.path for entry, _ in found.entries] == ["a"]


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(COMPRESSORS)), st.data())
def test_a_damaged_package_gives_a_format_error_or_a_package(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    made = bytearray(package(ITEMS[:4], suffix=suffix, control_suffix=suffix))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(made) - 1))
        made[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path = write(tmp_path_factory.getbasetemp(), bytes(made), "damaged.deb")
    try:
        with deb.open_deb(path) as found:
            assert found.identity
    except FormatError:
        pass


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=1500), st.sampled_from(sorted(COMPRESSORS)), st.booleans())
def test_any_bytes_as_an_archive_give_a_format_error_or_a_package(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, suffix: str, compressed: bool
) -> None:
    data = COMPRESSORS[suffix](noise) if compressed else noise
    made = ar(BINARY, CONTROL, (f"data.tar{suffix}", data))
    path = write(tmp_path_factory.getbasetemp(), made, "noise.deb")
    try:
        with deb.open_deb(path) as found:
            assert found.identity
    except FormatError:
        pass


def test_the_members_of_the_support_module_are_as_tarfile_reads_them() -> None:
    assert member("a", b"xyz").endswith(b"xyz\n")
    with tarfile.open(fileobj=io.BytesIO(tar(ITEMS))) as archive:
        assert len(archive.getmembers()) == len(ITEMS)
