"""Tests of `image_test`: what it asks of the tool, and what the test finds among its runfiles."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/image:defs.bzl", "image")
load("//rules/inspect:defs.bzl", "image_test")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test")

_HERE = "tests/rules/inspect/"

def _ends(files):
    """The ends of the names of those of `files` that are of this package, the launcher aside."""
    ends = {}
    for file in files.to_list():
        if file.owner and file.owner.package == "tests/rules/inspect":
            ends[file.basename[file.basename.index("."):]] = None
    return sorted(ends)

def _runfiles_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ctx.attr.expected, _ends(target[DefaultInfo].default_runfiles.files))
    info = target[RunEnvironmentInfo]
    asserts.equals(env, {"MODE": "test"}, info.environment)
    asserts.equals(env, ["HOME"], info.inherited_environment)
    return analysistest.end(env)

runfiles_test = analysistest.make(_runfiles_test_impl, attrs = {"expected": attr.string_list()})

def _written(env, end):
    """The content of the file that an action of the target writes, by the end of its name."""
    for action in analysistest.target_actions(env):
        if action.outputs.to_list()[0].basename.endswith(end):
            return action.content
    return fail("no file that ends in " + end)

def _launcher_test_impl(ctx):
    env = analysistest.begin(ctx)
    text = _written(env, ".sh")
    name = analysistest.target_under_test(env).label.name
    asserts.true(env, text.startswith("#!/bin/sh\n"), text)
    asserts.true(env, "exec ./py/image_test ./%s%s.request.jsonl\n" % (_HERE, name) in text, text)
    return analysistest.end(env)

launcher_test = analysistest.make(_launcher_test_impl)

# What is there beside the image's own files, for each driver.
_COMMON = [".config.json", ".descriptor.json", ".env", ".listing.jsonl", ".request.jsonl", ".sh", ".tar.gz", ".yaml"]

def image_test_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "low", tags = ["manual"])
    image(
        name = "subject",
        layers = [":low"],
        platform = "//platforms:linux_amd64",
        tags = ["manual"],
    )
    for driver in ["namespace", "podman"]:
        image_test(
            name = "of_" + driver,
            configs = ["tests.yaml"],
            data = ["variables.env"],
            driver = driver,
            emulator = "variables.env",
            env = {"MODE": "test"},
            env_inherit = ["HOME"],
            image = ":subject",
            tags = ["manual"],
        )
    request_test(
        name = "config_request_test",
        target = ":of_namespace",
        mnemonic = "ImageTestConfig",
        settings = {},
        lines = [{"path": _HERE + "tests.yaml", "role": "tests", "short_path": _HERE + "tests.yaml"}],
        outs = {"report": "BIN/" + _HERE + "of_namespace.cases.txt"},
    )
    launcher_test(name = "launcher_test", size = "small", target_under_test = ":of_namespace")
    runfiles_test(
        name = "namespace_runfiles_test",
        size = "small",
        expected = _COMMON,
        target_under_test = ":of_namespace",
    )
    runfiles_test(
        name = "podman_runfiles_test",
        size = "small",
        expected = sorted(_COMMON + [".tar"]),
        target_under_test = ":of_podman",
    )
    native.test_suite(
        name = name,
        tests = [
            ":config_request_test",
            ":launcher_test",
            ":namespace_runfiles_test",
            ":podman_runfiles_test",
        ],
    )
