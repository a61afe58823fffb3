"""Tests of `rootfs_layer`."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/layer:defs.bzl", "rootfs_layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "requests")

_DIRECTORIES = {
    "boot": "0755",
    "dev": "0755",
    "etc": "0755",
    "home": "0755",
    "proc": "0755",
    "root": "0700",
    "run": "0755",
    "run/lock": "1777",
    "sys": "0755",
    "tmp": "1777",
    "usr": "0755",
    "usr/bin": "0755",
    "usr/lib": "0755",
    "usr/sbin": "0755",
    "var": "0755",
    "var/cache": "0755",
    "var/lib": "0755",
    "var/log": "0755",
    "var/tmp": "1777",
}
_LINKS = {"var/lock": "/run/lock", "var/run": "/run"}
_MERGED = {"bin": "usr/bin", "lib": "usr/lib", "sbin": "usr/sbin"}

def _rootfs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [found] = requests(env, "LayerFiles")
    lines = [line for line in found.lines if line["role"] != "out"]
    for line in lines:
        asserts.equals(env, (0, 0), (line["uid"], line["gid"]), line["dest"])
    directories = {line["dest"]: line["mode"] for line in lines if line["role"] == "directory"}
    links = {line["dest"]: line["link"] for line in lines if line["role"] == "symlink"}
    asserts.equals(env, len(lines), len(directories) + len(links), "each path once")
    asserts.equals(env, dict(_DIRECTORIES, **ctx.attr.directories), directories)
    asserts.equals(env, dict(_LINKS, **ctx.attr.links), links)
    return analysistest.end(env)

rootfs_test = analysistest.make(
    _rootfs_test_impl,
    attrs = {"directories": attr.string_dict(), "links": attr.string_dict()},
)

def rootfs_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    rootfs_layer(name = "rootfs", tags = ["manual"])
    rootfs_test(name = "rootfs_default_test", target_under_test = ":rootfs", links = _MERGED)
    rootfs_layer(name = "rootfs_unmerged", tags = ["manual"], usr_merged = False)
    rootfs_test(
        name = "rootfs_unmerged_test",
        target_under_test = ":rootfs_unmerged",
        directories = {path: "0755" for path in _MERGED},
    )
    rootfs_layer(
        name = "rootfs_given",
        directories = {"/srv/": "0750", "/tmp": "0755"},
        tags = ["manual"],
    )
    rootfs_test(
        name = "rootfs_given_test",
        target_under_test = ":rootfs_given",
        directories = {"srv": "0750", "tmp": "0755"},
        links = _MERGED,
    )
    failure_test(
        name = "rootfs_bad_mode_test",
        rule = rootfs_layer,
        directories = {"/srv": "rwx"},
        message = "LABEL: directories needs a mode in octal, got \"rwx\"; write 0644",
    )
    failure_test(
        name = "rootfs_relative_test",
        rule = rootfs_layer,
        directories = {"srv": "0755"},
        message = "LABEL: directories needs an absolute path, got \"srv\"; begin it with /",
    )
    native.test_suite(
        name = name,
        tests = [
            ":rootfs_bad_mode_test",
            ":rootfs_default_test",
            ":rootfs_given_test",
            ":rootfs_relative_test",
            ":rootfs_unmerged_test",
        ],
    )
