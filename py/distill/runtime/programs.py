"""Programs that are told by their names."""

import re

_SHELL = re.compile(
    r"(?:r?bash|busybox|(?:[acz]|da|hu|pw|sa|ya)?sh|elvish|fish|[lm]?ksh(?:93)?|nu|osh|tcsh|toybox|xonsh)"
    r"(?:\.static|-static|\d)?"
)
_PACKAGE_MANAGER = re.compile(
    # of distributions
    r"apk(?:\.static)?|apt(?:-(?:cache|get|key|mark))?|aptitude|brew|dnf(?:5|-3)?|dpkg(?:-deb)?|emerge|guix|microdnf"
    r"|nix(?:-(?:build|channel|env|shell|store))?|opkg|pacman|rpm|snap|tdnf|yum|zypper"
    # of languages
    r"|bundler?|bun|composer|conda|corepack|easy_install|gem|(?:micro)?mamba|npm|npx|pdm|pip(?:\d(?:\.\d+)?)?|pipx|pnpm"
    r"|poetry|uv|yarn"
)


def is_shell(name: str) -> bool:
    """Say whether a program called `name` runs commands that somebody types."""
    return _SHELL.fullmatch(name) is not None


def is_package_manager(name: str) -> bool:
    """Say whether a program called `name` installs packages, of a distribution or of a language."""
    return _PACKAGE_MANAGER.fullmatch(name) is not None
