"""Tests of distill.image.base."""

from typing import Any

import pytest
from distill.descriptor import LAYER_GZIP
from distill.errors import FormatError
from distill.image import manifest
from distill.image.base import Base
from distill.image.image_descriptor import Platform
from distill.image.image_settings import Settings
from support_base import base, sha
from support_match import begins


def test_what_an_image_takes_from_its_base() -> None:
    below = base()
    assert below.platform == Platform("amd64", "linux")
    assert below.layers == [{"mediaType": LAYER_GZIP, "digest": sha("blob base"), "size": 7}]
    assert not {"docker_version", "container_config"} & set(below.kept)
    assert below.kept["author"] == "someone"
    assert len(below.history) == 2


@pytest.mark.parametrize("history", [None, [], [{"created_by": "CMD", "empty_layer": True}]])
def test_a_layer_without_history_gets_an_entry(history: Any) -> None:
    assert base(history=history).history == [*(history or []), {"created_by": "the base image"}]


def test_its_own_layers_are_left_out_where_they_come_first() -> None:
    def name(digest: str) -> str:
        return digest

    own = sha("blob base")
    assert base().above([own, "a", own], name) == ["a", own]
    assert base().above(["a", own], name) == ["a", own]
    assert base().above([], name) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rootfs": None}, "base is no image: Expected `object`, got `null` - at `$.rootfs`; give an image's manifest"),
        ({"config": {"Env": "x"}}, "base is no image: Expected `array | null`, got `str` - at `$.config.Env`; give"),
        (
            {"rootfs": {"diff_ids": []}},
            "base's config and manifest disagree, got 0 diff_ids and 1 layers; give the config that the manifest names",
        ),
    ],
)
def test_a_broken_base_is_an_error(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError, match=begins(message)):
        base(**changes)


def test_an_index_is_no_base() -> None:
    with pytest.raises(FormatError, match=begins("base is no image: Object missing required field `layers`; give")):
        Base.parse(manifest.build(Settings("amd64"), []).config, b'{"manifests":[]}')
