"""Tests of the messages of `layer`: bad input never yields a layer."""

load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")

def layer_failure_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    tests = []
    for name, attributes, message in [
        (
            "relative",
            {"files": {"BUILD.bazel": "usr/bin/app"}},
            "files needs an absolute path, got \"usr/bin/app\"; begin it with /",
        ),
        (
            "climbing",
            {"directories": ["/a/../etc"]},
            "directories must not climb with .., got \"/a/../etc\"; write the path it means",
        ),
        (
            "root_itself",
            {"directories": ["/./"]},
            "directories cannot be the root itself, got \"/./\"; name something below it",
        ),
        (
            "empty_path",
            {"empty_files": [""]},
            "empty_files needs an absolute path, got \"\"; begin it with /",
        ),
        (
            "bad_owner",
            {"owner": "root:root"},
            "owner needs uid:gid in numbers, got \"root:root\"; write 65532:65532",
        ),
        (
            "short_owner",
            {"owners": {"/a": "0"}},
            "owners needs uid:gid in numbers, got \"0\"; write 65532:65532",
        ),
        (
            "empty_link",
            {"symlinks": {"/a": ""}},
            "symlinks needs a target for /a, got an empty one; name the file it points to",
        ),
        (
            "relative_link",
            {"symlinks": {"a": "b"}},
            "symlinks needs an absolute path, got \"a\"; begin it with /",
        ),
        (
            "relative_prefix",
            {"prefix": "srv", "srcs": ["BUILD.bazel"]},
            "prefix needs an absolute path, got \"srv\"; begin it with /",
        ),
        (
            "climbing_strip_prefix",
            {"srcs": ["BUILD.bazel"], "strip_prefix": "../x"},
            "strip_prefix must not climb with .., got \"../x\"; write the path it means",
        ),
        (
            "bad_mode",
            {"mode": "u+x"},
            "mode needs a mode in octal, got \"u+x\"; write 0644",
        ),
        (
            "long_mode",
            {"modes": {"/a": "10644"}},
            "modes needs a mode in octal, got \"10644\"; write 0644",
        ),
        (
            "mode_of_root",
            {"modes": {"/": "0755"}},
            "modes cannot be the root itself, got \"/\"; name something below it",
        ),
    ]:
        tests.append(":%s_test" % name)
        failure_test(name = name + "_test", rule = layer, message = "LABEL: " + message, **attributes)
    native.test_suite(name = name, tests = tests)
