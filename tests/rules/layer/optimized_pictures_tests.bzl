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

def _formats_test_impl(ctx):
    env = analysistest.begin(ctx)
    here = "tests/rules/layer/"
    parts = "BIN/" + here + "pictures_formats.parts/img/"
    found = requests(env, "PictureOptimize")
    asserts.equals(env, [{"qualities": {"webp": 80, "avif": 50}}] * 2, [request.header["settings"] for request in found])
    asserts.equals(env, [
        {"role": "out", "name": "optimized", "path": parts + "a.png"},
        {"role": "out", "name": "report", "path": parts + "a.png.optimized.json"},
        {"role": "out", "name": "formats", "path": parts + "a.png.formats"},
    ], found[0].lines[1:])
    (gathered,) = requests(env, "AssetsBundle")
    asserts.equals(env, {"hash_names": False}, gathered.header["settings"])
    asserts.equals(env, [
        {"role": "src", "dest": "BUILD.bazel", "path": here + "BUILD.bazel"},
    ] + [
        line
        for name in ["a.png", "b.JPG"]
        for line in [
            {"role": "src", "dest": "img/" + name, "path": parts + name},
            {
                "role": "src",
                "below": "img",
                "strip_prefix": here + "pictures_formats.parts/img/%s.formats" % name,
                "path": parts + name + ".formats",
                "short_path": here + "pictures_formats.parts/img/%s.formats" % name,
                "tree": True,
            },
        ]
    ], [line for line in gathered.lines if line["role"] == "src"])
    target = analysistest.target_under_test(env)
    (directory,) = target[DefaultInfo].files.to_list()
    asserts.equals(env, (here + "pictures_formats", True), (directory.short_path, directory.is_directory))
    reports = [file.basename for file in target[OutputGroupInfo].report.to_list()]
    asserts.equals(env, ["a.png.optimized.json", "b.JPG.optimized.json"], reports)
    return analysistest.end(env)

formats_test = analysistest.make(_formats_test_impl)

def optimized_pictures_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    optimized_pictures(name = "pictures", srcs = ["BUILD.bazel", "img/a.png", "img/b.JPG"], tags = ["manual"])
    pictures_test(name = "pictures_test", size = "small", target_under_test = ":pictures")
    optimized_pictures(
        name = "pictures_formats",
        srcs = ["BUILD.bazel", "img/a.png", "img/b.JPG"],
        avif_quality = 50,
        formats = ["webp", "avif"],
        tags = ["manual"],
    )
    formats_test(name = "pictures_formats_test", size = "small", target_under_test = ":pictures_formats")
    failure_test(
        name = "pictures_format_test",
        rule = optimized_pictures,
        srcs = ["img/a.png"],
        formats = ["gif"],
        message = "LABEL: formats has one that is not known, got \"gif\"; give avif or webp",
    )
    failure_test(
        name = "pictures_quality_test",
        rule = optimized_pictures,
        srcs = ["img/a.png"],
        avif_quality = 101,
        formats = ["avif"],
        message = "LABEL: avif_quality is out of range, got 101; give 1 to 100",
    )
    directory(name = "picture_tree", tags = ["manual"])
    failure_test(
        name = "pictures_directory_test",
        rule = optimized_pictures,
        srcs = [":picture_tree"],
        message = "LABEL: srcs has a directory, got tests/rules/layer/picture_tree; give files",
    )
    native.test_suite(name = name, tests = [
        ":pictures_directory_test",
        ":pictures_format_test",
        ":pictures_formats_test",
        ":pictures_quality_test",
        ":pictures_test",
    ])
