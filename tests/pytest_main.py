"""Runs pytest on the test files named as arguments, the way `bazel test` expects it."""

import os
import sys
from pathlib import Path

import pytest


class Profile:
    """A plugin: no test depends on how busy the machine is, and one that passed passes again."""

    def pytest_configure(self) -> None:
        """Choose what hypothesis does, before it meets a test."""
        import hypothesis  # pytest wants to be the first to import its plugins

        slow = [hypothesis.HealthCheck.too_slow]
        hypothesis.settings.register_profile("bazel", deadline=None, derandomize=True, suppress_health_check=slow)
        hypothesis.settings.load_profile("bazel")


def main(arguments: list[str]) -> int:
    """Run the tests of `arguments` (paths, or options of pytest) and give pytest's exit code.

    The report goes to $XML_OUTPUT_FILE, `--test_filter` becomes `-k`, temporary files go to $TEST_TMPDIR. A run that
    collects no test fails (pytest's code 5), so that an empty test file cannot pass.
    """
    options = ["-p", "no:cacheprovider", "-ra", "--strict-markers", "--strict-config", "-o", "xfail_strict=true"]
    # The second is of what hypothesis imports to describe a failure, where the machine's Python has it.
    options += ["-W", "error", "-W", "ignore:mypy_extensions.TypedDict:DeprecationWarning"]
    if report := os.environ.get("XML_OUTPUT_FILE"):
        options += [f"--junitxml={report}", "-o", "junit_family=xunit1"]
    if pattern := os.environ.get("TESTBRIDGE_TEST_ONLY"):
        options += ["-k", pattern]
    if folder := os.environ.get("TEST_TMPDIR"):
        options += [f"--basetemp={Path(folder) / 'pytest'}"]
        # Hypothesis keeps its examples in a folder of the working directory, which a sandbox does not let it write.
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(folder) / "hypothesis"))
    return int(pytest.main([*options, *arguments], plugins=[Profile()]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
