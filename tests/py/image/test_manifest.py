"""Tests of distill.image.manifest; the documents of the golden tests stand in data/, one line each."""

import json
from pathlib import Path
from typing import Any

import pytest
from distill.descriptor import LAYER_GZIP, LAYER_ZSTD, MANIFEST, Descriptor
from distill.errors import FormatError, ImageError, InputError
from distill.image import manifest
from distill.image.base import Base
from distill.image.image_descriptor import ImageDescriptor, Platform
from distill.image.image_settings import Settings
from distill.image.manifest import Layer
from support_base import base, sha
from support_match import begins, exactly
from support_oci import check_config, check_index, check_manifest

DATA = Path(__file__).parents[1] / "data"


def layer(name: str, media_type: str = LAYER_GZIP) -> Layer:
    return Layer(Descriptor(media_type, sha(f"blob {name}"), len(name) * 100, sha(f"tar {name}")), f"//layers:{name}")


def documents(image: manifest.Image) -> tuple[dict[str, Any], dict[str, Any]]:
    config, document = json.loads(image.config), json.loads(image.manifest)
    check_config(config)
    check_manifest(document)
    assert document["config"]["digest"] == manifest.digest(image.config)
    assert document["config"]["size"] == len(image.config)
    assert image.descriptor.digest == manifest.digest(image.manifest)
    assert image.descriptor.size == len(image.manifest)
    assert len(document["layers"]) == len(config["rootfs"]["diff_ids"])
    assert len([e for e in config["history"] if not e.get("empty_layer")]) == len(document["layers"])
    return config, document


FULL = Settings(
    architecture="amd64",
    entrypoint=["/usr/bin/redis-server"],
    cmd=["/etc/redis/redis.conf"],
    env={"PATH": "/opt/bin:$PATH", "HOME": "/data"},
    user="redis:redis",
    working_dir="/data",
    labels={"org.opencontainers.image.title": "Redis ❤", "both": "own"},
    annotations={"org.opencontainers.image.licenses": "BSD-3-Clause"},
    exposed_ports=["6379"],
    volumes=["/data/"],
    stop_signal="SIGTERM",
)


@pytest.mark.parametrize(
    ("name", "settings", "layers", "below"),
    [
        ("scratch", Settings("amd64"), [layer("hello")], None),
        ("no_layers", Settings("riscv64"), [], None),
        ("full", FULL, [layer("libc"), layer("redis", LAYER_ZSTD)], base()),
    ],
)
def test_golden(name: str, settings: Settings, layers: list[Layer], below: Base | None) -> None:
    image = manifest.build(settings, layers, below)
    documents(image)
    assert image.config.decode() + "\n" == (DATA / f"image_{name}_config.json").read_text("utf-8")
    assert image.manifest.decode() + "\n" == (DATA / f"image_{name}_manifest.json").read_text("utf-8")


def test_what_is_not_set_is_the_bases() -> None:
    config, document = documents(manifest.build(Settings("amd64"), [layer("a")], base()))
    assert config["config"] == {
        "Env": ["PATH=/usr/bin"],
        "Entrypoint": ["/usr/bin/base"],
        "Cmd": ["--base"],
        "Healthcheck": {"Test": ["CMD", "true"]},
        "Labels": {"from": "base", "both": "base"},
        "ExposedPorts": {"80/tcp": {}},
        "User": "1000",
        "StopSignal": "SIGQUIT",
    }
    assert config["author"] == "someone"
    assert config["created"] == "1970-01-01T00:00:00Z"
    assert not {"docker_version", "container_config"} & set(config)
    assert "annotations" not in document
    assert [entry["mediaType"] for entry in document["layers"]] == [LAYER_GZIP, LAYER_GZIP]


@pytest.mark.parametrize(
    ("settings", "entrypoint", "cmd"),
    [
        ({"entrypoint": ["/own"]}, ["/own"], None),
        ({"entrypoint": ["/own"], "cmd": ["x"]}, ["/own"], ["x"]),
        ({"entrypoint": []}, None, None),
        ({"cmd": ["x"]}, ["/usr/bin/base"], ["x"]),
        ({"cmd": []}, ["/usr/bin/base"], None),
    ],
)
def test_an_entrypoint_resets_the_bases_cmd(settings: dict[str, Any], entrypoint: Any, cmd: Any) -> None:
    config, _ = documents(manifest.build(Settings("amd64", **settings), [], base()))
    assert (config["config"].get("Entrypoint"), config["config"].get("Cmd")) == (entrypoint, cmd)


def test_history_tells_of_every_layer() -> None:
    config, _ = documents(
        manifest.build(Settings("amd64"), [layer("a"), Layer(layer("b").descriptor)], base(history=None))
    )
    assert config["history"] == [
        {"created_by": "the base image"},
        {"created_by": "//layers:a"},
        {"created_by": "rules_distill"},
    ]


def test_the_same_layer_may_come_twice() -> None:
    _, document = documents(manifest.build(Settings("amd64"), [layer("a"), layer("a")]))
    assert document["layers"][0] == document["layers"][1]


def test_annotations_of_a_layer_are_its_entrys() -> None:
    annotated = Descriptor(LAYER_GZIP, sha("b"), 1, sha("t"), {"a": "b"})
    _, document = documents(manifest.build(Settings("amd64"), [Layer(annotated)]))
    assert document["layers"] == [{"mediaType": LAYER_GZIP, "digest": sha("b"), "size": 1, "annotations": {"a": "b"}}]


@pytest.mark.parametrize(
    ("variant", "below", "result"),
    [("", "v8", "v8"), ("v8", "", "v8"), ("v7", "v6", "v7"), ("v2", "v2", "v2"), ("", "", "")],
)
def test_variant(variant: str, below: str, result: str) -> None:
    image = manifest.build(Settings("amd64", variant=variant), [], base(variant=below))
    assert json.loads(image.config).get("variant", "") == result
    assert image.descriptor.platform == Platform("amd64", "linux", result)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            Settings("arm64"),
            (
                "base is for another platform, got linux/amd64/v3 below an image for linux/arm64;"
                " use a base for linux/arm64"
            ),
        ),
        (
            Settings("amd64", variant="v2"),
            (
                "base is for a later variant, got linux/amd64/v3 below an image for linux/amd64/v2;"
                " use a base for linux/amd64/v2"
            ),
        ),
    ],
)
def test_a_base_for_another_platform_is_an_error(settings: Settings, message: str) -> None:
    with pytest.raises(ImageError, match=exactly(message)):
        manifest.build(settings, [], base(variant="v3"))


def test_a_descriptor_without_diff_id_is_no_layer() -> None:
    with pytest.raises(
        FormatError, match=begins(f"layer has no descriptor of a layer, got digest '{sha('b')}' and diff_id ''; ")
    ):
        manifest.build(Settings("amd64"), [Layer(Descriptor(LAYER_GZIP, sha("b"), 1))])


def test_index() -> None:
    images = [
        manifest.build(Settings("arm64", variant="v8"), [layer("a")]).descriptor,
        manifest.build(Settings("amd64"), [layer("b")]).descriptor,
    ]
    text = manifest.index(images, {"a": "b"})
    document = json.loads(text)
    check_index(document)
    assert text.decode() + "\n" == (DATA / "index.json").read_text("utf-8")
    assert [entry["platform"]["architecture"] for entry in document["manifests"]] == ["arm64", "amd64"]


def test_an_index_that_no_engine_could_choose_from_is_an_error() -> None:
    image = ImageDescriptor(MANIFEST, sha("a"), 1, Platform("arm64", "linux", "v8"))
    with pytest.raises(
        InputError, match=exactly("manifests has two images of one platform, got linux/arm64/v8 twice; keep one")
    ):
        manifest.index([image, ImageDescriptor(MANIFEST, sha("b"), 1, image.platform)])
    with pytest.raises(InputError, match=exactly("manifests is empty, got no image; name at least one")):
        manifest.index([])
