"""Tests of `zoneinfo_layer`."""

load("//rules/layer:defs.bzl", "zoneinfo_layer")
load("//tests/rules:request_test.bzl", "request_test")
load("//tests/rules:subjects.bzl", "package")

_LINES = [{
    "architecture": "all",
    "name": "tzdata",
    "path": "tests/rules/layer/BUILD.bazel",
    "role": "package",
    "sha256": "ab" * 32,
    "size": 12,
    "version": "1.0-1",
}]

def zoneinfo_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    package(
        name = "tzdata_package",
        deb = "BUILD.bazel",
        package = "tzdata",
        tags = ["manual"],
    )
    zoneinfo_layer(
        name = "zoneinfo_all",
        package = ":tzdata_package",
        tags = ["manual"],
    )
    request_test(
        name = "zoneinfo_all_test",
        target = ":zoneinfo_all",
        mnemonic = "LayerZoneinfo",
        settings = {"compression": "gzip", "level": "default", "localtime": "", "variants": False, "zones": []},
        lines = _LINES,
    )
    zoneinfo_layer(
        name = "zoneinfo_named",
        compression_level = "best",
        localtime = "Etc/UTC",
        package = ":tzdata_package",
        tags = ["manual"],
        variants = True,
        zones = ["Europe/Berlin", "Etc/UTC"],
    )
    request_test(
        name = "zoneinfo_named_test",
        target = ":zoneinfo_named",
        mnemonic = "LayerZoneinfo",
        settings = {
            "compression": "gzip",
            "level": "best",
            "localtime": "Etc/UTC",
            "variants": True,
            "zones": ["Europe/Berlin", "Etc/UTC"],
        },
        lines = _LINES,
    )
    native.test_suite(name = name, tests = [":zoneinfo_all_test", ":zoneinfo_named_test"])
