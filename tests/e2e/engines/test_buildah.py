"""buildah builds on top of the archive, as a team does that has not moved yet."""

import json
from pathlib import Path

import images
from programs import require, require_root, run


def test_takes_the_archive_as_a_base(place: Path) -> None:
    require_root()
    store = [f"--root={place}/buildah", f"--runroot={place}/buildah-run"]
    buildah = [require("buildah"), *store]
    redis = images.redis()
    container = run([*buildah, "from", "--pull-never", f"oci-archive:{redis.archive}"]).stdout.strip()
    found = json.loads(run([*buildah, "inspect", container]).stdout)
    assert found["OCIv1"]["config"] == redis.config["config"]
    assert found["FromImageDigest"] == redis.digest
    run([*buildah, "rm", container])
