"""Running a layer command as the tool does, and looking at the layer that it wrote."""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tool
from distill import listing
from distill.listing import Record

OUTPUTS = ("blob", "descriptor", "listing")


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    directory: Path

    @property
    def records(self) -> dict[str, Record]:
        """The listing by path."""
        return {listing.unescape(r.path): r for r in listing.read(self.directory / "listing")}

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of all regular files of the blob, which must not be compressed, by path."""
        with tarfile.open(self.directory / "blob", "r:", errors="surrogateescape") as archive:
            return {
                member.name: stream.read()
                for member in archive
                if member.isfile() and (stream := archive.extractfile(member)) is not None
            }


def run(
    directory: Path, command: str, lines: list[dict[str, Any]], more: tuple[str, ...] = (), **settings: Any
) -> Result:
    """Run `command` with `lines`, its outs below `directory`, uncompressed unless `settings` say otherwise."""
    outs = directory / "outs"
    outs.mkdir(exist_ok=True)
    header = {
        "command": command,
        "label": "//x:y",
        "settings": {"compression": "uncompressed", "level": "default", **settings},
    }
    written = [{"role": "out", "name": name, "path": str(outs / name)} for name in (*OUTPUTS, *more)]
    return Result(tool.run([json.dumps(value) for value in (header, *lines, *written)]), outs)


def package_line(path: str, name: str = "demo", version: str = "1.0-1", architecture: str = "amd64") -> dict[str, Any]:
    """Give the line of the package at `path`."""
    return {"role": "package", "path": path, "name": name, "version": version, "architecture": architecture}
