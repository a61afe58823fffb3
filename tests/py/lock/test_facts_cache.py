"""Facts on disk: what was put there, or nothing."""

import os
from pathlib import Path

import pytest
from distill.lock.facts import Facts
from distill.lock.facts_cache import FactsCache

FACTS = Facts(("user demo",), ("libz.so.1",))


def test_round_trip(tmp_path: Path) -> None:
    cache = FactsCache(tmp_path / "facts")
    assert cache.get("ab") is None
    cache.put("ab", FACTS)
    cache.put("cd", Facts())
    assert (cache.get("ab"), cache.get("cd")) == (FACTS, Facts())
    assert sorted(file.name for file in (tmp_path / "facts" / "1").iterdir()) == ["ab.json", "cd.json"]


@pytest.mark.parametrize("cut", [0, 1, 64, 65, 80])
def test_what_is_spoilt_is_not_there(tmp_path: Path, cut: int) -> None:
    cache = FactsCache(tmp_path)
    cache.put("ab", FACTS)
    file = tmp_path / "1" / "ab.json"
    data = file.read_bytes()
    for spoilt in (data[:cut], data[:cut] + bytes([data[cut] ^ 1]) + data[cut + 1 :]):
        file.write_bytes(spoilt)
        assert cache.get("ab") is None


def test_what_another_program_wrote_is_not_there(tmp_path: Path) -> None:
    cache = FactsCache(tmp_path)
    cache.put("ab", FACTS)
    digest = "27d5482eebd075de44389774fce28c69f45c8a75f7118d0d36b5b7bd5c0d2a75"  # of []
    (tmp_path / "1" / "ab.json").write_text(f"{digest}\n[]")
    assert cache.get("ab") is None


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for cache in (FactsCache(None), FactsCache(tmp_path / "file")):
        cache.put("ab", FACTS)
        cache.prune()
        assert cache.get("ab") is None


def test_the_newest_are_kept(tmp_path: Path) -> None:
    cache = FactsCache(tmp_path)
    for number in range(5):
        cache.put(str(number), FACTS)
        os.utime(tmp_path / "1" / f"{number}.json", (number, number))
    cache.prune(5)
    assert len(list((tmp_path / "1").iterdir())) == 5
    cache.prune(2)
    assert sorted(file.name for file in (tmp_path / "1").iterdir()) == ["3.json", "4.json"]
