"""Node runs a server over TLS."""

import json
import shutil
from pathlib import Path

import case
import machine
import pytest
from machine import image

__all__ = ["image"]


@pytest.fixture(scope="module")
def place(image: Path) -> Path:
    """The image with the program and what it reads."""
    for name in ("programs/check_node.js", "data/server.crt", "data/server.key"):
        shutil.copy(case.HERE / name, image / "test")
    return image


def test_a_server(place: Path) -> None:
    (entrypoint,) = case.config("")["config"]["Entrypoint"]
    found = json.loads(machine.output(place, [entrypoint, "/test/check_node.js"], variant="_nonroot"))
    assert found == {
        "answer": "grüße /x",
        "brotli": "x",
        "currency": "1.234,50\xa0€",
        "protocol": "TLSv1.3",
        "roots": True,
        "sha": "e3b0c442",
        "trusted": case.root().text("etc/ssl/certs/ca-certificates.crt").count("-----BEGIN CERTIFICATE-----"),
        "url": "xn--bcher-kva.example",
        "zone": "08",
    }


def test_no_package_manager() -> None:
    root = case.root()
    names = {"npm", "npx", "corepack", "yarn"}
    assert [path for path in root if path.rpartition("/")[2] in names or path.startswith("usr/include/")] == []


def test_every_builtin_module(place: Path) -> None:
    program = (
        "console.log(require('module').builtinModules.filter(m => { try { require(m); } catch { return true; } }))"
    )
    assert machine.output(place, ["/usr/bin/node", "--no-warnings", "-e", program]).strip() == "[]"
