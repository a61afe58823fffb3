"""The parts of a prefix: links, programs, class path, trust store, rulesets, progress."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bazelw import classpath, overlay, process, relocate, rulesets, truststore, unpack
from bazelw.errors import InstallError, UnsupportedError
from bazelw.progress import Progress
from fake_mirror import jar


def test_interpreter_of_programs_and_others(tmp_path: Path) -> None:
    program = Path(sys.executable).resolve()
    loader = relocate.interpreter(program)
    assert loader is None or "ld" in loader
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n" + "x" * 100, encoding="utf-8")
    assert relocate.interpreter(script) is None
    header = b"\x7fELF\x02\x02" + bytes(26) + struct.pack(">Q", 64) + bytes(14) + struct.pack(">HH", 56, 1) + bytes(6)
    entry = struct.pack(">IIQQQQQQ", 3, 0, 120, 0, 0, 11, 0, 0)
    big_endian = tmp_path / "big"
    big_endian.write_bytes(header + entry + b"/lib/ld.so\0")
    assert relocate.interpreter(big_endian) == "/lib/ld.so"
    big_endian.write_bytes(header[:30])
    assert relocate.interpreter(big_endian) is None


def test_layout_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shutil.copyfile(shutil.which("true") or "/bin/true", tmp_path / "bin/bazel")
    with pytest.raises(InstallError, match=r"the packages hold no single dynamic loader, got 0 of lib/\*-linux-gnu\*/"):
        relocate.layout(tmp_path)


def test_arrange_moves_usr_and_makes_links_relative(tmp_path: Path) -> None:
    root, prefix = tmp_path / "root", tmp_path / "prefix"
    (root / "usr/share/java").mkdir(parents=True)
    (root / "etc/java").mkdir(parents=True)
    (root / "etc/java/conf").touch()
    (root / "usr/share/java/a-1.jar").touch()
    (root / "usr/share/java/a.jar").symlink_to("/usr/share/java/a-1.jar")
    (root / "usr/share/conf").symlink_to("/etc/java/conf")
    (root / "usr/share/certs").symlink_to("/etc/ssl/absent")
    unpack.arrange(root, prefix)
    assert (prefix / "share/java/a.jar").readlink() == Path("a-1.jar")
    assert (prefix / "share/conf").readlink() == Path("../etc/java/conf")
    assert (prefix / "share/certs").readlink() == Path("/etc/ssl/absent")


def test_manifest_lines_are_unfolded(tmp_path: Path) -> None:
    file = tmp_path / "a.jar"
    with zipfile.ZipFile(file, "w") as archive:
        manifest = (
            "Manifest-Version: 1.0\r\nclass-path: one.jar /usr/share/java/t\r\n wo.jar classes/ file:///x/3.jar\r\n"
        )
        archive.writestr("META-INF/MANIFEST.MF", manifest)
    found = classpath.manifest_class_path(file, "/usr/share/java/a.jar")
    assert found == ["/usr/share/java/one.jar", "/usr/share/java/two.jar", "/x/3.jar"]
    file.write_bytes(b"no zip")
    assert classpath.manifest_class_path(file, "/a.jar") == []


def test_class_path_closure_ends_on_a_cycle(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_bytes(jar("b.jar"))
    (tmp_path / "b.jar").write_bytes(jar("a.jar missing.jar"))
    listed = tmp_path / classpath.LIST
    listed.parent.mkdir(parents=True)
    listed.write_text("/a.jar\n/gone.jar\n", encoding="utf-8")
    present, missing = classpath.closure(tmp_path, lambda name: tmp_path / name.lstrip("/"))
    assert present == ["/a.jar", "/b.jar"]
    assert missing == {"/gone.jar": classpath.LIST, "/missing.jar": "/b.jar"}


def test_version_jar_is_what_bazel_reads(tmp_path: Path) -> None:
    classpath.write_version_jar(tmp_path / "v.jar", "7.7.1")
    with zipfile.ZipFile(tmp_path / "v.jar") as archive:
        assert archive.read("build-data.properties") == b"build.label=7.7.1\n"


def test_trust_store_is_a_jks(tmp_path: Path) -> None:
    text = "".join(
        f"# {der!r}\n-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"
        for der in (b"one", b"two", b"one")
    )
    pem = tmp_path / "ca.pem"
    pem.write_text(text + "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", encoding="utf-8")
    store = tmp_path / "store"
    truststore.write(pem, store)
    content = store.read_bytes()
    assert struct.unpack(">III", content[:12]) == (0xFEEDFEED, 2, 2)
    salted = "changeit".encode("utf-16-be") + b"Mighty Aphrodite" + content[:-20]
    assert content[-20:] == hashlib.sha1(salted).digest()
    keytool = shutil.which("keytool")
    if keytool and Path("/etc/ssl/certs/ca-certificates.crt").is_file():
        truststore.write(Path("/etc/ssl/certs/ca-certificates.crt"), store)
        command = [keytool, "-list", "-keystore", str(store), "-storepass", "changeit"]
        assert "trustedCertEntry" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_trust_store_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "ca.pem"
    empty.touch()
    with pytest.raises(UnsupportedError, match=r"the CA bundle holds no certificate, got .*; install ca-certificates"):
        truststore.write(empty, tmp_path / "store")
    monkeypatch.setattr(truststore, "_BUNDLES", (str(tmp_path / "absent"),))
    assert truststore.bundle({"SSL_CERT_FILE": str(empty)}) == empty
    with pytest.raises(UnsupportedError, match=r"no CA certificates found, got none of .*; install ca-certificates"):
        truststore.bundle({})


def test_rulesets_name_a_module_that_moved(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match=r"the packages hold no module \w+, got none at .*; the wrapper's recipe"):
        rulesets.modules(tmp_path)
    with pytest.raises(InstallError, match=r"Bazel's package holds no module file, got none at .*; the wrapper's"):
        rulesets.reach_all(tmp_path)


def test_overlay_refuses_another_rules_python(tmp_path: Path) -> None:
    with pytest.raises(
        InstallError, match=r"rules_python is not as expected, got no .* in MODULE.bazel; the wrapper's"
    ):
        overlay.rules_python(tmp_path)
    with pytest.raises(InstallError, match=r"stardoc is not as expected, got no java_binary for its renderer; "):
        overlay.stardoc(tmp_path, tmp_path, Path("java"))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_moving_line() -> None:
    stream = _Terminal()
    progress = Progress(stream)
    progress.start("reading")
    progress.update("downloading", 5_000_000, 10_000_000)
    progress.say("done")
    assert stream.getvalue().count("\n") == 1
    assert "\rbazelw: downloading [###############               ]  50 % (5 of 10 MB)" in stream.getvalue()
    assert stream.getvalue().endswith("\rbazelw: done\n")


def test_progress_elsewhere_is_a_few_lines() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(101):
        progress.update("downloading", done * 1_000_000, 100_000_000)
    progress.update("unpacking", 0, 0)
    assert stream.getvalue().splitlines() == [
        f"bazelw: downloading {percent} % ({percent} of 100 MB)" for percent in (25, 50, 75, 100)
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Get:1 x\nErr:2 http://m sid InRelease\n  404  Not Found\nE: Failed\n",
            "Err:2 http://m sid InRelease: 404  Not Found",
        ),
        ("W: odd\nE: No room\n", "E: No room"),
        ("last\n\n", "last"),
        ("", "no message"),
    ],
)
def test_failure_of_a_program_tells_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    script = tmp_path / "script"
    script.write_text(f"cat <<'E'\n{text}E\nexit 3\n", encoding="utf-8")
    with pytest.raises(InstallError) as caught:
        process.run(["sh", script], "the step")
    assert str(caught.value) == f"the step failed, got exit code 3: {reason}"


def test_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="the step could not start, got /absent: No such file or directory; install"):
        process.run(["/absent"], "the step")
