"""Dynamic programs run on scratch with just the files of their closures."""

import json
import subprocess
from pathlib import Path

import pytest
from container import Container
from debugger import gdb
from image_case import runfile, unpack
from oci_archive import OciArchive

HERE = "examples/dynamic_hello"
LIBRARY = "libexamples_Sdynamic_Uhello_Slibgreet.so"


def _files(root: Path) -> list[str]:
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(str(path) for path in found if path.parts[0] in ("usr", "lib", "lib64") and "doc" not in path.parts)


@pytest.mark.parametrize(
    ("image", "output", "libraries"),
    [
        (
            "hello_c",
            "hello from C\nthe root of 2 is 1.414\n",
            {"libc.so.6", "libm.so.6", "libgreet_shared.so"},
        ),
        (
            "hello_cc",
            "hello from C++\nan exception unwinds the stack, with libgcc_s\n",
            {
                "libc.so.6",
                LIBRARY,
                "libgcc_s.so.1",
                "libm.so.6",
                "libstdc++.so.6",
                "libstdc++.so.6.0.30",
            },
        ),
    ],
)
def test_it_runs_with_nothing_but_its_closure(image: str, output: str, libraries: set[str], tmp_path: Path) -> None:
    config = unpack(f"{HERE}/{image}_image.tar", tmp_path / "root")
    found = {Path(path).name for path in _files(tmp_path / "root")}
    loader = {"hello", "lib", "lib64", *(name for name in found if name.startswith("ld-linux"))}
    assert found == libraries | loader
    with Container(config, tmp_path / "root", read_only=True) as container:
        assert container.wait() == (0, output)


def test_packages_keep_their_status_and_copyright(tmp_path: Path) -> None:
    unpack(f"{HERE}/hello_cc_image.tar", tmp_path / "root")
    status = {path.name for path in (tmp_path / "root/var/lib/dpkg/status.d").iterdir()} - {"hello"}
    assert {"libc6", "libgcc-s1", "libstdc++6", "gcc-12-base"} == {n for n in status if not n.endswith(".md5sums")}
    for package in ("libc6", "libgcc-s1", "libstdc++6"):
        assert (tmp_path / "root/usr/share/doc" / package / "copyright").is_file()


def test_what_the_base_has_is_not_added(tmp_path: Path) -> None:
    config = unpack(f"{HERE}/on_base_image.tar", tmp_path / "root")
    with Container(config, tmp_path / "root", read_only=True) as container:
        assert container.wait() == (0, "hello from C++\nan exception unwinds the stack, with libgcc_s\n")


def test_the_closure_tells_why_each_file_is_there() -> None:
    script = str(runfile(f"{HERE}/hello_c_image.closure"))
    tree = subprocess.run([script], check=True, capture_output=True, text=True).stdout
    assert tree.startswith("/usr/bin/hello  ")
    assert "(libgreet_shared.so)" in tree
    document = json.loads(subprocess.run([script, "--json"], check=True, capture_output=True).stdout)
    reasons = {entry["path"]: entry["why"]["by"] for entry in document["files"]}
    assert reasons["usr/bin/hello"] == ""
    assert all(reasons[path] for path in reasons if path != "usr/bin/hello")
    assert document["missing"] == []
    assert subprocess.run([script, "--oops"], capture_output=True, check=False).returncode == 2


def test_a_stripped_program_and_its_stripped_library_run(tmp_path: Path) -> None:
    root = tmp_path / "root"
    config = unpack(f"{HERE}/hello_cc_image.tar", root)
    for path in ("usr/bin/hello", f"usr/lib/{LIBRARY}"):
        assert b".debug_info" not in (root / path).read_bytes()
        assert b".gnu_debuglink" in (root / path).read_bytes()
    with Container(config, root, read_only=True) as container:
        assert container.wait() == (0, "hello from C++\nan exception unwinds the stack, with libgcc_s\n")


@pytest.mark.parametrize(
    ("path", "function", "line", "text"),
    [
        ("/usr/bin/hello", "main", 'Line 8 of "examples/dynamic_hello/hello.cc"', 'greet("from C++");'),
        (f"/usr/lib/{LIBRARY}", "greet", 'Line 5 of "examples/dynamic_hello/greet.c"', 'printf("hello %s\\n", whom);'),
    ],
)
def test_a_debugger_shows_the_lines_of_both(path: str, function: str, line: str, text: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    unpack(f"{HERE}/hello_cc_image.debug.tar", root)
    assert "Line" not in gdb(root, path, f"info line {function}", without_debug_parts=True)
    shown = gdb(root, path, f"info line {function}", f"list {function}")
    assert line in shown
    assert text in shown


def test_where_nothing_is_stripped_the_debug_variant_is_the_image() -> None:
    digests = set()
    for name in ("hello_c_image", "hello_c_image.debug"):
        with OciArchive(runfile(f"{HERE}/{name}.tar")) as archive:
            digests.add(archive.digest)
    assert len(digests) == 1
