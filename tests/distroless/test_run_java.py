"""Java runs a jar, with TLS and fonts.

Debian's runtime has the modules of the compiler: the image compiles the program itself, and the machine needs no JDK.
"""

import shutil
import zipfile
from pathlib import Path

import case
import machine
import pytest
from machine import image

__all__ = ["image"]


@pytest.fixture(scope="module")
def place(image: Path) -> Path:
    """The image with the jar."""
    for name in ("programs/App.java", "data/server.crt", "data/server.key"):
        shutil.copy(case.HERE / name, image / "test")
    compiler = ["/usr/bin/java", "-m", "jdk.compiler/com.sun.tools.javac.Main"]
    words = [*compiler, "-Xlint:all", "-Werror", "-d", "/out", "/test/App.java"]
    assert machine.output(image, words) == ""
    with zipfile.ZipFile(image / "test/app.jar", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMain-Class: App\r\n\r\n")
        for file in sorted((image / "out").glob("*.class")):
            jar.write(file, file.name)
    return image


@pytest.mark.parametrize("variant", ["_nonroot"] if machine.EMULATED else ["", "_nonroot"])
def test_a_jar(place: Path, variant: str) -> None:
    words = [*case.config(variant)["config"]["Entrypoint"], "/test/app.jar"]
    authorities = case.root().text("etc/ssl/certs/ca-certificates.crt").count("-----BEGIN CERTIFICATE-----")
    assert machine.output(place, words, variant=variant).splitlines() == [
        f"authorities {authorities}",
        "tls hello TLSv1.3",
        "charset UTF-8",
        "hour 8",
        "fonts true",
        "ink true",
    ]
