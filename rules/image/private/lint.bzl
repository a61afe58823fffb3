"""Lint of an image: a validation action on its config and listings."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

LINT_ATTRS = {
    "lint_allow": attr.string_dict(
        doc = "Findings of [lint](lint.md) that are meant: a rule, or a rule and a glob of paths (`shell:/busybox/**`), " +
              "each to its reason. What `base` allows of files counts here too.",
    ),
    "_lint_disable": attr.label(default = Label("//rules/settings:lint_disable")),
    "_lint_fail_on": attr.label(default = Label("//rules/settings:lint_fail_on")),
}

def inherited_allow(base):
    """Gives what an image's base allows.

    Args:
      base: (ImageInfo) the base, or None.

    Returns:
      (dict[string, string]) as the attribute `lint_allow`.
    """
    return base.lint_allow if base else {}

def lint_outputs(ctx, config, layers, base):
    """Declares the reports of lint; they cannot be built where a finding is to fail the build.

    Args:
      ctx: the context of a rule with LINT_ATTRS.
      config: (File) the image's config.
      layers: (LayersInfo) the image's layers.
      base: (ImageInfo) the image's base, or None.

    Returns:
      (list[File]) `<name>.lint.txt`, `<name>.lint.json` and `<name>.lint.sarif`.
    """
    outputs = {
        name: ctx.actions.declare_file("%s.lint.%s" % (ctx.label.name, extension))
        for name, extension in [("text", "txt"), ("json", "json"), ("sarif", "sarif")]
    }
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "ImageLint",
        label = ctx.label,
        settings = {
            "allow": ctx.attr.lint_allow,
            "disable": ctx.attr._lint_disable[BuildSettingInfo].value,
            "fail_on": ctx.attr._lint_fail_on[BuildSettingInfo].value,
            "inherited": inherited_allow(base),
        },
        lines = [request.files("config", [config]), request.files("listing", layers.listings)] +
                ([request.files("base_lint", [base.lint])] if base else []),
        outputs = outputs,
        message = "Linting image %{label}",
    )
    return outputs.values()
