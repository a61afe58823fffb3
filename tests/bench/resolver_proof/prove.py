"""Proof of the resolver on a whole archive: against dose-debcheck, against apt, and how long it takes. Prints Markdown.

apt-get install dose-distcheck debian-archive-keyring
python3 tests/bench/resolver_proof/prove.py [--architectures amd64 arm64] [--suite bookworm] [--sample 2000] [--seed 1]

Nothing is installed, and the machine's apt is not touched. Indexes, closures and apt's answers are kept in --work, so
that a run that was stopped goes on where it was; --report only prints what is there. Exit code 1 where something of the
proof does not hold. docs/resolver.md says what is compared with what.
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "py"))

import archive  # noqa: E402
import differences  # noqa: E402
import dose  # noqa: E402
import private_apt  # noqa: E402
import thirty  # noqa: E402

_CONTROL = 1000
"""Closures that are spoilt."""
_MODULES = ("debian/deb822.py", "debian/relation.py", "debian/version.py", "resolver/*.py")
"""Of py/distill: what closures depend on."""

Figures = dict[str, Any]


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stderr.flush()


def prove(index: archive.Index, work: Path, sample: int, seed: int) -> Figures:
    """Run all of the proof for one architecture; gives its figures."""
    modules = [file for pattern in _MODULES for file in sorted((ROOT / "py/distill").glob(pattern))]
    folder = work / f"{index.suite}.{index.architecture}.{_state(index.file, *modules)}"
    folder.mkdir(exist_ok=True)
    file = folder / "closures"
    seconds = _kept(folder / "seconds", lambda: archive.resolve_all(index, file, say))
    found = list(archive.closures(file))
    figures: Figures = {
        "architecture": index.architecture,
        "index": f"{index.suite} {index.version}",
        "packages": len(found),
        "resolved": sum(not closure.fault for closure in found),
        "members": sum(len(closure.packages) for closure in found),
        "seconds": seconds,
        "seed": seed,
    }
    figures["dose"] = _kept(folder / f"dose.{seed}", lambda: against_dose(index, found, seed))
    figures["apt"] = against_apt(index, found, work, sample, seed)
    return figures


def _state(*files: Path) -> str:
    """Give a name for what `files` are now: what was found for another archive or resolver is not used."""
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:12]


def _kept(file: Path, make: Callable[[], Any]) -> Any:
    """Give what `file` has, or what `make` gives, which it then has."""
    if not file.exists():
        file.write_text(json.dumps(make()) + "\n")
    return json.loads(file.read_text())


def against_dose(index: archive.Index, found: list[archive.Closure], seed: int) -> Figures:
    """Compare with dose-debcheck: what can be installed at all, and whether each closure holds by itself."""
    faults = {closure.name for closure in found if closure.fault}
    broken, checked = dose.uninstallable(index.file, index.architecture)
    worlds = dose.Worlds(index.file, index.architecture)
    good = [closure for closure in found if not closure.fault]
    drawn = random.Random(seed).sample(good, min(_CONTROL, len(good)))
    spoilt, noticed = worlds.control(drawn, seed)
    start = time.monotonic()
    count, members, refused = worlds.check(good, say)
    return {
        "version": dose.version(),
        "paragraphs": checked,
        "broken": sorted(broken),
        "only_ours": sorted(faults - broken),
        "only_dose": sorted(broken - faults),
        "closures": count,
        "members": members,
        "refused": sorted(refused),
        "spoilt": spoilt,
        "noticed": noticed,
        "seconds": time.monotonic() - start,
    }


def against_apt(index: archive.Index, found: list[archive.Closure], work: Path, sample: int, seed: int) -> Figures:
    """Compare with `apt-get -s` on a sample."""
    ours = {closure.name: closure for closure in found}
    names = random.Random(seed).sample(sorted(ours), min(sample, len(ours)))
    root = work / f"apt.{index.suite}.{index.architecture}.{_state(index.file)}"
    place = private_apt.Apt(root, index.file, index.architecture)
    say(f"asking apt-get about {len(names)} packages for {index.architecture}")
    answers = place.ask(names, say)
    universe = index.universe()
    figures: Figures = {"version": _kept(root / "version", private_apt.version), "sample": len(names)}
    figures |= {"equal": 0, "both_fail": [], "given_up": [], "only_apt": []}
    found_differences = []
    for name in names:
        closure, answer = ours[name], answers[name]
        if closure.fault and answer.fault:
            figures["both_fail"].append(name)
        elif answer.fault:
            figures["given_up"].append(name)
        elif closure.fault:
            figures["only_apt"].append(name)
        elif closure.packages == answer.packages:
            figures["equal"] += 1
        else:
            found_differences.append(differences.explain(universe, name, answer.packages))
    figures["differences"] = [
        {
            "name": d.name,
            "explained": d.explained,
            "fewer": d.fewer,
            "choices": [(choice.kind, str(choice)) for choice in d.choices],
        }
        for d in found_differences
    ]
    return figures


def holds(figures: Mapping[str, Any]) -> bool:
    """Say whether all of the proof holds."""
    one, two = figures["dose"], figures["apt"]
    return (
        not (one["only_ours"] or one["only_dose"] or one["refused"] or two["only_apt"])
        and one["spoilt"] == one["noticed"]
        and all(difference["explained"] for difference in two["differences"])
    )


def report(all_figures: list[Figures], write: Callable[[str], object]) -> None:
    """Write what was found as Markdown."""
    heads = [figures["architecture"] for figures in all_figures]
    rows: list[tuple[str, Callable[[Figures], object]]] = [
        ("index", lambda f: f["index"]),
        ("packages, each resolved by itself", lambda f: f["packages"]),
        ("resolved by us", lambda f: f["resolved"]),
        ("not resolvable: we say", lambda f: f["packages"] - f["resolved"]),
        ("not resolvable: dose-debcheck says", lambda f: len(f["dose"]["broken"])),
        ("of these only one of us says", lambda f: len(f["dose"]["only_ours"]) + len(f["dose"]["only_dose"])),
        ("closures given to dose-debcheck, each alone", lambda f: f["dose"]["closures"]),
        ("packages in them", lambda f: f["dose"]["members"]),
        ("closures refused", lambda f: len(f["dose"]["refused"])),
        ("control: closures spoilt on purpose", lambda f: f["dose"]["spoilt"]),
        ("control: of these refused", lambda f: f["dose"]["noticed"]),
        ("sample given to apt-get -s", lambda f: f["apt"]["sample"]),
        ("equal, name and version", lambda f: f["apt"]["equal"]),
        ("neither resolves it", lambda f: len(f["apt"]["both_fail"])),
        ("different, explained by choices", lambda f: sum(d["explained"] for d in f["apt"]["differences"])),
        ("different, not explained", lambda f: sum(not d["explained"] for d in f["apt"]["differences"])),
        ("only we resolve it", lambda f: len(f["apt"]["given_up"])),
        ("only apt resolves it", lambda f: len(f["apt"]["only_apt"])),
        ("time to resolve all", lambda f: f"{f['seconds'][0]:.0f} s, processor {f['seconds'][1]:.0f} s"),
        ("time of dose-debcheck for the closures", lambda f: f"{f['dose']['seconds']:.0f} s"),
    ]
    write(f"| | {' | '.join(heads)} |\n| --- |{' ---: |' * len(heads)}\n")
    for what, get in rows:
        cells = [f"{value:,}" if isinstance(value, int) else str(value) for value in map(get, all_figures)]
        write(f"| {what} | {' | '.join(cells)} |\n")
    one = all_figures[0]
    write(
        f"\napt {one['apt']['version']}, dose-distcheck {one['dose']['version']}, seed {one['seed']}. Differences:\n\n"
    )
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for figures in all_figures:
        for difference in figures["apt"]["differences"]:
            why = "; ".join(text for _, text in difference["choices"]).replace("|", "\\|")
            kinds = " + ".join(sorted({kind for kind, _ in difference["choices"]}))
            row = (kinds if difference["explained"] else differences.UNEXPLAINED, why)
            name = f"{difference['name']} {difference['fewer']:+d}"
            grouped.setdefault(row, {}).setdefault(figures["architecture"], []).append(name)
        for name in figures["apt"]["given_up"]:
            grouped.setdefault((differences.GIVEN_UP, ""), {}).setdefault(figures["architecture"], []).append(name)
    write(f"| what | where | {' | '.join(heads)} | packages, and how many more apt takes |\n")
    write(f"| --- | --- |{' ---: |' * len(heads)} --- |\n")
    for row, names in sorted(grouped.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0])):
        counts = " | ".join(str(len(names.get(head, []))) for head in heads)
        listed = "; ".join(f"{head}: {', '.join(sorted(names[head]))}" for head in heads if head in names)
        write(f"| {row[0]} | {row[1]} | {counts} | {listed} |\n")


def main() -> int:
    """Prove, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architectures", nargs="+", default=["amd64", "arm64"])
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--sample", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "distill-resolver-proof")
    parser.add_argument("--report", action="store_true", help="prove nothing; print what was found before")
    options = parser.parse_args()
    work = options.work.resolve()  # apt and the lock command ignore or misread relative folders
    work.mkdir(parents=True, exist_ok=True)
    found = []
    for architecture in options.architectures:
        file = work / f"figures.{options.suite}.{architecture}.json"
        if not options.report:
            index = archive.fetch(options.suite, architecture, work)
            figures = prove(index, work, options.sample, options.seed)
            file.write_text(json.dumps(figures, indent=1) + "\n")
        found.append(json.loads(file.read_text()))
    speed = work / f"thirty.{options.suite}.json"
    if not options.report:
        speed.write_text(json.dumps(thirty.measure(ROOT, options.suite, work / "thirty")) + "\n")
    report(found, sys.stdout.write)
    sys.stdout.write(thirty.line(json.loads(speed.read_text())))
    good = all(map(holds, found))
    sys.stdout.write(f"\nThe proof {'holds' if good else 'DOES NOT HOLD'}.\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
