"""The lock tool as a user runs it, against a mirror on disk."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import debian_lock
import pytest
from distill.lock import apt_sources
from support_deb import control_text, deb
from support_debian import index, paragraph
from support_mirror import Mirror, keyring, server

MANIFEST = """\
version: 1
sources:
  - name: debian
    suites: [bookworm]
    keyring: keys.pgp
architectures: [amd64]
packages:
  - redis-server
exclude:
  adduser: accounts are declared
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    publish(tmp_path / "mirror")
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "m.yaml").write_text(MANIFEST)
    (folder / "keys.pgp").write_bytes(keyring())
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DISTILL_DEBIAN_MIRROR", (tmp_path / "mirror").as_uri())
    monkeypatch.setattr(apt_sources, "read", lambda _: [])
    return folder


def publish(
    folder: Path,
    libc6: str = "1",
    *,
    date: str = "Sat, 11 Jul 2026 10:16:37 UTC",
    signer: str = "archive",
    contents: dict[str, bytes] | None = None,
    debs: Mapping[str, bytes] = {},
) -> None:
    """Write a mirror of two packages to `folder`."""
    mirror = Mirror()
    redis = paragraph("redis-server", "7", depends="libc6, adduser")
    newest = index(redis, paragraph("libc6", libc6), paragraph("adduser"))
    mirror.publish({"amd64": newest}, date=date, signer=signer, contents=contents, debs=debs)
    for path, data in mirror.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def run(*arguments: str) -> int:
    return debian_lock.main(["--manifest=m.yaml", "--lock=l.json", "--command=bazel run @b//:lock", *arguments])


def test_lock_check_why_update(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "amd64: 2 packages, 41 kB to download, 20 kB installed\n" in capsys.readouterr().err
    text = (workspace / "l.json").read_text()
    assert [p["name"] for p in json.loads(text)["packages"]["amd64"]] == ["libc6", "redis-server"]
    assert (workspace / "l.json").stat().st_mode & 0o777 == 0o644
    assert run("check") == run("--check") == 0
    assert capsys.readouterr().err == "l.json is up to date\n" * 2
    assert run("why", "libc6") == 0
    assert capsys.readouterr().out == "amd64: redis-server -> libc6\n  needed by redis-server\n"
    assert run("update") == 0
    assert (workspace / "l.json").read_text() == text


def test_an_update_tells_what_changed(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    publish(workspace.parent / "mirror", "2", date="Sun, 12 Jul 2026 10:16:37 UTC")
    capsys.readouterr()
    assert run("update") == 0
    assert capsys.readouterr().err.splitlines()[1:-1] == [
        "reading packages for their scripts and libraries: 1 (0.0 MB)",
        "amd64: 2 packages, 41 kB to download, 20 kB installed",
        "  1 changed, 0 added, 0 removed, 0 from a security suite; +0 kB to download, +0 kB installed",
        "    libc6 1 -> 2 (bookworm)",
    ]
    assert run("update") == 0
    assert "  nothing changed\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("publication", "message"),
    [
        (
            {"date": "Fri, 10 Jul 2026 10:16:37 UTC"},
            "InRelease is older than what was locked, got Date 2026-07-10 after ",
        ),
        ({"signer": "thief"}, "InRelease has no good signature by a key of keys.pgp, got signatures by "),
    ],
)
def test_a_hostile_mirror_leaves_the_lock_as_it_was(
    workspace: Path, capsys: pytest.CaptureFixture[str], publication: dict[str, Any], message: str
) -> None:
    assert run() == 0
    before = (workspace / "l.json").read_bytes()
    kept = sorted((workspace.parent / "cache").rglob("*"))
    publish(workspace.parent / "mirror", "2", **publication)
    for action in ("lock", "update"):
        capsys.readouterr()
        assert run(action) == 1
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
    assert (workspace / "l.json").read_bytes() == before
    assert sorted((workspace.parent / "cache").rglob("*")) == kept
    assert run("check") == 0


SCRIPTS = {"postinst": b"#!/bin/sh\nadduser --system --group --home /data redis\n"}


def test_effects_are_told(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redis = deb([], control_text("redis-server", "7"), SCRIPTS)
    publish(workspace.parent / "mirror", debs={"redis-server_7_amd64": redis})
    assert run() == 0
    assert capsys.readouterr().err.splitlines()[1:-1] == [
        "reading packages for their scripts and libraries: 2 (0.0 MB)",
        "amd64: 2 packages, 21 kB to download, 20 kB installed",
        "scripts of packages are never run; in an image other layers stand for what they would have made:",
        "  redis-server: group redis, user redis home=/data",
        "  (`why PACKAGE` tells all of it, and what stands for it)",
    ]
    assert run("why", "redis-server") == 0
    assert capsys.readouterr().out == (
        "amd64: redis-server\n"
        "  scripts would have made: group redis (accounts_layer)\n"
        "  scripts would have made: user redis home=/data (accounts_layer)\n"
    )
    assert run("update") == 0
    assert "scripts" not in capsys.readouterr().err


def test_a_hostile_package_leaves_the_lock_as_it_was(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    before = (workspace / "l.json").read_bytes()
    kept = sorted((workspace.parent / "cache").rglob("*.json"))
    publish(workspace.parent / "mirror", "2", debs={"libc6_2_amd64": b"no package"})
    for action in ("lock", "update"):
        capsys.readouterr()
        assert run(action) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith("m.yaml: libc6_2_amd64 is no ar archive, got ")
    assert (workspace / "l.json").read_bytes() == before
    assert sorted((workspace.parent / "cache").rglob("*.json")) == kept
    assert not list((workspace.parent / "cache").rglob("*.part"))


def test_a_lock_of_before_says_what_to_run(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    good = (workspace / "l.json").read_bytes()
    (workspace / "l.json").write_bytes(good.replace(b'"version": 2,', b'"version": 1,', 1))
    for action in ("check", "update", "why libc6"):
        capsys.readouterr()
        assert run(*action.split()) == 1
        assert capsys.readouterr().err == "m.yaml: l.json is of another version, got 1; run `bazel run @b//:lock`\n"
    assert run() == 0
    assert (workspace / "l.json").read_bytes() == good


def test_an_interrupt(workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("distill.lock.fetch.Fetcher.fetch", interrupt)
    assert run() == 130
    assert capsys.readouterr().err == "m.yaml: stopped; the lock is as it was\n"
    assert sorted(file.name for file in workspace.iterdir()) == ["keys.pgp", "m.yaml"]


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_interrupt_while_a_mirror_hangs(workspace: Path, head: bytes) -> None:
    """The program itself, by SIGINT, while its downloads wait for a mirror that says nothing more."""
    asked = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        asked.set()
        handler.rfile.read(1)  # until the other side goes away

    # A test run in the background may have SIGINT ignored, and programs inherit that.
    program = (
        "import signal, sys, debian_lock; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.exit(debian_lock.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "--manifest=m.yaml", "--lock=l.json"]
    with server(answer) as host:
        environment = {**os.environ, "PYTHONPATH": ":".join(sys.path), "DISTILL_DEBIAN_MIRROR": host}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert asked.wait(60)
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (130, "m.yaml: stopped; the lock is as it was\n")
    assert sorted(file.name for file in workspace.iterdir()) == ["keys.pgp", "m.yaml"]


def test_why_for_an_architecture_that_is_not_locked(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    capsys.readouterr()
    assert run("why", "libc6", "--architecture=arm64") == 1
    assert capsys.readouterr().err == (
        "m.yaml: lock is for other architectures, got 'arm64'; it has amd64: add it to the manifest's architectures\n"
    )


def test_a_base_that_changes_makes_the_lock_stale(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "m.yaml").write_text(MANIFEST.replace("redis-server", "libc6"))
    assert run() == 0
    (workspace / "l.json").rename(workspace / "base.json")
    (workspace / "m.yaml").write_text(f"{MANIFEST}provided_by: [base.json]\n")
    assert run() == run("check") == run("why", "libc6") == 0
    assert capsys.readouterr().out == "libc6 is left out: base.json has it (wanted by redis-server)\n"
    (workspace / "base.json").unlink()
    assert run("check") == 1
    assert capsys.readouterr().err.endswith(" where that file is not there; run `bazel run @b//:lock`\n")


def test_errors_are_one_line(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 1
    assert capsys.readouterr().err == (
        f"m.yaml: lock cannot be read, got No such file or directory for {workspace}/l.json; "
        "run `bazel run @b//:lock`\n"
    )
    (workspace / "m.yaml").unlink()
    assert run() == 1
    assert capsys.readouterr().err == (
        f"m.yaml: manifest cannot be read, got No such file or directory for {workspace}/m.yaml; write it first\n"
    )


def test_a_failure_leaves_the_lock_as_it_was(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    before = (workspace / "l.json").read_bytes()
    (workspace / "m.yaml").write_text(MANIFEST.replace("redis-server", "redis-sever"))
    assert run() == 1
    assert "got 'redis-sever'; did you mean redis-server?" in capsys.readouterr().err
    assert (workspace / "l.json").read_bytes() == before
    assert sorted(file.name for file in workspace.iterdir()) == ["keys.pgp", "l.json", "m.yaml"]
    assert run("update") == 1
    assert "l.json is stale, got a lock of manifest " in capsys.readouterr().err


def test_a_lock_edited_by_hand_is_written_anew(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    good = (workspace / "l.json").read_bytes()
    (workspace / "l.json").write_bytes(good.replace(b'"7"', b'"8"'))
    assert run("check") == 1
    assert "l.json was not written by the lock command, got checksum " in capsys.readouterr().err
    assert run() == 0
    assert (workspace / "l.json").read_bytes() == good


def edited(text: bytes) -> bytes:
    return text.replace(b'"7"', b'"8"')


def merged(text: bytes) -> bytes:
    line = next(line for line in text.split(b"\n") if b"codename" in line)
    older = line.replace(b"2026-07-11", b"2026-07-01")
    return text.replace(line, b"<<<<<<< ours\n" + line + b"\n=======\n" + older + b"\n>>>>>>> theirs")


def of_another_version(text: bytes) -> bytes:
    return text.replace(b'"version": 2,', b'"version": 99, "new": {},')


def indented(text: bytes) -> bytes:
    return json.dumps(json.loads(text), indent=4).encode()


@pytest.mark.parametrize("damage", [edited, merged, of_another_version, indented, lambda text: text[:-100]])
def test_a_damaged_lock_still_tells_the_dates_of_suites(
    workspace: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[bytes], bytes]
) -> None:
    assert run() == 0
    good = (workspace / "l.json").read_bytes()
    bad = damage(good)
    assert bad != good
    (workspace / "l.json").write_bytes(bad)
    publish(workspace.parent / "mirror", "2", date="Fri, 10 Jul 2026 10:16:37 UTC")
    capsys.readouterr()
    assert run() == 1
    note, error = capsys.readouterr().err.splitlines()
    assert note.startswith("note: l.json ")
    assert note.endswith("; of it only the dates of suites count")
    assert "InRelease is older than what was locked, got Date 2026-07-10 after 2026-07-11; " in error
    assert (workspace / "l.json").read_bytes() == bad
    publish(workspace.parent / "mirror")
    assert run() == 0
    assert (workspace / "l.json").read_bytes() == good


def test_a_lock_that_tells_nothing_is_noted(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "l.json").write_bytes(b"no lock")
    assert run() == 0
    assert capsys.readouterr().err.startswith(
        "note: l.json is no lock, got JSON is malformed: invalid character (byte 4); so the dates of suites are not "
        "compared with it\n"
    )


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        debian_lock.main(["--help"])
    assert caught.value.code == 0
    assert "DISTILL_DEBIAN_MIRROR" in capsys.readouterr().out


CONTENTS = {
    "amd64": b"usr/lib/x/libc.so.6 libs/libc6\nusr/lib/x/libpq.so.5 libs/libpq5,oldlibs/libpq5-x\n",
    "all": b"usr/share/libpq.so.5 doc/odd\nusr/share/other doc/odd\n",
}


def test_provides(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(workspace.parent / "mirror", contents=CONTENTS)
    assert run("provides", "libpq.so.5") == 0
    found = "all: /usr/share/libpq.so.5: odd\namd64: /usr/lib/x/libpq.so.5: libpq5, libpq5-x\n"
    assert capsys.readouterr().out == found
    assert run() == 0
    assert run("provides", "libc.so.*", "--architecture=amd64") == 0
    assert capsys.readouterr().out == "amd64: /usr/lib/x/libc.so.6: libc6 (locked)\n"


def test_provides_what_is_not_there(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fault(*arguments: str) -> str:
        assert run("provides", *arguments) == 1
        return capsys.readouterr().err.splitlines()[-1]

    assert fault("x") == (
        "m.yaml: no suite says what files its packages have, got no Contents index in bookworm; use another mirror"
    )
    publish(workspace.parent / "mirror", contents=CONTENTS)
    assert fault("x.so.1") == "m.yaml: no package of the suites has the file, got x.so.1; try *x.so.1*"
    assert fault("x", "--architecture=arm64") == "m.yaml: architecture is not in the manifest, got arm64; it has amd64"
    broken = {**CONTENTS, "amd64": b""}
    publish(workspace.parent / "mirror", contents=broken)
    for file in (workspace.parent / "mirror").rglob("Contents-amd64.xz"):
        file.write_bytes(b"x" * file.stat().st_size)
    for file in (workspace.parent / "mirror").rglob("by-hash/SHA256/*"):
        file.unlink()
    assert "index is not what its Release says, got sha256 " in fault("x")
