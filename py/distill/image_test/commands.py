"""The command tests of an image test: setup, command and teardown in one session, and what is expected of them."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from distill.errors import InputError
from distill.image_test import checks, streams
from distill.image_test.drivers import CommandError, Driver, Options, Session
from distill.image_test.namespace import Result
from distill.image_test.schema import CommandTest, ContainerRunOptions, EnvVar

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)(?:=(.*))?")


def options(asked: ContainerRunOptions) -> Options:
    """Give how containers are run: the file of variables read, variables taken from the environment of the test.

    Raises:
        InputError: a file that cannot be read, or a variable that is not set.
    """
    environment: dict[str, str] = {}
    if asked.env_file:
        try:
            lines = Path(asked.env_file).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise InputError(
                f"containerRunOptions.envFile cannot be read, got {asked.env_file} ({reason});"
                " name it in data, and write its path from the root of the workspace"
            ) from None
        for line in lines:
            match = _LINE.fullmatch(line.strip())
            if match:
                environment[match[1]] = os.environ.get(match[1], "") if match[2] is None else match[2]
    for name in asked.env_vars:
        if name not in os.environ:
            raise InputError(
                f"containerRunOptions.envVars has a variable that is not set, got {name};"
                f" pass it with env of the target or --test_env={name}"
            )
        environment[name] = os.environ[name]
    return Options(asked.user, asked.privileged, asked.allocate_tty, asked.capabilities, environment, asked.bind_mounts)


def run(
    driver: Driver, test: CommandTest, shared: Sequence[EnvVar], how: Options, left: float
) -> tuple[list[str], str]:
    """Run a command test.

    Args:
        driver: where it runs.
        test: the test.
        shared: `globalEnvVars`.
        how: how containers are run.
        left: seconds that each command has, unless the test says fewer.

    Returns:
        What is wrong, and what the command wrote.
    """
    known = dict(driver.view.environment)
    variables: dict[str, str] = {}
    for variable in (*shared, *test.env_vars):
        variables[variable.key] = checks.expand(variable.value, known | variables)
    known |= variables
    seconds = min(test.timeout or left, left)
    command = [checks.expand(word, known) for word in (test.command, *test.args)]
    with driver.session(how) as session:
        for words in test.setup:
            if fault := _step(session, "setup", words, variables, seconds):
                return [fault], ""
        try:
            result = session.run(command, variables, seconds)
            faults = list(_faults(test, result, seconds))
        except CommandError as error:
            result, faults = Result(0, b"", b""), [str(error)]
        steps = (_step(session, "teardown", words, variables, seconds) for words in test.teardown)
        faults += filter(None, steps)
    return faults, "\n".join(part for part in (_text(result.output), _text(result.error)) if part)


def _faults(test: CommandTest, result: Result, seconds: float) -> "list[str]":
    if result.stopped:
        return [f"command {_stopped(result, seconds)}"]
    faults = [*checks.matches("standard error", _text(result.error), test.expected_error, test.excluded_error)]
    faults += checks.matches("output", _text(result.output), test.expected_output, test.excluded_output)
    if result.code != test.exit_code:
        faults.append(f"exit code is {result.code}, expected {test.exit_code}")
    return faults


def _step(session: Session, what: str, words: Sequence[str], variables: Mapping[str, str], seconds: float) -> str:
    """Run a command of setup or teardown and say what is wrong with it, if anything."""
    shown = " ".join(words)
    try:
        result = session.run(words, variables, seconds)
    except CommandError as error:
        return f"{what}: {error}"
    if result.stopped:
        return f"{what} {shown!r} {_stopped(result, seconds)}"
    if result.code:
        said = _text(result.error) or _text(result.output)
        return f"{what} {shown!r} exited with {result.code}, got {checks.shown(said)}"
    return ""


def _stopped(result: Result, seconds: float) -> str:
    """Say why a command was killed."""
    if result.stopped == "flood":
        return f"wrote more than {streams.MOST_SAID} to its output or standard error and was killed"
    return f"did not end within {seconds:g} s and was killed"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
