"""Tests of image_index: what it asks of the tool, what it gives, its transition and its messages."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "ImageIndexInfo")
load("//rules/image:defs.bzl", "image", "image_index")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test", "requests")

_GROUPS = {
    "archive": "index.tar",
    "descriptor": "index.descriptor.json",
    "digest": "index.digest",
    "index": "index.index.json",
    "oci_layout": "index.oci",
}

def _names(files):
    return [file.basename for file in files.to_list()]

def _groups_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    groups = target[OutputGroupInfo]
    for group, name in _GROUPS.items():
        asserts.equals(env, [name], _names(groups[group]), group)
    asserts.equals(env, 2, len(_names(groups.listing)), "a listing for each image")
    asserts.equals(env, 4, len(_names(groups._validation)), "each image is checked and linted")
    asserts.equals(env, 6, len(_names(groups.lint)), "the reports of lint for each image")
    asserts.equals(env, ["index.tar"], _names(target[DefaultInfo].files))
    info = target[ImageIndexInfo]
    asserts.equals(env, ["index.index.json", "index.descriptor.json"], [info.index.basename, info.descriptor.basename])
    return analysistest.end(env)

groups_test = analysistest.make(_groups_test_impl)

def _no_archive_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ["index.index.json"], _names(target[DefaultInfo].files))
    return analysistest.end(env)

no_archive_test = analysistest.make(
    _no_archive_test_impl,
    config_settings = {str(Label("//rules/settings:archive")): False},
)

def _platforms_test_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[ImageIndexInfo]
    roots = {image.config.root.path: None for image in info.images}
    asserts.equals(env, 2, len(roots), "each image is built in the configuration of its platform")
    [found] = requests(env, "ImageIndex")
    asserts.equals(
        env,
        [image.descriptor.path for image in info.images],
        [line["path"] for line in found.lines if line["role"] == "image"],
        "in the order of platforms",
    )
    [archive] = requests(env, "ImageArchive")
    asserts.equals(
        env,
        ["index", "config", "config", "manifest", "manifest", "layer", "layer", "blob", "blob"],
        [line["role"] for line in archive.lines if line["role"] != "out"],
    )
    asserts.equals(env, ["tests/rules/image/index:latest"], archive.header["settings"]["repo_tags"])
    for file in found.action.inputs.to_list():
        asserts.false(env, file.basename.endswith(".tar.gz"), "an index reads documents only, got " + file.basename)
    return analysistest.end(env)

platforms_test = analysistest.make(_platforms_test_impl)

def image_index_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "index_layer", tags = ["manual"])
    image(name = "index_image", layers = [":index_layer"], tags = ["manual"])
    image_index(
        name = "index",
        annotations = {"a": "b"},
        image = ":index_image",
        platforms = ["//platforms:linux_arm64", "//platforms:linux_s390x"],
        tags = ["manual"],
    )
    groups_test(name = "index_groups_test", size = "small", target_under_test = ":index")
    no_archive_test(name = "index_no_archive_test", size = "small", target_under_test = ":index")
    platforms_test(name = "index_platforms_test", size = "small", target_under_test = ":index")
    request_test(
        name = "index_request_test",
        target = ":index",
        mnemonic = "ImageIndex",
        settings = {"annotations": {"a": "b"}},
        outs = {
            "descriptor": "BIN/tests/rules/image/index.descriptor.json",
            "digest": "BIN/tests/rules/image/index.digest",
            "index": "BIN/tests/rules/image/index.index.json",
        },
    )

    image(name = "index_image_arm64", platform = "//platforms:linux_arm64", tags = ["manual"])
    image(name = "index_image_amd64", platform = "//platforms:linux_amd64", tags = ["manual"])
    image_index(
        name = "index_of_manifests",
        manifests = [":index_image_arm64", ":index_image_amd64"],
        repo_tags = ["ghcr.io/x/y:v1"],
        tags = ["manual"],
    )
    request_test(
        name = "index_of_manifests_test",
        target = ":index_of_manifests",
        mnemonic = "ImageLayout",
        settings = {"repo_tags": ["ghcr.io/x/y:v1"]},
        outs = {"layout": "BIN/tests/rules/image/index_of_manifests.oci"},
    )

    what = "LABEL: image and manifests say what is in the index, got %s; set one of them"
    failure_test(name = "index_neither_test", rule = image_index, message = what % "neither")
    failure_test(
        name = "index_both_test",
        rule = image_index,
        image = ":index_image",
        manifests = [":index_image"],
        message = what % "both",
    )
    failure_test(
        name = "index_no_platforms_test",
        rule = image_index,
        image = ":index_image",
        message = "LABEL: platforms says what image is built for, got none; name at least one",
    )
    failure_test(
        name = "index_platforms_of_manifests_test",
        rule = image_index,
        manifests = [":index_image"],
        platforms = ["//platforms:linux_arm64"],
        message = "LABEL: platforms says what image is built for, got platforms with manifests; " +
                  "set the platform of each image in manifests",
    )
    native.test_suite(name = name, tests = [
        ":index_both_test",
        ":index_groups_test",
        ":index_neither_test",
        ":index_no_archive_test",
        ":index_no_platforms_test",
        ":index_of_manifests_test",
        ":index_platforms_of_manifests_test",
        ":index_platforms_test",
        ":index_request_test",
    ])
