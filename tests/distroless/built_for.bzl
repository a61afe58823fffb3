"""`built_for`: images of the family as they are for one platform, as the data of a test."""

def _transition_impl(_, attr):
    return {
        "//command_line_option:platforms": [str(attr.platform)],
        "//rules/settings:distroless_compatible": attr.compatible,
    }

_transition = transition(
    implementation = _transition_impl,
    inputs = [],
    outputs = [
        "//command_line_option:platforms",
        "//rules/settings:distroless_compatible",
    ],
)

def _built_for_impl(ctx):
    files = [target[OutputGroupInfo][group] for target, groups in ctx.attr.images.items() for group in groups.split(" ")]
    return DefaultInfo(files = depset(transitive = files))

built_for = rule(
    implementation = _built_for_impl,
    doc = "Output groups of images, built for a platform.",
    attrs = {
        "compatible": attr.bool(doc = "Whether they are exactly what distroless has."),
        "images": attr.label_keyed_string_dict(
            doc = "The images, and of each the names of its output groups with blanks between.",
            cfg = _transition,
        ),
        "platform": attr.label(doc = "The platform.", mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
