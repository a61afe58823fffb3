"""Tests of distill.layer.file_sources."""

import os
from pathlib import Path

import pytest
from distill.errors import ConflictError, InputError
from distill.layer import file_sources
from distill.layer.file_lines import ContentLine, DirectoryLine, EmptyLine, Line, SourceLine, SymlinkLine
from distill.layer.tree import Tree
from distill.tar import Entry
from support_match import exactly


def entries(tree: Tree) -> dict[str, Entry]:
    return {each.entry.path: each.entry for each in tree.sources()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tree/sub").mkdir(parents=True)
    (tmp_path / "tree/empty").mkdir()
    (tmp_path / "tree/run").write_text("#!")
    (tmp_path / "tree/run").chmod(0o555)
    (tmp_path / "tree/sub/data").write_text("abc")
    (tmp_path / "tree/sub/data").chmod(0o600)
    (tmp_path / "tree/link").symlink_to("sub/data")
    (tmp_path / "tree/staged").symlink_to(tmp_path / "tree/run")
    (tmp_path / "tree/other").symlink_to("sub")
    return tmp_path


def source(folder: Path, name: str, **more: object) -> SourceLine:
    return SourceLine(path=str(folder / name), **more)  # type: ignore[arg-type]


def test_a_file_has_its_mode_by_whether_it_is_executable(folder: Path) -> None:
    lines = [
        source(folder, "tree/run", dest="bin/run", uid=1, gid=2),
        source(folder, "tree/sub/data", dest="data"),
        source(folder, "tree/sub/data", dest="secret", mode="0400"),
        source(folder, "tree/staged", dest="staged"),
        source(folder, "tree/run", dest="suid", mode="4711"),
    ]
    found = entries(file_sources.build(lines, mtime=5))
    assert found == {
        "bin": Entry("bin", "directory", 0o755, mtime=5),
        "bin/run": Entry("bin/run", "file", 0o755, 1, 2, 5, 2),
        "data": Entry("data", "file", 0o644, 0, 0, 5, 3),
        "secret": Entry("secret", "file", 0o400, 0, 0, 5, 3),
        "staged": Entry("staged", "file", 0o755, 0, 0, 5, 2),
        "suid": Entry("suid", "file", 0o4711, 0, 0, 5, 2),
    }


def test_a_directory_is_its_files_with_links_followed_and_without_empty_ones(folder: Path) -> None:
    found = entries(file_sources.build([source(folder, "tree", dest="srv", tree=True, uid=7)]))
    assert {path: (entry.kind, oct(entry.mode), entry.uid, entry.size) for path, entry in found.items()} == {
        "srv": ("directory", "0o755", 0, 0),
        "srv/link": ("file", "0o644", 7, 3),
        "srv/other": ("directory", "0o755", 0, 0),
        "srv/other/data": ("file", "0o644", 7, 3),
        "srv/run": ("file", "0o755", 7, 2),
        "srv/staged": ("file", "0o755", 7, 2),
        "srv/sub": ("directory", "0o755", 0, 0),
        "srv/sub/data": ("file", "0o644", 7, 3),
    }


def test_what_is_stripped_may_lie_inside_of_a_directory(folder: Path) -> None:
    (folder / "tree/run").unlink()
    for link in ("link", "other", "staged"):
        (folder / "tree" / link).unlink()
    line = source(folder, "tree", short_path="app/tree", strip_prefix="app/tree/sub", below="srv", tree=True)
    assert list(entries(file_sources.build([line]))) == ["srv", "srv/data"]
    (folder / "tree/subject").write_text("")
    with pytest.raises(InputError) as error:
        file_sources.build([line])
    assert str(error.value) == (
        "srcs has a file outside of strip_prefix, got app/tree/subject that is not below app/tree/sub; "
        "name it in files, with its path in the image"
    )


def test_a_directory_may_go_to_the_root(folder: Path) -> None:
    line = source(folder, "tree/sub", short_path="a/tree", strip_prefix="a/tree", tree=True)
    assert list(entries(file_sources.build([line]))) == ["data"]


def test_other_lines() -> None:
    lines: list[Line] = [
        DirectoryLine("var/tmp", "1777", 0, 0),
        SymlinkLine("var/run", "/run"),
        EmptyLine("etc/resolv.conf"),
        ContentLine("etc/hosts", "127.0.0.1 löcalhost\n", "0600", 3, 4),
    ]
    tree = file_sources.build(lines)
    found = entries(tree)
    assert found["var/tmp"] == Entry("var/tmp", "directory", 0o1777)
    assert found["var/run"] == Entry("var/run", "symlink", 0o777, link="/run")
    assert found["etc/resolv.conf"] == Entry("etc/resolv.conf", "file", 0o644)
    assert found["etc/hosts"] == Entry("etc/hosts", "file", 0o600, 3, 4, size=21)
    hosts = tree.get("etc/hosts")
    assert hosts is not None
    assert hosts.data == "127.0.0.1 löcalhost\n".encode()


def test_a_symlink_artifact_goes_in_as_it_is(folder: Path) -> None:
    (folder / "dangling").symlink_to("../nowhere")
    line = source(folder, "dangling", dest="d", symlink_artifact=True)
    assert entries(file_sources.build([line]))["d"] == Entry("d", "symlink", 0o777, link="../nowhere")


def test_modes_and_owners_of_single_paths(folder: Path) -> None:
    lines: list[Line] = [source(folder, "tree/run", dest="srv/app/run"), SymlinkLine("srv/link", "app")]
    modes = {"srv/app/run": "4755", "srv/app": "0700"}
    found = entries(file_sources.build(lines, 3, modes, {"srv/link": "1:2", "srv": "3:4", "srv/app": "5:6"}))
    assert found["srv/app/run"].mode == 0o4755
    assert found["srv/app"] == Entry("srv/app", "directory", 0o700, 5, 6, 3)
    assert found["srv"] == Entry("srv", "directory", 0o755, 3, 4, 3)
    assert (found["srv/link"].uid, found["srv/link"].gid) == (1, 2)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (DirectoryLine("a", uid=-1), "owner of /a is out of range, got -1; give ids from 0 to 4294967294"),
        (SymlinkLine("a", ""), "symlink /a leads nowhere, got ''; name the path it points to"),
        (SymlinkLine("a", "x\0"), "symlink /a leads nowhere, got 'x\\x00'; name the path it points to"),
        (ContentLine("a", "\ud800"), "text of /a is no Unicode text, got '\\ud800'; mend it"),
        (DirectoryLine("a", "9"), "mode of /a is no octal mode, got '9'; write 0644 or 4755"),
    ],
)
def test_lines_that_are_wrong(line: Line, message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        file_sources.build([line])


def test_a_time_before_1970() -> None:
    with pytest.raises(InputError, match=exactly("mtime is before 1970, got -1; give seconds since 1970")):
        file_sources.build([], -1)


def check(line: SourceLine, message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        file_sources.build([line])


def test_files_on_disk_that_are_wrong(folder: Path) -> None:
    gone = "check that the rule that names it makes it"
    check(
        source(folder, "gone", dest="x"),
        f"file cannot be read, got {folder}/gone (No such file or directory); {gone}",
    )
    check(source(folder, "a\0", dest="x"), f"file cannot be read, got {folder}/a\0 (a NUL in its name); {gone}")
    check(
        source(folder, "tree/run", dest="x", symlink_artifact=True),
        f"file cannot be read, got {folder}/tree/run (Invalid argument); {gone}",
    )
    check(source(folder, "tree", dest="x"), f"file is a directory, got {folder}/tree for /x; name its files, with glob")
    check(
        source(folder, "tree/run", dest="x", tree=True),
        f"file is no directory, got {folder}/tree/run for /x; this is a fault of the rule that made it",
    )


def test_special_files_and_dangling_links_in_a_directory(folder: Path) -> None:
    os.mkfifo(folder / "tree/sub/pipe", 0o644)
    check(
        source(folder, "tree", dest="x", tree=True),
        f"file is neither a file nor a directory, got {folder}/tree/other/pipe of mode 010644; leave it out",
    )
    (folder / "tree/sub/pipe").unlink()
    (folder / "tree/sub/pipe").symlink_to("nothing")
    check(
        source(folder, "tree", dest="x", tree=True),
        f"file cannot be read, got {folder}/tree/other/pipe (No such file or directory); "
        "check that the rule that names it makes it",
    )


def test_a_directory_that_contains_itself(folder: Path) -> None:
    (folder / "tree/sub/up").symlink_to("..")
    check(
        source(folder, "tree/sub", dest="x", tree=True),
        f"directory contains itself by a link, got {folder}/tree/sub/up/other for /x/up/other; remove the link",
    )


def test_names_that_are_no_utf_8(folder: Path) -> None:
    try:
        os.close(os.open(os.fsencode(folder) + b"/tree/sub/caf\xe9", os.O_CREAT))
    except OSError:
        pytest.skip("no such names on this file system")
    found = entries(file_sources.build([source(folder, "tree/sub", dest="s", tree=True)]))
    assert "s/caf\udce9" in found


def test_two_files_for_one_path(folder: Path) -> None:
    lines = [source(folder, "tree/run", dest="x"), source(folder, "tree/sub/data", dest="x")]
    message = (
        f"two sources for /x do not agree, got {folder}/tree/run (file 0755 0:0 of 2 bytes) and "
        f"{folder}/tree/sub/data (file 0644 0:0 of 3 bytes); keep one, or make them equal"
    )
    with pytest.raises(ConflictError, match=exactly(message)):
        file_sources.build(lines)
    same = [source(folder, "tree/link", dest="x"), source(folder, "tree/sub/data", dest="x")]
    assert list(entries(file_sources.build(same))) == ["x"]
