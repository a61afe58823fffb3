"""Tests of distill.runtime.env_command, beside the env of the machine."""

import shutil
import subprocess
from pathlib import Path

import pytest
from distill.listing import escape
from distill.runtime import env_command
from distill.runtime.env_command import EnvCommand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BARE = ("/bin", "/usr/bin")


@pytest.mark.parametrize(
    ("argument", "program"),
    [
        ("python3", "python3"),
        ("/opt/bin/python3", "/opt/bin/python3"),
        ("-S python3 -u", "python3"),
        ("-Spython3", "python3"),
        ("-S A=b prog", "prog"),
        ("-S -u HOME prog", "prog"),
        ("-S -uHOME --unset=X --unset Y prog", "prog"),
        ("-S -- prog", "prog"),
        ("-S -v A=b -- prog", ["--", "prog"][0]),
        ("--split-string=prog -x", "prog"),
        ("--sp=prog -x", "prog"),
        ("-vS prog", "prog"),
        ("-S -S 'prog -x'", "prog"),
        ("-S --block-signal=INT --ignore-signal prog", "prog"),
        ("-S a\\_b c", "a"),
        ('-S "a\\_b" c', "a b"),
        ("-S 'it'\\''s' x", "it's"),
        ("-S prog # not read", "prog"),
        ("-S prog\\c ${not read", "prog"),
        ("-S prog ${HOME}", "prog"),
        ("-S 'a${B}' x", "a${B}"),
        ("-S a\\tb", "a\tb"),
        ("caf\udce9", "caf\\xe9"),
    ],
)
def test_the_program(argument: str, program: str) -> None:
    assert env_command.read(escape(argument)) == EnvCommand(program)


@pytest.mark.parametrize(
    ("argument", "command"),
    [
        ("-S -i prog", EnvCommand("prog", BARE)),
        ("-iS prog", EnvCommand("prog", BARE)),
        ("-S - prog", EnvCommand("prog", BARE)),
        ("-S - -u prog", EnvCommand("-u", BARE)),
        ("-S -u PATH prog", EnvCommand("prog", BARE)),
        ("-S -i PATH=/a::/b prog", EnvCommand("prog", ("/a", ".", "/b"))),
        ("-S -C /srv ./prog", EnvCommand("./prog", None, "/srv")),
        ("-S --chdir=sub ./prog", EnvCommand("./prog", None, "sub")),
    ],
)
def test_where_it_is_looked_for(argument: str, command: EnvCommand) -> None:
    assert env_command.read(escape(argument)) == command


ONE = "gives env one argument with a blank in it, got '{0}', which is no program; write #!/usr/bin/env -S {0}"
NONE = "names no program for env, got '{0}', so that it would start itself; name one"
UNKNOWN = "has what env does not know, got {0}; write it as env(1) says"


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("python3 -u", ONE.format("python3 -u")),
        ("python3\t-u", ONE.format("python3\\t-u").rpartition("python3")[0] + "python3\t-u"),
        ("-i python3", ONE.format("-i python3")),
        ("-u HOME prog", ONE.format("-u HOME prog")),
        ("-- prog", ONE.format("-- prog")),
        ("A=b prog", ONE.format("A=b prog")),
        ("", NONE.format("")),
        ("-i", NONE.format("-i")),
        ("A=b", NONE.format("A=b")),
        ("-S A=b", NONE.format("-S A=b")),
        ("-S", "ends with an option for env that wants a value, got '-S'; give it one"),
        ("-S -u", "ends with an option for env that wants a value, got '-S -u'; give it one"),
        ("-S -u --unset=B prog", UNKNOWN.format("'--unset=B'")),
        ("-S -x prog", UNKNOWN.format("'-x'")),
        ("-S --ignore=x prog", UNKNOWN.format("'--ignore=x'")),
        ("-S --none prog", UNKNOWN.format("'--none'")),
        ("-S a$b", UNKNOWN.format("'$'")),
        ("-S a\\q", UNKNOWN.format("'\\\\x5cq'")),
        ('-S "a\\c"', UNKNOWN.format("'\\\\x5cc'")),
        ("-S 'a", "has a quote for env that does not end, got \" 'a\"; end it"),
        ("-S --help prog", "has an option with which env runs no program, got 'help'; leave it out"),
        ("-S -0 prog", "has an option with which env runs no program, got 'null'; leave it out"),
        (
            "-S ${PY}3 x",
            "has a program of env that depends on a variable, got ${…} in its name; name the program itself",
        ),
    ],
)  # fmt: skip
def test_what_env_cannot_run(argument: str, problem: str) -> None:
    assert env_command.read(escape(argument)) == EnvCommand(problem=problem)


_WORDS = (
    "prog", "other", "A=b", "-i", "-", "--", "-u", "HOME", "-uX", "-v", "-vS", "-S", "--split-string=prog", "-x",
    "'prog'", '"pro"g', "prog#", "#", "p\\_q", "--unset=B", "--chdir=/", "-C", "/", "prog\\c", "'", "\\q", "--help",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("env")
    for name in ("prog", "other", "p", "prog#", "q", "script"):
        (path / name).write_text(f"#!/bin/sh\nprintf 'ran {name}'\n")
        (path / name).chmod(0o755)
    return path


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["", "-S", "-S ", "-vS ", "--split-string="]),
    st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join),
)
def test_as_the_env_of_the_machine(folder: Path, prefix: str, rest: str) -> None:
    env = shutil.which("env")
    if env is None or b"GNU" not in subprocess.run([env, "--version"], capture_output=True, check=False).stdout:
        pytest.skip("NOT TESTED: no GNU env on this machine")
    argument = prefix + rest
    ours = env_command.read(escape(argument))
    command = [env, *([argument] if argument else []), f"{folder}/script"]
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": f"{folder}", "HOME": "/"})
    ran = done.stdout.decode().partition("ran ")[2]
    # In /bin and /usr/bin there is none of ours, and of directories only the root is there.
    if ours.problem or ours.search is not None or ours.working_dir not in (None, "/"):
        assert ran in ("", "script"), (argument, ours, done)
    else:
        name = ours.program if (folder / ours.program).is_file() and "/" not in ours.program else ""
        assert ran == name, (argument, ours, done)
