"""LayerAlternatives."""

import json
from pathlib import Path

from distill import listing
from distill.effect import Effect
from support_command import run
from support_listing import file


def test_a_layer_of_links(tmp_path: Path) -> None:
    effect = Effect("alternative", "usr/bin/awk", "/usr/bin/mawk", group="awk", name="awk", priority=5)
    records = [file("usr/bin/mawk"), file("var/lib/dpkg/status.d/mawk", package="mawk_1_amd64", effects=(effect,))]
    (tmp_path / "0.jsonl").write_bytes(b"".join(map(listing.encode, records)))
    result = run(tmp_path, "LayerAlternatives", [{"role": "listing", "path": str(tmp_path / "0.jsonl")}], choices={})
    assert result.code == 0
    found = {path: record.link for path, record in result.records.items() if record.type == "symlink"}
    assert found == {"usr/bin/awk": "/etc/alternatives/awk", "etc/alternatives/awk": "/usr/bin/mawk"}


def test_unknown_settings_are_errors(tmp_path: Path) -> None:
    assert run(tmp_path, "LayerAlternatives", [], oops=json.dumps(1)).code == 1
