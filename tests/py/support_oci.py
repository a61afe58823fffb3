"""Checks of OCI documents by the rules of image-spec 1.1: what MUST be there, and its form."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")
SIGNAL = re.compile(r"SIG[A-Z0-9]+([+-][0-9]+)?|[0-9]+")


def check_strings(mapping: Mapping[Any, Any]) -> None:
    assert all(isinstance(key, str) and key and isinstance(value, str) for key, value in mapping.items())


def check_descriptor(entry: Mapping[str, Any]) -> None:
    """descriptor.md, content-descriptor.json."""
    assert set(entry) <= {"mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"}
    assert MEDIA_TYPE.fullmatch(entry["mediaType"])
    assert DIGEST.fullmatch(entry["digest"])
    assert type(entry["size"]) is int
    assert entry["size"] >= 0
    check_strings(entry.get("annotations", {}))


def check_config(config: Mapping[str, Any]) -> None:
    """config.md, config-schema.json."""
    assert isinstance(config["architecture"], str)
    assert isinstance(config["os"], str)
    assert isinstance(config.get("variant", "v1"), str)
    assert isinstance(config.get("author", ""), str)
    assert datetime.fromisoformat(config["created"]).tzinfo
    assert config["rootfs"]["type"] == "layers"
    assert all(DIGEST.fullmatch(diff_id) for diff_id in config["rootfs"]["diff_ids"])
    for entry in config["history"]:
        assert set(entry) <= {"created", "author", "created_by", "comment", "empty_layer"}
        assert isinstance(entry.get("empty_layer", False), bool)
    execution = config.get("config", {})
    for key in ("Entrypoint", "Cmd", "Env"):
        assert all(isinstance(word, str) for word in execution.get(key, []))
    assert all(re.fullmatch(r"[^=]+=.*", entry, re.DOTALL) for entry in execution.get("Env", []))
    assert all(re.fullmatch(r"[0-9]+(/(tcp|udp|sctp))?", port) for port in execution.get("ExposedPorts", {}))
    for key in ("ExposedPorts", "Volumes"):
        assert all(value == {} for value in execution.get(key, {}).values())
    check_strings(execution.get("Labels", {}))
    assert isinstance(execution.get("User", ""), str)
    assert isinstance(execution.get("WorkingDir", ""), str)
    assert SIGNAL.fullmatch(execution.get("StopSignal", "SIGTERM"))


def check_manifest(manifest: Mapping[str, Any]) -> None:
    """manifest.md, image-manifest-schema.json."""
    assert set(manifest) <= {"schemaVersion", "mediaType", "artifactType", "config", "layers", "subject", "annotations"}
    assert manifest["schemaVersion"] == 2
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    check_descriptor(manifest["config"])
    assert manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json"
    for layer in manifest["layers"]:
        check_descriptor(layer)
        assert layer["mediaType"].startswith("application/vnd.oci.image.layer.v1.tar")
    check_strings(manifest.get("annotations", {}))


def check_index(index: Mapping[str, Any]) -> None:
    """image-index.md, image-index-schema.json."""
    assert set(index) <= {"schemaVersion", "mediaType", "artifactType", "manifests", "subject", "annotations"}
    assert index["schemaVersion"] == 2
    assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
    for entry in index["manifests"]:
        check_descriptor(entry)
        assert set(entry.get("platform", {})) <= {"architecture", "os", "os.version", "os.features", "variant"}
        if "platform" in entry:
            assert entry["platform"]["architecture"]
            assert entry["platform"]["os"]
    check_strings(index.get("annotations", {}))
