"""Tests of stripped_binary."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//rules:providers.bzl", "StrippedInfo")
load("//rules/binary:defs.bzl", "stripped_binary")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test", "requests")
load("//tests/rules:subjects.bzl", "directory")

def _toolchain_test_impl(ctx):
    env = analysistest.begin(ctx)
    [found] = requests(env, "BinaryStrip")
    roles = [line["role"] for line in found.lines]
    asserts.equals(env, ["binary", "strip", "out", "out", "out", "out"], roles)
    asserts.true(env, found.lines[1]["path"].endswith("strip"), "the strip of the C++ toolchain, got " + found.lines[1]["path"])
    target = analysistest.target_under_test(env)
    names = [file.basename for file in target[DefaultInfo].default_runfiles.files.to_list()]
    asserts.true(env, "BUILD.bazel" in names, "runfiles stay")
    asserts.equals(env, "from_toolchain", target[DefaultInfo].files_to_run.executable.basename)
    asserts.equals(env, "program", target[StrippedInfo].original.basename)
    return analysistest.end(env)

toolchain_test = analysistest.make(_toolchain_test_impl)

def _groups_test_impl(ctx):
    env = analysistest.begin(ctx)
    groups = analysistest.target_under_test(env)[OutputGroupInfo]
    asserts.equals(env, ["named.debug"], [file.basename for file in groups.debug.to_list()])
    asserts.equals(env, ["named.strip.jsonl", "named.strip.txt"], [file.basename for file in groups.report.to_list()])
    return analysistest.end(env)

groups_test = analysistest.make(_groups_test_impl)

def _no_toolchain_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "//tests/rules/binary:of_a_file: strip has no default, got no C++ toolchain for the platform; " +
                                "use stripped_binary and name a strip, such as an llvm-strip")
    return analysistest.end(env)

no_toolchain_test = analysistest.make(
    _no_toolchain_test_impl,
    config_settings = {"//command_line_option:platforms": str(Label("//platforms:linux_s390x"))},
    expect_failure = True,
)

def stripped_binary_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    cc_binary(name = "program", srcs = ["none.c"], data = ["BUILD.bazel"], tags = ["manual"])
    stripped_binary(name = "from_toolchain", binary = ":program", tags = ["manual"])
    toolchain_test(name = "toolchain_test", size = "small", target_under_test = ":from_toolchain")

    # A file is no target that needs the toolchain itself.
    stripped_binary(name = "of_a_file", binary = "none.c", tags = ["manual"])
    stripped_binary(
        name = "named",
        binary = "none.c",
        path = "/usr/bin//server",
        strip = "my-strip",
        tags = ["manual"],
    )
    request_test(
        name = "named_test",
        target = ":named",
        mnemonic = "BinaryStrip",
        settings = {"path": "/usr/bin/server"},
        lines = [
            {"role": "binary", "path": "tests/rules/binary/none.c", "name": "none.c"},
            {"role": "strip", "path": "tests/rules/binary/my-strip"},
        ],
        outs = {
            "debug": "BIN/tests/rules/binary/named.debug",
            "report": "BIN/tests/rules/binary/named.strip.jsonl",
            "stripped": "BIN/tests/rules/binary/named",
            "text": "BIN/tests/rules/binary/named.strip.txt",
        },
    )
    groups_test(name = "groups_test", size = "small", target_under_test = ":named")
    directory(name = "tree", tags = ["manual"])
    native.filegroup(name = "two", srcs = ["BUILD.bazel", "none.c"], tags = ["manual"])
    for subject, count in [("tree", 1), ("two", 2)]:
        failure_test(
            name = subject + "_test",
            rule = stripped_binary,
            binary = ":" + subject,
            strip = "my-strip",
            message = ("LABEL: binary is not one file, got %d from //tests/rules/binary:%s; " +
                       "name a program, or a target of one file") % (count, subject),
        )
    failure_test(
        name = "path_test",
        rule = stripped_binary,
        binary = "none.c",
        path = "bin/x",
        strip = "my-strip",
        message = "LABEL: path needs an absolute path, got \"bin/x\"; begin it with /",
    )
    no_toolchain_test(name = "no_toolchain_test", size = "small", target_under_test = ":of_a_file")
    native.test_suite(
        name = name,
        tests = [
            ":groups_test",
            ":named_test",
            ":no_toolchain_test",
            ":path_test",
            ":toolchain_test",
            ":tree_test",
            ":two_test",
        ],
    )
