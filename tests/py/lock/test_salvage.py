"""Damaged locks: whatever happened to one, the dates of its suites are those that it had, or are not there."""

from distill.lock import lock as locks
from distill.lock.lock import Lock, LockedSuite
from distill.lock.salvage import salvage
from hypothesis import given
from hypothesis import strategies as st

SUITES = (
    LockedSuite("debian", "bookworm", "bookworm", "12.15", "2026-07-11T10:16:37+00:00"),
    LockedSuite("debian", "bookworm-security", "bookworm-security", "12", "2026-07-12T10:16:37+00:00"),
)
TEXT = locks.write(Lock(locks.VERSION, "", "1:2", SUITES, (), (), {"amd64": ()}))
START = TEXT.index(b'  "suites"')
END = TEXT.index(b"  ]")


def test_all_of_them() -> None:
    found = salvage(TEXT)
    assert found is not None
    assert (found.suites, found.packages) == (SUITES, {})


def test_the_later_date_of_two() -> None:
    later = TEXT.replace(b"2026-07-11", b"2026-08-01")
    for text in (TEXT + later, later + TEXT):
        found = salvage(text)
        assert found is not None
        assert [suite.date[:10] for suite in found.suites] == ["2026-08-01", "2026-07-12"]


def test_nothing() -> None:
    for text in (b"", b"no lock", b"{}", TEXT.replace(b"2026", b"MMXX"), TEXT.replace(b"+00:00", b"")):
        assert salvage(text) is None


@given(st.binary(max_size=9), st.integers(0, len(TEXT)), st.integers(0, 9))
def test_damage_elsewhere_costs_no_suite(noise: bytes, at: int, gone: int) -> None:
    damaged = TEXT[:at] + noise + TEXT[at + gone :]
    found = salvage(damaged)
    if at + gone <= START or at >= END:
        assert found is not None
        assert found.suites == SUITES
