"""The nginx image serves files as an unprivileged user, in its own time zone, with certificates at hand."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from container import Container
from image_case import unpack

ARCHIVE = "examples/nginx/nginx_image.tar"
PORT = 8080


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    root = tmp_path_factory.mktemp("image") / "root"
    return unpack(ARCHIVE, root), root


@pytest.fixture(scope="module")
def server(image: tuple[dict[str, Any], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config, root = image
    scratch = {path: tmp_path_factory.mktemp("scratch") for path in ("/run/nginx", "/var/lib/nginx")}
    with Container(config, root, volumes=scratch, read_only=True) as container:
        container.connect(PORT).close()
        yield f"http://127.0.0.1:{PORT}"


def test_serves_a_file_with_its_type(server: str) -> None:
    with urllib.request.urlopen(f"{server}/index.html") as answer:
        assert answer.headers["Content-Type"] == "text/html"
        assert b"rules_distill" in answer.read()


def test_a_missing_file_is_not_found(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/nothing")


def test_knows_its_time_zone(server: str) -> None:
    with urllib.request.urlopen(f"{server}/health") as answer:
        assert re.fullmatch(r"ok \d{4}-\d\d-\d\dT[\d:]{8}\+0[12]:00\n", answer.read().decode())


def test_has_certificates_where_openssl_looks(image: tuple[dict[str, Any], Path]) -> None:
    _, root = image
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    assert bundle.read_text().count("BEGIN CERTIFICATE") > 100
    assert (root / "usr/lib/ssl/cert.pem").readlink() == Path("/etc/ssl/certs/ca-certificates.crt")


def test_has_only_the_zones_it_names(image: tuple[dict[str, Any], Path]) -> None:
    _, root = image
    zones = root / "usr/share/zoneinfo"
    files = sorted(str(path.relative_to(zones)) for path in zones.rglob("*") if path.is_file())
    assert files == ["Etc/UTC", "Europe/Berlin"]


def test_runs_as_an_unprivileged_user(image: tuple[dict[str, Any], Path]) -> None:
    config, root = image
    assert config["config"]["User"] == "www-data"
    assert "www-data:x:33:33:" in (root / "etc/passwd").read_text()
