"""The one tool of rules_distill: runs the command that a request names, once or as a persistent worker.

tool @REQUEST                run one request, a file of JSON lines (see distill/request.py)
tool --persistent_worker     serve requests on standard input, Bazel's JSON worker protocol
"""

import importlib
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from distill import worker
from distill.errors import DistillError, RequestError
from distill.request import Request


def run(arguments: Sequence[str]) -> int:
    """Run the request whose lines are `arguments`, or stand in the file of a single argument `@FILE`.

    Messages go to standard error: one line for a known error, the traceback for any other. Gives the exit code.
    """
    label = ""
    try:
        if len(arguments) == 1 and arguments[0].startswith("@"):
            arguments = read(arguments[0][1:])
        request = Request.parse(arguments)
        label = request.header.label
        command(request.header.command).run(request)
    except DistillError as error:
        sys.stderr.write(f"{label}: {error}\n" if label else f"{error}\n")
        return 1
    except Exception:
        sys.stderr.write(f"{label}: this is a bug in rules_distill, please report it\n{traceback.format_exc()}")
        return 2
    return 0


def read(path: str) -> list[str]:
    """Give the lines of the params file at `path`.

    Raises:
        RequestError: it cannot be read, or is no UTF-8.
    """
    try:
        return Path(path).read_bytes().decode().split("\n")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "not UTF-8"
    raise RequestError(f"request cannot be read, got {path} ({reason}); pass the params file as @FILE")


def command(name: str) -> ModuleType:
    """Import the command `name` (`LayerFiles` is distill/commands/layer_files.py).

    Raises:
        RequestError: there is no such command.
    """
    module = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if not module.isidentifier():
        raise RequestError(f"command is no name, got {name!r}; use the mnemonic of a rule's action")
    try:
        return importlib.import_module(f"distill.commands.{module}")
    except ModuleNotFoundError as error:
        if error.name != f"distill.commands.{module}":
            raise
        raise RequestError(f"command does not exist, got {name!r}; use the mnemonic of a rule's action") from None


def main(arguments: Sequence[str]) -> int:
    """Serve as a worker, run one request, or say how this is used."""
    if list(arguments) == ["--persistent_worker"]:
        worker.main(run)
        return 0
    if len(arguments) == 1 and arguments[0].startswith("@"):
        return run(arguments)
    sys.stderr.write(f"{__doc__}\n")
    return 0 if list(arguments) == ["--help"] else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
