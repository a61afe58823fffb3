"""Tests of debug_layer."""

load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("//rules/binary:defs.bzl", "debug_layer", "stripped_binary")
load("//tests/rules:request_test.bzl", "request_test")

def debug_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    stripped_binary(name = "one", binary = "none.c", strip = "my-strip", tags = ["manual"])
    stripped_binary(name = "other", binary = "none.c", strip = "my-strip", tags = ["manual"])
    write_file(name = "write_dwp", out = "server.dwp", content = [])
    debug_layer(name = "debug", srcs = ["none.c"], binaries = [":one", ":other"], dwps = ["server.dwp"], tags = ["manual"])
    request_test(
        name = "debug_layer_test",
        target = ":debug",
        mnemonic = "LayerFiles",
        settings = {"compression": "gzip", "level": "default"},
        lines = [
            {
                "role": "src",
                "dest": "usr/lib/debug",
                "mode": "0644",
                "path": "BIN/tests/rules/binary/%s.debug" % binary,
                "tree": True,
            }
            for binary in ["one", "other"]
        ] + [
            {
                "role": "src",
                "below": "usr/lib/debug",
                "mode": "0644",
                "name": "server.dwp",
                "path": "BIN/tests/rules/binary/server.dwp",
            },
            {
                "role": "src",
                "below": "usr/src/debug",
                "mode": "0644",
                "path": "tests/rules/binary/none.c",
                "short_path": "tests/rules/binary/none.c",
            },
        ],
        outs = {
            "blob": "BIN/tests/rules/binary/debug.tar.gz",
            "descriptor": "BIN/tests/rules/binary/debug.descriptor.json",
            "listing": "BIN/tests/rules/binary/debug.listing.jsonl",
        },
    )
    native.test_suite(name = name, tests = [":debug_layer_test"])
