"""The documents of a base, as docker would have made them."""

import hashlib
import json
from typing import Any

from distill.image.base import Base


def sha(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def base(**changes: Any) -> Base:
    """Give a base of one layer, with `changes` in its config."""
    config: dict[str, Any] = {
        "architecture": "amd64",
        "os": "linux",
        "author": "someone",
        "created": "2020-01-01T00:00:00Z",
        "docker_version": "20.10",
        "container_config": {"Cmd": ["x"]},
        "config": {
            "Env": ["PATH=/usr/bin"],
            "Entrypoint": ["/usr/bin/base"],
            "Cmd": ["--base"],
            "Healthcheck": {"Test": ["CMD", "true"]},
            "Labels": {"from": "base", "both": "base"},
            "ExposedPorts": {"80/tcp": {}},
            "Volumes": None,
            "User": "1000",
            "StopSignal": "SIGQUIT",
        },
        "rootfs": {"type": "layers", "diff_ids": [sha("tar base")]},
        "history": [
            {"created_by": "ADD", "created": "2020-01-01T00:00:00Z"},
            {"created_by": "CMD", "empty_layer": True},
        ],
        **changes,
    }
    document = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": sha("c"), "size": 1},
        "layers": [
            {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": sha("blob base"), "size": 7}
        ],
        "annotations": {"of": "the base"},
    }
    return Base.parse(json.dumps(config).encode(), json.dumps(document).encode())
