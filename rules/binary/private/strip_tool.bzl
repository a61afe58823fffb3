"""Which strip a rule runs: the one that is named, else that of the C++ toolchain."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:find_cc_toolchain.bzl", "CC_TOOLCHAIN_TYPE", "find_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("//rules/private:request.bzl", "request")

# A program that is not of this platform, or none of the build's, needs no C++ toolchain if it has a strip.
STRIP_TOOLCHAINS = [config_common.toolchain_type(CC_TOOLCHAIN_TYPE, mandatory = False)]

STRIP_ATTRS = {
    "strip": attr.label(
        doc = "The strip to run instead of the C++ toolchain's, such as one for another architecture, or an llvm-strip, " +
              "which knows them all. It must know `--only-keep-debug`.",
        allow_files = True,
        cfg = "exec",
        executable = True,
    ),
}

def strip_tool(ctx, named = None, program = None):
    """Finds the strip.

    Args:
      ctx: the context of a rule or aspect; its toolchains include STRIP_TOOLCHAINS, its fragments `cpp`.
      named: (Target) the strip that a rule names in its attribute, as in STRIP_ATTRS, or None.
      program: (File) its executable.

    Returns:
      A struct: `lines` for `request.run`, and `tools` likewise.
    """
    if named:
        return struct(
            lines = [
                request.files("strip", [program]),
                # What a script finds beside itself is an input by its own path too, not among runfiles alone.
                request.after(named[DefaultInfo].default_runfiles.files),
            ],
            tools = [named[DefaultInfo].files_to_run],
        )
    toolchain = find_cc_toolchain(ctx, mandatory = False)
    if not toolchain:
        fail("%s: strip has no default, got no C++ toolchain for the platform; use stripped_binary and name a strip, such as an llvm-strip" %
             request.name(ctx.label))
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    path = cc_common.get_tool_for_action(feature_configuration = features, action_name = ACTION_NAMES.strip)

    # The files are inputs and not tools of the action, so that all commands still share one pool of workers.
    return struct(lines = [request.entry("strip", path = path), request.after(toolchain.all_files)], tools = [])
