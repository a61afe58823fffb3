"""The same inputs give the same bytes: in another place and mode, on other cores, with or without workers."""

import hashlib
import os
from pathlib import Path

import pytest
import workspace
from workspace import Spawn, Workspace

# Files of Debian's and of ours. static_hello is a compiler's work, which -c changes rightly.
PACKAGED = [
    "//examples/redis:redis_image",
    "//examples/redis:redis_image_arm64",
    "//examples/nginx:nginx_image",
    "//distroless:java",
    "//distroless:nodejs",
    "//distroless:python3",
    "//distroless/debian13:python3",
    "//tests/distroless:bytecode_debian12",
]
COMPILED = ["//examples/static_hello"]
GROUPS = ["archive", "config", "descriptor", "digest", "listing", "manifest", "sbom"]
# What the other machine has: all of it at once.
ELSEWHERE = {
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "SOURCE_DATE_EPOCH": "1234567890",
    "TZ": "Pacific/Chatham",
    "USER": "somebody",
}


def build(place: Workspace, targets: list[str], *flags: str) -> tuple[dict[str, str], set[str]]:
    """Build `targets`; give the SHA-256 of every file that it makes, and how the tool was run."""
    spawns = place.build(f"--output_groups={','.join(GROUPS)}", *flags, *targets)
    files = place.files(GROUPS, targets, *flags)
    assert len(files) == len(GROUPS) * len(targets)
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}, runners(spawns)


def runners(spawns: list[Spawn]) -> set[str]:
    """How the tool was run: its commands are Layer… and Image…."""
    found = {spawn.runner for spawn in spawns if spawn.mnemonic.startswith(("Layer", "Image"))}
    assert found, "nothing was built"
    return found


@pytest.fixture(scope="module")
def first(tree: Workspace) -> dict[str, str]:
    """A fresh build, fastbuild, by workers, on all cores."""
    hashes, how = build(tree, PACKAGED + COMPILED)
    assert how == {"worker"}
    return hashes


def packaged(hashes: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in hashes.items() if not name.startswith("examples/static_hello/")}


def test_optimized(tree: Workspace, first: dict[str, str]) -> None:
    hashes, _ = build(tree, PACKAGED, "-c", "opt")
    assert hashes == packaged(first)


def test_one_shot_on_one_core(tree: Workspace, first: dict[str, str]) -> None:
    tree.bazel("clean")
    hashes, how = build(tree, PACKAGED + COMPILED, "--spawn_strategy=sandboxed,local", "--jobs=1")
    assert "worker" not in how
    assert hashes == first


def test_elsewhere_on_one_core_with_everything_different(place: Path, first: dict[str, str]) -> None:
    """Another output base, at another path, of another length; the server and all it starts have one core."""
    root = workspace.copy(place / "elsewhere" / ("deep-" * 10) / "tree")
    core = str(min(os.sched_getaffinity(0)))
    actions = [f"--action_env={name}={value}" for name, value in ELSEWHERE.items()]
    with Workspace(
        root, place / "other-outputs", prefix=["taskset", "--cpu-list", core], environment=ELSEWHERE, umask=0o077
    ) as other:
        hashes, how = build(other, PACKAGED + COMPILED, *actions)
    assert how == {"worker"}
    assert hashes == first
