"""Tests of distill.image_test.commands, with a driver that runs nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distill.errors import InputError
from distill.image_test import commands
from distill.image_test.drivers import CommandError, Options, Session
from distill.image_test.namespace import Result
from distill.image_test.schema import ContainerRunOptions
from distill.image_test.subject import View
from distill.runtime.rootfs import Rootfs
from support_image_test import parsed


class Recorder:
    """Notes what is run and gives the results that it was told to."""

    def __init__(self, *results: Result | CommandError) -> None:
        contents: Any = None
        self.view = View({"config": {"Env": ["HOME=/root", "PATH=/bin"]}}, Rootfs([]), contents)
        self.results = list(results)
        self.ran: list[tuple[list[str], dict[str, str], float]] = []

    def skipped(self) -> str:
        """Say nothing."""
        return ""

    def close(self) -> None:
        """Do nothing."""

    @contextmanager
    def session(self, options: Options) -> Iterator[Session]:
        """Give itself."""
        yield self

    def run(self, command: Sequence[str], variables: Mapping[str, str], seconds: float) -> Result:
        """Note the command and give the next result."""
        self.ran.append((list(command), dict(variables), seconds))
        result = self.results.pop(0) if self.results else Result(0, b"", b"")
        if isinstance(result, CommandError):
            raise result
        return result


def ran(recorder: Recorder, keys: str, shared: str = "") -> tuple[list[str], str]:
    tests = parsed(f"{shared}\ncommandTests: [{{name: n, {keys}}}]")
    return commands.run(recorder, tests.command_tests[0], tests.global_env_vars, Options(), 100)


def test_variables_are_expanded_in_commands_and_in_each_other() -> None:
    recorder = Recorder()
    shared = "globalEnvVars: [{key: V, value: /env}, {key: PATH, value: '$V/bin:$PATH'}]"
    keys = (
        "command: $V/run, args: ['${HOME}', $X, '$'], envVars: [{key: X, value: $V-x}], setup: [[echo, $V]], timeout: 7"
    )
    assert ran(recorder, keys, shared) == ([], "")
    variables = {"V": "/env", "PATH": "/env/bin:/bin", "X": "/env-x"}
    assert recorder.ran == [
        (["echo", "$V"], variables, 7),
        (["/env/run", "/root", "/env-x", "$"], variables, 7),
    ]


def test_setup_and_teardown_are_around_the_command() -> None:
    recorder = Recorder()
    ran(recorder, "command: b, setup: [[a, '1'], [a2]], teardown: [[c]]")
    assert [words for words, _, _ in recorder.ran] == [["a", "1"], ["a2"], ["b"], ["c"]]


GOOD = Result(0, b"yes\n", b"warning\n")


@pytest.mark.parametrize(
    ("result", "keys", "faults"),
    [
        (GOOD, "expectedOutput: ['^yes\\n$'], excludedOutput: [no], expectedError: [warn], excludedError: [fatal]", []),
        (Result(3, b"", b""), "exitCode: 3", []),
        (Result(3, b"", b""), "exitCode: 0", ["exit code is 3, expected 0"]),
        (GOOD, "expectedOutput: [no]", ["output does not match 'no', got 'yes\\n'"]),
        (GOOD, "excludedOutput: [y]", ["output matches 'y', which is excluded, got 'y'"]),
        (GOOD, "expectedError: [no]", ["standard error does not match 'no', got 'warning\\n'"]),
        (GOOD, "excludedError: [w.]", ["standard error matches 'w.', which is excluded, got 'wa'"]),
        (Result(137, b"", b"", "late"), "timeout: 2", ["command did not end within 2 s and was killed"]),
        (
            Result(137, b"x", b"", "flood"),
            "expectedOutput: [x]",
            ["command wrote more than 16 MiB to its output or standard error and was killed"],
        ),
        (CommandError("b cannot be started: gone"), "exitCode: 0", ["b cannot be started: gone"]),
        (
            Result(0, b"x" * 500, b""),
            "expectedOutput: [y]",
            [f"output does not match 'y', got {'x' * 400!r} and 100 characters more"],
        ),
    ],
)
def test_what_is_expected(result: Result | CommandError, keys: str, faults: list[str]) -> None:
    assert ran(Recorder(result), f"command: b, {keys}")[0] == faults


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (Result(2, b"out", b"err"), "'a -x' exited with 2, got 'err'"),
        (Result(2, b"out", b""), "'a -x' exited with 2, got 'out'"),
        (Result(137, b"", b"", "late"), "'a -x' did not end within 100 s and was killed"),
        (
            Result(137, b"", b"", "flood"),
            "'a -x' wrote more than 16 MiB to its output or standard error and was killed",
        ),
    ],
)
def test_a_setup_or_teardown_that_fails_is_a_fault(result: Result, fault: str) -> None:
    recorder = Recorder(result)
    assert ran(recorder, "command: b, setup: [[a, -x]]") == ([f"setup {fault}"], "")
    assert len(recorder.ran) == 1
    assert ran(Recorder(GOOD, result), "command: b, teardown: [[a, -x]]") == ([f"teardown {fault}"], "yes\n\nwarning\n")


def test_teardown_is_run_after_whatever_the_command_does_but_not_after_a_setup_that_failed() -> None:
    keys = "command: b, setup: [[a], [a2]], teardown: [[c], [c2]]"
    for result in (Result(9, b"", b""), Result(137, b"", b"", "late"), CommandError("b cannot be started: gone")):
        recorder = Recorder(Result(0, b"", b""), Result(0, b"", b""), result)
        assert len(ran(recorder, keys)[0]) == 1
        assert [words for words, _, _ in recorder.ran] == [["a"], ["a2"], ["b"], ["c"], ["c2"]]
    recorder = Recorder(Result(1, b"", b""))
    assert ran(recorder, keys) == (["setup 'a' exited with 1, got ''"], "")
    assert [words for words, _, _ in recorder.ran] == [["a"]]


def test_options_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s")
    (tmp_path / "env").write_text("# comment\nA=1=2\nexport B = no\nSECRET\n\nC=\n")
    asked = ContainerRunOptions(env_file=str(tmp_path / "env"), env_vars=("SECRET",), user="root", allocate_tty=True)
    assert commands.options(asked) == Options("root", tty=True, environment={"A": "1=2", "SECRET": "s", "C": ""})


def test_options_that_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        commands.options(ContainerRunOptions(env_vars=("NOT_SET_ANYWHERE",)))
    assert str(caught.value) == (
        "containerRunOptions.envVars has a variable that is not set, got NOT_SET_ANYWHERE;"
        " pass it with env of the target or --test_env=NOT_SET_ANYWHERE"
    )
    with pytest.raises(InputError) as caught:
        commands.options(ContainerRunOptions(env_file="none"))
    assert str(caught.value) == (
        "containerRunOptions.envFile cannot be read, got none (No such file or directory);"
        " name it in data, and write its path from the root of the workspace"
    )
