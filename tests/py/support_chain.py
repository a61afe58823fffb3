"""Runs the commands of an image from its files to its archive, in the working directory: a program of its own.

support_chain.py PREFIX LABEL: inputs are made below in/, outputs are named after PREFIX, requests come from LABEL.
"""

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import support_deb
import tool

LAYER_OUTPUTS = ("blob", "descriptor", "listing")
# More than one block of the parallel compressors.
BYTES = 5 << 20


def inputs(order: list[str]) -> None:
    """Make the files below in/, in `order`."""
    source = random.Random(4711)
    words = [source.randbytes(9) for _ in range(1000)]
    big = b"".join(source.choice(words) for _ in range(BYTES // 9))
    contents = {"big": big, "program": b"#!/bin/sh\n", "sub/a": b"a", "sub/b": b"b", "z": b""}
    for name in order:
        path = Path("in", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
        path.chmod(0o700 if name == "program" else 0o600)
    items = [support_deb.Item(f"usr/share/demo/{number}", b"%d" % number) for number in range(20)]
    Path("in.deb").write_bytes(support_deb.deb([support_deb.Item("usr/share/demo/"), *items]))


def main(prefix: str, label: str, order: list[str]) -> int:
    """Run all commands; a failing one gives its exit code."""
    inputs(order)

    def run(command: str, settings: dict[str, Any], lines: list[dict[str, Any]], outs: dict[str, str]) -> None:
        header = {"command": command, "label": label, "settings": settings}
        written = [{"role": "out", "name": name, "path": path} for name, path in outs.items()]
        if code := tool.run([json.dumps(value) for value in (header, *lines, *written)]):
            sys.exit(code)

    def layer(
        command: str, name: str, lines: list[dict[str, Any]], compression: str, **settings: Any
    ) -> dict[str, str]:
        outs = {out: f"{prefix}{name}.{out}" for out in LAYER_OUTPUTS}
        run(command, {"compression": compression, "level": "default", **settings}, lines, outs)
        return outs

    owner = {"uid": 0, "gid": 0, "mode": ""}
    tree = [{"role": "src", "dest": "srv", "path": "in", "tree": True, **owner}]
    package = {"role": "package", "path": "in.deb", "name": "demo", "version": "1.0-1", "architecture": "amd64"}
    user = {"role": "user", "name": "app", "uid": 1000, "gid": 1000, "home": "/home/app", "shell": "/bin/false"}
    layers = [
        *(layer("LayerFiles", f"files-{how}", tree, how) for how in ("gzip", "zstd", "uncompressed")),
        layer("LayerDebian", "package", [package], "gzip", drop=[]),
        layer("LayerAccounts", "accounts", [user, {"role": "group", "name": "app", "gid": 1000}], "zstd"),
    ]
    descriptors = [{"role": "layer", "path": outs["descriptor"]} for outs in layers]
    listings = [{"role": "listing", "path": outs["listing"]} for outs in layers]
    blobs = [{"role": "blob", "path": outs["blob"]} for outs in layers]
    image = {name: f"{prefix}image.{name}" for name in ("config", "manifest", "descriptor", "digest")}
    run("ImageManifest", {"architecture": "amd64", "env": {"B": "1", "A": "2"}}, descriptors, image)
    documents = [{"role": role, "path": image[role]} for role in ("config", "manifest")]
    run("ImageArchive", {"repo_tags": ["demo"]}, [*documents, *descriptors, *blobs], {"archive": f"{prefix}image.tar"})
    run("ImageListing", {}, listings, {"listing": f"{prefix}image.listing"})
    run("ImageSbom", {}, [documents[1], *descriptors, *listings], {"sbom": f"{prefix}image.sbom"})
    return 0


if __name__ == "__main__":
    if sys.argv[3:] == ["one-core"]:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    names = ["big", "program", "sub/a", "sub/b", "z"]
    sys.exit(main(sys.argv[1], sys.argv[2], names if sys.argv[3:] else names[::-1]))
