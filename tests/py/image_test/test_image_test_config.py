"""Tests of distill.image_test.config."""

import re
from pathlib import Path

import pytest
from distill.errors import DistillError, InputError
from distill.image_test import config as image_test_config
from distill.image_test.config import cases, parse, size
from hypothesis import given
from hypothesis import strategies as st
from support_image_test import SCHEMA, parsed

WHOLE = """
globalEnvVars: [{key: VIRTUAL_ENV, value: /env}, {key: PATH, value: "/env/bin:$PATH"}]
commandTests:
  - name: gunicorn
    setup: [[virtualenv, /env], [pip, install, gunicorn]]
    teardown: [[rm, -r, /env]]
    command: which
    args: [gunicorn]
    envVars: [{key: A, value: b}]
    expectedOutput: [/env/bin/gunicorn]
    excludedOutput: [".*Inst.*"]
    expectedError: [a]
    excludedError: [b]
    exitCode: 2
    timeout: 5
fileExistenceTests:
  - {name: Root, path: /, shouldExist: true, permissions: drwxr-xr-x, uid: 1000, gid: 1000, isExecutableBy: group}
fileContentTests:
  - {name: Sources, path: /etc/apt/sources.list, expectedContents: ['.*debian.*'], excludedContents: ['.*gce.*']}
metadataTest:
  envVars: [{key: foo, value: baz}, {key: n, value: '\\d+', isRegex: true}]
  unboundEnvVars: [{key: bar}]
  labels: [{key: build-date, value: '^\\d{4}-\\d{2}$', isRegex: true}]
  exposedPorts: ["8080", 2345]
  unexposedPorts: [80]
  volumes: [/test]
  unmountedVolumes: [/no]
  entrypoint: []
  cmd: [/bin/bash]
  workdir: /app
  user: luke
licenseTests: [{debian: true, files: [/foo/bar]}]
containerRunOptions:
  user: root
  privileged: true
  allocateTty: true
  envFile: path/to/.env
  envVars: [SECRET_KEY_FOO]
  capabilities: [NET_BIND_SERVICE]
  bindMounts: ["/etc/example/dir:/etc/dir"]
sizeTests: [{name: s, maxUnpacked: 20 MB, maxCompressed: 100, maxLayers: 3}, {name: t, path: /usr, maxUnpacked: 1.5MiB}]
packageTests: [{name: p, package: libssl3, version: 3.0-1}, {name: q, package: apt, shouldExist: false}]
elfTests: [{name: e, path: /usr/**, stripped: true, rpath: false, interpreter: "", expectedNeeded: [libc.so.6]}]
noTests: [{name: n, paths: [/x], packages: [apt], shells: true, setuid: true, except: [/y]}]
"""


def test_reads_the_schema_whole() -> None:
    tests = parsed(WHOLE)
    command = tests.command_tests[0]
    assert (command.line, command.setup, command.exit_code) == (
        5,
        (("virtualenv", "/env"), ("pip", "install", "gunicorn")),
        2,
    )
    assert tests.file_existence_tests[0].is_executable_by == "group"
    assert tests.metadata_test
    assert tests.metadata_test.exposed_ports == ("8080", "2345")
    assert (tests.metadata_test.entrypoint, tests.metadata_test.cmd) == ((), ("/bin/bash",))
    assert tests.container_run_options.bind_mounts == ("/etc/example/dir:/etc/dir",)
    assert tests.no_tests[0].except_ == ("/y",)
    assert [name for _, name, _ in cases(tests)] == [
        "Command Test: gunicorn",
        "File Existence Test: Root",
        "File Content Test: Sources",
        "License Test",
        "Metadata Test",
        "Size Test: s",
        "Size Test: t",
        "Package Test: p",
        "Package Test: q",
        "ELF Test: e",
        "No Test: n",
    ]


def test_reads_older_names_of_keys() -> None:
    tests = parsed("metadataTest: {env: [{key: a, value: b}], unboundEnv: [{key: c}]}")
    assert tests.metadata_test
    assert tests.metadata_test.env_vars[0].key == "a"
    assert tests.metadata_test.unbound_env_vars[0].key == "c"


# Keys below schemaVersion, and below them what the file that has them is refused with; `\\n` is a line's end.
_LINES = (Path(__file__).parents[1] / "data/image_test_messages.txt").read_text().splitlines()
MESSAGES = [(text.replace("\\n", "\n"), line.strip()) for text, line in zip(_LINES[::2], _LINES[1::2], strict=True)]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_each_fault_is_an_error_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(text)
    assert str(caught.value) == message


def test_another_schema_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        parse(b"schemaVersion: 1.0.0\nlicenseTests: [{debian: true}]", "t.yaml")
    assert str(caught.value) == "t.yaml:1 has an unknown schemaVersion, got '1.0.0'; write schemaVersion: \"2.0.0\""


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("1kB", 1000), ("1.5 MB", 1_500_000), ("2 KiB", 2048), ("0.001kB", 1)]
)
def test_sizes(text: str, number: int) -> None:
    assert size(text) == number


@pytest.mark.parametrize("text", ["MB", "1 mb", "-1", "1e3", "1.2345 MB", "\u0661"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        size(text)


@given(st.text(st.sampled_from("commandTests:nae [{}],'-x1&*<|\n "), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert image_test_config.parse((SCHEMA + text).encode(), "t.yaml")
    except DistillError as error:
        assert str(error).startswith("t.yaml")
