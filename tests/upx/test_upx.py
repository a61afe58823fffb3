"""Programs that a real UPX has packed."""

import json
import subprocess
from itertools import product

import pytest
from distill import listing
from distill.listing import Record
from image_case import runfile

HERE = "tests/upx"
LINKS = ("fixed", "pie", "static")
PACKED = [f"{link}_{method}" for link, method in product(LINKS, ("best", "default", "lzma"))]


def output(name: str) -> str:
    return subprocess.run([runfile(f"{HERE}/{name}")], capture_output=True, check=True, text=True).stdout


def listed() -> dict[str, Record]:
    records = listing.read(runfile(f"{HERE}/programs.listing.jsonl"))
    return {record.path.rpartition("/")[2]: record for record in records}


@pytest.mark.parametrize("name", PACKED)
def test_it_is_packed_and_runs(name: str) -> None:
    plain = runfile(f"{HERE}/{name.partition('_')[0]}")
    packed = runfile(f"{HERE}/packed/{name}")
    assert packed.stat().st_size < plain.stat().st_size / 2
    assert output(f"packed/{name}") == output(plain.name)


def test_each_way_of_packing_is_seen_while_a_layer_is_written() -> None:
    records = listed()
    assert {name for name, record in records.items() if "upx" in record.marks} == set(PACKED)
    assert all(records[name].elf for name in PACKED)


def test_a_packed_program_says_nothing_of_its_libraries() -> None:
    """As the page of the rule has it: a closure, or a scanner, finds nothing."""
    records = listed()
    for name in PACKED:
        elf = records[name].elf
        assert elf is not None
        assert (elf.needed, elf.build_id) == ((), "")
    for name in ("fixed", "pie"):
        elf = records[name].elf
        assert elf is not None
        assert elf.needed == ("libc.so.6",)


def test_lint_finds_the_packed_one_of_two() -> None:
    document = json.loads(runfile(f"{HERE}/image.lint.json").read_text())
    found = [(each["path"], each["severity"]) for each in document["findings"] if each["rule"] == "upx-packed"]
    assert found == [("/usr/bin/packed", "warning")]


@pytest.mark.parametrize("name", PACKED)
def test_strip_leaves_it_alone(name: str) -> None:
    made = runfile(f"{HERE}/stripped_{name}")
    assert made.read_bytes() == runfile(f"{HERE}/packed/{name}").read_bytes()
    report = json.loads(runfile(f"{HERE}/stripped_{name}.strip.jsonl").read_text())
    assert report["saved"] == 0
    assert report["left_alone"] == "is packed with UPX"
    done = subprocess.run([runfile(f"{HERE}/upx"), "-t", made.resolve()], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
