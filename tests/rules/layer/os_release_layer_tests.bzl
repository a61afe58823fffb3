"""Tests of `os_release_layer`."""

load("//rules/layer:defs.bzl", "os_release_layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

def _lines(text):
    return [
        {"dest": "usr/lib/os-release", "gid": 0, "mode": "0644", "role": "content", "text": text, "uid": 0},
        {"dest": "etc/os-release", "gid": 0, "link": "../usr/lib/os-release", "role": "symlink", "uid": 0},
    ]

def os_release_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    os_release_layer(name = "os_release", tags = ["manual"])
    request_test(
        name = "os_release_test",
        target = ":os_release",
        mnemonic = "LayerFiles",
        settings = {"compression": "gzip", "level": "default"},
        lines = _lines("""\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm), distilled"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME="bookworm"
"""),
    )
    os_release_layer(
        name = "os_release_quoted",
        fields = {"NAME": "a \"b\" $c `d` \\e 'f'", "X_1": ""},
        tags = ["manual"],
    )
    request_test(
        name = "os_release_quoted_test",
        target = ":os_release_quoted",
        mnemonic = "LayerFiles",
        lines = _lines("NAME=\"a \\\"b\\\" \\$c \\`d\\` \\\\e 'f'\"\nX_1=\"\"\n"),
    )
    failures = {}
    for test, key in {"lower": "name", "empty": "", "digit": "1A", "punctuation": "A-B", "underscores": "__"}.items():
        failures["os_release_" + test] = (
            {key: "x"},
            "fields needs names of upper-case letters, digits and _, got %r; see os-release(5)" % key,
        )
    failures["os_release_two_lines"] = (
        {"NAME": "a\nb"},
        "fields needs values of one line, got \"a\\nb\" for NAME; see os-release(5)",
    )
    for test, (fields, message) in failures.items():
        failure_test(name = test + "_test", rule = os_release_layer, fields = fields, message = "LABEL: " + message)
    native.test_suite(
        name = name,
        tests = [":os_release_test", ":os_release_quoted_test"] + [":" + test + "_test" for test in failures],
    )
