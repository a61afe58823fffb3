"""A private apt: its own state, cache and sources in a folder of ours.

The machine's apt settings (proxies, netrc, certificates) still hold; its package lists, hooks and packages are
neither read nor changed. Signatures and hashes are apt's to check: apt-get update verifies the suite's Release file
against the keyring, and apt-get download each package against the index.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from bazelw import process

# After apt's own and the machine's settings (apt.conf(5): -c is read last). The hooks are cleared since the
# machine's would run on its system folders (docker-clean empties /var/cache/apt).
_CONFIGURATION = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
#clear Acquire::Languages;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "";
APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::GzipIndexes "false";
Acquire::Retries "3";
Dir::State "{root}/state";
Dir::State::lists "{root}/state/lists";
Dir::State::status "{root}/state/status";
Dir::State::extended_states "{root}/state/extended_states";
Dir::Cache "{root}/cache";
Dir::Cache::archives "{root}/cache/archives";
Dir::Etc::sourcelist "{root}/debian.sources";
Dir::Etc::sourceparts "{root}/none";
Dir::Etc::preferences "{root}/none/preferences";
Dir::Etc::preferencesparts "{root}/none";
Dir::Log "{root}/log";
"""


class PrivateApt:
    """apt-get on a private state below `root`, for one suite of one mirror.

    keyring: key file the suite's signature is checked with; without one, apt's default keys of the machine.
    architecture: Debian's name of it, as dpkg prints.
    """

    def __init__(self, root: Path, mirror: str, suite: str, architecture: str, keyring: Path | None) -> None:
        self._root = root
        self._configuration = root / "apt.conf"
        self._settings = _CONFIGURATION.format(root=root, architecture=architecture)
        self._sources = f"Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\nTargets: Packages\n"
        if keyring is not None:
            self._sources += f"Signed-By: {keyring}\n"

    def update(self) -> str:
        """Fetch and check the suite's index; returns its text (stanzas as in a Packages file).

        Raises InstallError where it cannot be fetched or its signature is not good.
        """
        for folder in ("state/lists/partial", "cache/archives/partial", "none", "log"):
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        (self._root / "state/status").touch()
        self._configuration.write_text(self._settings, encoding="utf-8")
        sources = self._root / "debian.sources"
        sources.touch(mode=0o600)  # a mirror's address may hold a password
        sources.write_text(self._sources, encoding="utf-8")
        for stale in (self._root / "state/lists").glob("*_Packages"):
            stale.unlink()
        process.run(
            ["apt-get", "-c", self._configuration, "-q", "update"],
            "apt-get update",
            log=self._root / "update.log",
        )
        indexes = sorted((self._root / "state/lists").glob("*_Packages"))
        return "\n".join(path.read_text(encoding="utf-8") for path in indexes)

    def download(self, packages: Sequence[str], folder: Path, poll: Callable[[], None]) -> None:
        """Fetch `packages` (each `name=version`) into `folder`, hashes checked; poll is called while it runs.

        Raises InstallError where one is missing or differs from the index.
        """
        process.run(
            ["apt-get", "-c", self._configuration, "-q", "download", *packages],
            "apt-get download",
            cwd=folder,
            poll=poll,
            log=self._root / "download.log",
        )

    def downloaded_bytes(self, folder: Path) -> int:
        """Bytes of the files that downloads have written so far, finished or not."""
        total = 0
        for place in (folder, self._root / "cache/archives/partial"):
            for path in place.iterdir():
                with contextlib.suppress(FileNotFoundError):  # apt moved it meanwhile
                    total += path.stat().st_size
        return total
