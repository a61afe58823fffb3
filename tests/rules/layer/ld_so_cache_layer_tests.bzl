"""Tests of ld_so_cache_layer."""

load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer", "ld_so_cache_layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

def ld_so_cache_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "cache_below", tags = ["manual"])
    layer(name = "cache_own", tags = ["manual"])
    image(name = "cache_base", layers = [":cache_below"], tags = ["manual"])
    ld_so_cache_layer(
        name = "cache",
        base = ":cache_base",
        directories = ["/opt/x/lib/"],
        layers = [":cache_own"],
        tags = ["manual"],
    )
    request_test(
        name = "cache_test",
        target = ":cache",
        mnemonic = "LayerLdSoCache",
        settings = {"directories": ["/opt/x/lib"], "compression": "gzip", "level": "default"},
        lines = [
            {"role": "listing", "path": "BIN/tests/rules/layer/cache_below.listing.jsonl"},
            {"role": "listing", "path": "BIN/tests/rules/layer/cache_own.listing.jsonl"},
        ],
        outs = {
            "blob": "BIN/tests/rules/layer/cache.tar.gz",
            "descriptor": "BIN/tests/rules/layer/cache.descriptor.json",
            "listing": "BIN/tests/rules/layer/cache.listing.jsonl",
        },
    )
    failure_test(
        name = "cache_directory_test",
        rule = ld_so_cache_layer,
        directories = ["opt/x"],
        message = "LABEL: directories needs an absolute path, got \"opt/x\"; begin it with /",
    )
    native.test_suite(name = name, tests = [":cache_directory_test", ":cache_test"])
