"""umoci unpacks the layout, owners and modes included, and runc runs the bundle as it is."""

import json
import tarfile
from pathlib import Path

import images
from image_case import runfile
from programs import require, require_root, run


def test_unpacks_the_layout_with_owners_and_modes(tmp_path: Path) -> None:
    require_root()
    bundle = unpack(runfile("examples/redis/redis_image.oci"), tmp_path)
    data = (bundle / "rootfs/data").stat()
    assert (data.st_uid, data.st_gid, data.st_mode & 0o7777) == (999, 999, 0o750)
    assert (bundle / "rootfs/tmp").stat().st_mode & 0o7777 == 0o1777
    assert (bundle / "rootfs/usr/bin/redis-server").exists()


def test_does_not_know_zstd(tmp_path: Path) -> None:
    """What umoci 0.4 says to zstd; pinned, so that the page about engines is changed when this does."""
    layout = tmp_path / "layout"
    with tarfile.open(images.redis("zstd").archive) as tar:
        tar.extractall(layout, filter="data")
    done = run([require("umoci"), "unpack", "--image", f"{layout}:{name(layout)}", tmp_path / "bundle"], check=False)
    assert done.returncode != 0
    assert "blob is not correct mediatype: application/vnd.oci.image.layer.v1.tar+zstd" in done.stderr


def test_runc_runs_the_bundle(tmp_path: Path) -> None:
    require_root()
    layout = tmp_path / "layout"
    with tarfile.open(images.static_hello().archive) as tar:
        tar.extractall(layout, filter="data")
    bundle = unpack(layout, tmp_path)
    settings = bundle / "config.json"
    config = json.loads(settings.read_text())
    config["process"]["terminal"] = False
    settings.write_text(json.dumps(config))
    done = run([require("runc"), "--root", tmp_path / "runc", "run", "--bundle", bundle, f"distill-{tmp_path.name}"])
    assert done.stdout == "hello from scratch\n"


def unpack(layout: Path, folder: Path) -> Path:
    """Unpack the only image of `layout` and give the bundle (runtime-spec, bundle.md)."""
    bundle = folder / "bundle"
    run([require("umoci"), "unpack", "--image", f"{layout}:{name(layout)}", bundle])
    return bundle


def name(layout: Path) -> str:
    """Give the name that the layout's index gives its only image."""
    (descriptor,) = json.loads((layout / "index.json").read_text())["manifests"]
    return str(descriptor["annotations"]["org.opencontainers.image.ref.name"])
