"""The platform of an image: the transition to it, and its OCI names."""

load("//rules/private:request.bzl", "request")

# CPU constraint -> architecture and variant as OCI and Go name them (image-spec, image-index.md: platform).
_CPUS = {
    "@platforms//cpu:aarch64": ("arm64", "v8"),
    "@platforms//cpu:armv7": ("arm", "v7"),
    "@platforms//cpu:ppc64le": ("ppc64le", ""),
    "@platforms//cpu:riscv64": ("riscv64", ""),
    "@platforms//cpu:s390x": ("s390x", ""),
    "@platforms//cpu:x86_32": ("386", ""),
    "@platforms//cpu:x86_64": ("amd64", ""),
}

PLATFORM_ATTRS = {
    "platform": attr.label(
        doc = "The platform that the image and all that is in it are built for, such as `@rules_distill//platforms:linux_arm64`; " +
              "without it the target platform of the build.",
        providers = [platform_common.PlatformInfo],
    ),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
    "_cpus": attr.label_keyed_string_dict(
        default = {Label(cpu): cpu for cpu in _CPUS},
        providers = [platform_common.ConstraintValueInfo],
    ),
    "_linux": attr.label(
        default = "@platforms//os:linux",
        providers = [platform_common.ConstraintValueInfo],
    ),
}

def _platform_transition_impl(settings, attr):
    if attr.platform:
        return {"//command_line_option:platforms": [str(attr.platform)]}
    return {"//command_line_option:platforms": settings["//command_line_option:platforms"]}

platform_transition = transition(
    implementation = _platform_transition_impl,
    inputs = ["//command_line_option:platforms"],
    outputs = ["//command_line_option:platforms"],
)

def oci_platform(ctx):
    """The platform of the current configuration.

    Args:
      ctx: the rule's context; its attributes include PLATFORM_ATTRS, its fragments `platform`.

    Returns:
      A dict with os, architecture and variant.
    """
    if not ctx.target_platform_has_constraint(ctx.attr._linux[platform_common.ConstraintValueInfo]):
        fail("%s: platform is not Linux, got %s; set platform to one such as @rules_distill//platforms:linux_amd64" %
             (request.name(ctx.label), request.name(ctx.fragments.platform.platform)))
    for target, cpu in ctx.attr._cpus.items():
        if ctx.target_platform_has_constraint(target[platform_common.ConstraintValueInfo]):
            architecture, variant = _CPUS[cpu]
            return {"os": "linux", "architecture": architecture, "variant": variant}
    fail("%s: platform has an unsupported architecture, got %s; set platform to one of %s" % (
        request.name(ctx.label),
        request.name(ctx.fragments.platform.platform),
        ", ".join([architecture for architecture, _ in _CPUS.values()]),
    ))
