"""Tests of what an image gives: providers, output groups and the default output."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "ImageInfo")
load("//rules/image:defs.bzl", "image")

_GROUPS = {
    "_validation": ["outputs.validation.txt", "outputs.lint.txt"],
    "archive": ["outputs.tar"],
    "config": ["outputs.config.json"],
    "descriptor": ["outputs.descriptor.json"],
    "digest": ["outputs.digest"],
    "lint": ["outputs.lint.txt", "outputs.lint.json", "outputs.lint.sarif"],
    "listing": ["outputs.listing.jsonl"],
    "manifest": ["outputs.manifest.json"],
    "oci_layout": ["outputs.oci"],
    "sbom": ["outputs.spdx.json"],
}

def _names(files):
    return [file.basename for file in files.to_list()]

def _groups_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    groups = target[OutputGroupInfo]
    asserts.equals(env, sorted(_GROUPS), sorted([group for group in groups if not group.startswith("_hidden")]))
    for group, names in _GROUPS.items():
        asserts.equals(env, names, _names(groups[group]), group)
    info = target[ImageInfo]
    for field in ["config", "descriptor", "manifest"]:
        asserts.equals(env, _GROUPS[field], [getattr(info, field).basename])
    asserts.true(env, groups["oci_layout"].to_list()[0].is_directory)
    return analysistest.end(env)

groups_test = analysistest.make(_groups_test_impl)

def _archive_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.equals(env, ["outputs.tar"], _names(analysistest.target_under_test(env)[DefaultInfo].files))
    return analysistest.end(env)

archive_test = analysistest.make(_archive_test_impl)

def _no_archive_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ["outputs.config.json", "outputs.manifest.json"], sorted(_names(target[DefaultInfo].files)))
    asserts.equals(env, ["outputs.tar"], _names(target[OutputGroupInfo].archive), "it can still be asked for")
    return analysistest.end(env)

no_archive_test = analysistest.make(
    _no_archive_test_impl,
    config_settings = {str(Label("//rules/settings:archive")): False},
)

def _base_test_impl(ctx):
    env = analysistest.begin(ctx)
    for action in analysistest.target_actions(env):
        for file in action.inputs.to_list():
            asserts.false(
                env,
                file.basename in ["outputs.tar", "outputs.oci", "outputs.spdx.json"],
                "%s reads %s of its base" % (action.mnemonic, file.basename),
            )
    return analysistest.end(env)

base_test = analysistest.make(_base_test_impl)

def image_outputs_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    image(name = "outputs", platform = "//platforms:linux_amd64", tags = ["manual"])
    image(name = "outputs_child", base = ":outputs", platform = "//platforms:linux_amd64", tags = ["manual"])
    groups_test(name = "outputs_groups_test", size = "small", target_under_test = ":outputs")
    archive_test(name = "outputs_archive_test", size = "small", target_under_test = ":outputs")
    no_archive_test(name = "outputs_no_archive_test", size = "small", target_under_test = ":outputs")
    base_test(name = "outputs_base_test", size = "small", target_under_test = ":outputs_child")
    native.test_suite(
        name = name,
        tests = [":outputs_archive_test", ":outputs_base_test", ":outputs_groups_test", ":outputs_no_archive_test"],
    )
