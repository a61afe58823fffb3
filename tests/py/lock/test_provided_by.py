"""Locks that build on others: what is there adds nothing, holds relations at its version, and makes a lock stale."""

from pathlib import Path

import pytest
from distill.debian import relation
from distill.errors import InputError, LockError, ResolutionError
from distill.lock import lock as locks
from distill.lock import package_manifest, provided_by
from distill.lock.lock import Lock
from distill.resolver import consistency
from distill.resolver.index import Package, Universe
from distill.resolver.resolve import Resolution, Wish, resolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support_debian import paragraph, universe

MANIFEST = b"""\
version: 1
sources:
  - {name: debian, suites: bookworm, keyring: k}
architectures: [amd64]
packages: [libc6, mawk]
"""
ARCHIVE = (
    paragraph("libc6", "2.36", depends="libgcc-s1", provides="libc-api (= 1)"),
    paragraph("libgcc-s1"),
    paragraph("mawk", provides="awk", breaks="old (<< 2)"),
    paragraph("gawk", provides="awk"),
    paragraph("old", "1"),
    paragraph("redis", depends="libc6 (>= 2), libc-api (>= 1), awk, libatomic1 | libgcc-s1"),
    paragraph("libatomic1"),
    paragraph("needs-newer", depends="libc6 (>= 2.40)"),
    paragraph("against", conflicts="libc6 (<< 3)"),
)


def base(*names: str, found: Universe | None = None) -> Lock:
    """Lock `names` of the archive, as a base."""
    manifest = package_manifest.parse(MANIFEST, "base.yaml")
    wishes = [Wish(relation.parse_atom(name)) for name in names or ("libc6", "mawk")]
    return locks.build(manifest, [], {"amd64": resolve(found or universe(*ARCHIVE), wishes)})


def there(*locked: Lock, found: Universe | None = None) -> dict[str, Package]:
    bases = [provided_by.BaseLock(f"base{number}.json", lock, "1:2") for number, lock in enumerate(locked)]
    return provided_by.packages(bases, found or universe(*ARCHIVE))


def on_base(name: str, found: Universe | None = None) -> Resolution:
    found = found or universe(*ARCHIVE)
    return resolve(found, [Wish(relation.parse_atom(name))], {}, {}, there(base(), found=found))


def failure(name: str) -> str:
    with pytest.raises(ResolutionError) as caught:
        on_base(name)
    return str(caught.value)


def test_what_is_there_adds_nothing() -> None:
    resolution = on_base("redis")
    assert list(resolution.packages) == ["redis"]
    assert resolution.depends == {"redis": ()}
    assert resolution.wished == ("redis",)
    assert resolution.left_out == {"libc6": ("redis",), "libgcc-s1": ("redis",), "mawk": ("redis",)}


def test_a_relation_that_its_version_does_not_meet() -> None:
    assert failure("needs-newer") == (
        "relations cannot be met together for amd64, got needs-newer -> libc6 (>= 2.40), and base0.json: libc6 which "
        "is at 2.36; relax one of them, or exclude a package on the way"
    )


def test_the_base_is_not_exchanged_for_a_newer_version() -> None:
    newer = universe(*ARCHIVE, paragraph("libc6", "2.40", depends="libgcc-s1"))
    with pytest.raises(ResolutionError, match=r"base0\.json: libc6 which is at 2\.36"):
        resolve(newer, [Wish(relation.parse_atom("needs-newer"))], {}, {}, there(base(), found=newer))


@pytest.mark.parametrize(
    ("name", "why"), [("against", "against conflicts libc6 (<< 3)"), ("old", "mawk breaks old (<< 2)")]
)
def test_conflicts_with_the_base(name: str, why: str) -> None:
    held = "libc6" if name == "against" else "mawk"
    assert failure(name) == (
        f"packages cannot be had together for amd64, got {name}, and base0.json: {held}, but {why}; "
        "relax one of them, or exclude a package on the way"
    )


def test_what_the_base_lacks_itself_is_not_asked() -> None:
    without = universe(*(text for text in ARCHIVE if not text.startswith("Package: libgcc-s1")))
    lock = base("libc6")
    kept = {"amd64": tuple(p for p in lock.packages["amd64"] if p.name == "libc6")}
    packages = there(Lock(1, "", "", (), (), (), kept), found=without)
    assert list(resolve(without, [Wish(relation.parse_atom("mawk"))], {}, {}, packages).packages) == ["mawk"]


def test_a_version_that_the_index_has_no_more() -> None:
    later = universe(*ARCHIVE[1:], paragraph("libc6", "2.37", provides="libc-api (= 1)"))
    packages = there(base(), found=later)
    assert packages["libc6"].version == "2.36"
    assert list(on_base("redis", later).packages) == ["redis"]


def test_a_package_that_the_index_does_not_have() -> None:
    package = there(base(), found=universe(paragraph("other")))["libc6"]
    assert (package.version, package.provides) == ("2.36", ())


def test_an_architecture_that_the_base_lacks() -> None:
    with pytest.raises(InputError) as caught:
        there(base(), found=Universe("arm64"))
    assert str(caught.value) == (
        "provided_by has a lock that lacks an architecture, got base0.json for arm64; it has amd64: "
        "lock it for that, or leave it out of architectures"
    )


def test_two_bases_with_two_versions() -> None:
    other = base("libc6", found=universe(paragraph("libc6", "2.31")))
    with pytest.raises(InputError) as caught:
        there(base(), other)
    assert str(caught.value) == (
        "provided_by has locks that do not go together, got libc6 2.36 of base0.json and 2.31 of base1.json; "
        "write them anew, the lower one first"
    )
    assert sorted(there(base(), base("libc6"))) == ["libc6", "libgcc-s1", "mawk"]


def test_a_wish_for_what_is_there() -> None:
    with pytest.raises(InputError) as caught:
        provided_by.check_wishes(there(base()), [Wish(relation.parse_atom("mawk"))])
    assert str(caught.value) == (
        "packages has one that base0.json brings already, got 'mawk'; "
        "leave it out of packages, or that lock out of provided_by"
    )


def test_files(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_bytes(locks.write(base()))
    (read,) = provided_by.read(["base.json"], tmp_path)
    manifest = package_manifest.parse(MANIFEST.replace(b"libc6, mawk", b"redis"), "m.yaml")
    reasons = {name: provided_by.reason(package) for name, package in there(base()).items()}
    ours = locks.build(manifest, [], {"amd64": on_base("redis")}, [read.locked], reasons)
    text = locks.write(ours)
    assert b'"bases": [\n    {"file": "base.json", "checksum": "' in text
    assert b'{"name": "libc6", "reason": "base0.json has it", "wanted_by": ["redis"]}' in text
    lock = locks.read(text, "l.json", "lock it", manifest.checksum)
    provided_by.check(lock, tmp_path, "l.json", "lock it")
    (tmp_path / "base.json").write_bytes(locks.write(base("libc6")))
    (changed,) = provided_by.read(["base.json"], tmp_path)
    with pytest.raises(LockError) as caught:
        provided_by.check(lock, tmp_path, "l.json", "lock it")
    assert str(caught.value) == (
        f"l.json is stale, got a lock on base.json {read.checksum} where that file is {changed.checksum}; run `lock it`"
    )
    (tmp_path / "base.json").unlink()
    with pytest.raises(LockError, match="where that file is not there; run `lock it`"):
        provided_by.check(lock, tmp_path, "l.json", "lock it")
    with pytest.raises(InputError) as missing:
        provided_by.read(["base.json"], tmp_path)
    assert str(missing.value) == (
        f"provided_by cannot be read, got No such file or directory for {tmp_path}/base.json; "
        "write that lock first, or correct the path, which is relative to the manifest"
    )


def test_a_lock_without_bases_does_not_speak_of_them() -> None:
    assert b"bases" not in locks.write(base())


NAMES = [f"p{letter}" for letter in "abcdef"]
RELATION = st.builds(
    lambda names, number: " | ".join(f"{name} (>= {number})" if number else name for name in names),
    st.lists(st.sampled_from([*NAMES, "virtual"]), min_size=1, max_size=2),
    st.sampled_from(["", "", "1", "2"]),
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "depends": st.lists(RELATION, min_size=1, max_size=3).map(", ".join),
        "conflicts": st.sampled_from(NAMES),
        "breaks": st.sampled_from(NAMES).map(lambda name: f"{name} (<< 2)"),
        "provides": st.sampled_from(["virtual", "virtual (= 2)", "pa"]),
    },
)
ARCHIVES = st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from("12")), FIELDS, min_size=2)


@given(ARCHIVES, ARCHIVES)
@settings(max_examples=300)
def test_a_base_and_what_comes_on_top_are_one_consistent_set(
    archive: dict[tuple[str, str], dict[str, str]], moved: dict[tuple[str, str], dict[str, str]]
) -> None:
    """Whatever the archive has become since the base was locked.

    Nothing of the base is taken again, nothing of ours lacks anything or goes against it, and who wants what of the
    base is told.
    """
    before = universe(*(paragraph(name, number, **fields) for (name, number), fields in archive.items()))
    after = universe(*(paragraph(name, number, **fields) for (name, number), fields in {**moved, **archive}.items()))
    first, last = min(archive)[0], max({**moved, **archive})[0]
    try:
        there_already = there(base(first, found=before), found=after)
        resolution = resolve(after, [Wish(relation.parse_atom(last))], {}, {}, there_already)
    except ResolutionError:
        return
    assert there_already.keys() >= {first}
    assert not resolution.packages.keys() & there_already.keys()
    problems = consistency.check({**there_already, **resolution.packages}, "amd64")
    ours = set(resolution.packages)
    assert [p for p in problems if p.package in ours or p.other in ours] == []
    assert resolution.left_out.keys() <= there_already.keys()
    assert {name for names in resolution.left_out.values() for name in names} <= ours
