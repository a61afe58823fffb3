"""`with_compression`: an image of the examples with another compression of its layers, for the engines to read."""

_SETTING = "//rules/settings:compression"

def _transition_impl(_settings, attr):
    return {_SETTING: attr.compression}

_transition = transition(
    implementation = _transition_impl,
    inputs = [],
    outputs = [_SETTING],
)

def _with_compression_impl(ctx):
    archive = ctx.actions.declare_file(ctx.label.name + ".tar")
    ctx.actions.symlink(output = archive, target_file = ctx.file.image)
    return [DefaultInfo(files = depset([archive]))]

with_compression = rule(
    implementation = _with_compression_impl,
    doc = "The archive of `image`, as `<name>.tar`, with the build flag of the compression set.",
    attrs = {
        "compression": attr.string(doc = "A value of the build flag.", mandatory = True),
        "image": attr.label(allow_single_file = [".tar"], cfg = _transition, mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
