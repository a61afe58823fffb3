"""The four variants of an image: one set of layers, and configs that differ in what their names say."""

from typing import Any

import case
import pytest

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENTRYPOINTS = {
    "python3": [f"/usr/bin/{case.PYTHON}"],
    "nodejs": ["/usr/bin/node"],
    "java": ["/usr/bin/java", "-jar"],
}
UTF8 = {"LANG": "C.UTF-8"}
ENVIRONMENTS = {
    "python3": UTF8,
    "java_base": UTF8,
    "java": {**UTF8, "JAVA_HOME": f"/usr/lib/jvm/java-{case.RELEASE.java}-openjdk-{case.ARCHITECTURE}"},
}
# Most bytes of layers, compressed with gzip: of Debian 12 on amd64.
SIZES = {"static": 600_000, "base": 4_500_000, "cc": 5_500_000, "python3": 15_500_000}
VARIANTS = ["", "_nonroot", "_debug", "_debug_nonroot"]


def digests(variant: str) -> list[str]:
    return [layer["digest"] for layer in case.manifest(variant)["layers"]]


def settings(variant: str) -> dict[str, Any]:
    return dict(case.config(variant)["config"])


@pytest.mark.parametrize("variant", VARIANTS)
def test_platform(variant: str) -> None:
    config = case.config(variant)
    assert (config["os"], config["architecture"]) == ("linux", case.MACHINE.oci)
    assert config.get("variant") == case.MACHINE.variant


@pytest.mark.parametrize("variant", VARIANTS)
def test_user(variant: str) -> None:
    nonroot = variant.endswith("_nonroot")
    assert settings(variant)["User"] == ("65532" if nonroot else "0")
    assert settings(variant)["WorkingDir"] == ("/home/nonroot" if nonroot else "/")


@pytest.mark.parametrize("variant", VARIANTS)
def test_environment(variant: str) -> None:
    assert dict(entry.split("=", 1) for entry in settings(variant)["Env"]) == {
        "PATH": PATH + (":/busybox" if "_debug" in variant else ""),
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        **ENVIRONMENTS.get(case.IMAGE, {}),
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_command(variant: str) -> None:
    shell = ["/busybox/sh"] if "_debug" in variant else None
    assert settings(variant).get("Entrypoint") == ENTRYPOINTS.get(case.IMAGE, shell)
    assert "Cmd" not in settings(variant)


def test_nonroot_has_the_same_layers() -> None:
    """What other tests see of the files of `latest` and `debug` holds for these."""
    assert digests("_nonroot") == digests("")
    assert digests("_debug_nonroot") == digests("_debug")


def test_debug_adds_a_shell_and_nothing_else() -> None:
    assert digests("_debug")[: len(digests(""))] == digests("")
    added = set(case.root("_debug")) - set(case.root(""))
    program = case.root("_debug").at("bin/busybox")
    assert {path for path in added if not path.startswith("busybox/")} - {"busybox"} == {
        program,
        "usr/share/doc/busybox-static",
        "usr/share/doc/busybox-static/copyright",
        "var/lib/dpkg/status.d/busybox-static",
        "var/lib/dpkg/status.d/busybox-static.md5sums",
    } | ({"usr/bin"} & added) | {path for path in added if case.COMPATIBLE and path.startswith("usr/share/")}
    applets = [path for path in added if path.startswith("busybox/")]
    assert len(applets) > 200
    assert all(case.root("_debug").resolve(path) == program for path in applets)
    assert {"busybox/sh", "busybox/ls", "busybox/wget", "busybox/vi"} <= set(applets)


@pytest.mark.skipif(case.COMPATIBLE, reason="distroless is larger")
@pytest.mark.skipif((case.ARCHITECTURE, case.RELEASE.id) != ("amd64", "12"), reason="measured for another")
@pytest.mark.skipif(case.IMAGE not in SIZES, reason="there is no limit")
def test_size() -> None:
    assert sum(layer["size"] for layer in case.manifest("")["layers"]) <= SIZES[case.IMAGE]
