"""Locks: their text, and each reason not to use one."""

import json

import pytest
from distill.debian import relation
from distill.errors import LockError
from distill.lock import lock as locks
from distill.lock import package_manifest
from distill.lock.lock import Lock, LockedChoice, LockedSuite
from distill.resolver.resolve import Wish, resolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support_debian import paragraph, universe

MANIFEST = b"""\
version: 1
sources:
  - {name: debian, suites: bookworm, keyring: k}
architectures: [arm64, amd64]
packages: [redis, libc6]
exclude: {adduser: "accounts are declared \xc3\xa4"}
waivers: {"redis depends gone": a bug}
"""
SUITE = LockedSuite("debian", "bookworm", "bookworm", "12.15", "2026-07-11T10:16:37+00:00")


def make() -> Lock:
    manifest = package_manifest.parse(MANIFEST, "m.yaml")
    resolutions = {}
    for architecture in manifest.architectures:
        found = universe(
            paragraph("redis", "5:7.0", architecture=architecture, depends="libc6, tz, adduser, gone", source="r (7)"),
            paragraph("libc6", architecture=architecture, depends="libgcc-s1"),
            paragraph("libgcc-s1", architecture=architecture, depends="libc6"),
            paragraph("tz", architecture="all"),
            paragraph("adduser", architecture="all"),
            architecture=architecture,
        )
        wishes = [Wish(relation.parse_atom(name)) for name in ("redis", "libc6")]
        resolutions[architecture] = resolve(found, wishes, manifest.exclude, manifest.waivers)
    return locks.build(manifest, [SUITE], resolutions)


def test_round_trip() -> None:
    text = locks.write(make())
    found = locks.read(text, "l.json", "lock it", package_manifest.parse(MANIFEST, "m.yaml").checksum)
    assert locks.write(found) == text
    assert found.packages == make().packages


def test_one_line_per_package_and_architecture_sorted() -> None:
    text = locks.write(make()).decode("ascii")
    lines = [line for line in text.splitlines() if '"sha256"' in line]
    entries = [json.loads(line.rstrip(",")) for line in lines]
    assert [entry["name"] for entry in entries] == ["libc6", "libgcc-s1", "redis", "tz"] * 2
    assert [entry["architecture"] for entry in entries] == ["amd64"] * 3 + ["all"] + ["arm64"] * 3 + ["all"]
    assert entries[2]["depends"] == ["libc6", "tz"]
    assert (entries[2]["source_package"], entries[2]["source_version"]) == ("r", "7")
    assert [entry.get("cycle") for entry in entries[:4]] == ["libc6", "libc6", None, None]
    assert [entry.get("wished") for entry in entries[:4]] == [True, None, True, None]


def test_it_is_json_without_hosts() -> None:
    text = locks.write(make()).decode("ascii")
    found = json.loads(text)
    assert found["left_out"] == [{"name": "adduser", "reason": "accounts are declared ä", "wanted_by": ["redis"]}]
    assert found["waived"] == [{"relation": "redis depends gone", "reason": "a bug"}]
    assert "://" not in text


def refusal(text: bytes, checksum: str | None = None) -> str:
    with pytest.raises(LockError) as caught:
        locks.read(text, "l.json", "bazel run @b//:lock", checksum)
    return str(caught.value)


def test_stale() -> None:
    lock = make()
    assert refusal(locks.write(lock), "1:2") == (
        f"l.json is stale, got a lock of manifest {lock.manifest} where the manifest is 1:2; run `bazel run @b//:lock`"
    )


def test_edited_by_hand() -> None:
    text = locks.write(make())
    message = refusal(text.replace(b'"5:7.0"', b'"5:7.1"', 1))
    assert message.startswith(
        f"l.json was not written by the lock command, got checksum {json.loads(text)['checksum']} where "
    )
    assert message.endswith("; run `bazel run @b//:lock`")


def test_of_another_version() -> None:
    text = locks.write(make()).replace(b'"version": 2,', b'"version": 1,', 1)
    assert refusal(text) == "l.json is of another version, got 1; run `bazel run @b//:lock`"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"version": 1}'])
def test_no_lock(text: bytes) -> None:
    message = refusal(text)
    assert message.startswith("l.json is no lock, got ")
    assert message.endswith("; run `bazel run @b//:lock`")


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 3000), st.integers(0, 60))
def test_damage_is_always_seen(noise: bytes, at: int, cut: int) -> None:
    text = locks.write(make())
    damaged = text[:at] + noise + text[at + cut :]
    if damaged != text:
        with pytest.raises(LockError):
            locks.read(damaged, "l.json", "bazel run @b//:lock")


def of_two(amd64: tuple[str, ...], arm64: tuple[str, ...]) -> Lock:
    """Lock for two architectures, each with an archive of its own; adduser is left out."""
    manifest = package_manifest.parse(MANIFEST, "m.yaml")
    resolutions = {}
    for name, texts in (("amd64", amd64), ("arm64", arm64)):
        wishes = [Wish(relation.parse_atom("aa"))]
        resolutions[name] = resolve(universe(*texts, architecture=name), wishes, {"adduser": "no"})
    return locks.build(manifest, [SUITE], resolutions)


def all_of(*texts: str) -> tuple[str, ...]:
    return tuple(text.replace("Architecture: amd64", "Architecture: all") for text in texts)


def test_architectures_are_told_where_they_differ() -> None:
    with_it = all_of(paragraph("aa", depends="adduser, mta"), paragraph("exim", provides="mta"), paragraph("adduser"))
    without = all_of(paragraph("aa"))
    other = all_of(*with_it, paragraph("postfix", provides="mta"))
    both = of_two(with_it, with_it)
    assert [(item.name, item.architectures) for item in both.left_out] == [("adduser", ())]
    assert both.choices == (LockedChoice("mta", "exim"),)
    assert both.chosen("amd64") == both.chosen("arm64") == {"mta": "exim"}
    one = of_two(with_it, without)
    assert [(item.name, item.architectures) for item in one.left_out] == [("adduser", ("amd64",))]
    assert one.choices == (LockedChoice("mta", "exim", (), ("amd64",)),)
    assert (one.chosen("amd64"), one.chosen("arm64")) == ({"mta": "exim"}, {})
    assert of_two(with_it, other).choices == (
        LockedChoice("mta", "exim", (), ("amd64",)),
        LockedChoice("mta", "exim", ("postfix",), ("arm64",)),
    )
    text = locks.write(of_two(with_it, other))
    assert locks.write(locks.read(text, "l.json", "lock it")) == text
    assert b'{"name": "mta", "chosen": "exim", "others": ["postfix"], "architectures": ["arm64"]}' in text
    assert b'"choices"' not in locks.write(of_two(without, without))
