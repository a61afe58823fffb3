"""PackageProgram: a program of locked packages, to be run by other actions."""

from contextlib import ExitStack
from pathlib import Path

import msgspec

from distill.layer import layer_request
from distill.package import debian_layer, package_program
from distill.package.package_input import PackageLine, open_package
from distill.package.selection import Selection
from distill.request import Request, outputs


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scalar settings."""

    path: str
    """Of the program, absolute."""
    files: tuple[str, ...] = ()
    """Globs of files to come along."""


def run(request: Request) -> None:
    """Write the outs `launcher` (a script) and `files` (a directory, with the program, its loader and its libraries).

    Raises:
        DistillError: a program, library or loader that is not in the packages.
    """
    settings = request.settings(Settings)
    lines = layer_request.read(request, PackageLine)
    outs = outputs(lines, "files", "launcher")
    with ExitStack() as stack:
        debs = [stack.enter_context(open_package(line)) for line in lines if isinstance(line, PackageLine)]
        found = debian_layer.sources(debs, Selection(drop=()))
        files = package_program.Files(source for source in found if source.data is None)
        launcher = package_program.unpack(files, settings.path, Path(outs["files"]), settings.files)
    path = Path(outs["launcher"])
    path.write_text(launcher, "utf-8")
    path.chmod(0o755)
