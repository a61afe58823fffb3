"""Tests of binary_layer and image_closure."""

load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("//rules/binary:defs.bzl", "binary_layer", "image_closure")
load("//rules/debian/private:package.bzl", "debian_package", "debian_package_layer")  # buildifier: disable=bzl-visibility
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

_HERE = "tests/rules/binary/"
_BIN = "BIN/" + _HERE

def _with_runfiles_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(program, "", is_executable = True)
    return [DefaultInfo(executable = program, runfiles = ctx.runfiles(files = ctx.files.data))]

with_runfiles = rule(
    implementation = _with_runfiles_impl,
    doc = "A program with runfiles.",
    attrs = {"data": attr.label_list(allow_files = True)},
    executable = True,
)

def _package(name, depends = []):
    write_file(name = name + "_deb", out = name + ".deb", content = [])
    debian_package_layer(
        name = name + "_own",
        architecture = "amd64",
        deb = name + ".deb",
        package = name,
        sha256 = "ab" * 32,
        size = 7,
        tags = ["manual"],
        version = "2",
    )
    debian_package(
        name = name,
        depends = depends,
        package = name + "_own",
        sonames = "sonames.json",
        tags = ["manual"],
    )

def _package_lines(names):
    return [
        {"role": "listing", "package": True, "path": _BIN + "%s_2_amd64.listing.jsonl" % name}
        for name in names
    ] + [
        {
            "role": "package",
            "architecture": "amd64",
            "name": name,
            "path": _BIN + name + ".deb",
            "sha256": "ab" * 32,
            "size": 7,
            "version": "2",
        }
        for name in names
    ]

def binary_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    for file in ["libown.so", "libown.so.1.2", "libown.txt", "libfree.so", "plugin.so"]:
        write_file(name = file + "_file", out = file, content = [])
    write_file(name = "sonames", out = "sonames.json", content = ["{}"])
    with_runfiles(name = "app", data = ["libown.so", "libown.so.1.2", "libown.txt"], tags = ["manual"])
    _package("low")
    _package("high", depends = [":low"])
    layer(name = "below", tags = ["manual"])
    layer(name = "beside", tags = ["manual"])
    image(name = "base_image", layers = [":below"], tags = ["manual"])
    binary_layer(name = "plain", binary = ":app", tags = ["manual"])
    binary_layer(
        name = "whole",
        base = ":base_image",
        binary = ":app",
        files = {"plugin.so": "/opt/plugins/"},
        layers = [":beside"],
        libraries = ["libfree.so"],
        library_dir = "/opt/lib/",
        library_path = ["/opt/lib"],
        opens = ["libnss_dns.so.2"],
        packages = [":high"],
        path = "/opt/app",
        priority = "required",
        tags = ["manual"],
    )
    image_closure(name = "base.closure", image = ":base_image", programs = ["/usr/bin/*"], tags = ["manual"])
    own = [{"role": "library", "name": file, "path": _BIN + file} for file in ["libown.so", "libown.so.1.2"]]
    tests = {
        "plain": dict(
            target = ":plain",
            mnemonic = "BinaryLayer",
            settings = {
                "compression": "gzip",
                "level": "default",
                "library_dir": "usr/lib",
                "library_path": [],
                "opens": [],
                "priority": "recommended",
            },
            lines = [{"role": "src", "dest": "usr/bin/app", "path": _BIN + "app"}] + own,
            outs = {
                "blob": _BIN + "plain.tar.gz",
                "descriptor": _BIN + "plain.descriptor.json",
                "json": _BIN + "plain.closure.json",
                "listing": _BIN + "plain.listing.jsonl",
                "text": _BIN + "plain.closure.txt",
                "unused": _BIN + "plain.closure.json.unused",
            },
        ),
        "whole": dict(
            target = ":whole",
            mnemonic = "BinaryLayer",
            settings = {
                "compression": "gzip",
                "level": "default",
                "library_dir": "opt/lib",
                "library_path": ["/opt/lib"],
                "opens": ["libnss_dns.so.2"],
                "priority": "required",
            },
            lines = [
                {"role": "src", "dest": "opt/app", "path": _BIN + "app"},
                {"role": "src", "below": "opt/plugins", "name": "plugin.so", "path": _BIN + "plugin.so"},
                {"role": "library", "name": "libfree.so", "path": _BIN + "libfree.so"},
            ] + own + [
                {"role": "listing", "path": _BIN + "below.listing.jsonl"},
                {"role": "listing", "path": _BIN + "beside.listing.jsonl"},
            ] + _package_lines(["low", "high"]) + [{"role": "sonames", "path": _BIN + "sonames.json"}],
        ),
        "closure": dict(
            target = ":base.closure",
            mnemonic = "BinaryClosure",
            settings = {"programs": ["/usr/bin/*"]},
            lines = [
                {"role": "config", "path": _BIN + "base_image.config.json"},
                {"role": "listing", "label": "//tests/rules/binary:below", "path": _BIN + "below.listing.jsonl"},
            ],
            outs = {"json": _BIN + "base.closure.json", "text": _BIN + "base.closure.txt"},
        ),
    }
    for test, attributes in tests.items():
        request_test(name = "binary_layer_%s_test" % test, **attributes)
    failures = {
        "path": (dict(path = "bin/app"), "LABEL: path needs an absolute path, got \"bin/app\"; begin it with /"),
        "files": (
            dict(files = {"plugin.so": "/../x"}),
            "LABEL: files must not climb with .., got \"/../x\"; write the path it means",
        ),
        "library_dir": (
            dict(library_dir = "/"),
            "LABEL: library_dir cannot be the root itself, got \"/\"; name something below it",
        ),
    }
    for test, (attributes, message) in failures.items():
        failure_test(
            name = "binary_layer_%s_failure_test" % test,
            rule = binary_layer,
            binary = ":app",
            message = message,
            **attributes
        )
    native.test_suite(
        name = name,
        tests = [":binary_layer_%s_test" % test for test in tests] +
                [":binary_layer_%s_failure_test" % test for test in failures],
    )
