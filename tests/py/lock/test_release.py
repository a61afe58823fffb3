"""Release files: read, and each reason to refuse one."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from distill.errors import DistillError, FormatError, VerificationError
from distill.lock import release
from distill.lock.release import Digest
from hypothesis import example, given
from hypothesis import strategies as st
from support_mirror import NOW

TEXT = f"""\
Suite: oldstable
Codename: bookworm
Version: 12.15
Date: Sat, 11 Jul 2026 10:16:37 UTC
Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC
Acquire-By-Hash: yes
Architectures: all amd64 arm64
Components: main updates/contrib
SHA256:
 {"a" * 64} 12 main/binary-amd64/Packages
 {"b" * 64}        5 ./main/binary-amd64/Packages.xz
"""


def read(old: str = "", new: str = "") -> release.Release:
    return release.parse(TEXT.replace(old, new).encode(), "InRelease")


def check(found: release.Release, suite: str = "bookworm", **options: object) -> None:
    values: dict[str, object] = {"now": NOW, "snapshot": False, "locked": None, **options}
    release.check(found, suite, "InRelease", **values)  # type: ignore[arg-type]


def test_parse() -> None:
    found = read()
    assert (found.suite, found.codename, found.version, found.by_hash, found.automatic) == (
        "oldstable",
        "bookworm",
        "12.15",
        True,
        True,
    )
    assert found.date == datetime(2026, 7, 11, 10, 16, 37, tzinfo=UTC)
    assert found.files["main/binary-amd64/Packages.xz"] == Digest(5, "b" * 64)
    assert found.separate_all


def test_backports_are_not_automatic() -> None:
    assert not read("Suite:", "NotAutomatic: yes\nSuite:").automatic


def test_no_separate_index_for_all() -> None:
    assert not read("Suite:", "No-Support-for-Architecture-all: Packages\nSuite:").separate_all


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Date: Sat", "Day: Sat", "InRelease has no good Date, got ''; use another mirror"),
        (
            "Date: Sat, 11 Jul 2026",
            "Date: soon",
            "InRelease has no good Date, got 'soon 10:16:37 UTC'; use another mirror",
        ),
        (
            "SHA256",
            "MD5Sum",
            (
                "InRelease has no SHA256 sums, got Suite, Codename, Version, Date, Valid-Until, Acquire-By-Hash, "
                "Architectures, Components, MD5Sum; an archive that old cannot be trusted"
            ),
        ),
        (
            " 12 main",
            " main",
            (
                f"InRelease has a SHA256 line of another form, got '{'a' * 64} main/binary-amd64/Packages'; "
                "use another mirror"
            ),
        ),
    ],
)
def test_not_of_its_form(old: str, new: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(old, new)
    assert str(caught.value) == message


@pytest.mark.parametrize("suite", ["bookworm", "oldstable"])
def test_suite_by_either_name(suite: str) -> None:
    check(read(), suite)


def test_a_flat_repository_has_no_name() -> None:
    check(read(), "./")
    check(read(), "stable/")


@pytest.mark.parametrize(
    ("suite", "options", "message"),
    [
        ("trixie", {}, "InRelease is of another suite, got bookworm for trixie; use another mirror"),
        (
            "bookworm",
            {"now": NOW - timedelta(days=30)},
            "InRelease is from the future, got Date 2026-07-11; set this machine's clock",
        ),
        (
            "bookworm",
            {"now": NOW + timedelta(days=30)},
            (
                "InRelease has expired, got Valid-Until 2026-07-18; use a mirror that is up to date, or set snapshot: "
                "true if the source is a picture of the past"
            ),
        ),
        (
            "bookworm",
            {"locked": NOW},
            (
                "InRelease is older than what was locked, got Date 2026-07-11 after 2026-07-12; use a mirror that is "
                "up to date, or delete the lock to go back"
            ),
        ),
    ],
)
def test_refused(suite: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(VerificationError) as caught:
        check(read(), suite, **options)
    assert str(caught.value) == message


def test_a_snapshot_is_a_picture_of_the_past() -> None:
    check(read(), now=NOW + timedelta(days=900), locked=NOW, snapshot=True)


def test_the_same_date_again_is_fine() -> None:
    check(read(), locked=read().date)


LINES = st.sampled_from(
    [*TEXT.splitlines(), "Date:", "Valid-Until: Fri, 31 Dec 9999 23:59:59 -2359", "SHA256:", " ", "NotAutomatic: yes"]
)
NUMBERS = st.sampled_from(["0", "-1", "1e9", "9" * 30, "9" * 5000, "²", "0001", "9999", "+2359", "-2359", ""])


@given(st.lists(LINES, max_size=12), st.integers(0, 200), NUMBERS, st.binary(max_size=5))
@example(["Date: Sat, 1 Jan 0001 00:00:00 +2359", *TEXT.splitlines()[-3:]], 0, "", b"")
@example(["Date: Fri, 31 Dec 9999 23:59:59 -2359", *TEXT.splitlines()[-3:]], 0, "", b"")
@example([*TEXT.splitlines()[:-1], f" {'a' * 64} {'9' * 5000} x"], 0, "", b"")
def test_damage_gives_a_release_or_a_known_error(lines: list[str], at: int, number: str, noise: bytes) -> None:
    text = "\n".join(lines)
    damaged = (text[:at] + number + text[at + len(number) :]).encode() + noise
    with contextlib.suppress(DistillError):
        check(release.parse(damaged, "InRelease"))
