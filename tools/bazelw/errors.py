"""The wrapper's errors.

WrapperError              one line for the user, and the exit code
├── UnsupportedError      this machine or setting cannot work; exit code 121
└── InstallError          the installation failed and may work later; exit code 122
"""

from __future__ import annotations

# Bazel's own exit codes stay below 50 (src/main/protobuf/failure_details.proto); shells use 126 and up.
EXIT_UNSUPPORTED = 121
EXIT_INSTALL = 122


class WrapperError(Exception):
    """A failure the user can act on: `<what is wrong>, got <value>; <what to do>`."""

    exit_code = 1


class UnsupportedError(WrapperError):
    """The machine or a setting rules the installation out; trying again does not help."""

    exit_code = EXIT_UNSUPPORTED


class InstallError(WrapperError):
    """The installation failed: network, mirror, signature, disk, or packages that differ from the recipe."""

    exit_code = EXIT_INSTALL
