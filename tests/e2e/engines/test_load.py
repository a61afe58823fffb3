"""docker and podman take every archive, whatever its compression, and show the config that is in it."""

from collections.abc import Callable, Iterator
from typing import Any

import images
import pytest
from engine import Engine
from images import Image

IMAGES: dict[str, Callable[[], Image]] = {
    "redis_gzip": lambda: images.redis("gzip"),
    "redis_zstd": lambda: images.redis("zstd"),
    "redis_uncompressed": lambda: images.redis("uncompressed"),
    "nginx": images.nginx,
    "static_hello": images.static_hello,
}


@pytest.fixture(params=IMAGES)
def image(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Image]:
    """Each image, into an engine that has none: else a layer that another image brought would not be read."""
    for identity in set(engine.ask("images", "--quiet", "--no-trunc").split()):
        engine.ask("rmi", "--force", identity)
    yield IMAGES[request.param]()


def test_loads_an_archive_and_shows_its_config(engine: Engine, image: Image) -> None:
    if engine.name == "docker" and engine.version < (23,) and image.has_zstd:
        # docker learnt zstd with 23.0. That it refuses is pinned: docs/engines.md tells users so, and the way around
        # it, which test_skopeo.py tests.
        assert "Error processing tar file" in engine.refusal("load", "--input", image.archive)
        return
    name = engine.load(image.archive)
    assert name == image.name
    found = engine.inspect(name)
    # The id of an image is the digest of its config: what is loaded is what was built, byte for byte.
    assert found["Id"].removeprefix("sha256:") == image.config_digest.removeprefix("sha256:")
    assert found["RootFS"]["Layers"] == image.config["rootfs"]["diff_ids"]
    assert (found["Os"], found["Architecture"]) == (image.config["os"], image.config["architecture"])
    assert _given(found["Config"]) == _given(image.config["config"])


def _given(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a config that are set, but for what docker fills in of its own."""
    return {key: value for key, value in config.items() if value and key not in ("Image", "ArgsEscaped")}
