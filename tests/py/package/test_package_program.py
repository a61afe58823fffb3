"""Programs of packages, unpacked so that they run."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import tool
from support_command import package_line
from support_compiler import HELLO, compiled
from support_deb import Item, deb, write

LIB = "lib/x86_64-linux-gnu"
HOST = Path("/", LIB)
ADD = "add the package that has it to packages"


def items(program: bytes) -> list[Item]:
    """Give a package with `program` and what it needs of this machine, as Debian 12 has it."""
    libc, loader = ((HOST / name).read_bytes() for name in ("libc.so.6", "ld-linux-x86-64.so.2"))
    return [
        Item("usr/bin/hello", program, mode=0o755),
        Item("usr/bin/hi", link="hello"),
        Item("usr/bin/script", b"#!/bin/sh\n", mode=0o755),
        Item("lib64/ld-linux-x86-64.so.2", link=f"/{LIB}/ld-linux-x86-64.so.2"),
        Item(f"{LIB}/ld-linux-x86-64.so.2", loader, mode=0o755),
        Item(f"{LIB}/libc.so.6", link="libc-2.so"),
        Item(f"{LIB}/libc-2.so", libc, mode=0o755),
        Item(f"{LIB}/unneeded.so", libc),
    ]


def run(directory: Path, package: list[Item], path: str, *files: str) -> int:
    lines: list[dict[str, Any]] = [
        {"command": "PackageProgram", "label": "//x:y", "settings": {"path": path, "files": files}},
        package_line(write(directory, deb(package))),
        {"role": "out", "name": "launcher", "path": str(directory / "x")},
        {"role": "out", "name": "files", "path": str(directory / "x.files")},
    ]
    return tool.run([json.dumps(line) for line in lines])


@pytest.mark.parametrize("path", ["/usr/bin/hello", "/usr/bin/hi", "/bin/hello"])
def test_a_program_runs_with_its_own_loader_and_libraries(tmp_path: Path, path: str) -> None:
    assert run(tmp_path, items(compiled(tmp_path / "hello").read_bytes()), path) == 0
    found = sorted(p.relative_to(tmp_path).as_posix() for p in (tmp_path / "x.files").rglob("*") if p.is_file())
    place = "x.files/root/usr/bin/" + Path(path).name
    assert found == ["x.files/lib/ld-linux-x86-64.so.2", "x.files/lib/libc.so.6", "x.files/loader", place]
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    for launcher in (tmp_path / "x", tmp_path / "elsewhere/x"):
        assert subprocess.run([launcher], capture_output=True, check=True).stdout == b"hello\n"
    assert subprocess.run(["./x"], cwd=tmp_path, capture_output=True, check=True).stdout == b"hello\n"


def test_a_launcher_among_runfiles(tmp_path: Path) -> None:
    assert run(tmp_path, items(compiled(tmp_path / "hello").read_bytes()), "/usr/bin/hello") == 0
    for place in ("pkg/sub/x", "x"):
        alone = tmp_path / "out" / place
        alone.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x").rename(alone)
        files = Path(f"{alone}.runfiles/_main/{place}.files")
        files.parent.mkdir(parents=True)
        (tmp_path / "x.files").rename(files)
        for command in (alone, Path("out") / place):
            assert subprocess.run([command], cwd=tmp_path, capture_output=True, check=True).stdout == b"hello\n"
        alone.rename(tmp_path / "x")
        files.rename(tmp_path / "x.files")


def test_a_static_program_needs_no_loader(tmp_path: Path) -> None:
    assert run(tmp_path, items(compiled(tmp_path / "hello", "-static").read_bytes()), "/usr/bin/hello") == 0
    assert not (tmp_path / "x.files/loader").exists()
    assert subprocess.run([tmp_path / "x"], capture_output=True, check=True).stdout == b"hello\n"


def test_further_files_stand_to_it_as_in_the_package(tmp_path: Path) -> None:
    package = [
        *items(compiled(tmp_path / "hello", "-static").read_bytes()),
        Item("usr/lib/hello/data", b"data"),
        Item("usr/lib/hello/link", link="../hello/data"),
        Item("usr/lib/hello/gone", link="nothing"),
        Item("lib/hello/rules", b"rules"),
        Item("usr/lib/other", b"other"),
    ]
    assert run(tmp_path, package, "/usr/bin/hello", "/usr/lib/hello/**") == 0
    root = tmp_path / "x.files/root"
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    del found["usr/bin/hello"]
    assert found == {"usr/lib/hello/data": b"data", "usr/lib/hello/link": b"data", "usr/lib/hello/rules": b"rules"}


def test_a_name_that_a_shell_would_read(tmp_path: Path) -> None:
    program = Item("usr/bin/$(x) 'y'", compiled(tmp_path / "hello", "-static").read_bytes(), mode=0o755)
    assert run(tmp_path, [program], f"/{program.path}") == 0
    assert subprocess.run([tmp_path / "x"], capture_output=True, check=True).stdout == b"hello\n"


@pytest.mark.parametrize(
    ("glob", "hint"),
    [("/opt/**", ADD), ("/usr/bin/helo", "did you mean usr/bin/hello, usr/bin/hi?")],
)
def test_a_glob_of_nothing(tmp_path: Path, glob: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, items(compiled(tmp_path / "hello").read_bytes()), "/usr/bin/hello", glob) == 1
    assert capsys.readouterr().err == f"//x:y: files matches no file of the packages, got {glob!r}; {hint}\n"


@pytest.mark.parametrize(
    ("path", "without", "message"),
    [
        (
            "/usr/bin/none",
            "",
            "path is of a program that is not there, got /usr/bin/none; name a program of the packages",
        ),
        (
            "/usr/bin/script",
            "",
            "path is of a program that is no ELF program, got /usr/bin/script; name a program of the packages",
        ),
        (
            "/usr/bin/hello",
            "libc-2.so",
            f"path is of a program whose library is not there, got libc.so.6 of /usr/bin/hello; {ADD}",
        ),
        (
            "/usr/bin/hello",
            f"{LIB}/ld-linux-x86-64.so.2",
            f"path is of a program whose loader is not there, got /lib64/ld-linux-x86-64.so.2; {ADD}",
        ),
    ],
)
def test_what_is_not_there(
    tmp_path: Path, path: str, without: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["-nostdlib", "-pie", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"] if "ld-linux" in without else []
    source = "void _start(void) {}" if flags else HELLO
    program = compiled(tmp_path / "hello", *flags, source=source).read_bytes()
    package = [item for item in items(program) if not without or without not in item.path]
    assert run(tmp_path, package, path) == 1
    assert capsys.readouterr().err == f"//x:y: {message}\n"
