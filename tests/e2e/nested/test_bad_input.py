"""Bad input through real Bazel: one line that says what is wrong and what to do, and no image.

The message of each command and rule is pinned by its own test; here it is the whole way that is tested, from a BUILD
file of a user's to what they read.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
import workspace
from support_deb import Item
from support_mirror import Mirror
from workspace import Workspace

DATA = Path(__file__).parent / "bad_input"
NOTHING_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def bad(place: Path) -> Iterator[Workspace]:
    """A workspace of a user's in which every target is wrong in one way, and the mirror of its packages."""
    root = place / "bad"
    root.mkdir()
    rules = workspace.copy(place / "rules_distill")
    for source in DATA.glob("*.in"):
        text = source.read_text().replace("@ROOT@", str(rules))
        (root / source.stem).write_text(text)
    shutil.copy(DATA / "program.c", root)
    for name in ("a.txt", "b.txt"):
        (root / name).write_text(name)
    for hub in ("tiny", "edited", "stale", "flat", "above", "moved"):
        (root / hub).mkdir()
        (root / hub / "BUILD.bazel").touch()

    sound = {name: tiny.package(name) for name in ("libc-tiny", "other-hash", "other-size", "sound", "unreachable")}
    sound["truncated"] = tiny.package("truncated")[:-100]
    for name in ("twin-a", "twin-b"):
        sound[name] = tiny.package(name, Item("usr/share/twin", name.encode()))
    sound["link"] = tiny.package("link", Item("usr/share/escape", link="/etc"))
    sound["below-link"] = tiny.package("below-link", Item("usr/share/escape/passwd", b"evil"))
    _write(
        root / "tiny", list(sound), tiny.locked(sound, wrong_size="other-size", sonames={"libc-tiny": ("libc.so.6",)})
    )
    one = {"sound": sound["sound"]}
    _write(root / "edited", ["sound"], tiny.locked(one).replace('"1.0-1"', '"1.0-2"'))
    _write(root / "stale", ["sound", "wanted-since"], tiny.locked(one))
    base = (root / "tiny/lock.json").read_text()
    _write(root / "above", ["sound"], tiny.locked(one, bases={"../tiny/lock.json": base}))
    _write(root / "moved", ["sound"], tiny.locked(one, bases={"../tiny/lock.json": f"{base}\n"}))
    (root / "flat/manifest.yaml").write_text(FLAT)
    flat = Mirror()
    flat.publish_flat({"ours.deb": tiny.package("ours", scripts=SCRIPTS)}, folder="flat", signer="")
    for name, data in flat.files.items():
        (place / "mirror" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "mirror" / name).write_bytes(data)

    served = dict(sound)
    served["other-hash"] = sound["other-hash"].replace(b"1700000000", b"1700000001", 1)
    del served["unreachable"]
    with (
        tiny.mirror(place / "mirror", served) as address,
        Workspace(
            root,
            place / "outputs",
            environment={"DISTILL_DEBIAN_MIRROR": f"{address} {NOTHING_LISTENS}", "no_proxy": "127.0.0.1"},
        ) as built,
    ):
        yield built


SCRIPTS = {"postinst": b"#!/bin/sh\nadduser --system --group --home /srv ours\n"}
FLAT = """\
version: 1
sources:
  - name: flat
    suites: flat/
    unsigned: a test's own packages
architectures: [amd64]
packages: [ours]
"""


def _write(folder: Path, names: list[str], lock: str) -> None:
    (folder / "manifest.yaml").write_text(tiny.manifest(sorted(names)))
    (folder / "lock.json").write_text(lock)


# Each target, and below it the line that it fails with. `*` is a path or a number that is not the same everywhere.
_LINES = (DATA / "messages.txt").read_text().splitlines()
MESSAGES = dict(zip(_LINES[::2], (line.strip() for line in _LINES[1::2]), strict=True))
# What Starlark's fail() and Bazel's own errors have in front of the message.
BEFORE = r"(Error in fail: |ERROR: (\S+:\d+:\d+: |no such package \S+: )?)?"


@pytest.mark.parametrize("target", MESSAGES)
def test_one_line_and_no_image(bad: Workspace, target: str) -> None:
    done = bad.bazel("build", "--output_groups=+oci_layout", f"//:{target}", check=False)
    assert done.returncode == 1, done.stderr
    pattern = ".*".join(re.escape(part) for part in MESSAGES[target].split("*"))
    assert re.search(f"^{BEFORE}{pattern}$", done.stderr, re.MULTILINE), done.stderr
    assert "this is a bug" not in done.stderr
    outputs = list(bad.outputs.glob(f"*/execroot/_main/bazel-out/*/bin/{target}.*"))
    assert not [path for path in outputs if path.suffix in (".tar", ".oci")]


def test_a_sound_package_builds(bad: Workspace) -> None:
    """The workspace's other targets fail for the reason that they are meant to."""
    bad.bazel("build", "//:tiny_sound")
    assert (bad.root / "bazel-bin/tiny_sound.tar").exists()


def test_a_flat_repository_from_its_lock_to_an_image(bad: Workspace) -> None:
    done = bad.bazel("build", "//:flat_ours", check=False)
    assert "flat/lock.json does not exist, got no lock; run `bazel run @flat//:lock`" in done.stderr
    done = bad.bazel("run", "@flat//:lock")
    assert "  ours: group ours, user ours home=/srv\n" in done.stderr
    assert '"effects": ["group ours", "user ours home=/srv"]' in (bad.root / "flat/lock.json").read_text()
    assert '"path": "flat/ours.deb"' in (bad.root / "flat/lock.json").read_text()
    done = bad.bazel("build", "//:flat_ours")
    assert (
        "maintainer scripts are not run, got ours, which would have had group ours, user ours home=/srv; "
        in done.stderr
    )
    assert (bad.root / "bazel-bin/flat_ours.tar").exists()
    bad.bazel("run", "@flat//:lock", "--", "--check")


def test_a_package_on_a_base_builds(bad: Workspace) -> None:
    bad.bazel("build", "//:above_sound")
    assert (bad.root / "bazel-bin/above_sound.tar").exists()
