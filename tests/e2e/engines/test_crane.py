"""crane (go-containerregistry) finds nothing wrong with an image in a registry and names our digest."""

import os
import tarfile
from pathlib import Path

import images
import pytest
from image_case import runfile
from programs import run, skip


@pytest.fixture
def crane() -> str:
    """The program that DISTILL_CRANE names: Debian 12 has none, .ci/run gets it from a later Debian."""
    program = os.environ.get("DISTILL_CRANE", "")
    if not Path(program).is_file():
        skip(f"DISTILL_CRANE names no crane, got {program!r}")
    return program


def test_validates_what_it_pushed_from_the_layout(crane: str, registry: str) -> None:
    remote = f"{registry}/redis:crane"
    run([crane, "push", "--insecure", runfile("examples/redis/redis_image.oci"), remote])
    assert run([crane, "digest", "--insecure", remote]).stdout.strip() == images.redis().digest
    assert "PASS" in run([crane, "validate", "--insecure", "--remote", remote]).stdout


@pytest.mark.parametrize("compression", ["gzip", "uncompressed"])
def test_validates_the_archive(crane: str, compression: str) -> None:
    assert "PASS" in run([crane, "validate", "--tarball", images.redis(compression).archive]).stdout


def test_does_not_read_zstd_from_a_docker_archive(crane: str) -> None:
    """What crane 0.20 says; pinned, so that the page about engines is changed when this does."""
    done = run([crane, "validate", "--tarball", images.redis("zstd").archive], check=False)
    assert done.returncode != 0
    assert "validating layers: gzip: invalid header" in done.stderr


def test_validates_zstd_from_a_layout(crane: str, registry: str, tmp_path: Path) -> None:
    redis = images.redis("zstd")
    with tarfile.open(redis.archive) as tar:
        tar.extractall(tmp_path / "layout", filter="data")
    remote = f"{registry}/redis:crane-zstd"
    run([crane, "push", "--insecure", tmp_path / "layout", remote])
    assert run([crane, "digest", "--insecure", remote]).stdout.strip() == redis.digest
