"""Tests of `ca_certificates_layer`."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/layer:defs.bzl", "ca_certificates_layer")
load("//tests/rules:request_test.bzl", "request_test")
load("//tests/rules:subjects.bzl", "package")

_HERE = "tests/rules/layer/"

def _report_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ["certificates.report.txt"], [file.basename for file in target[OutputGroupInfo].report.to_list()])
    asserts.equals(env, ["certificates.tar.gz"], [file.basename for file in target[DefaultInfo].files.to_list()])
    return analysistest.end(env)

report_test = analysistest.make(_report_test_impl)

def ca_certificates_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    package(
        name = "ca_certificates_package",
        deb = "BUILD.bazel",
        package = "ca-certificates",
        tags = ["manual"],
    )
    ca_certificates_layer(
        name = "certificates",
        exclude = ["mozilla/Some_Root.crt"],
        extra = ["ours.pem"],
        package = ":ca_certificates_package",
        tags = ["manual"],
        valid_on = "2026-01-01",
    )
    request_test(
        name = "certificates_test",
        target = ":certificates",
        mnemonic = "LayerCaCertificates",
        settings = {
            "compression": "gzip",
            "exclude": ["mozilla/Some_Root.crt"],
            "formats": ["bundle", "openssl"],
            "level": "default",
            "valid_on": "2026-01-01",
        },
        lines = [
            {"path": _HERE + "ours.pem", "role": "extra"},
            {
                "architecture": "all",
                "name": "ca-certificates",
                "path": _HERE + "BUILD.bazel",
                "role": "package",
                "sha256": "ab" * 32,
                "size": 12,
                "version": "1.0-1",
            },
        ],
        outs = {
            "blob": "BIN/" + _HERE + "certificates.tar.gz",
            "descriptor": "BIN/" + _HERE + "certificates.descriptor.json",
            "listing": "BIN/" + _HERE + "certificates.listing.jsonl",
            "report": "BIN/" + _HERE + "certificates.report.txt",
        },
    )
    report_test(name = "certificates_report_test", target_under_test = ":certificates")

    ca_certificates_layer(
        name = "certificates_ours",
        extra = ["ours.pem"],
        tags = ["manual"],
    )
    request_test(
        name = "certificates_ours_test",
        target = ":certificates_ours",
        mnemonic = "LayerCaCertificates",
        lines = [{"path": _HERE + "ours.pem", "role": "extra"}],
    )
    native.test_suite(
        name = name,
        tests = [
            ":certificates_ours_test",
            ":certificates_report_test",
            ":certificates_test",
        ],
    )
