"""Tests of assets_layer."""

load("//rules/layer:defs.bzl", "assets_layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

_SRC = {
    "role": "src",
    "path": "tests/rules/layer/BUILD.bazel",
    "short_path": "tests/rules/layer/BUILD.bazel",
    "strip_prefix": "tests/rules",
}

def assets_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    tests = []
    for subject, external in [("assets_inside", False), ("assets_outside", True)]:
        assets_layer(
            name = subject,
            srcs = ["BUILD.bazel"],
            external = external,
            hash_names = not external,
            owner = "1:2",
            prefix = "/srv/static/",
            strip_prefix = "/tests/rules",
            tags = ["manual"],
        )
        inside = dict(_SRC, below = "srv/static", mode = "0644", uid = 1, gid = 2)
        outside = {
            "role": "src",
            "path": "BIN/tests/rules/layer/%s.manifest.json" % subject,
            "dest": "srv/static/staticfiles.json",
            "mode": "0644",
            "uid": 1,
            "gid": 2,
        }
        request_test(
            name = subject + "_layer_test",
            target = ":" + subject,
            mnemonic = "LayerFiles",
            settings = {"compression": "gzip", "level": "default"},
            lines = [outside if external else inside],
        )
        request_test(
            name = subject + "_bundle_test",
            target = ":" + subject,
            mnemonic = "AssetsBundle",
            settings = {"hash_names": not external},
            lines = [dict(_SRC, below = "")],
            outs = {
                "bundle": "BIN/tests/rules/layer/%s.bundle" % subject,
                "manifest": "BIN/tests/rules/layer/%s.manifest.json" % subject,
                "report": "BIN/tests/rules/layer/%s.assets.txt" % subject,
            },
        )
        tests += [":%s_layer_test" % subject, ":%s_bundle_test" % subject]
    for subject, attributes, message in [
        ("assets_prefix", {"prefix": "srv"}, "prefix needs an absolute path, got \"srv\"; begin it with /"),
        ("assets_manifest", {"external": True, "manifest": ""}, "manifest needs a path for an image without the files, got an empty one; name it, relative to prefix"),
        ("assets_owner", {"owner": "root"}, "owner needs uid:gid in numbers, got \"root\"; write 65532:65532"),
        ("assets_strip", {"strip_prefix": ".."}, "strip_prefix must not climb with .., got \"..\"; write the path it means"),
    ]:
        failure_test(
            name = subject + "_test",
            rule = assets_layer,
            srcs = ["BUILD.bazel"],
            message = "LABEL: " + message,
            **attributes
        )
        tests.append(":%s_test" % subject)
    native.test_suite(name = name, tests = tests)
