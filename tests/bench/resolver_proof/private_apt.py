"""What apt resolves, with a private state in which nothing is installed and which knows just one index."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# No log of solver and planner: apt would write all that it knows, in two million small writes, for each answer.
_CONFIGURATION = """\
Dir "{root}/";
Dir::Etc "{root}/etc";
Dir::State "{root}/state";
Dir::State::status "{root}/state/status";
Dir::Cache "{root}/cache";
Dir::Log "{root}/log";
Dir::Log::Planner "";
Dir::Log::Solver "";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Install-Suggests "false";
"""
_FOLDERS = ("etc/apt.conf.d", "etc/preferences.d", "state/lists/partial", "cache/archives/partial", "log", "repository")
_INSTALLED = re.compile(r"^Inst (\S+) (?:\[[^]]*\] )?\((\S+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What apt says of one package."""

    packages: dict[str, str]
    """Name and version of all that would be installed."""
    fault: str
    """Why there is nothing, as apt tells it; empty where there is something."""


class Apt:
    """An apt that knows one index, and a machine with nothing installed."""

    def __init__(self, root: Path, index: Path, architecture: str) -> None:
        """Prepare the private state below `root` from the uncompressed `index`."""
        self.root = root
        for folder in _FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "state/status").touch()
        (root / "etc/sources.list").write_text(f"deb [trusted=yes] file:{root}/repository ./\n")
        link = root / "repository/Packages"
        link.unlink(missing_ok=True)
        link.symlink_to(index)
        configuration = root / "apt.conf"
        configuration.write_text(_CONFIGURATION.format(root=root, architecture=architecture))
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "APT_CONFIG": str(configuration)}
        self._run("update")
        self._run("-s", "check")  # makes the caches, which all that follow share

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["apt-get", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def simulate(self, name: str) -> Answer:
        """Give what `apt-get -s install` says."""
        done = self._run("-s", "--no-install-recommends", "install", name)
        packages = dict(_INSTALLED.findall(done.stdout))
        if done.returncode == 0 and packages:
            return Answer(packages, "")
        return Answer({}, " ".join((done.stdout + done.stderr).split())[-400:] or "nothing")

    def ask(self, names: Sequence[str], say: Callable[[str], None]) -> dict[str, Answer]:
        """Ask `apt-get -s` about each of `names`, as many at once as there are processors, and `say` how far it is.

        Answers are kept, so that a run that was stopped goes on.
        """
        file = self.root / "answers"
        lines = map(json.loads, file.read_text().splitlines() if file.exists() else ())
        found = {name: Answer(packages, fault) for name, packages, fault in lines}
        open_names = [name for name in names if name not in found]
        with file.open("a", buffering=1) as stream, ThreadPoolExecutor(os.cpu_count()) as pool:
            for count, (name, answer) in enumerate(
                zip(open_names, pool.map(self.simulate, open_names), strict=True), 1
            ):
                found[name] = answer
                stream.write(json.dumps([name, answer.packages, answer.fault]) + "\n")
                if count % 500 == 0:
                    say(f"apt-get -s: {count} of {len(open_names)} packages")
        return {name: found[name] for name in names}


def version() -> str:
    """Give the version of apt."""
    return subprocess.run(["apt-get", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
