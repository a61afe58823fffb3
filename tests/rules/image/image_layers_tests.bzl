"""Tests of the order of layers: the base's, then packages, then `layers`, each once."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "ImageInfo", "LayersInfo")
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")

_EXTENSIONS = {"blobs": ".tar.gz", "descriptors": ".descriptor.json", "listings": ".listing.jsonl"}

def _order_test_impl(ctx):
    env = analysistest.begin(ctx)
    layers = analysistest.target_under_test(env)[ImageInfo].layers
    for field, extension in _EXTENSIONS.items():
        expected = ["order_" + name + extension for name in ctx.attr.layers]
        asserts.equals(env, expected, [file.basename for file in getattr(layers, field).to_list()], field)
    return analysistest.end(env)

order_test = analysistest.make(_order_test_impl, attrs = {"layers": attr.string_list()})

def _dependent_layer_impl(ctx):
    layers = [target[LayersInfo] for target in ctx.attr.layers]
    return [LayersInfo(
        blobs = depset(transitive = [info.blobs for info in layers], order = "postorder"),
        descriptors = depset(transitive = [info.descriptors for info in layers], order = "postorder"),
        listings = depset(transitive = [info.listings for info in layers], order = "postorder"),
    )]

# What a package with its dependencies looks like to an image: several layers, lowest first.
_dependent_layer = rule(
    implementation = _dependent_layer_impl,
    attrs = {"layers": attr.label_list(providers = [LayersInfo])},
)

def image_layers_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    for letter in ["a", "b", "c", "d", "libc"]:
        layer(name = "order_" + letter, tags = ["manual"])
    _dependent_layer(name = "order_package_a", layers = [":order_libc", ":order_a"], tags = ["manual"])
    _dependent_layer(name = "order_package_b", layers = [":order_libc", ":order_b"], tags = ["manual"])
    images = {
        "scratch": ({}, []),
        "base": ({"layers": [":order_c"], "packages": [":order_package_a"]}, ["libc", "a", "c"]),
        # libc and c are the base's already; nobody repeats them.
        "child": (
            {"base": ":order_image_base", "layers": [":order_d", ":order_c"], "packages": [":order_package_b"]},
            ["libc", "a", "c", "b", "d"],
        ),
        "grandchild": (
            {"base": ":order_image_child", "layers": [":order_d"], "packages": [":order_package_a", ":order_package_b"]},
            ["libc", "a", "c", "b", "d"],
        ),
        "as_written": ({"layers": [":order_d", ":order_b", ":order_a"]}, ["d", "b", "a"]),
    }
    for image_name, (attributes, layers) in images.items():
        image(name = "order_image_" + image_name, tags = ["manual"], **attributes)
        order_test(
            name = "order_%s_test" % image_name,
            size = "small",
            layers = layers,
            target_under_test = ":order_image_" + image_name,
        )
    native.test_suite(name = name, tests = [":order_%s_test" % image_name for image_name in images])
