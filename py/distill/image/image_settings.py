"""What a rule says of an image, checked: the settings that become the config (OCI image-spec 1.1, config.md)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from distill.errors import InputError

EPOCH = "1970-01-01T00:00:00Z"
MAX_ID = 2**31 - 1
"""Largest user or group id that runc starts a process with."""

_SIGNAL = re.compile(
    r"[1-9]|[1-5][0-9]|6[0-4]|SIG(?:HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD"
    r"|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS"
    r"|RTMIN(?:\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?)"
)
_PORT = re.compile(r"([0-9]{1,5})(?:/(tcp|udp|sctp))?")
_ACCOUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\$?")
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an image. What is empty or None is the base's; labels, ports and volumes add to the base's."""

    architecture: str
    """OCI's (Go's) word: `amd64`, `arm64`, `arm`, …"""
    os: str = "linux"
    variant: str = ""
    """Of the architecture: `v7` of arm; empty is the base's."""
    entrypoint: list[str] | None = None
    """None is the base's. Any other value, the empty list included, also drops the base's cmd, as with docker."""
    cmd: list[str] | None = None
    """None is the base's, unless `entrypoint` is set."""
    program_env: dict[str, str] = {}
    """What the program of the image sets; `env` comes after it."""
    env: dict[str, str] = {}
    """In order; see distill.runtime.environment."""
    user: str = ""
    """`NAME` or `UID`, with `:GROUP` or `:GID` if wanted."""
    working_dir: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    """Of the manifest. A base's annotations say something of the base: they are not passed on."""
    exposed_ports: list[str] = []
    """`6379/tcp`; without a protocol it is tcp."""
    volumes: list[str] = []
    stop_signal: str = ""
    """`SIGTERM`, `SIGRTMIN+3`, or a number."""
    created: str = ""
    """RFC 3339; empty is 1970, the same for every build unless a user says otherwise."""


def check(settings: Settings) -> None:
    """Check what does not depend on a base.

    Raises:
        InputError: a setting that no engine would take, or that engines read differently.
    """
    for name in ("architecture", "os"):
        if not re.fullmatch(r"[a-z0-9_.-]+", getattr(settings, name)):
            raise InputError(
                f"{name} is no platform, got {getattr(settings, name)!r}; use Go's words, such as linux and amd64"
            )
    for name, command in (("entrypoint", settings.entrypoint), ("cmd", settings.cmd)):
        if command and (not command[0] or any("\0" in word for word in command)):
            raise InputError(f"{name} is no command, got {command!r}; begin with a program, and use no NUL")
    if settings.working_dir:
        image_path("working_dir", settings.working_dir)
    if settings.user:
        check_user(settings.user)
    if settings.stop_signal:
        check_signal(settings.stop_signal)
    check_keys("labels", settings.labels)
    check_keys("annotations", settings.annotations)
    if settings.created:
        check_created(settings.created)


def check_keys(attribute: str, mapping: Mapping[str, str]) -> None:
    """Check labels or annotations (image-spec, annotations.md, "Rules").

    Raises:
        InputError: an empty key; `attribute` is named in the error.
    """
    if "" in mapping:
        raise InputError(f"{attribute} has an empty key, got {mapping['']!r} for it; give it a name")


def image_path(attribute: str, path: str) -> str:
    """Give `path`, an absolute path in the image, without a trailing slash.

    Raises:
        InputError: relative, with `.`, `..` or an empty component, or with a NUL; `attribute` is named in the error.
    """
    parts = path.rstrip("/").split("/")
    if parts[0] or not path or "\0" in path or any(part in ("", ".", "..") for part in parts[1:]):
        raise InputError(f"{attribute} is no absolute path in the image, got {path!r}; write it as /a/b")
    return "/".join(parts) or "/"


def port(text: str) -> str:
    """Give `text` as `NUMBER/PROTOCOL`.

    Raises:
        InputError: no port.
    """
    match = _PORT.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 65535:
        raise InputError(
            f"exposed_ports has no port, got {text!r}; write 1 to 65535 and /tcp, /udp or /sctp, such as 6379/tcp"
        )
    return f"{int(match[1])}/{match[2] or 'tcp'}"


def volume(path: str) -> str:
    """Give the volume `path` as an absolute path.

    Raises:
        InputError: no absolute path, or the root.
    """
    if image_path("volumes", path) == "/":
        raise InputError(f"volumes cannot hold the root, got {path!r}; name the directories that hold data")
    return image_path("volumes", path)


def check_user(text: str) -> None:
    """Check `NAME|UID[:GROUP|GID]`.

    Raises:
        InputError: neither a name nor a number that a process may run as.
    """
    parts = text.split(":")
    for part in parts:
        fits = int(part) <= MAX_ID if part.isascii() and part.isdigit() else _ACCOUNT.fullmatch(part)
        if not fits or len(parts) > 2:
            raise InputError(
                f"user is no user, got {text!r}; write NAME or UID, and :GROUP or :GID if wanted (ids up to {MAX_ID})"
            )


def check_signal(text: str) -> None:
    """Check a signal of Linux: a name with SIG, or a number.

    Raises:
        InputError: no signal.
    """
    if not _SIGNAL.fullmatch(text):
        raise InputError(
            f"stop_signal is no signal, got {text!r}; write a name such as SIGTERM or SIGRTMIN+3, or 1 to 64"
        )


def check_created(text: str) -> None:
    """Check an RFC 3339 time that exists.

    Raises:
        InputError: no time.
    """
    try:
        if not _RFC3339.fullmatch(text):
            raise ValueError
        datetime.fromisoformat(re.sub(r"\.[0-9]+", "", text)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"created is no RFC 3339 time, got {text!r}; write it as {EPOCH}") from None
