"""Tests of what all layers share: the compression, by attribute and by build flag."""

load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test", "request_test_rule")

_FLAGS = "//rules/settings:"

zstd_best_request_test = request_test_rule({
    str(Label(_FLAGS + "compression")): "zstd",
    str(Label(_FLAGS + "compression_level")): "best",
})

uncompressed_request_test = request_test_rule({str(Label(_FLAGS + "compression")): "uncompressed"})

opt_request_test = request_test_rule({"//command_line_option:compilation_mode": "opt"})

def layer_flags_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    for subject, attributes in {
        "auto": {},
        "fast": {"compression": "gzip", "compression_level": "fast"},
        "zstd": {"compression": "zstd"},
        "plain": {"compression": "uncompressed"},
    }.items():
        layer(name = "compressed_" + subject, tags = ["manual"], **attributes)

    tests = []
    for subject, flags, rule, compression, level, extension in [
        ("auto", "no_flags", None, "gzip", "default", ".tar.gz"),
        ("auto", "opt", opt_request_test, "gzip", "default", ".tar.gz"),
        ("auto", "zstd_best", zstd_best_request_test, "zstd", "best", ".tar.zst"),
        ("auto", "uncompressed", uncompressed_request_test, "uncompressed", "default", ".tar"),
        ("fast", "zstd_best", zstd_best_request_test, "gzip", "fast", ".tar.gz"),
        ("zstd", "no_flags", None, "zstd", "default", ".tar.zst"),
        ("zstd", "uncompressed", uncompressed_request_test, "zstd", "default", ".tar.zst"),
        ("plain", "zstd_best", zstd_best_request_test, "uncompressed", "best", ".tar"),
    ]:
        tests.append(":compressed_%s_with_%s_test" % (subject, flags))
        blob = "BIN/tests/rules/layer/compressed_%s" % subject
        request_test(
            name = tests[-1][1:],
            target = ":compressed_" + subject,
            mnemonic = "LayerFiles",
            settings = {"compression": compression, "level": level, "modes": {}, "mtime": 0, "owners": {}},
            outs = {
                "blob": blob + extension,
                "descriptor": blob + ".descriptor.json",
                "listing": blob + ".listing.jsonl",
            },
            **({"rule": rule} if rule else {})
        )
    native.test_suite(name = name, tests = tests)
