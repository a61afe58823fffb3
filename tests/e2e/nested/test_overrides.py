"""`debian.override`: a user's own manifest and lock for the hub of a module that they depend on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
import workspace
from workspace import Workspace

HUB = "distroless_debian12"
MODULE = """\
bazel_dep(name = "rules_distill", version = "0.1.0")
local_path_override(module_name = "rules_distill", path = "{root}")
debian = use_extension("@rules_distill//rules:extensions.bzl", "debian")
"""
OVERRIDE = 'debian.override(name = "{name}", lock = "//:lock.json", manifest = "//:manifest.yaml")\n'


@pytest.fixture(scope="module")
def user(place: Path) -> Iterator[Workspace]:
    """A user's workspace with a lock of one package, and the mirror that has it."""
    root = place / "overrides"
    root.mkdir()
    packages = {"ours": tiny.package("ours")}
    (root / "BUILD.bazel").touch()
    (root / "manifest.yaml").write_text(tiny.manifest(["ours"]))
    (root / "lock.json").write_text(tiny.locked(packages))
    with (
        tiny.mirror(place / "overrides_mirror", packages) as address,
        Workspace(
            root,
            place / "overrides_outputs",
            environment={"DISTILL_DEBIAN_MIRROR": address, "no_proxy": "127.0.0.1"},
        ) as built,
    ):
        yield built


def _module(user: Workspace, *overrides: str) -> None:
    text = MODULE.format(root=workspace.ROOT) + "".join(OVERRIDE.format(name=name) for name in overrides)
    (user.root / "MODULE.bazel").write_text(text + f'use_repo(debian, "{HUB}")\n')


def test_the_hub_has_the_users_packages(user: Workspace) -> None:
    _module(user, HUB)
    # Whoever overrides a hub may name it: Bazel would warn of a use_repo that the extension does not mean.
    assert "use_repo" not in user.bazel("build", "--nobuild", "--symlink_prefix=/", f"@{HUB}//ours:amd64").stderr
    spawns = user.build(f"@{HUB}//ours:amd64")
    assert [spawn.mnemonic for spawn in spawns] == ["LayerDebian"]
    done = user.bazel("build", "--symlink_prefix=/", f"@{HUB}//libc6:amd64", check=False)
    assert "no such package" in done.stderr


def test_the_users_lock_command_writes_the_users_lock(user: Workspace) -> None:
    _module(user, HUB)
    done = user.bazel("run", "--symlink_prefix=/", f"@{HUB}//:lock", "--", "check")
    assert "lock.json is up to date" in done.stderr


def test_a_name_of_no_hub(user: Workspace) -> None:
    _module(user, "distroles_debian12")
    done = user.bazel("build", "--symlink_prefix=/", f"@{HUB}//ours:amd64", check=False)
    assert (
        'debian.override: name is of no hub, got "distroles_debian12"; the hubs are distroless_debian12, '
        "distroless_debian13" in done.stderr
    )


def test_a_name_twice(user: Workspace) -> None:
    _module(user, HUB, HUB)
    done = user.bazel("build", "--symlink_prefix=/", f"@{HUB}//ours:amd64", check=False)
    assert f'debian.override: name is taken, got "{HUB}" twice; remove one' in done.stderr
