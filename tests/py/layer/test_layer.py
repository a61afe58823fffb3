"""Tests of distill.layer.layer."""

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import get_args

import pytest
from distill import descriptor, listing
from distill.compression import Compression, Level
from distill.errors import InputError
from distill.layer import layer
from distill.layer.tree import Source, Tree
from distill.tar import Entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_data import mixed, noise
from support_elf import Made
from support_layer import members, on_disk, plain, records, source, tree_of, write
from support_match import begins

SMALL = [
    source("etc/passwd", data=b"root:x:0:0::/root:/bin/sh\n"),
    source("tmp", "directory", mode=0o1777),
    source("usr/bin/su", data=b"#!/bin/sh -e\n", mode=0o4755, uid=0, gid=42, mtime=9, package="su_1_amd64"),
    source("usr/bin/us", "hardlink", link="usr/bin/su"),
    source("usr/lib/x.so", data=Made(dynamic=[(1, b"libc.so.6")]).build()),
    source("lib", "symlink", link="usr/lib", mode=0o777),
    source("dev/null", "char", mode=0o666, device=(1, 3)),
    source("caf\udce9\\", data=b"x"),
]


def test_the_tar_has_what_the_tree_has(tmp_path: Path) -> None:
    write(tree_of(*SMALL), tmp_path)
    found = {member.name: member for member in members(tmp_path)}
    assert list(found) == [
        "caf\udce9\\",
        "dev",
        "dev/null",
        "etc",
        "etc/passwd",
        "lib",
        "tmp",
        "usr",
        "usr/bin",
        "usr/bin/su",
        "usr/bin/us",
        "usr/lib",
        "usr/lib/x.so",
    ]
    su = found["usr/bin/su"]
    assert (su.mode, su.uid, su.gid, su.mtime, su.size) == (0o4755, 0, 42, 9, 13)
    assert (su.uname, su.gname) == ("", "")
    assert found["tmp"].mode == 0o1777
    assert found["usr"].mode == 0o755
    assert (found["lib"].issym(), found["lib"].linkname) == (True, "usr/lib")
    assert (found["usr/bin/us"].islnk(), found["usr/bin/us"].linkname) == (True, "usr/bin/su")
    assert (found["dev/null"].ischr(), found["dev/null"].devminor) == (True, 3)
    assert plain(tmp_path).endswith(bytes(1024))


def test_the_listing_says_the_same(tmp_path: Path) -> None:
    write(tree_of(*SMALL), tmp_path)
    found = records(tmp_path)
    assert list(found) == [member.name for member in members(tmp_path)]
    su = found["usr/bin/su"]
    assert su == listing.Record(
        path="usr/bin/su",
        type="file",
        mode="4755",
        gid=42,
        size=13,
        sha256=hashlib.sha256(b"#!/bin/sh -e\n").hexdigest(),
        mtime=9,
        package="su_1_amd64",
        shebang="/bin/sh -e",
    )
    assert found["etc/passwd"].text == "root:x:0:0::/root:/bin/sh\n"
    elf = found["usr/lib/x.so"].elf
    assert elf is not None
    assert elf.needed == ("libc.so.6",)
    assert found["dev/null"].device == (1, 3)
    assert found["caf\udce9\\"].path == "caf\\xe9\\x5c"
    assert found["lib"] == listing.Record(path="lib", type="symlink", mode="0777", link="usr/lib")
    assert found["etc"] == listing.Record(path="etc", type="directory", mode="0755")


@pytest.mark.parametrize("kind", get_args(Compression))
def test_the_descriptor_says_what_the_blob_is(kind: Compression, tmp_path: Path) -> None:
    made = write(tree_of(*SMALL), tmp_path, compression=kind, annotations={"b": "2", "a": "1"})
    blob = (tmp_path / "blob").read_bytes()
    assert made == descriptor.read(tmp_path / "descriptor")
    assert made.digest == f"sha256:{hashlib.sha256(blob).hexdigest()}"
    assert made.size == len(blob)
    assert made.diff_id == f"sha256:{hashlib.sha256(plain(tmp_path)).hexdigest()}"
    assert list(json.loads((tmp_path / "descriptor").read_bytes())["annotations"].items()) == [("a", "1"), ("b", "2")]


def test_an_empty_layer(tmp_path: Path) -> None:
    made = write(Tree(), tmp_path)
    assert plain(tmp_path) == bytes(1024)
    assert (tmp_path / "listing").read_bytes() == b""
    assert made.diff_id == made.digest


# Of the layer below, at each compression and level: promises to every user, like those of test_compression.
GOLDEN = {
    "gzip": "1730e5dc9ccfb1beb8ca672325394e096783f8962c53a7228f802eba632c72e3",
    "zstd": "318b0f5e025da51d967b9c4428d79c16f29cd7e8f971e71ab9a74312074e4f2a",
    "uncompressed": "4e2111f8693a75c3b9b304a1287606a8f3a1606122bbee486a16b15f16230e09",
}
GOLDEN_LISTING = "2637664ccca646761aae622393655f4d33e5c60d4d74b23f442d0a291daaa563"


def _promised() -> Tree:
    return tree_of(*SMALL, source("srv/data", data=mixed(2_500_000)), source("n/" * 70 + "f", data=noise(1000)))


@pytest.mark.parametrize("kind", get_args(Compression))
def test_golden(kind: Compression, tmp_path: Path) -> None:
    changed = "a change of the tar, the listing or a compressor changes every digest of every user"
    made = write(_promised(), tmp_path, compression=kind, level="default")
    assert made.digest == f"sha256:{GOLDEN[kind]}", changed
    assert made.diff_id == f"sha256:{GOLDEN['uncompressed']}", changed
    assert hashlib.sha256((tmp_path / "listing").read_bytes()).hexdigest() == GOLDEN_LISTING, changed


@pytest.mark.parametrize("level", get_args(Level))
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_threads_change_nothing(kind: Compression, level: Level, tmp_path: Path) -> None:
    tree = tree_of(*SMALL, source("a", data=mixed(1_500_000)), source("b", data=bytes(5_000_000)))
    outputs = set()
    for threads in (1, 2, 5):
        write(tree, tmp_path, compression=kind, level=level, threads=threads)
        outputs.add(tuple((tmp_path / name).read_bytes() for name in ("blob", "descriptor", "listing")))
    assert len(outputs) == 1


def test_reading_in_small_pieces_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(mixed(200_000))
    tree = tree_of(on_disk("x", tmp_path / "x"), *SMALL)
    whole = write(tree, tmp_path, compression="gzip")
    read = os.preadv

    def little(fd: int, buffers: list[memoryview], offset: int) -> int:
        return read(fd, [buffers[0][:777]], offset)

    monkeypatch.setattr(os, "preadv", little)
    assert write(tree, tmp_path, compression="gzip") == whole


def test_umask_and_locale_change_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tree_of(*SMALL), tmp_path, compression="gzip")
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = os.umask(0o077)
    try:
        assert write(tree_of(*reversed(SMALL)), tmp_path, compression="gzip") == first
    finally:
        os.umask(before)


@pytest.mark.parametrize("threads", [1, 3])
def test_nothing_half_written_stays(threads: int, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    out = tmp_path / "out"
    out.mkdir()
    missing = Source(Entry("z", "file", size=1), "z", file=str(tmp_path / "z"))
    tree = tree_of(source("big", data=noise(4_000_000)), on_disk("x", tmp_path / "x"), missing)
    with pytest.raises(InputError, match=begins(f"file {tmp_path}/z for /z cannot be read")):
        write(tree, out, compression="gzip", threads=threads)
    assert list(out.iterdir()) == []


def test_a_hard_link_without_target_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a target that is not in the layer"):
        write(tree_of(source("h", "hardlink", link="gone")), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        layer.write(
            tree_of(*SMALL),
            tmp_path / "blob",
            tmp_path / "none" / "descriptor",
            tmp_path / "listing",
            compression="gzip",
            level="fast",
        )
    assert list(tmp_path.iterdir()) == []


def test_names_on_disk_that_are_no_utf_8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9"
    try:
        fd = os.open(name, os.O_WRONLY | os.O_CREAT)
    except OSError:
        pytest.skip("no such names on this file system")
    os.write(fd, b"x")
    os.close(fd)
    each = Source(Entry("f", "file", size=1), "x", file=name.decode("utf-8", "surrogateescape"))
    write(tree_of(each), tmp_path)
    assert records(tmp_path)["f"].size == 1


def test_a_big_sparse_file_takes_a_bounded_number_of_chunks(tmp_path: Path) -> None:
    """256 MiB go through; that chunks have a bound is checked by test_pipeline."""
    with open(tmp_path / "sparse", "wb") as stream:
        stream.truncate(1 << 28)
    made = write(tree_of(on_disk("sparse", tmp_path / "sparse")), tmp_path, compression="zstd", threads=2)
    assert made.size < 1 << 20
    assert records(tmp_path)["sparse"].size == 1 << 28


def test_ten_thousand_files(tmp_path: Path) -> None:
    tree = tree_of(*(source(f"d{number % 99}/f{number}", data=b"%d" % number) for number in range(10_000)))
    write(tree, tmp_path, compression="gzip")
    assert len(records(tmp_path)) == len(tree) == 10_099


def test_modes_of_the_outputs_are_those_of_the_umask(tmp_path: Path) -> None:
    write(tree_of(*SMALL), tmp_path)
    (tmp_path / "other").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


NAMES = st.sampled_from(["a", "b", "a/b", "a/c", "c/d/e", "ä", "b-"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.dictionaries(NAMES, st.binary(max_size=3000)), st.sampled_from(get_args(Compression)))
def test_what_goes_in_comes_out(tmp_path: Path, files: dict[str, bytes], kind: Compression) -> None:
    files = {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}
    write(tree_of(*(source(path, data=data) for path, data in files.items())), tmp_path, compression=kind)
    found = records(tmp_path)
    assert {path: record.sha256 for path, record in found.items() if record.type == "file"} == {
        path: hashlib.sha256(data).hexdigest() for path, data in files.items()
    }
    assert [member.name for member in members(tmp_path)] == list(found)
