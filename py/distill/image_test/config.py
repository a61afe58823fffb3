"""Reads the YAML of an image test: what fits no form, cannot be meant, or asserts nothing is an error with its line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from distill import globs, yaml_form
from distill.debian import version
from distill.errors import FormatError, InputError
from distill.image_test import go_regex
from distill.image_test.schema import (
    CommandTest,
    Configuration,
    ElfTest,
    EnvVar,
    FileExistenceTest,
    MetadataTest,
    PackageTest,
    SizeTest,
)

VERSION = "2.0.0"

KINDS = {
    "command_tests": "Command Test",
    "file_existence_tests": "File Existence Test",
    "file_content_tests": "File Content Test",
    "license_tests": "License Test",
    "metadata_test": "Metadata Test",
    "size_tests": "Size Test",
    "package_tests": "Package Test",
    "elf_tests": "ELF Test",
    "no_tests": "No Test",
}
"""What a case is called by the field that has it, in the order in which they run: that of container-structure-test."""

_UNITS = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SIZE = re.compile(r"(\d{1,15})(?:\.(\d{1,3}))?\s*([A-Za-z]*)", re.ASCII)
_PERMISSIONS = re.compile(r"[dalTLDpSugct]*-?[-rwx]{9}|[-dlcbps](?:[-r][-w][-xsStT]){3}")


def parse(text: bytes, file: str) -> Configuration:
    """Read a file of tests; `file` names it in errors.

    Raises:
        FormatError: no YAML.
        InputError: what does not fit the schema, or asserts nothing; the message has its line.
    """
    configuration = yaml_form.read(text, file, Configuration)
    for problem in _Checker(file).problems(configuration):
        raise problem
    return configuration


def cases(tests: Configuration) -> Iterator[tuple[str, str, Any]]:
    """Give the field, the name and the test of each case, in the order in which they run."""
    for field, kind in KINDS.items():
        found = getattr(tests, field)
        for test in found if isinstance(found, tuple) else filter(None, [found]):
            yield field, f"{kind}: {test.name}" if hasattr(test, "name") else kind, test


def size(text: str) -> int:
    """Give the bytes that `text` stands for, such as `20 MB`; ValueError where it is no size."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or match[3] not in _UNITS:
        raise ValueError(text)
    thousandths = int(match[1]) * 1000 + int((match[2] or "0").ljust(3, "0"))
    return thousandths * _UNITS[match[3]] // 1000


@dataclass(frozen=True)
class _Checker:
    file: str

    def error(self, line: int, what: str, got: object, advice: str) -> InputError:
        return yaml_form.error(self.file, line, what, got, advice)

    def problems(self, tests: Configuration) -> Iterator[InputError]:
        if tests.schema_version != VERSION:
            advice = f'write schemaVersion: "{VERSION}"'
            yield self.error(1, "has an unknown schemaVersion", tests.schema_version, advice)
        if not any(cases(tests)):
            advice = f"write tests below one of {', '.join(map(yaml_form.key, KINDS))}"
            yield self.error(1, "asserts nothing", "no test", advice)
        for variable in tests.global_env_vars:
            yield from self.variable(variable)
        for command in tests.command_tests:
            yield from self.command(command)
        for existence in tests.file_existence_tests:
            yield from self.existence(existence)
        for content in tests.file_content_tests:
            yield from self.patterns(content.line, content.expected_contents + content.excluded_contents)
        if tests.metadata_test:
            yield from self.metadata(tests.metadata_test)
        for licence in tests.license_tests:
            if not licence.debian and not licence.files:
                yield self.error(licence.line, "asserts nothing", "a license test", "set debian, or name files")
        for weight in tests.size_tests:
            yield from self.weight(weight)
        for package in tests.package_tests:
            yield from self.package(package)
        for elf in tests.elf_tests:
            yield from self.elf(elf)
        for banned in tests.no_tests:
            if not (banned.paths or banned.packages or banned.shells or banned.setuid):
                advice = "set paths, packages, shells or setuid"
                yield self.error(banned.line, "asserts nothing", banned.name, advice)
            yield from self.globs(banned.line, banned.paths + banned.packages + banned.except_)

    def command(self, test: CommandTest) -> Iterator[InputError]:
        for what, commands in (("setup", test.setup), ("teardown", test.teardown)):
            for command in commands:
                if not command or not command[0]:
                    yield self.error(test.line, f"has an empty command in {what}", test.name, "remove it")
        for variable in test.env_vars:
            yield from self.variable(variable)
        if not 0 <= test.exit_code <= 255:
            yield self.error(test.line, "has an exitCode that no process has", test.exit_code, "use 0 to 255")
        if test.timeout < 0:
            yield self.error(test.line, "has a negative timeout", test.timeout, "give seconds, or leave it out")
        patterns = test.expected_output + test.excluded_output + test.expected_error + test.excluded_error
        yield from self.patterns(test.line, patterns)

    def variable(self, variable: EnvVar) -> Iterator[InputError]:
        if variable.is_regex:
            advice = "isRegex is for metadataTest; leave it out"
            yield self.error(variable.line, "sets a variable to a pattern", variable.key, advice)
        if "=" in variable.key or "\0" in variable.key + variable.value:
            yield self.error(
                variable.line, "has a variable of a wrong name or value", variable.key, "leave out = and NUL"
            )

    def existence(self, test: FileExistenceTest) -> Iterator[InputError]:
        asked = test.permissions or test.is_executable_by or test.uid is not None or test.gid is not None
        if not test.should_exist and asked:
            advice = "leave out permissions, uid, gid and isExecutableBy"
            yield self.error(test.line, "asks how a path is that should not exist", test.path, advice)
        for name, number in (("uid", test.uid), ("gid", test.gid)):
            if number is not None and not 0 <= number < 1 << 32:
                yield self.error(test.line, f"has a {name} that no file has", number, "use 0 to 4294967295")
        if test.permissions and not _PERMISSIONS.fullmatch(test.permissions):
            advice = "write them as in -rw-r--r--"
            yield self.error(test.line, "has permissions of another form", test.permissions, advice)

    def metadata(self, test: MetadataTest) -> Iterator[InputError]:
        asked = [name.name for name in fields(test) if name.name != "line"]
        # An empty entrypoint or cmd is asserted where it is written.
        if (
            all(getattr(test, name) in ("", None, ()) for name in asked)
            and test.entrypoint is None
            and test.cmd is None
        ):
            advice = f"set one of {', '.join(map(yaml_form.key, asked))}"
            yield self.error(test.line, "asserts nothing", "a metadataTest", advice)
        for pair in test.env_vars + test.labels:
            if pair.is_regex:
                yield from self.patterns(pair.line, (pair.value,))

    def weight(self, test: SizeTest) -> Iterator[InputError]:
        if not test.max_unpacked and not test.max_compressed and test.max_layers is None:
            advice = "set maxUnpacked, maxCompressed or maxLayers"
            yield self.error(test.line, "asserts nothing", test.name, advice)
        if test.max_layers is not None and test.max_layers < 0:
            yield self.error(test.line, "has a negative maxLayers", test.max_layers, "give how many there may be")
        if test.path and (test.max_compressed or test.max_layers is not None):
            advice = "give it maxUnpacked, and the others a test without path"
            yield self.error(test.line, "asks what a part of an image does not have", test.path, advice)
        yield from self.globs(test.line, (test.path,))
        for text in filter(None, (test.max_unpacked, test.max_compressed)):
            try:
                size(text)
            except ValueError:
                advice = "write bytes, or a number with kB, MB, GB, KiB, MiB or GiB"
                yield self.error(test.line, "has a size of another form", text, advice)

    def package(self, test: PackageTest) -> Iterator[InputError]:
        if not test.should_exist and (test.version or test.min_version):
            advice = "leave out version and minVersion"
            yield self.error(test.line, "asks the version of a package that should not exist", test.package, advice)
        yield from self.globs(test.line, (test.package,))
        try:
            version.parse(test.min_version or "0")
        except FormatError:
            advice = "write [epoch:]upstream[-revision]"
            yield self.error(test.line, "has a minVersion that is no Debian version", test.min_version, advice)

    def elf(self, test: ElfTest) -> Iterator[InputError]:
        told = (test.stripped, test.rpath, test.interpreter)
        if all(fact is None for fact in told) and not (test.machine or test.expected_needed or test.excluded_needed):
            advice = "set stripped, rpath, interpreter, machine, expectedNeeded or excludedNeeded"
            yield self.error(test.line, "asserts nothing", test.name, advice)
        yield from self.globs(test.line, (test.path, *test.expected_needed, *test.excluded_needed))

    def patterns(self, line: int, patterns: Iterable[str]) -> Iterator[InputError]:
        for pattern in patterns:
            try:
                go_regex.compiled(pattern)
            except go_regex.PatternError as error:
                advice = "write what Go and Python both read"
                yield self.error(line, f"has a pattern that cannot be read ({error})", pattern, advice)

    def globs(self, line: int, texts: Iterable[str]) -> Iterator[InputError]:
        for text in texts:
            try:
                globs.compiled(text)
            except InputError:
                yield self.error(line, "has a glob with a range that goes backwards", text, "write it as [a-z]")
