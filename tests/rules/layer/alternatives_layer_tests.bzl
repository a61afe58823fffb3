"""Tests of alternatives_layer."""

load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "alternatives_layer", "layer")
load("//tests/rules:request_test.bzl", "request_test")

def alternatives_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "alternatives_below", tags = ["manual"])
    layer(name = "alternatives_own", tags = ["manual"])
    image(name = "alternatives_base", layers = [":alternatives_below"], tags = ["manual"])
    alternatives_layer(
        name = "alternatives",
        base = ":alternatives_base",
        choices = {"editor": "/usr/bin/vim.tiny"},
        layers = [":alternatives_own"],
        tags = ["manual"],
    )
    request_test(
        name = "alternatives_test",
        target = ":alternatives",
        mnemonic = "LayerAlternatives",
        settings = {"choices": {"editor": "/usr/bin/vim.tiny"}, "compression": "gzip", "level": "default"},
        lines = [
            {"role": "listing", "path": "BIN/tests/rules/layer/alternatives_below.listing.jsonl"},
            {"role": "listing", "path": "BIN/tests/rules/layer/alternatives_own.listing.jsonl"},
        ],
        outs = {
            "blob": "BIN/tests/rules/layer/alternatives.tar.gz",
            "descriptor": "BIN/tests/rules/layer/alternatives.descriptor.json",
            "listing": "BIN/tests/rules/layer/alternatives.listing.jsonl",
        },
    )
    native.test_suite(name = name, tests = [":alternatives_test"])
