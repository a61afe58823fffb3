"""The independent checker: Debian's dose-debcheck, over the whole index and over each of our closures by itself.

For the closures, each gets a world of its own: every package of it under a new name, in which all relations are
rewritten to names of that world, and a package `all` that depends on exactly these versions. dose-debcheck says `all`
can be installed only if the closure lacks nothing and nothing in it conflicts, for there is nothing else in its world.
Thousands of worlds fit into one run. This reads the index with code of its own: a mistake of ours in reading relations
would not be repeated here.
"""

import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from archive import Closure

_FIELDS = ("Version", "Architecture", "Multi-Arch", "Pre-Depends", "Depends", "Conflicts", "Breaks", "Provides")
_FIRST = re.compile(r"(^|[,|])(\s*)(?=[A-Za-z0-9])")
_STANZAS = 150_000
"""Packages in one run; a run then takes some 500 MB."""
_MARK = "\0"


def version() -> str:
    """Give the version of dose-debcheck."""
    done = subprocess.run(["dpkg-query", "-W", "-f${Version}", "dose-distcheck"], capture_output=True, text=True)
    return done.stdout


def uninstallable(index: Path, architecture: str, names: Collection[str] = ()) -> tuple[set[str], int]:
    """Give those of `names` (or all) that dose-debcheck finds not installable in `index`, and how many it looked at."""
    if not names:
        return _check(architecture, [str(index)])
    with tempfile.TemporaryDirectory() as folder:
        asked, there = Path(folder, "asked"), Path(folder, "there")
        with asked.open("w") as heads, there.open("w") as bodies:
            for paragraph in index.read_text().split("\n\n"):
                name = re.search(r"^Package: *(\S+)", paragraph, re.MULTILINE)
                (heads if name and name[1] in names else bodies).write(f"{paragraph}\n\n")
        return _check(architecture, [f"--fg={asked}", f"--bg={there}"])


def _check(architecture: str, arguments: list[str]) -> tuple[set[str], int]:
    command = ["dose-debcheck", f"--deb-native-arch={architecture}", "--deb-ignore-essential", "--failures"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    totals = dict(re.findall(r"^([a-z]+)-packages: (\d+)$", done.stdout, re.MULTILINE))
    broken = re.findall(r"^ +package: (\S+)\n +version: .*\n +architecture: .*\n +status: broken$", done.stdout, re.M)
    checked = totals.get("foreground") or totals.get("total") or "0"
    if done.returncode > 63 or "broken" not in totals or len(broken) != int(totals["broken"]):
        raise SystemExit(
            f"dose-debcheck was not understood: {done.returncode} {done.stdout[-500:]} {done.stderr[-500:]}"
        )
    return set(broken), int(checked)


class Worlds:
    """Writes closures as worlds of their own, and asks dose-debcheck about them."""

    def __init__(self, index: Path, architecture: str) -> None:
        self.architecture = architecture
        self.templates: dict[tuple[str, str], str] = {}
        for paragraph in index.read_text().split("\n\n"):
            fields = dict(re.findall(r"^([A-Za-z-]+): *(.*(?:\n .*)*)", paragraph, re.MULTILINE))
            if fields:
                lines = [f"Package: {_MARK}{fields['Package']}"]
                lines += [f"{name}: {_marked(name, fields[name])}" for name in _FIELDS if name in fields]
                self.templates[fields["Package"], fields["Version"]] = "\n".join(lines) + "\n"

    def check(self, closures: Iterable[Closure], say: Callable[[str], None]) -> tuple[int, int, set[str]]:
        """Check `closures`; gives how many, how many packages they have together, and the names that do not hold."""
        count = stanzas = 0
        refused: set[str] = set()
        for batch in _batches(closures):
            broken, checked = self._run([closure.packages for closure in batch])
            if checked != len(batch):
                raise SystemExit(f"dose-debcheck looked at {checked} closures, not at {len(batch)}")
            refused.update(batch[number].name for number in broken)
            count += len(batch)
            stanzas += sum(len(closure.packages) for closure in batch)
            say(f"dose-debcheck: {count} closures for {self.architecture}, {len(refused)} refused")
        return count, stanzas, refused

    def control(self, closures: Iterable[Closure], seed: int) -> tuple[int, int]:
        """Take one package out of each of `closures`; gives how many there are and how many dose-debcheck refuses.

        What is taken out is something that another package of the closure depends on by name alone, with no
        alternative and nothing else that provides it, so each of them must be refused.
        """
        draw = random.Random(seed)
        worlds = []
        for closure in closures:
            texts = {name: self.templates[name, version] for name, version in closure.packages.items()}
            provided = {name for text in texts.values() for name in _names(text, "Provides")}
            needed = {name for text in texts.values() for name in _names(text, "Depends")} & texts.keys()
            if loose := sorted(needed - provided - {closure.name}):
                gone = draw.choice(loose)
                worlds.append({name: version for name, version in closure.packages.items() if name != gone})
        broken, _ = self._run(worlds)
        return len(worlds), len(broken)

    def _run(self, worlds: list[dict[str, str]]) -> tuple[set[int], int]:
        with tempfile.TemporaryDirectory() as folder:
            asked, there = Path(folder, "asked"), Path(folder, "there")
            with asked.open("w") as heads, there.open("w") as bodies:
                for number, packages in enumerate(worlds):
                    mark = f"w{number}."
                    exact = ", ".join(f"{mark}{name} (= {version})" for name, version in packages.items())
                    heads.write(f"Package: {mark}all\nVersion: 1\nArchitecture: all\nDepends: {exact}\n\n")
                    for key in packages.items():
                        bodies.write(self.templates[key].replace(_MARK, mark) + "\n")
            broken, checked = _check(self.architecture, [f"--fg={asked}", f"--bg={there}"])
        return {int(name.removeprefix("w").removesuffix(".all")) for name in broken}, checked


def _marked(field: str, value: str) -> str:
    relations = field not in {"Version", "Architecture", "Multi-Arch"}
    return _FIRST.sub(lambda match: match[1] + match[2] + _MARK, value) if relations else value


def _names(text: str, field: str) -> Iterator[str]:
    """Give the names of relations without alternatives and qualifiers."""
    value = re.search(rf"^{field}: (.*)", text, re.MULTILINE)
    for group in value[1].split(",") if value else ():
        if "|" not in group:
            yield group.split("(")[0].strip().strip(_MARK)


def _batches(closures: Iterable[Closure]) -> Iterator[list[Closure]]:
    batch: list[Closure] = []
    size = 0
    for closure in closures:
        if batch and size + len(closure.packages) > _STANZAS:
            yield batch
            batch, size = [], 0
        batch.append(closure)
        size += len(closure.packages)
    if batch:
        yield batch
