"""Tests of distill.tar: what it writes is what it, and other programs, read."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from distill import paths, tar
from distill.listing import Kind
from distill.tar import Entry
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    min_size=1,
    max_size=300,
).filter(lambda name: not name.endswith("/") and paths.decode(paths.encode(name)) == name)
KINDS: list[Kind] = ["file", "directory", "symlink", "hardlink", "char", "block", "fifo"]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(KINDS))
    return Entry(
        path=draw(NAMES),
        kind=kind,
        mode=draw(st.integers(0, 0o7777)),
        uid=draw(st.integers(0, (1 << 32) - 1)),
        gid=draw(st.integers(0, (1 << 32) - 1)),
        mtime=draw(st.integers(-(1 << 62), (1 << 62) - 1)),
        size=draw(st.integers(0, 2000)) if kind == "file" else 0,
        link=draw(NAMES) if kind in ("symlink", "hardlink") else "",
        device=draw(st.tuples(st.integers(0, 1 << 40), st.integers(0, 1 << 40))) if kind in ("char", "block") else None,
    )


@given(st.lists(entries(), max_size=5))
def test_what_is_written_is_read_back(written: list[Entry]) -> None:
    raw = b"".join(tar.header(e) + b"x" * e.size + tar.padding(e.size) for e in written) + tar.END
    read = [
        Entry(**{f: getattr(e, f) for f in e.__struct_fields__} | {"path": _plain(e)})
        for e, _ in tar.scan(io.BytesIO(raw))
    ]
    assert read == written


def _plain(entry: Entry) -> str:
    return entry.path[:-1] if entry.kind == "directory" else entry.path


# Other readers and writers, where the machine has them.


@pytest.mark.parametrize("program", ["tar", "bsdtar"])
def test_other_readers_list_the_same(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    written = [
        Entry("d", "directory", 0o1777),
        Entry("d/" + "n" * 99, "file", 0o4755, 3_000_000, 4, size=3),
        Entry("d/" + "m/" * 120 + "f", "file", 0o644, size=512),
        Entry("s", "symlink", 0o777, link="t/" * 100 + "x"),
        Entry("h", "hardlink", 0o4755, 3_000_000, 4, link="d/" + "n" * 99),
    ]
    raw = b"".join(tar.header(e) + b"x" * e.size + tar.padding(e.size) for e in written) + tar.END
    (tmp_path / "x.tar").write_bytes(raw)
    out = subprocess.run(
        [program, "-tf", "x.tar"], cwd=tmp_path, env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=True
    )
    assert out.stderr == b""
    assert [line.rstrip("/") for line in out.stdout.decode().splitlines()] == [e.path for e in written]
    (tmp_path / "out").mkdir()
    subprocess.run([program, "-xpf", "../x.tar", "--no-same-owner"], cwd=tmp_path / "out", check=True)
    assert (tmp_path / "out" / written[1].path).read_bytes() == b"xxx"
    assert (tmp_path / "out/h").samefile(tmp_path / "out" / written[1].path)


@pytest.mark.parametrize("form", ["v7", "oldgnu", "gnu", "ustar", "pax"])
def test_reads_what_gnu_tar_writes(form: str, tmp_path: Path) -> None:
    if (
        shutil.which("tar") is None
        or b"GNU tar" not in subprocess.run(["tar", "--version"], capture_output=True).stdout
    ):
        pytest.skip("no GNU tar here")
    deep = "d/" * 40 if form in ("v7", "ustar") else "directory/" * 30
    (tmp_path / "in" / deep).mkdir(parents=True)
    (tmp_path / "in" / deep / "f").write_bytes(b"abc" * 300)
    (tmp_path / "in/link").symlink_to("f")
    (tmp_path / "in/hard").hardlink_to(tmp_path / "in" / deep / "f")
    subprocess.run(["tar", f"--format={form}", "-cf", "../x.tar", "."], cwd=tmp_path / "in", check=True)
    with open(tmp_path / "x.tar", "rb") as stream, tarfile.open(tmp_path / "x.tar") as archive:
        ours = {paths.normalize(e.path): e for e, _ in tar.scan(stream) if not paths.is_root(e.path)}
        theirs = {paths.normalize(m.name): m for m in archive if not paths.is_root(m.name)}
    assert list(ours) == list(theirs)
    for path, entry in ours.items():
        member = theirs[path]
        assert (entry.mode, entry.uid, entry.size) == (member.mode, member.uid, member.size if member.isreg() else 0)
        assert entry.link == (member.linkname if member.issym() or member.islnk() else "")
