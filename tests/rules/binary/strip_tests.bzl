"""Tests of the attribute `strip` of binary_layer and binary_image, and of debug parts on their way to an image."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_shared_library")
load("//rules:providers.bzl", "DebugPartsInfo", "ImageInfo")
load("//rules/binary:defs.bzl", "binary_image", "binary_layer", "runfiles_layers", "stripped_binary")
load("//rules/image:defs.bzl", "image")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test", "requests")

def _name(path):
    return path.rpartition("/")[2]

def _stripped_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    found = requests(env, ctx.attr.mnemonic)[-1].lines
    lines = ["%s: %s" % (_name(line["original"]), line["path"]) for line in found if line["role"] == "stripped"]
    asserts.equals(env, ctx.attr.lines, lines, "what stands for what")
    asserts.equals(
        env,
        ctx.attr.debug,
        sorted([file.basename for file in target[DebugPartsInfo].debug.to_list()]),
        "debug parts",
    )
    asserts.equals(env, ctx.attr.own, len(requests(env, "BinaryStrip")), "actions of the target itself that strip")
    return analysistest.end(env)

stripped_test = analysistest.make(_stripped_test_impl, attrs = {
    "debug": attr.string_list(),
    "lines": attr.string_list(),
    "mnemonic": attr.string(),
    "own": attr.int(),
})

def _parts_test_impl(ctx):
    env = analysistest.begin(ctx)
    found = analysistest.target_under_test(env)[ImageInfo].debug_parts
    asserts.equals(env, ctx.attr.debug, sorted([file.basename for file in found.debug.to_list()]))
    return analysistest.end(env)

parts_test = analysistest.make(_parts_test_impl, attrs = {"debug": attr.string_list()})

def _layers_test_impl(ctx):
    env = analysistest.begin(ctx)
    [found] = requests(env, "ImageManifest")
    asserts.equals(env, ctx.attr.layers, [_name(line["path"]) for line in found.lines if line["role"] == "layer"])
    asserts.equals(env, [ctx.attr.base], [_name(line["path"]) for line in found.lines if line["role"] == "base_config"])
    return analysistest.end(env)

layers_test = analysistest.make(_layers_test_impl, attrs = {"base": attr.string(), "layers": attr.string_list()})

_HERE = "BIN/tests/rules/binary/"

def strip_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    manual = {"tags": ["manual"]}
    cc_library(name = "low_code", srcs = ["none.c"], **manual)
    cc_library(name = "code", srcs = ["none.c"], deps = [":low_code"], **manual)
    cc_library(name = "static_code", srcs = ["none.c"], linkstatic = True, **manual)
    cc_shared_library(name = "shared_code", deps = [":code"], **manual)
    cc_binary(name = "dynamic_program", srcs = ["none.c"], linkstatic = False, deps = [":code", ":static_code"], **manual)
    cc_binary(name = "static_program", srcs = ["none.c"], deps = [":code"], **manual)
    cc_binary(name = "sharing_program", srcs = ["none.c"], dynamic_deps = [":shared_code"], deps = [":code"], **manual)
    stripped_binary(name = "dynamic_stripped", binary = ":dynamic_program", **manual)
    binary_layer(name = "strip_dynamic", binary = ":dynamic_program", strip = True, **manual)
    binary_layer(name = "strip_static", binary = ":static_program", files = {":sharing_program": "/opt/"}, strip = True, **manual)
    binary_layer(name = "strip_again", binary = ":dynamic_stripped", strip = True, **manual)
    binary_layer(name = "strip_nothing", binary = ":dynamic_program", **manual)
    binary_layer(name = "strip_before", binary = ":dynamic_stripped", **manual)
    runfiles_layers(name = "strip_runfiles", binary = ":dynamic_program", strip = True, **manual)
    runfiles_layers(name = "strip_script", binary = "binary_image_tests.bzl", interpreter = ["/x"], strip = True, **manual)
    low, code, shared = [
        _HERE + "%s.stripped/lib%s.so" % (library, library)
        for library in ["low_code", "code", "shared_code"]
    ]

    # As the build makes a library, and as runfiles have it.
    libraries = [
        "liblow_code.so: " + low,
        "libtests_Srules_Sbinary_Sliblow_Ucode.so: " + low,
        "libcode.so: " + code,
        "libtests_Srules_Sbinary_Slibcode.so: " + code,
    ]
    parts = ["libcode.so.debug", "liblow_code.so.debug"]
    tests = {
        "strip_again": dict(debug = ["dynamic_stripped.debug"] + parts, lines = libraries, own = 0),
        "strip_before": dict(debug = ["dynamic_stripped.debug"], own = 0),
        "strip_dynamic": dict(
            debug = ["dynamic_program.debug"] + parts,
            lines = libraries + ["dynamic_program: %sstrip_dynamic.stripped/0/dynamic_program" % _HERE],
            own = 1,
        ),
        "strip_nothing": dict(own = 0),
        "strip_runfiles": dict(
            debug = ["dynamic_program.debug"] + parts,
            lines = libraries + ["dynamic_program: %sstrip_runfiles.stripped/0/dynamic_program" % _HERE],
            mnemonic = "LayerFiles",
            own = 1,
        ),
        "strip_script": dict(mnemonic = "LayerFiles", own = 0),
        # A library is linked for a cc_library only if a program wants it.
        "strip_static": dict(
            debug = ["libshared_code.so.debug", "sharing_program.debug", "static_program.debug"],
            lines = [
                "libshared_code.so: " + shared,
                "libshared_code.so: " + shared,
                "static_program: %sstrip_static.stripped/0/static_program" % _HERE,
                "sharing_program: %sstrip_static.stripped/1/sharing_program" % _HERE,
            ],
            own = 2,
        ),
    }
    for target, expected in tests.items():
        stripped_test(
            name = target + "_test",
            size = "small",
            target_under_test = ":" + target,
            **(dict(mnemonic = "BinaryLayer") | expected)
        )
    layer(name = "strip_plain_layer", files = {":dynamic_stripped": "/usr/bin/x"}, **manual)
    image(name = "strip_base", layers = [":strip_plain_layer"], **manual)
    image(name = "strip_image", base = ":strip_base", debug_srcs = ["none.c"], layers = [":strip_static"], **manual)
    image(name = "strip_none_image", layers = [":strip_nothing"], **manual)
    binary_image(name = "strip_binary_image", binary = ":dynamic_program", strip = True, **manual)
    debug = {
        "strip_base": ["dynamic_stripped.debug"],
        "strip_binary_image": ["dynamic_program.debug"] + parts,
        "strip_image": ["dynamic_stripped.debug", "libshared_code.so.debug", "sharing_program.debug", "static_program.debug"],
        "strip_none_image": [],
    }
    for target, expected in debug.items():
        parts_test(name = target + "_parts_test", size = "small", debug = expected, target_under_test = ":" + target)
    below = ["strip_plain_layer.descriptor.json", "strip_static.descriptor.json"]
    layers = {
        "strip_image": below + ["strip_image.debug_layer.descriptor.json"],
        "strip_none_image": ["strip_nothing.descriptor.json"],
    }
    for target, expected in layers.items():
        layers_test(
            name = target + "_debug_test",
            size = "small",
            base = target + ".config.json",
            layers = expected,
            target_under_test = ":%s.debug" % target,
        )
    request_test(
        name = "strip_image_debug_layer_test",
        target = ":strip_image.debug_layer",
        mnemonic = "LayerFiles",
        lines = [
            {"role": "src", "dest": "usr/lib/debug", "mode": "0644", "path": _HERE + path, "tree": True}
            for path in [
                "dynamic_stripped.debug",
                "shared_code.stripped/libshared_code.so.debug",
                "strip_static.stripped/0/static_program.debug",
                "strip_static.stripped/1/sharing_program.debug",
            ]
        ] + [
            {
                "role": "src",
                "below": "usr/src/debug",
                "mode": "0644",
                "path": "tests/rules/binary/none.c",
                "short_path": "tests/rules/binary/none.c",
            },
        ],
    )
    request_test(
        name = "strip_image_closure_test",
        target = ":strip_image.closure",
        mnemonic = "BinaryClosure",
        settings = {"programs": []},
    )
    native.test_suite(
        name = name,
        tests = [":%s_test" % target for target in tests] +
                [":%s_parts_test" % target for target in debug] +
                [":%s_debug_test" % target for target in layers] +
                [":strip_image_closure_test", ":strip_image_debug_layer_test"],
    )
