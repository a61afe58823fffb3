"""A Debian mirror of tiny packages in which Bazel is /bin/echo and patchelf does nothing.

The layout of a repository: Debian's wiki, page DebianRepository/Format.
"""

from __future__ import annotations

import hashlib
import io
import platform
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from bazelw import relocate

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
BAZEL_VERSION = "7.7.1+ds-8"
_JAVA = "usr/lib/jvm/java-99-openjdk"
_RULES_PYTHON = {
    "MODULE.bazel": 'python = use_extension("@rules_python//python/extensions:python.bzl", "python")\n',
    "python/extensions/pip.bzl": "pip = module_extension(\n",
    "python/extensions/python.bzl": "python = module_extension(\n",
    "python/pip.bzl": "def pip_parse(\n",
    "python/repositories.bzl": "def py_repositories():\n",
    "python/pip_install/requirements_parser.bzl": "def parse(content):\n",
    "python/defs.bzl": "py_library = _py_library\n",
}
_STARDOC_BUILD = 'java_binary(\n    name = "renderer",\n    main_class = "x",\n)\n'


@dataclass
class Mirror:
    """A mirror below `folder`, signed with the key in `keyring`; `gnupg` is the home of the private key."""

    folder: Path
    keyring: Path
    gnupg: Path

    @property
    def uri(self) -> str:
        """Its address, as files."""
        return f"file://{self.folder}"

    def copy(self, to: Path) -> Mirror:
        """A copy below `to`."""
        shutil.copytree(self.folder, to)
        return Mirror(to, self.keyring, self.gnupg)

    def deb(self, name: str) -> Path:
        """The file of the package `name`."""
        return next(self.folder.glob(f"pool/{name}_*.deb"))

    def index(self, suite: str = "forky") -> Path:
        """The package index of a suite."""
        return self.folder / f"dists/{suite}/main/binary-{ARCHITECTURE}/Packages"

    def write_index(self, suite: str, old: str = "", new: str = "") -> None:
        """Write and sign the index of a suite, `old` replaced by `new` in its text."""
        stanzas = []
        for deb in sorted(self.folder.glob("pool/*.deb")):
            control = subprocess.run(["dpkg-deb", "-f", deb], stdout=subprocess.PIPE, text=True, check=True).stdout
            content = deb.read_bytes()
            stanzas.append(
                f"{control}Filename: pool/{deb.name}\nSize: {len(content)}\n"
                f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
            )
        index = self.index(suite)
        index.parent.mkdir(parents=True, exist_ok=True)
        index.write_text("\n".join(stanzas).replace(old, new) if old else "\n".join(stanzas), encoding="utf-8")
        self.sign(suite)

    def sign(self, suite: str = "forky", key: str = "mirror@example.invalid") -> None:
        """Write the suite's Release file for its index as it is, signed."""
        content = self.index(suite).read_bytes()
        release = (
            f"Origin: Test\nSuite: {suite}\nCodename: {suite}\nArchitectures: {ARCHITECTURE}\nComponents: main\n"
            f"Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
            f" {hashlib.sha256(content).hexdigest()} {len(content)} main/binary-{ARCHITECTURE}/Packages\n"
        )
        signed = self.folder / f"dists/{suite}/InRelease"
        signed.unlink(missing_ok=True)
        command = ["gpg", "--homedir", str(self.gnupg), "--batch", "--yes", "-u", key, "--clearsign", "-o", str(signed)]
        subprocess.run(command, input=release.encode(), check=True, capture_output=True)


def build(folder: Path, gnupg: Path) -> Mirror:
    """Build a mirror below `folder`, with the suite forky; the keys are made in the empty folder `gnupg`.

    The path of `gnupg` must be short: gpg's agent listens there, and a socket's path has 108 characters at most.
    """
    for name in ("mirror", "stranger"):
        command = [
            "gpg",
            "--homedir",
            str(gnupg),
            "--batch",
            "--passphrase",
            "",
            "--quick-gen-key",
            f"{name}@example.invalid",
        ]
        subprocess.run([*command, "rsa2048", "sign", "never"], check=True, capture_output=True)
    keyring = folder / "keyring.gpg"
    command = ["gpg", "--homedir", str(gnupg), "--batch", "-o", str(keyring), "--export", "mirror@example.invalid"]
    subprocess.run(command, check=True, capture_output=True)
    mirror = Mirror(folder / "mirror", keyring, gnupg)
    _build_packages(mirror.folder / "pool", folder / "build")
    mirror.write_index("forky")
    return mirror


def jar(class_path: str = "") -> bytes:
    """A jar with nothing but a manifest."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = f"Class-Path: {class_path}\r\n" if class_path else ""
        archive.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\n{entry}")
    return buffer.getvalue()


def _build_packages(pool: Path, work: Path) -> None:
    pool.mkdir(parents=True)
    echo = Path(shutil.which("echo") or "/bin/echo").read_bytes()
    loader = str(relocate.interpreter(Path(shutil.which("echo") or "/bin/echo"))).rpartition("/")[2]
    data: dict[str, str | bytes] = {
        "usr/share/bazel/bazel_classpath_debian_depends.txt": "/usr/share/java/one.jar\n/usr/share/java/gone.jar\n",
        "usr/share/bazel/embedded_tools/MODULE.bazel": 'module(name = "bazel_tools")\n',
    }
    rulesets = (
        "rules/cc",
        "rules/java",
        "rules/license",
        "rules/proto",
        "tools/features",
        "tools/platforms",
        "tools/skylib",
    )
    data.update({f"usr/share/bazel/{name}/MODULE.bazel": "module()\n" for name in rulesets})
    data.update({f"usr/share/bazel/rules/python/{name}": text for name, text in _RULES_PYTHON.items()})
    packages: dict[str, tuple[str, str, dict[str, str | bytes]]] = {
        "bazel-bootstrap": (
            "devel",
            "bazel-bootstrap-data, default-jdk-headless, build-essential, libone-java, libc6 (>= 2.38)",
            {"usr/bin/bazel": echo},
        ),
        "bazel-bootstrap-data": ("devel", "libjs-jquery", data),
        "bazel-rules-pkg": ("devel", "", {"usr/share/bazel/rules/pkg/MODULE.bazel": "module()\n"}),
        "bazel-rules-shell": ("devel", "", {"usr/share/bazel/rules/shell/MODULE.bazel": "module()\n"}),
        "bazel-stardoc": (
            "devel",
            "default-jre-headless",
            {
                "usr/share/bazel/tools/stardoc/MODULE.bazel": "module()\n",
                "usr/share/bazel/tools/stardoc/stardoc/BUILD": _STARDOC_BUILD,
                "usr/share/bazel/tools/stardoc/stardoc/renderer_prebuilt.jar": jar(),
            },
        ),
        "build-essential": ("devel", "", {"usr/share/not-wanted": "x"}),
        "default-jre-headless": ("java", "openjdk-99-jre-headless, java-common", {}),
        "libblake3-0": ("libs", "", {"usr/share/doc/libblake3-0/x": "old"}),
        "libblake3-1": ("libs", "", {"usr/share/doc/libblake3-1/x": "new"}),
        "libc6": ("libs", "", {f"usr/lib/{platform.machine()}-linux-gnu/{loader}": "#!/bin/sh\nexit 0\n"}),
        "libone-java": ("java", "libtwo-java", {"usr/share/java/one.jar": jar("two.jar")}),
        "libtwo-java": ("java", "", {"usr/share/java/two.jar": jar()}),
        "openjdk-99-jre-headless": (
            "java",
            "libc6",
            {f"{_JAVA}/bin/java": echo, f"{_JAVA}/lib/jspawnhelper": echo, "etc/java-99/conf": "x\n"},
        ),
        "patchelf": ("utils", "libc6", {"usr/bin/patchelf": "x"}),
        "python3-pip-whl": ("python", "", {"usr/share/python-wheels/pip-1-py3-none-any.whl": "x"}),
    }
    for name, (section, depends, files) in packages.items():
        version = BAZEL_VERSION if name == "bazel-bootstrap" else "1:2.0-1"
        _build_package(work / name, pool, name, version, section, depends, files)


def _build_package(
    tree: Path, pool: Path, name: str, version: str, section: str, depends: str, files: dict[str, str | bytes]
) -> None:
    control = tree / "DEBIAN"
    control.mkdir(parents=True)
    sums = []
    for path, content in files.items():
        file = tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755)
        sums.append(f"{hashlib.md5(file.read_bytes()).hexdigest()}  {path}\n")
    if name.startswith("openjdk"):
        (tree / _JAVA / "conf").symlink_to("/etc/java-99/conf")
        (tree / "usr/lib/jvm/default").symlink_to("java-99-openjdk")
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    fields = {
        "Package": name,
        "Version": version,
        "Architecture": ARCHITECTURE,
        "Maintainer": "Test <test@example.invalid>",
        "Section": section,
        "Depends": depends,
        "Installed-Size": "10",
        "Description": "test",
    }
    text = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
    (control / "control").write_text(text, encoding="utf-8")
    deb = pool / f"{name}_{version.rpartition(':')[2]}_{ARCHITECTURE}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", str(tree), str(deb)]
    subprocess.run(command, check=True, capture_output=True)
