"""An image test, as `bazel test` runs it: reads what it is to test, runs its cases, and reports.

Cases are numbered in the order of the files and, in each, of container-structure-test: commands, existence, content,
licences, metadata, then ours. Of these a shard takes every n-th, and `--test_filter` those whose name it is part of.
"""

import contextlib
import fnmatch
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from distill import canonical
from distill.errors import DistillError, ImageError, InputError
from distill.image import image_lines
from distill.image.image_lines import Blob, Config, File, Layer, Listing
from distill.image_test import checks, limits, namespace
from distill.image_test import commands as image_test_commands
from distill.image_test import config as image_test_config
from distill.image_test import report as image_test_report
from distill.image_test.drivers import Driver, NamespaceDriver, remove
from distill.image_test.engine import EngineDriver
from distill.image_test.report import Outcome
from distill.image_test.schema import CommandTest, Configuration
from distill.layer.stored import Layers
from distill.request import Request

_LONGEST = 3600.0
"""Seconds that a test without TEST_TIMEOUT may take."""
_RESERVE = 0.9
"""The part of TEST_TIMEOUT after which a command is killed, so that there is time to say which it was."""


Ending = tuple[Sequence[str], str]
"""What is wrong, and what was written."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an image test."""

    driver: Literal["namespace", "docker", "podman"] = "namespace"


class Tests(File, frozen=True, tag="tests"):
    """A file of tests."""


class Archive(File, frozen=True, tag="archive"):
    """The archive of the image, for an engine."""


class Emulator(File, frozen=True, tag="emulator"):
    """A static qemu-user."""


@dataclass(frozen=True)
class Case:
    """One thing to test."""

    name: str
    file: str
    run: Callable[[], Ending]
    """Gives what is wrong, and what was written."""
    skipped: str = ""


def run(asked: Request, environment: Mapping[str, str]) -> int:
    """Run the tests that a request names and give the exit code: 0 where all hold.

    Args:
        asked: the request; its paths are relative to the working directory.
        environment: the variables that `bazel test` sets (Test Encyclopedia, "Initial conditions").

    Raises:
        DistillError: tests or an image that cannot be read, a driver that is not there, a filter that means no case.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, Config, Layer, Blob, Listing, Tests, Archive, Emulator)
    files = [line.path for line in image_lines.of(lines, Tests)]
    configurations = [(file, image_test_config.parse(Path(file).read_bytes(), file)) for file in files]
    scratch = Path(tempfile.mkdtemp(prefix="image-test-", dir=environment.get("TEST_TMPDIR")))
    try:
        layers, driver = _subject(settings, lines, scratch)
        with contextlib.closing(driver):
            cases = list(_cases(configurations, layers, driver, _deadline(environment)))
            chosen = _chosen(cases, environment)
            outcomes = [_outcome(case) for case in chosen]
    finally:
        remove(scratch)
    sys.stdout.write(image_test_report.text(outcomes))
    if report := environment.get("XML_OUTPUT_FILE"):
        Path(report).write_bytes(image_test_report.junit(asked.header.label, outcomes))
    return 1 if any(outcome.failures for outcome in outcomes) else 0


def _subject(settings: Settings, lines: Sequence[object], scratch: Path) -> tuple[Layers, Driver]:
    path = image_lines.path(lines, Config)
    config = canonical.decode_object(Path(path).read_bytes(), path)
    layers = Layers(
        [line.path for line in image_lines.of(lines, Listing)],
        [line.path for line in image_lines.of(lines, Blob)],
        [line.path for line in image_lines.of(lines, Layer)],
        scratch,
    )
    if settings.driver == "namespace":
        emulator = "".join(line.path for line in image_lines.of(lines, Emulator))
        return layers, NamespaceDriver(config, layers, scratch, emulator)
    archive = Path(image_lines.path(lines, Archive))
    return layers, EngineDriver(settings.driver, archive, config, scratch)


def _deadline(environment: Mapping[str, str]) -> float:
    return time.monotonic() + float(environment.get("TEST_TIMEOUT") or _LONGEST) * _RESERVE


def _cases(
    configurations: Sequence[tuple[str, Configuration]], layers: Layers, driver: Driver, deadline: float
) -> Iterator[Case]:
    """Give all cases. The driver is asked whether it can run commands only where there are some."""
    view = driver.view
    commands = any(tests.command_tests for _, tests in configurations)
    skipped = driver.skipped() if commands else ""
    if commands and not skipped and isinstance(driver, NamespaceDriver) and (problem := namespace.problem()):
        raise ImageError(f'driver cannot run commands, got namespace: {problem}; set it to "docker" or "podman"')
    checked: dict[str, Callable[[Any], Iterator[str]]] = {
        "file_existence_tests": lambda test: checks.existence(view, test),
        "file_content_tests": lambda test: checks.content(view, test),
        "license_tests": lambda test: checks.licenses(view, test),
        "metadata_test": lambda test: checks.metadata(view, test),
        "size_tests": lambda test: limits.sizes(layers, test),
        "package_tests": lambda test: limits.packages(layers, test),
        "elf_tests": lambda test: limits.elf(layers.rootfs, test),
        "no_tests": lambda test: limits.banned(layers, test),
    }
    for file, tests in configurations:
        for field, name, test in image_test_config.cases(tests):
            place = f"{file}:{test.line}"
            if field in checked:
                yield Case(name, place, _checked(checked[field], test))
            else:
                yield Case(name, place, _command(driver, tests, test, deadline), skipped)


def _checked(check: Callable[[Any], Iterator[str]], test: object) -> Callable[[], Ending]:
    return lambda: (list(check(test)), "")


def _command(driver: Driver, tests: Configuration, test: CommandTest, deadline: float) -> Callable[[], Ending]:
    def run() -> Ending:
        how = image_test_commands.options(tests.container_run_options)
        left = max(1.0, deadline - time.monotonic())
        return image_test_commands.run(driver, test, tests.global_env_vars, how, left)

    return run


def _chosen(cases: Sequence[Case], environment: Mapping[str, str]) -> list[Case]:
    """Give the cases of this shard that the filter means."""
    if status := environment.get("TEST_SHARD_STATUS_FILE"):
        Path(status).touch()
    wanted = environment.get("TESTBRIDGE_TEST_ONLY", "")
    found = [case for case in cases if fnmatch.fnmatchcase(case.name, f"*{wanted}*")]
    if not found:
        names = ", ".join(case.name for case in cases)
        raise InputError(f"test_filter means no test, got {wanted!r}; the tests are {names}")
    total = int(environment.get("TEST_TOTAL_SHARDS") or 1)
    first = int(environment.get("TEST_SHARD_INDEX") or 0)
    return list(itertools.islice(found, first, None, total))


def _outcome(case: Case) -> Outcome:
    if case.skipped:
        fault = [f"DISTILL_NO_SKIP is set, and {case.skipped}"] if os.environ.get("DISTILL_NO_SKIP") else []
        return Outcome(case.name, case.file, fault, case.skipped)
    start = time.monotonic()
    try:
        failures, output = case.run()
    except DistillError as error:
        failures, output = [str(error)], ""
    return Outcome(case.name, case.file, failures, "", output, time.monotonic() - start)
