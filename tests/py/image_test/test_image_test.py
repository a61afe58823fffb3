"""Tests of distill.image_test.run: whole runs, as `bazel test` makes them."""

from pathlib import Path
from xml.etree import ElementTree

import image_test
import pytest
from distill.image_test import namespace
from distill.image_test import run as runner
from support_image_test import PASSWD, Built, programs, require_namespaces
from support_layer import source

TESTS = """
commandTests:
  - {name: says hello, command: sh, args: [-c, 'echo $GREETING'], expectedOutput: ['^hello$']}
  - {name: fails, command: sh, args: [-c, 'echo bad >&2; exit 2']}
fileExistenceTests: [{name: passwd, path: /etc/passwd}]
metadataTest: {user: app}
"""
FILES = """
fileExistenceTests:
  - {name: a, path: /a}
  - {name: b, path: /b}
  - {name: c, path: /c}
  - {name: d, path: /d, shouldExist: false}
"""


@pytest.fixture
def files(tmp_path: Path) -> Built:
    return Built(tmp_path, [source(name) for name in "abc"])


def test_runs_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_namespaces()
    built = Built(tmp_path, programs(), [source("etc/passwd", data=PASSWD)], User="app")
    report = tmp_path / "report.xml"
    assert built.run(TESTS.replace("'^hello$'", "'^hello\\n$'"), {"XML_OUTPUT_FILE": str(report)}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "PASS Command Test: says hello (tests.yaml:4)",
        "FAIL Command Test: fails (tests.yaml:5)",
        "     exit code is 2, expected 0",
        "     | bad",
        "PASS File Existence Test: passwd (tests.yaml:6)",
        "PASS Metadata Test (tests.yaml:7)",
        "3 passed, 1 failed, 0 skipped",
        "first failure: tests.yaml:5: Command Test: fails: exit code is 2, expected 0",
    ]
    (suite,) = ElementTree.parse(report).getroot()
    assert (suite.get("name"), suite.get("failures"), len(suite)) == ("//app:image_test", "1", 4)
    assert not list(tmp_path.glob("image-test-*")), "nothing is left behind"


def test_a_command_runs_out_of_the_tests_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_namespaces()
    built = Built(tmp_path, programs())
    assert built.run("commandTests: [{name: n, command: sleep, args: ['1000']}]", {"TEST_TIMEOUT": "2"}) == 1
    assert "command did not end within 1" in capsys.readouterr().out


def test_shards_part_the_cases(files: Built, capsys: pytest.CaptureFixture[str]) -> None:
    status = files.root / "status"
    found = []
    for index in range(3):
        shard = {"TEST_TOTAL_SHARDS": "3", "TEST_SHARD_INDEX": str(index), "TEST_SHARD_STATUS_FILE": str(status)}
        assert files.run(FILES, shard) == 0
        found.append([line.split()[4] for line in capsys.readouterr().out.splitlines() if line.startswith("PASS")])
    assert found == [["a", "d"], ["b"], ["c"]]
    assert status.exists()


@pytest.mark.parametrize(
    ("wanted", "found"), [("Test: b", ["b"]), ("Existence*: [ac]", ["a", "c"]), ("", list("abcd"))]
)
def test_a_filter_chooses_cases(
    files: Built, capsys: pytest.CaptureFixture[str], wanted: str, found: list[str]
) -> None:
    assert files.run(FILES, {"TESTBRIDGE_TEST_ONLY": wanted}) == 0
    assert [line.split()[4] for line in capsys.readouterr().out.splitlines() if line.startswith("PASS")] == found


def test_a_filter_that_means_nothing_is_an_error(files: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.run(FILES, {"TESTBRIDGE_TEST_ONLY": "e"[:0] + "Command"}) == 1
    assert capsys.readouterr().err == (
        "//app:image_test: test_filter means no test, got 'Command'; the tests are File Existence Test: a,"
        " File Existence Test: b, File Existence Test: c, File Existence Test: d\n"
    )


def test_a_foreign_image_skips_its_commands_loudly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISTILL_NO_SKIP", raising=False)
    built = Built(tmp_path, [source("etc/passwd", data=PASSWD)], architecture="ppc64le", User="app")
    assert built.run(TESTS) == 0
    found = capsys.readouterr().out.splitlines()
    assert found[0] == "SKIP Command Test: says hello (tests.yaml:4)"
    assert found[1].startswith("     NOT RUN: the image is for ppc64le, this machine is ")
    assert found[-1] == "2 passed, 0 failed, 2 skipped"
    assert built.run(TESTS, {"DISTILL_NO_SKIP": "1"}) == 1


def test_a_machine_without_namespaces_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespace, "problem", lambda: "this machine does not allow user namespaces")
    assert Built(tmp_path, [source("x")]).run(TESTS) == 1
    assert capsys.readouterr().err == (
        "//app:image_test: driver cannot run commands, got namespace: this machine does not allow user namespaces;"
        ' set it to "docker" or "podman"\n'
    )


def test_an_error_in_one_case_does_not_hide_the_others(files: Built, capsys: pytest.CaptureFixture[str]) -> None:
    (files.folders[0] / "blob").write_bytes(b"no tar")
    assert files.run("fileContentTests: [{name: a, path: /a}]\nfileExistenceTests: [{name: b, path: /b}]") == 1
    found = capsys.readouterr().out.splitlines()
    assert found[0] == "PASS File Existence Test: b (tests.yaml:3)"
    assert found[1] == "FAIL File Content Test: a (tests.yaml:2)"
    assert "is no tar that can be read" in found[2]


def test_what_cannot_be_read_is_one_line(files: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.run("metadataTest: {}") == 1
    assert capsys.readouterr().err.startswith("//app:image_test: tests.yaml:2 asserts nothing, got 'a metadataTest'; ")
    assert files.run(FILES, driver="docker") == 1
    assert capsys.readouterr().err == (
        "//app:image_test: request has not one line of a role, got 0 of archive; give one\n"
    )


def test_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert image_test.main([]) == 2
    assert image_test.main(["--help"]) == 0
    assert "image_test REQUEST" in capsys.readouterr().err
    assert image_test.main(["none"]) == 1
    assert (
        capsys.readouterr().err
        == "request cannot be read, got none (No such file or directory); pass the params file as @FILE\n"
    )
    assert runner.Settings().driver == "namespace"
