"""Tests of `nsswitch_layer`."""

load("//rules/layer:defs.bzl", "nsswitch_layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

_DEFAULT = """\
passwd:         files
group:          files
shadow:         files
gshadow:        files
hosts:          files dns
networks:       files
protocols:      files
services:       files
ethers:         files
rpc:            files
netgroup:       files
"""

def _content(text):
    return {"dest": "etc/nsswitch.conf", "gid": 0, "mode": "0644", "role": "content", "text": text, "uid": 0}

def nsswitch_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    nsswitch_layer(name = "nsswitch", tags = ["manual"])
    request_test(
        name = "nsswitch_test",
        target = ":nsswitch",
        mnemonic = "LayerFiles",
        settings = {"compression": "gzip", "level": "default"},
        lines = [_content(_DEFAULT)],
    )
    nsswitch_layer(
        name = "nsswitch_given",
        databases = {
            "a_database_of_ours": "files",
            "hosts": "files",
        },
        tags = ["manual"],
    )
    request_test(
        name = "nsswitch_given_test",
        target = ":nsswitch_given",
        mnemonic = "LayerFiles",
        lines = [_content(_DEFAULT.replace("files dns", "files") + "a_database_of_ours: files\n")],
    )
    failures = {
        "nsswitch_empty": (
            {"hosts": " "},
            "databases needs the services of hosts on one line, got \" \"; write \"files dns\"",
        ),
        "nsswitch_two_lines": (
            {"hosts": "files\ndns"},
            "databases needs the services of hosts on one line, got \"files\\ndns\"; write \"files dns\"",
        ),
        "nsswitch_bad_name": (
            {"hosts:": "files"},
            "databases needs names of letters, digits and _, got \"hosts:\"; see nsswitch.conf(5)",
        ),
    }
    for test, (databases, message) in failures.items():
        failure_test(name = test + "_test", rule = nsswitch_layer, databases = databases, message = "LABEL: " + message)
    native.test_suite(
        name = name,
        tests = [":nsswitch_test", ":nsswitch_given_test"] + [":" + test + "_test" for test in failures],
    )
