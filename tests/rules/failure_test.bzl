"""`failure_test`: the message with which the analysis of a target fails."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _failure_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"message": attr.string(mandatory = True)},
    expect_failure = True,
)

def failure_test(name, *, rule, message, **kwargs):
    """Declares a target that must fail in analysis, and the test that pins its message.

    Args:
      name: (string) the test; the target is `<name>_subject`.
      rule: the rule under test.
      message: (string) the message; `LABEL` stands for the target's label.
      **kwargs: the target's attributes.
    """
    subject = name + "_subject"
    rule(name = subject, tags = ["manual"], **kwargs)
    _failure_test(
        name = name,
        size = "small",
        target_under_test = subject,
        message = message.replace("LABEL", "//%s:%s" % (native.package_name(), subject)),
    )
