"""Nothing runs that need not: from Bazel's execution log and its metrics, not by time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from distill.lock import lock as locks
from workspace import Workspace

EVERYTHING = "//examples/..."
# What an image does when a layer of it has changed. The archive reads blobs, the others JSON alone.
IMAGE = ("ImageArchive", "ImageLint", "ImageManifest", "ImageValidate")


@pytest.fixture
def built(tree: Workspace) -> Workspace:
    """The workspace, with all examples built as they are."""
    tree.build(EVERYTHING)
    return tree


@contextmanager
def changed(path: Path, text: str) -> Iterator[None]:
    """Append `text` to a file for the time of the context."""
    before = path.read_bytes()
    path.write_bytes(before + text.encode())
    try:
        yield
    finally:
        path.write_bytes(before)


def rebuilt(place: Workspace) -> set[tuple[str, str]]:
    """Build everything; give mnemonic and target of each action that ran."""
    return {(spawn.mnemonic, spawn.target) for spawn in place.build(EVERYTHING)}


def images(*targets: str) -> set[tuple[str, str]]:
    return {(mnemonic, target) for target in targets for mnemonic in IMAGE}


def test_a_build_without_a_change_runs_nothing(built: Workspace) -> None:
    # Bazel's own bookkeeping of the workspace's status is all that it ever does anew.
    assert set(built.executed(EVERYTHING)) <= {"BazelWorkspaceStatusAction"}
    assert rebuilt(built) == set()


def test_a_file_that_is_touched_but_not_changed_runs_nothing(built: Workspace) -> None:
    os.utime(built.root / "examples/redis/redis.conf")
    assert rebuilt(built) == set()


def test_a_file_of_a_layer_rebuilds_that_layer_and_its_images(built: Workspace) -> None:
    with changed(built.root / "examples/redis/redis.conf", "# a comment\n"):
        assert rebuilt(built) == {("LayerFiles", "//examples/redis:config")} | images(
            "//examples/redis:redis_image", "//examples/redis:redis_image_arm64"
        )


def test_a_program_of_a_layer_rebuilds_that_layer_and_its_image(built: Workspace) -> None:
    with changed(built.root / "examples/static_hello/hello.c", "int unused = 1;\n"):
        assert rebuilt(built) == {
            ("CppCompile", "//examples/static_hello:hello"),
            ("CppLink", "//examples/static_hello:hello"),
            ("BinaryStrip", "//examples/static_hello:hello_stripped"),
            ("LayerFiles", "//examples/static_hello:program"),
            ("LayerFiles", "//examples/static_hello:static_hello.debug_layer"),
        } | images("//examples/static_hello:static_hello", "//examples/static_hello:static_hello.debug")


def test_a_change_that_leaves_the_program_as_it_was_rebuilds_no_layer(built: Workspace) -> None:
    """The linker gives the same bytes: what follows is not asked again. The debug layer has the source file itself."""
    debug = "//examples/static_hello:static_hello.debug"
    with_source = {("LayerFiles", "//examples/static_hello:static_hello.debug_layer")} | images(debug)
    with changed(built.root / "examples/static_hello/hello.c", "// a comment\n"):
        others = rebuilt(built) - with_source
        assert {mnemonic for mnemonic, _ in others} <= {"CppCompile", "CppLink"}


def test_a_setting_of_an_image_rebuilds_no_layer(built: Workspace) -> None:
    file = built.root / "examples/redis/BUILD.bazel"
    before = file.read_text()
    assert 'working_dir = "/data"' in before
    file.write_text(before.replace('working_dir = "/data"', 'working_dir = "/"'))
    try:
        # The check reads listings and the config: it runs again too.
        assert rebuilt(built) == images("//examples/redis:redis_image", "//examples/redis:redis_image_arm64")
    finally:
        file.write_text(before)


def test_a_lock_that_changes_elsewhere_runs_nothing(built: Workspace) -> None:
    """Another library of another package: only messages about missing ones read the index that it stands in."""
    file = built.root / "examples/bookworm.lock.json"
    before = file.read_bytes()
    lock = locks.read(before, file.name, "lock it")
    packages = {
        architecture: tuple(
            msgspec.structs.replace(p, sonames=("libnew.so.1",)) if p.name == "tzdata" else p for p in all_
        )
        for architecture, all_ in lock.packages.items()
    }
    file.write_bytes(locks.write(msgspec.structs.replace(lock, packages=packages)))
    try:
        assert rebuilt(built) == set()
        index = built.bazel("query", "--output=location", "@bookworm//:sonames.json").stdout.partition(":")[0]
        assert "libnew.so.1" in Path(index).with_name("sonames.json").read_text()
    finally:
        file.write_bytes(before)


def test_output_groups_are_made_only_when_asked_for(built: Workspace) -> None:
    spawns = built.build("--output_groups=sbom", "//examples/redis:redis_image")
    assert {(spawn.mnemonic, spawn.target) for spawn in spawns} <= {("ImageSbom", "//examples/redis:redis_image")}
