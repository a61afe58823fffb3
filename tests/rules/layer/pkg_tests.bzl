"""Tests of `layer` with the providers of rules_pkg."""

load("@rules_pkg//pkg:mappings.bzl", "pkg_attributes", "pkg_filegroup", "pkg_files", "pkg_mkdirs", "pkg_mklink")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

_HERE = "tests/rules/layer/"

def pkg_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    pkg_files(
        name = "pkg_file",
        srcs = ["BUILD.bazel"],
        attributes = pkg_attributes(mode = "0600", uid = 5, gid = "6", user = "named", group = "named"),
        prefix = "etc/app",
        renames = {"BUILD.bazel": "app.conf"},
        tags = ["manual"],
    )
    pkg_mkdirs(
        name = "pkg_dirs",
        attributes = pkg_attributes(mode = "0700", user = "root", group = "root"),
        dirs = ["var/lib/app", "./var/cache//app/"],
        tags = ["manual"],
    )
    pkg_mklink(
        name = "pkg_link",
        link_name = "usr/bin/app",
        tags = ["manual"],
        target = "../lib/app",
    )
    pkg_filegroup(
        name = "pkg_group",
        srcs = [":pkg_dirs", ":pkg_file", ":pkg_link"],
        prefix = "opt",
        tags = ["manual"],
    )

    layer(
        name = "pkg",
        srcs = [":pkg_file", ":pkg_dirs", ":pkg_link"],
        owner = "7:7",  # what rules_pkg says, or leaves to its default, stands
        tags = ["manual"],
    )
    root = {"gid": 0, "uid": 0}
    request_test(
        name = "pkg_test",
        target = ":pkg",
        mnemonic = "LayerFiles",
        lines = [
            {"dest": "etc/app/app.conf", "gid": 6, "mode": "0600", "path": _HERE + "BUILD.bazel", "role": "src", "uid": 5},
            dict(root, dest = "var/lib/app", mode = "0700", role = "directory"),
            dict(root, dest = "var/cache/app", mode = "0700", role = "directory"),
            dict(root, dest = "usr/bin/app", link = "../lib/app", role = "symlink"),
        ],
    )

    layer(name = "pkg_grouped", srcs = [":pkg_group"], tags = ["manual"])
    request_test(
        name = "pkg_grouped_test",
        target = ":pkg_grouped",
        mnemonic = "LayerFiles",
        lines = [
            {"dest": "opt/etc/app/app.conf", "gid": 6, "mode": "0600", "path": _HERE + "BUILD.bazel", "role": "src", "uid": 5},
            dict(root, dest = "opt/var/lib/app", mode = "0700", role = "directory"),
            dict(root, dest = "opt/var/cache/app", mode = "0700", role = "directory"),
            dict(root, dest = "opt/usr/bin/app", link = "../lib/app", role = "symlink"),
        ],
    )

    pkg_files(
        name = "pkg_named_user",
        srcs = ["BUILD.bazel"],
        attributes = pkg_attributes(user = "redis"),
        tags = ["manual"],
    )
    failure_test(
        name = "pkg_named_user_test",
        rule = layer,
        srcs = [":pkg_named_user"],
        message = "LABEL: srcs needs numeric owners, got user = \"redis\" from rules_pkg; set uid in pkg_attributes",
    )
    pkg_mkdirs(
        name = "pkg_named_group",
        attributes = pkg_attributes(group = "redis", uid = 5),
        dirs = ["a"],
        tags = ["manual"],
    )
    failure_test(
        name = "pkg_named_group_test",
        rule = layer,
        srcs = [":pkg_named_group"],
        message = "LABEL: srcs needs numeric owners, got group = \"redis\" from rules_pkg; set gid in pkg_attributes",
    )
    pkg_mkdirs(
        name = "pkg_symbolic_mode",
        attributes = pkg_attributes(mode = "u=rwx"),
        dirs = ["a"],
        tags = ["manual"],
    )
    failure_test(
        name = "pkg_symbolic_mode_test",
        rule = layer,
        srcs = [":pkg_symbolic_mode"],
        message = "LABEL: srcs needs a mode in octal, got \"u=rwx\"; write 0644",
    )
    pkg_mkdirs(
        name = "pkg_climbing",
        dirs = ["../a"],
        tags = ["manual"],
    )
    failure_test(
        name = "pkg_climbing_test",
        rule = layer,
        srcs = [":pkg_climbing"],
        message = "LABEL: srcs must not climb with .., got \"/../a\"; write the path it means",
    )
    native.test_suite(
        name = name,
        tests = [
            ":pkg_climbing_test",
            ":pkg_grouped_test",
            ":pkg_named_group_test",
            ":pkg_named_user_test",
            ":pkg_symbolic_mode_test",
            ":pkg_test",
        ],
    )
