"""The options an installed Bazel is started with: rc files before the project's, and its startup options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bazelw.relocate import Layout

RC = Path("share/bazelw/bazelrc")
WORKSPACE_RC = Path("share/bazelw/workspace.bazelrc")
TRUST_STORE = Path("share/bazelw/cacerts")

_HEAD = "# Written by bazelw; read before the project's .bazelrc, which can override it.\n"


def options(prefix: Path, modules: Mapping[str, Path], repositories: Mapping[str, Path]) -> str:
    """The rc file for every build. `prefix` is the final place, `modules` and `repositories` are relative to it."""
    lines = [f"common --override_module={name}={prefix / folder}\n" for name, folder in modules.items()]
    more = [f"common --override_repository={name}={prefix / folder}\n" for name, folder in repositories.items()]
    return (
        _HEAD
        + "# No registry is asked for these modules.\n"
        + "".join(lines)
        + "# The same for a WORKSPACE; a module's repository goes by another name, so a module build is not touched.\n"
        + "".join(more)
        + "# A lock file would pin the copies above instead of what the project's users get.\n"
        + "common --lockfile_mode=off\n"
        + "# The default suffix of a WORKSPACE would download rulesets; --noenable_bzlmod turns this on again.\n"
        + "common --noenable_workspace\n"
    )


def workspace_options() -> str:
    """The further rc file for a build with --noenable_bzlmod on the command line."""
    return _HEAD + "common --enable_workspace\n"


def startup_options(prefix: Path, place: Layout) -> list[str]:
    """Startup options of the client. On the command line, since without them Debian's Bazel cannot start at all."""
    return [
        "--nosystem_rc",  # Debian's /etc/bazel/bazelrc, where there is one, names another prefix
        f"--install_base={prefix / 'share/bazel'}",
        "--trust_install_base",
        f"--server_javabase={prefix / place.java}",
        f"--host_jvm_args=-Djavax.net.ssl.trustStore={prefix / TRUST_STORE}",
        f"--bazelrc={prefix / RC}",
    ]


def launch(prefix: Path, place: Layout, bundle: Path, workspace: bool) -> str:
    """The text of the file `launch` (or `launch.workspace`) that the fast path reads; its format is told there."""
    status = bundle.stat()
    further = [f"--bazelrc={prefix / WORKSPACE_RC}"] if workspace else []
    lines = [
        f"{status.st_mtime_ns} {status.st_size}\t{bundle}",
        str(prefix / "bin/bazel"),
        *startup_options(prefix, place),
        *further,
    ]
    return "\n".join(lines) + "\n"
