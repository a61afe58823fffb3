"""Tests of package_program."""

load("//rules/debian:defs.bzl", "package_program")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

def package_program_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    package_program(name = "program", files = ["/usr/lib/x/**"], packages = [":top"], path = "/usr/bin/strip", tags = ["manual"])
    request_test(
        name = "program_test",
        target = ":program",
        mnemonic = "PackageProgram",
        settings = {"path": "/usr/bin/strip", "files": ["/usr/lib/x/**"]},
        lines = [
            {
                "role": "package",
                "path": "BIN/tests/rules/debian/%s.deb" % package,
                "name": package,
                "version": "1:2",
                "architecture": "amd64",
                "sha256": "ab" * 32,
                "size": 7,
            }
            for package in ["base", "ring_a", "ring_b", "top"]
        ],
        outs = {
            "files": "BIN/tests/rules/debian/program.files",
            "launcher": "BIN/tests/rules/debian/program",
        },
    )
    failure_test(
        name = "program_path_test",
        rule = package_program,
        packages = [":top"],
        path = "bin/x",
        message = "LABEL: path needs an absolute path, got \"bin/x\"; begin it with /",
    )
    native.test_suite(name = name, tests = [":program_path_test", ":program_test"])
