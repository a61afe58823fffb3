"""Tests of bytecode_layer."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "bytecode_layer", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test", "requests")
load("//tests/rules:subjects.bzl", "program")

def _interpreter_test_impl(ctx):
    env = analysistest.begin(ctx)
    (found,) = requests(env, "LayerBytecode")
    (line,) = [line for line in found.lines if line["role"] == "interpreter"]
    asserts.true(env, line["path"].endswith("/tests/rules/layer/bytecode_python"), "it is the program")
    asserts.true(env, "-exec" in line["path"], "of the machine that builds, got " + line["path"])
    names = [file.basename for file in found.action.inputs.to_list()]
    asserts.true(env, "BUILD.bazel" in names, "its runfiles are there as well")
    report = [file.basename for file in analysistest.target_under_test(env)[OutputGroupInfo].report.to_list()]
    asserts.equals(env, ["bytecode.bytecode.txt"], report)
    return analysistest.end(env)

interpreter_test = analysistest.make(_interpreter_test_impl)

def _lines_test_impl(ctx):
    env = analysistest.begin(ctx)
    (found,) = requests(env, "LayerBytecode")
    here = "BIN/tests/rules/layer/bytecode_"
    asserts.equals(env, [
        {"role": "listing", "path": here + "below.listing.jsonl"},
        {"role": "listing", "path": here + "own.listing.jsonl"},
        {"role": "blob", "path": here + "below.tar.gz"},
        {"role": "blob", "path": here + "own.tar.gz"},
    ], [line for line in found.lines if line["role"] in ("listing", "blob")], "the layers, lowest first")
    return analysistest.end(env)

lines_test = analysistest.make(_lines_test_impl)

def bytecode_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    program(name = "bytecode_python", data = ["BUILD.bazel"], tags = ["manual"])
    layer(name = "bytecode_below", tags = ["manual"])
    layer(name = "bytecode_own", tags = ["manual"])
    image(name = "bytecode_base", layers = [":bytecode_below"], tags = ["manual"])
    bytecode_layer(
        name = "bytecode",
        base = ":bytecode_base",
        directories = ["/srv/app/", "/"],
        exclude = ["**/tests/**"],
        interpreter = ":bytecode_python",
        layers = [":bytecode_own"],
        tags = ["manual"],
    )
    request_test(
        name = "bytecode_test",
        target = ":bytecode",
        mnemonic = "LayerBytecode",
        settings = {
            "directories": ["/srv/app", "/"],
            "exclude": ["**/tests/**"],
            "compression": "gzip",
            "level": "default",
        },
        outs = {
            "blob": "BIN/tests/rules/layer/bytecode.tar.gz",
            "descriptor": "BIN/tests/rules/layer/bytecode.descriptor.json",
            "listing": "BIN/tests/rules/layer/bytecode.listing.jsonl",
            "report": "BIN/tests/rules/layer/bytecode.bytecode.txt",
        },
    )
    interpreter_test(name = "bytecode_interpreter_test", size = "small", target_under_test = ":bytecode")
    lines_test(name = "bytecode_lines_test", size = "small", target_under_test = ":bytecode")
    failure_test(
        name = "bytecode_directory_test",
        rule = bytecode_layer,
        directories = ["srv"],
        interpreter = ":bytecode_python",
        message = "LABEL: directories needs an absolute path, got \"srv\"; begin it with /",
    )
    native.test_suite(
        name = name,
        tests = [
            ":bytecode_directory_test",
            ":bytecode_interpreter_test",
            ":bytecode_lines_test",
            ":bytecode_test",
        ],
    )
