"""What is left of a download on disk."""

from pathlib import Path

import pytest
from distill.errors import NetworkError, VerificationError
from distill.lock.partial import hold


def interrupted(folder: Path, *chunks: bytes) -> None:
    with pytest.raises(KeyboardInterrupt), hold(folder, "ab", 10) as partial:
        for chunk in chunks:
            partial.add(chunk)
        raise KeyboardInterrupt


def test_an_interrupt_leaves_what_arrived(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    interrupted(folder, b"123")
    assert (folder / "ab.part").read_bytes() == b"123"
    interrupted(folder, b"45")
    with hold(folder, "ab", 10) as partial:
        assert (bytes(partial), len(partial), partial.taken_up) == (b"12345", 5, 5)
        partial.add(b"67890")
        assert bytes(partial) == b"1234567890"
    assert list(folder.iterdir()) == []


def test_nothing_arrived(tmp_path: Path) -> None:
    interrupted(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_false_is_kept(tmp_path: Path) -> None:
    interrupted(tmp_path, b"123")
    with pytest.raises(VerificationError), hold(tmp_path, "ab", 10) as partial:
        partial.add(b"4")
        raise VerificationError("swapped")
    assert list(tmp_path.iterdir()) == []


def test_a_network_error_keeps_it(tmp_path: Path) -> None:
    with pytest.raises(NetworkError), hold(tmp_path, "ab", 10) as partial:
        partial.add(b"123")
        partial.clear()
        partial.add(b"45")
        raise NetworkError("gone")
    assert (tmp_path / "ab.part").read_bytes() == b"45"


def test_more_than_the_whole_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "ab.part").write_bytes(b"x" * 11)
    with hold(tmp_path, "ab", 10) as partial:
        assert (bytes(partial), partial.taken_up) == (b"", 0)


def test_of_two_the_second_begins_anew(tmp_path: Path) -> None:
    interrupted(tmp_path, b"123")
    with hold(tmp_path, "ab", 10) as first:
        with hold(tmp_path, "ab", 10) as second:
            assert (bytes(first), bytes(second)) == (b"123", b"")
            second.add(b"zz")
        first.add(b"4")
        assert bytes(first) == b"1234"


def test_without_a_folder() -> None:
    with hold(None, "ab", 10) as partial:
        partial.add(b"1")
        partial.clear()
        partial.add(b"2")
        assert bytes(partial) == b"2"


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with hold(tmp_path / "file", "ab", 10) as partial:
        partial.add(b"1")
        assert bytes(partial) == b"1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_costs_the_resuming_only(tmp_path: Path) -> None:
    (tmp_path / "ab.part").symlink_to("/dev/full")
    with hold(tmp_path, "ab", 0) as partial:
        partial.add(b"1")
        partial.add(b"2")
        assert bytes(partial) == b"12"
