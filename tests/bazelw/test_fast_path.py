"""The script bazelw: which Bazel it picks, and that it becomes that Bazel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from conftest import Run, not_tested

MakeProgram = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path, environment: dict[str, str]) -> MakeProgram:
    """Make a shell script in a folder that is first on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    environment["PATH"] = f"{folder}:{environment['PATH']}"

    def make(name: str, body: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


def bazel_of_version(version: str) -> str:
    """The body of a bazel that counts in its own folder how often its version was asked for."""
    return f'[ "$1" = --version ] && echo asked >>"$0.asked" && echo "{version}" && exit\necho "ran $0 $*"'


def test_bazel_variable_wins_over_all(run: Run, program: MakeProgram) -> None:
    program("bazelisk", "echo wrong")
    program("bazel", bazel_of_version("bazel 7.1.0"))
    chosen = program("my-bazel", 'echo "mine: $*"')
    assert run("build", "//:x", BAZEL=str(chosen)).stdout == "mine: build //:x\n"
    assert run("build", BAZEL="my-bazel").stdout == "mine: build\n"


def test_bazelisk_wins_over_bazel(run: Run, program: MakeProgram) -> None:
    program("bazelisk", 'echo "isk: $*"')
    program("bazel", bazel_of_version("bazel 7.1.0"))
    assert run("test", "//...").stdout == "isk: test //...\n"


@pytest.mark.parametrize("version", ["bazel 7.0.0", "bazel 8.4.2", "bazel 10.0.0-pre.20300101.1"])
def test_bazel_of_seven_or_newer_is_used_and_asked_once(run: Run, program: MakeProgram, version: str) -> None:
    bazel = program("bazel", bazel_of_version(version))
    outputs = [run("build").stdout for _ in range(3)]
    assert outputs == [f"ran {bazel} build\n"] * 3
    assert bazel.with_name("bazel.asked").read_text(encoding="utf-8") == "asked\n"


def test_changed_bazel_is_asked_again(run: Run, program: MakeProgram) -> None:
    run("build", PATH=str(program("bazel", bazel_of_version("bazel 7.0.0")).parent) + ":/usr/bin:/bin")
    bazel = program("bazel", bazel_of_version("bazel 10.0.0"))
    assert run("build").stdout == f"ran {bazel} build\n"
    assert bazel.with_name("bazel.asked").read_text(encoding="utf-8") == "asked\nasked\n"


@pytest.mark.parametrize("version", ["bazel 6.5.0", "bazel no_version", "rubbish", ""])
def test_bazel_that_is_too_old_or_unknown_is_not_used(run: Run, program: MakeProgram, version: str) -> None:
    program("bazel", bazel_of_version(version))
    done = run("build")
    assert (done.returncode, done.stdout) == (121, "")
    assert "no Bazel 7 or newer found" in done.stderr


def test_wrapper_on_path_as_bazel_is_not_run_by_itself(run: Run, tmp_path: Path, bazelw_root: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    for name in ("bazel", "bazelisk"):
        (folder / name).symlink_to(bazelw_root / "bazelw")
    assert run("build", PATH=f"{folder}:/usr/bin:/bin").returncode == 121


@pytest.mark.parametrize("code", [0, 1, 3, 37, 255])
def test_exit_code_passes_through(run: Run, program: MakeProgram, code: int) -> None:
    assert run("build", BAZEL=str(program("b", f"exit {code}"))).returncode == code


def test_arguments_pass_through_as_they_are(run: Run, program: MakeProgram) -> None:
    arguments = ["--output_base=/x y", "run", "", "//:x", "--", "--wrapper-info", "*", "ä", "-n"]
    bazel = program("b", "for argument; do printf '%s\\n' \"$argument\"; done")
    assert run(*arguments, BAZEL=str(bazel)).stdout.split("\n")[:-1] == arguments


def test_streams_pass_through(bazelw_root: Path, program: MakeProgram, environment: dict[str, str]) -> None:
    bazel = program("b", "cat; echo complaint >&2")
    data = bytes(range(256)) * 1000
    done = subprocess.run(
        [bazelw_root / "bazelw"], env={**environment, "BAZEL": str(bazel)}, input=data, capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (data, b"complaint\n")


def interruptible() -> None:
    """Let a process take interrupts: they are ignored by what a shell starts in the background, tests too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_process_becomes_bazel_and_gets_its_signals(
    bazelw_root: Path, program: MakeProgram, environment: dict[str, str]
) -> None:
    bazel = program("b", "trap 'exit 8' INT; trap 'exit 9' TERM; echo $$; while :; do sleep 0.02; done")
    for sent, code in ((signal.SIGINT, 8), (signal.SIGTERM, 9), (signal.SIGKILL, -9)):
        with subprocess.Popen(
            [bazelw_root / "bazelw"],
            env={**environment, "BAZEL": str(bazel)},
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=interruptible,
        ) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) == process.pid
            process.send_signal(sent)
            try:
                assert process.wait(timeout=30) == code
            finally:
                process.kill()


def test_bazel_that_cannot_run_is_one_line(run: Run) -> None:
    done = run("build", BAZEL="/nonexistent/bazel")
    assert (done.returncode, done.stdout) == (121, "")
    assert done.stderr == (
        "bazelw: cannot run Bazel, got /nonexistent/bazel: No such file or directory; "
        "set $BAZEL to a Bazel 7 or newer, or unset it\n"
    )


def test_fast_path_imports_nothing_of_its_own(bazelw_root: Path, environment: dict[str, str], tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(
        textwrap.dedent(
            f"""
            import importlib.machinery, os, sys
            before = set(sys.modules)
            code = compile(open({str(bazelw_root / "bazelw")!r}).read(), {str(bazelw_root / "bazelw")!r}, "exec")
            os.execv = lambda path, argv: print(sorted(set(sys.modules) - before))
            sys.argv = ["bazelw", "build"]
            try:
                exec(code, {{"__name__": "__main__", "__file__": {str(bazelw_root / "bazelw")!r}}})
            except SystemExit:
                pass
            """
        ),
        encoding="utf-8",
    )
    command = [sys.executable, "-I", "-S", str(probe)]
    done = subprocess.run(
        command, env={**environment, "BAZEL": "/bin/true"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_python_that_is_too_old(
    fast: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fast, "OLDEST_PYTHON", (99, 0))
    assert fast.main(["build"]) == 121
    version = ".".join(map(str, sys.version_info[:2]))
    assert capsys.readouterr().err == (
        f"bazelw: Python is too old, got {version} ({sys.executable}); install python3 3.9 or newer\n"
    )


def test_script_parses_in_the_oldest_python_with_a_message(bazelw_root: Path) -> None:
    import ast

    ast.parse((bazelw_root / "bazelw").read_text(encoding="utf-8"), feature_version=(3, 5))


def test_home_follows_xdg(fast: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAZELW_HOME", raising=False)
    monkeypatch.setenv("HOME", "/h")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert fast.home() == "/x/bazelw"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert fast.home() == "/h/.cache/bazelw"
    monkeypatch.setenv("BAZELW_HOME", "/own")
    assert fast.prefix() == f"/own/bazel-{fast.RECIPE}-{os.uname().machine}"


def test_no_mirror(run: Run, environment: dict[str, str]) -> None:
    if shutil.which("apt-get") is None:
        not_tested("this needs apt-get")
    done = run("build")
    assert done.returncode == 121
    assert done.stderr.splitlines()[-1] == (
        f"bazelw: no Debian mirror, got none in the apt sources of {environment['BAZELW_APT_SOURCES']}; "
        "set BAZELW_MIRROR to an address"
    )


def test_no_apt(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "only"
    folder.mkdir()
    for name in ("sh", "python3"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    done = run("build", PATH=str(folder))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        121,
        "bazelw: not a Debian-like system, got no apt-get on PATH; install Bazel 7 or newer and set BAZEL",
    )


def test_folder_hidden_by_the_sandbox(run: Run, environment: dict[str, str]) -> None:
    done = run("build", BAZELW_ALLOW_TMP="", BAZELW_HOME="/tmp/x")
    assert (done.returncode, done.stderr) == (
        121,
        "bazelw: Bazel's sandbox hides /tmp, got cache folder /tmp/x; set BAZELW_HOME to a folder elsewhere\n",
    )


def variables(bazelw_root: Path) -> set[str]:
    """Every environment variable that the wrapper reads for a setting."""
    settings = (bazelw_root / "tools/bazelw/settings.py").read_text(encoding="utf-8")
    names = {
        word.strip('"(),') for word in settings.replace("(", " ").split() if word.strip('"(),').startswith("BAZELW_")
    }
    assert len(names) == 7
    return names | {"BAZEL", "SSL_CERT_FILE"}


def test_help_names_every_variable(run: Run, bazelw_root: Path) -> None:
    text = run("--wrapper-help").stdout
    for name in variables(bazelw_root):
        assert name in text, f"add {name} to HELP in tools/bazelw/information.py"


def test_page_names_every_variable(bazelw_root: Path) -> None:
    page = bazelw_root / "docs/bazelw.md"
    if not page.is_file():
        pytest.skip("docs/bazelw.md is not among the test's data; pytest tests/bazelw looks at it")
    for name in variables(bazelw_root):
        assert name in page.read_text(encoding="utf-8"), f"add {name} to docs/bazelw.md"


def test_unknown_wrapper_option(run: Run) -> None:
    done = run("--wrapper-nonsense")
    assert (done.returncode, done.stderr) == (
        121,
        "bazelw: no such option, got --wrapper-nonsense; see ./bazelw --wrapper-help\n",
    )


def test_info_of_another_bazel(run: Run, program: MakeProgram) -> None:
    bazel = program("bazel", bazel_of_version("bazel 8.0.1"))
    text = run("--wrapper-info").stdout
    assert text.startswith(f"bazel: {bazel}\nwhy: bazel 8 is on PATH\nversion: bazel 8.0.1\n")


def test_interrupt_is_said_in_one_line(
    bazelw_root: Path, program: MakeProgram, environment: dict[str, str], tmp_path: Path
) -> None:
    program("bazel", f"touch {tmp_path}/asked; sleep 5")
    with subprocess.Popen(
        [bazelw_root / "bazelw", "build"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    ) as process:
        while not (tmp_path / "asked").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.communicate()[1] == "\nbazelw: interrupted; run it again to go on\n"
        assert process.returncode == 130
