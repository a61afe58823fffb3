"""The toolchain that brings the tool, so that it runs on the exec platform and a user can bring another."""

def _distill_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(tool = ctx.attr.tool[DefaultInfo].files_to_run)]

distill_toolchain = rule(
    implementation = _distill_toolchain_impl,
    doc = "Says which executable is the tool of rules_distill.",
    attrs = {
        "tool": attr.label(
            doc = "The tool: it takes one argument `@REQUEST`, or `--persistent_worker`.",
            mandatory = True,
            executable = True,
            cfg = "exec",
        ),
    },
)
