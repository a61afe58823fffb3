"""skopeo copies archive and layout to a registry and back, and the digest stays what the build says."""

import hashlib
import json
from pathlib import Path
from typing import Any

import images
import pytest
from engine import Engine
from image_case import runfile
from programs import require, run


class Skopeo:
    """skopeo, which asks nobody for a policy and speaks plain HTTP to loopback."""

    def __init__(self, folder: Path) -> None:
        self.command = [require("skopeo"), "--insecure-policy", f"--tmpdir={folder}"]

    def copy(self, source: str, destination: str) -> None:
        """Copy an image; an image that would have to change on the way is an error."""
        tls = ["--src-tls-verify=false", "--dest-tls-verify=false"]
        run([*self.command, "copy", "--quiet", "--preserve-digests", *tls, source, destination])

    def raw(self, image: str) -> bytes:
        """Give the manifest, byte for byte."""
        return run([*self.command, "inspect", "--raw", "--tls-verify=false", image]).stdout.encode()

    def digest(self, image: str) -> str:
        """Give the digest of the manifest."""
        return "sha256:" + hashlib.sha256(self.raw(image)).hexdigest()

    def config(self, image: str) -> Any:
        """Give the config."""
        return json.loads(run([*self.command, "inspect", "--config", "--tls-verify=false", image]).stdout)


@pytest.fixture
def skopeo(tmp_path: Path) -> Skopeo:
    return Skopeo(tmp_path)


@pytest.mark.parametrize("compression", images.COMPRESSIONS)
def test_a_registry_has_the_digest_of_the_build(
    skopeo: Skopeo, registry: str, tmp_path: Path, compression: str
) -> None:
    redis = images.redis(compression)
    remote = f"docker://{registry}/redis:{compression}"
    skopeo.copy(f"oci-archive:{redis.archive}", remote)
    assert skopeo.digest(remote) == redis.digest
    assert skopeo.config(remote) == redis.config
    skopeo.copy(remote, f"oci:{tmp_path}/back:latest")
    assert skopeo.digest(f"oci:{tmp_path}/back:latest") == redis.digest


def test_the_layout_and_the_archive_are_one_image(skopeo: Skopeo, registry: str) -> None:
    remote = f"docker://{registry}/redis:layout"
    skopeo.copy(f"oci:{runfile('examples/redis/redis_image.oci')}", remote)
    assert skopeo.digest(remote) == images.redis().digest


@pytest.mark.parametrize("compression", images.COMPRESSIONS)
def test_reads_the_archive_as_dockers_too(skopeo: Skopeo, tmp_path: Path, compression: str) -> None:
    """A docker archive has no manifest of ours in it: skopeo makes one. Config and layers are what must be the same."""
    redis = images.redis(compression)
    run([*skopeo.command, "copy", "--quiet", f"docker-archive:{redis.archive}", f"dir:{tmp_path}/dir"])
    manifest = json.loads((tmp_path / "dir/manifest.json").read_text())
    assert manifest["config"]["digest"] == redis.config_digest
    assert skopeo.config(f"docker-archive:{redis.archive}") == redis.config


def test_brings_zstd_to_a_docker_that_does_not_read_it(skopeo: Skopeo, docker: Engine) -> None:
    redis = images.redis("zstd")
    daemon = f"--dest-daemon-host={docker.address}"
    run([*skopeo.command, "copy", "--quiet", daemon, f"docker-archive:{redis.archive}", "docker-daemon:redis:zstd"])
    assert docker.inspect("redis:zstd")["Id"] == redis.config_digest
    with docker.start("redis:zstd", "--version") as container:
        assert container.wait() == 0
        assert container.logs.startswith("Redis server v=")
