"""Tests of `image`: each attribute as it stands in the requests."""

load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test", "request_test_rule")

_HERE = "tests/rules/image/"
_BIN = "BIN/" + _HERE
_PLATFORM = "//platforms:linux_amd64"

lint_flags_test = request_test_rule({
    str(Label("//rules/settings:lint_disable")): ["shell"],
    str(Label("//rules/settings:lint_fail_on")): "never",
})

def image_request_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "request_layer", tags = ["manual"])
    image(
        name = "request_Base",
        allow = {"/usr/lib/y": "of the base"},
        layers = [":request_layer"],
        lint_allow = {"root-user": "as it is"},
        platform = _PLATFORM,
        tags = ["manual"],
    )
    image(
        name = "request_image",
        allow = {"/usr/lib/x": "never loaded"},
        annotations = {"a": "b"},
        base = ":request_Base",
        cmd = ["--flag"],
        created = "2026-01-01T00:00:00Z",
        entrypoint = ["/bin/app"],
        env = {"PATH": "/opt:$PATH"},
        exposed_ports = ["80/tcp"],
        labels = {"l": "m"},
        lint_allow = {"shell:/bin/sh": "for people"},
        platform = _PLATFORM,
        repo_tags = ["app:1", "app:latest"],
        stop_signal = "SIGINT",
        tags = ["manual"],
        user = "app:app",
        volumes = ["/data"],
        working_dir = "/srv",
    )
    platform = {"architecture": "amd64", "os": "linux", "variant": ""}
    layer_line = {"path": _BIN + "request_layer.descriptor.json", "role": "layer"}
    tests = {
        "defaults": dict(
            target = ":request_Base",
            mnemonic = "ImageManifest",
            settings = dict(
                platform,
                annotations = {},
                cmd = None,
                created = "",
                entrypoint = None,
                env = {},
                exposed_ports = [],
                labels = {},
                stop_signal = "",
                user = "",
                volumes = [],
                working_dir = "",
            ),
            lines = [layer_line],
        ),
        "manifest": dict(
            target = ":request_image",
            mnemonic = "ImageManifest",
            settings = dict(
                platform,
                annotations = {"a": "b"},
                cmd = ["--flag"],
                created = "2026-01-01T00:00:00Z",
                entrypoint = ["/bin/app"],
                env = {"PATH": "/opt:$PATH"},
                exposed_ports = ["80/tcp"],
                labels = {"l": "m"},
                stop_signal = "SIGINT",
                user = "app:app",
                volumes = ["/data"],
                working_dir = "/srv",
            ),
            lines = [
                layer_line,
                {"path": _BIN + "request_Base.config.json", "role": "base_config"},
                {"path": _BIN + "request_Base.manifest.json", "role": "base_manifest"},
            ],
            outs = {
                "config": _BIN + "request_image.config.json",
                "descriptor": _BIN + "request_image.descriptor.json",
                "digest": _BIN + "request_image.digest",
                "manifest": _BIN + "request_image.manifest.json",
            },
        ),
        "validate": dict(
            target = ":request_image",
            mnemonic = "ImageValidate",
            settings = {"allow": {"/usr/lib/x": "never loaded", "/usr/lib/y": "of the base"}},
            lines = [
                {"path": _BIN + "request_image.config.json", "role": "config"},
                {
                    "label": "//tests/rules/image:request_layer",
                    "path": _BIN + "request_layer.listing.jsonl",
                    "role": "listing",
                },
                {"path": _BIN + "request_Base.validation.txt", "role": "base_report"},
            ],
            outs = {
                "report": _BIN + "request_image.validation.txt",
                "unused": _BIN + "request_image.validation.txt.unused",
            },
        ),
        "lint": dict(
            target = ":request_image",
            mnemonic = "ImageLint",
            settings = {"allow": {"shell:/bin/sh": "for people"}, "disable": [], "fail_on": "error", "inherited": {"root-user": "as it is"}},
            lines = [
                {"path": _BIN + "request_image.config.json", "role": "config"},
                {"path": _BIN + "request_layer.listing.jsonl", "role": "listing"},
                {"path": _BIN + "request_Base.lint.txt", "role": "base_lint"},
            ],
            outs = {
                "json": _BIN + "request_image.lint.json",
                "sarif": _BIN + "request_image.lint.sarif",
                "text": _BIN + "request_image.lint.txt",
            },
        ),
        "lint_default": dict(
            target = ":request_Base",
            mnemonic = "ImageLint",
            settings = {"allow": {"root-user": "as it is"}, "disable": [], "fail_on": "error", "inherited": {}},
        ),
        "listing": dict(
            target = ":request_image",
            mnemonic = "ImageListing",
            settings = {},
            lines = [{"path": _BIN + "request_layer.listing.jsonl", "role": "listing"}],
            outs = {"listing": _BIN + "request_image.listing.jsonl"},
        ),
        "sbom": dict(
            target = ":request_image",
            mnemonic = "ImageSbom",
            settings = {},
            lines = [
                {"path": _BIN + "request_image.manifest.json", "role": "manifest"},
                layer_line,
                {"path": _BIN + "request_layer.listing.jsonl", "role": "listing"},
            ],
            outs = {"sbom": _BIN + "request_image.spdx.json"},
        ),
    }
    for mnemonic, out, file in [("ImageArchive", "archive", "request_image.tar"), ("ImageLayout", "layout", "request_image.oci")]:
        tests[out] = dict(
            target = ":request_image",
            mnemonic = mnemonic,
            settings = {"repo_tags": ["app:1", "app:latest"]},
            lines = [
                {"path": _BIN + "request_image.config.json", "role": "config"},
                {"path": _BIN + "request_image.manifest.json", "role": "manifest"},
                layer_line,
                {"path": _BIN + "request_layer.tar.gz", "role": "blob"},
            ],
            outs = {out: _BIN + file},
        )
        tests[out + "_default_tag"] = dict(
            target = ":request_Base",
            mnemonic = mnemonic,
            settings = {"repo_tags": ["tests/rules/image/request_base:latest"]},
        )
    request_test(
        name = "request_lint_flags_test",
        rule = lint_flags_test,
        target = ":request_image",
        mnemonic = "ImageLint",
        settings = {"allow": {"shell:/bin/sh": "for people"}, "disable": ["shell"], "fail_on": "never", "inherited": {"root-user": "as it is"}},
    )
    for test, attributes in tests.items():
        request_test(name = "request_%s_test" % test, **attributes)
    native.test_suite(name = name, tests = [":request_%s_test" % test for test in tests.keys() + ["lint_flags"]])
