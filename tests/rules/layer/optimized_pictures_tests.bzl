"""Tests of optimized_pictures."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules/layer:defs.bzl", "optimized_pictures")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "requests")
load("//tests/rules:subjects.bzl", "directory")

def _pictures_test_impl(ctx):
    env = analysistest.begin(ctx)
    found = requests(env, "PictureOptimize")
    here = "tests/rules/layer/"
    asserts.equals(env, [
        [
            {"role": "picture", "path": here + "img/%s" % name, "name": name},
            {"role": "out", "name": "optimized", "path": "BIN/" + here + "pictures/img/" + name},
            {"role": "out", "name": "report", "path": "BIN/" + here + "pictures/img/%s.optimized.json" % name},
        ]
        for name in ["a.png", "b.JPG"]
    ], [request.lines for request in found], "an action for each picture")
    for request in found:
        pictures = [file.basename for file in request.action.inputs.to_list() if "/img/" in file.path]
        asserts.equals(env, [request.lines[0]["name"]], pictures, "which reads it alone")
    target = analysistest.target_under_test(env)
    names = [file.short_path for file in target[DefaultInfo].files.to_list()]
    asserts.equals(env, [here + "pictures/" + name for name in ["BUILD.bazel", "img/a.png", "img/b.JPG"]], names)
    reports = [file.basename for file in target[OutputGroupInfo].report.to_list()]
    asserts.equals(env, ["a.png.optimized.json", "b.JPG.optimized.json"], reports)
    return analysistest.end(env)

pictures_test = analysistest.make(_pictures_test_impl)

def optimized_pictures_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    optimized_pictures(name = "pictures", srcs = ["BUILD.bazel", "img/a.png", "img/b.JPG"], tags = ["manual"])
    pictures_test(name = "pictures_test", size = "small", target_under_test = ":pictures")
    directory(name = "picture_tree", tags = ["manual"])
    failure_test(
        name = "pictures_directory_test",
        rule = optimized_pictures,
        srcs = [":picture_tree"],
        message = "LABEL: srcs has a directory, got tests/rules/layer/picture_tree; give files",
    )
    native.test_suite(name = name, tests = [":pictures_directory_test", ":pictures_test"])
