"""Installing from a mirror of tiny packages: all of it, and every way in which it may fail."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from bazelw import install, rulesets, settings
from bazelw.errors import InstallError
from bazelw.progress import Progress
from conftest import Run
from fake_mirror import Mirror

_PATIENCE_SECONDS = 60


def prefix_of(home: Path) -> Path:
    """The one installed prefix of a home."""
    (prefix,) = home.glob("bazel-*")
    return prefix


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.02)


def test_first_run_installs_and_runs_bazel(run: Run, mirror: Mirror, home: Path) -> None:
    done = run("build", "//:all")
    assert done.returncode == 0, done.stderr
    prefix = prefix_of(home)
    java = prefix / "lib/jvm/java-99-openjdk"
    assert done.stdout.split() == [
        "--nosystem_rc",
        f"--install_base={prefix}/share/bazel",
        "--trust_install_base",
        f"--server_javabase={java}",
        f"--host_jvm_args=-Djavax.net.ssl.trustStore={prefix}/share/bazelw/cacerts",
        f"--bazelrc={prefix}/share/bazelw/bazelrc",
        "build",
        "//:all",
    ]
    assert "installed Bazel 7.7.1 in" in done.stderr
    assert "\r" not in done.stderr
    assert not (prefix / "share/not-wanted").exists()
    assert (prefix / "share/doc/libblake3-1/x").exists()
    assert (java / "conf").readlink() == Path("../../../etc/java-99/conf")
    assert {entry.name for entry in home.iterdir()} == {"lock", prefix.name}


def test_class_path_follows_manifests_and_drops_what_is_gone(run: Run, mirror: Mirror, home: Path) -> None:
    run("build")
    prefix = prefix_of(home)
    listed = (prefix / "share/bazel/bazel_classpath_debian_depends.txt").read_text(encoding="utf-8").splitlines()
    expected = ("share/bazelw/version.jar", "share/java/one.jar", "share/java/two.jar")
    assert listed == [str(prefix / name) for name in expected]


def test_second_run_needs_no_mirror_and_says_nothing(run: Run, mirror: Mirror) -> None:
    first = run("info")
    done = run("info", BAZELW_MIRROR="file:///nonexistent", PATH="/nonexistent")
    assert (done.returncode, done.stdout, done.stderr) == (0, first.stdout, "")


@pytest.mark.parametrize("option", ["--noenable_bzlmod", "--enable_bzlmod=false"])
def test_workspace_build_gets_a_further_rc_file(run: Run, mirror: Mirror, home: Path, option: str) -> None:
    done = run("build", option)
    prefix = prefix_of(home)
    assert f"--bazelrc={prefix}/share/bazelw/workspace.bazelrc build" in done.stdout
    text = (prefix / "share/bazelw/workspace.bazelrc").read_text(encoding="utf-8")
    assert "common --enable_workspace" in text.splitlines()
    assert "workspace.bazelrc" not in run("build", option, "--enable_bzlmod").stdout
    assert "workspace.bazelrc" not in run("run", "//:x", "--", option).stdout


def test_rc_overrides_every_module_and_each_is_there(run: Run, mirror: Mirror, home: Path) -> None:
    run("build")
    prefix = prefix_of(home)
    lines = (prefix / "share/bazelw/bazelrc").read_text(encoding="utf-8").splitlines()
    named = dict(line.partition("=")[2].split("=") for line in lines if "--override_module=" in line)
    modules = "bazel_skylib platforms rules_cc rules_java rules_license rules_pkg rules_proto rules_python rules_shell"
    assert set(modules.split()) < set(named)
    assert all(Path(folder, "MODULE.bazel").is_file() for folder in named.values())
    repositories = {line.partition("=")[2].partition("=")[0] for line in lines if "--override_repository=" in line}
    assert {"rules_python", "bazel_skylib", "rules_cc", "rules_shell"} < repositories
    assert {"common --noenable_workspace", "common --lockfile_mode=off"} < set(lines)
    bazel_tools = (prefix / "share/bazel/embedded_tools/MODULE.bazel").read_text(encoding="utf-8")
    assert 'bazel_dep(name = "rules_shell"' in bazel_tools


def test_tampered_package_is_refused(run: Run, mirror: Mirror, home: Path) -> None:
    deb = mirror.deb("libone-java")
    good = deb.read_bytes()
    deb.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    done = run("build")
    assert done.returncode == 122
    assert "apt-get download failed" in done.stderr
    assert not list(home.glob("bazel-*"))
    deb.write_bytes(good)
    assert run("build").returncode == 0


def test_tampered_index_is_refused(run: Run, mirror: Mirror, home: Path) -> None:
    index = mirror.index()
    index.write_text(index.read_text(encoding="utf-8").replace("libtwo-java", "libtoo-java"), encoding="utf-8")
    done = run("build")
    assert (done.returncode, "no usable suite forky" in done.stderr) == (122, True), done.stderr
    assert not list(home.glob("bazel-*"))


def test_signature_of_a_stranger_is_refused(run: Run, mirror: Mirror, home: Path) -> None:
    mirror.sign(key="stranger@example.invalid")
    done = run("build")
    assert (done.returncode, "not signed" in done.stderr or "NO_PUBKEY" in done.stderr) == (122, True), done.stderr
    assert not list(home.glob("bazel-*"))


def test_unsigned_suite_is_refused(run: Run, mirror: Mirror) -> None:
    signed = mirror.folder / "dists/forky/InRelease"
    text = signed.read_text(encoding="utf-8")
    signed.unlink()
    body = text.partition("\n\n")[2].partition("-----BEGIN PGP SIGNATURE")[0]
    (mirror.folder / "dists/forky/Release").write_text(body, encoding="utf-8")
    assert run("build").returncode == 122


def test_sid_is_tried_where_forky_lacks_the_version(run: Run, mirror: Mirror) -> None:
    mirror.write_index("sid")
    mirror.write_index("forky", "7.7.1+ds-8", "7.6.0+ds-1")
    done = run("build")
    assert done.returncode == 0, done.stderr
    assert "suite sid" in run("--wrapper-info").stdout


def test_later_version_is_taken_where_the_wanted_one_is_gone(run: Run, mirror: Mirror) -> None:
    done = run("build", BAZELW_SUITES="forky")
    assert done.returncode == 0
    deb = mirror.deb("bazel-bootstrap")
    tree = mirror.folder / "tree"
    subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(control.read_text(encoding="utf-8").replace("7.7.1+ds-8", "7.10.0-1"), encoding="utf-8")
    deb.unlink()
    subprocess.run(["dpkg-deb", "-b", tree, mirror.folder / "pool/bazel-bootstrap_7.10.0-1_all.deb"], check=True)
    mirror.write_index("forky")
    other = str(mirror.folder.parent / "other")
    done = run("build", BAZELW_SUITES="forky", BAZELW_HOME=other)
    assert (done.returncode, "taking 7.10.0 of forky" in done.stderr) == (0, True), done.stderr


def test_other_major_version_is_an_error(run: Run, mirror: Mirror) -> None:
    mirror.write_index("forky", "7.7.1+ds-8", "8.0.0-1")
    done = run("build")
    assert done.returncode == 122
    assert done.stderr.splitlines()[-1] == (
        f"bazelw: suite forky at {mirror.uri} holds no Bazel 7.7.1, got 8.0.0; set BAZELW_SUITES"
    )


def test_no_room(
    mirror: Mirror, environment: dict[str, str], home: Path, fast: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    chosen = settings.read(environment, str(home), str(home / "bazel-1"))
    with pytest.raises(InstallError, match=r"not enough room, got 0 MB free of \d+ MB needed in .*; make room or"):
        install.install(chosen, environment, Progress())
    assert not (home / "bazel-1").exists()


def test_disk_that_fills_up_is_one_line(
    mirror: Mirror, environment: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rulesets, "write_stubs", full)
    chosen = settings.read(environment, str(home), str(home / "bazel-1"))
    with pytest.raises(InstallError, match=r"the installation failed, got .*No space left on device; make room"):
        install.install(chosen, environment, Progress())
    assert not list(home.glob("stage-*"))


def test_older_recipe_stays_beside(run: Run, mirror: Mirror, home: Path) -> None:
    old = home / "bazel-0-old"
    old.mkdir(parents=True)
    assert run("build").returncode == 0
    assert old.exists()


def test_moved_cache_folder_is_installed_anew(run: Run, mirror: Mirror, home: Path) -> None:
    run("build")
    moved = home.with_name("moved")
    home.rename(moved)
    done = run("build", BAZELW_HOME=str(moved))
    assert (done.returncode, str(moved) in done.stdout, str(home) in done.stdout) == (0, True, False)


def test_changed_ca_certificates_renew_the_trust_store(
    run: Run, mirror: Mirror, environment: dict[str, str], home: Path
) -> None:
    run("build")
    store = prefix_of(home) / "share/bazelw/cacerts"
    before = store.read_bytes()
    with Path(environment["SSL_CERT_FILE"]).open("a", encoding="utf-8") as bundle:
        bundle.write("-----BEGIN CERTIFICATE-----\nAAED\n-----END CERTIFICATE-----\n")
    done = run("build", BAZELW_MIRROR="file:///nonexistent")
    assert (done.returncode, done.stderr) == (0, "")
    assert store.read_bytes() != before


def test_wrapper_info(run: Run, mirror: Mirror, home: Path) -> None:
    assert f"none yet; the next command installs one\nmirrors: {mirror.uri}\n" in run("--wrapper-info").stdout
    run("build")
    text = run("--wrapper-info").stdout
    prefix = prefix_of(home)
    assert text.startswith(f"bazel: {prefix}/bin/bazel\nwhy: installed by bazelw\nversion: 7.7.1\nprefix: {prefix} (")
    assert f"installed: Bazel 7.7.1 from suite forky at {mirror.uri}, 12 packages" in text
    assert f"  rules_python={prefix}/share/bazel/rules/python\n" in text


class _Gate(http.server.SimpleHTTPRequestHandler):
    """Serves files; holds the one that is named by `held` back while `closed`."""

    held = "libtwo-java"
    closed = threading.Event()
    reached = threading.Event()

    def do_GET(self) -> None:
        if self.held in self.path and self.path.endswith(".deb"):
            self.reached.set()
            while self.closed.is_set():
                time.sleep(0.02)
        with contextlib.suppress(ConnectionError):
            super().do_GET()

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve `folder` on the loopback; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Gate, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        _Gate.closed.clear()
        server.shutdown()
        server.server_close()
        thread.join()


def test_killed_while_downloading(
    run: Run, mirror: Mirror, environment: dict[str, str], home: Path, bazelw_root: Path
) -> None:
    _Gate.closed.set()
    _Gate.reached.clear()
    with serving(mirror.folder) as address:
        environment["BAZELW_MIRROR"] = address
        with subprocess.Popen([bazelw_root / "bazelw", "build"], env=environment, stderr=subprocess.PIPE) as process:
            wait_for(_Gate.reached.is_set)
            process.kill()
            process.communicate()
        assert not list(home.glob("bazel-*"))
        _Gate.closed.clear()
        done = run("build")
        assert done.returncode == 0, done.stderr
    assert {entry.name for entry in home.iterdir()} == {"lock", prefix_of(home).name}


def _slow_dpkg_deb(folder: Path) -> Path:
    """A dpkg-deb that waits, on its way to unpacking, while the file `closed` is there."""
    folder.mkdir()
    script = folder / "dpkg-deb"
    script.write_text(
        f'#!/bin/sh\necho "$$" >>{folder}/started\nwhile [ -e {folder}/closed ]; do sleep 0.05; done\n'
        'exec /usr/bin/dpkg-deb "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    (folder / "closed").touch()
    return folder


def test_killed_while_unpacking(
    run: Run, mirror: Mirror, environment: dict[str, str], home: Path, bazelw_root: Path, tmp_path: Path
) -> None:
    slow = _slow_dpkg_deb(tmp_path / "slow")
    variables = {**environment, "PATH": f"{slow}:{environment['PATH']}"}
    with subprocess.Popen([bazelw_root / "bazelw", "build"], env=variables, stderr=subprocess.PIPE) as process:
        wait_for((slow / "started").exists)
        process.send_signal(signal.SIGKILL)
        (slow / "closed").unlink()  # what it had started ends by itself
        process.communicate()
    assert not list(home.glob("bazel-*"))
    assert list(home.glob("stage-*"))
    downloaded = sorted(path.name for path in (home / "downloads").iterdir())
    done = run("build")
    assert done.returncode == 0, done.stderr
    assert downloaded
    assert "downloading 100 % (0 of 0 MB)" in done.stderr  # of what the manifests led to; all else was there
    assert {entry.name for entry in home.iterdir()} == {"lock", prefix_of(home).name}


def test_two_at_once_install_once(
    mirror: Mirror, environment: dict[str, str], bazelw_root: Path, tmp_path: Path
) -> None:
    slow = _slow_dpkg_deb(tmp_path / "slow")
    variables = {**environment, "PATH": f"{slow}:{environment['PATH']}"}
    start = functools.partial(
        subprocess.Popen, [bazelw_root / "bazelw", "build"], env=variables, stdout=subprocess.PIPE, text=True
    )
    with start(stderr=subprocess.PIPE) as first:
        wait_for((slow / "started").exists)
        told = tmp_path / "told"
        with told.open("w") as stderr, start(stderr=stderr) as second:
            waiting = f"another bazelw (process {first.pid}) is installing Bazel; waiting for it"
            wait_for(lambda: waiting in told.read_text(encoding="utf-8"))
            (slow / "closed").unlink()
            outputs = [process.communicate()[0] for process in (first, second)]
            assert [first.returncode, second.returncode] == [0, 0]
            assert outputs[0] == outputs[1]
            assert "installed Bazel" not in told.read_text(encoding="utf-8")


def test_folder_that_cannot_be_written(run: Run, mirror: Mirror, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    done = run("build", BAZELW_HOME=str(blocked / "home"))
    assert done.returncode == 122
    assert done.stderr.splitlines()[-1] == (
        f"bazelw: the cache folder cannot be written, got {blocked}/home: Not a directory; "
        "set BAZELW_HOME to one that can"
    )
