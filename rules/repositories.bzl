"""For a WORKSPACE: what rules_distill needs. With modules MODULE.bazel says all of this."""

load("@rules_python//python:pip.bzl", "pip_parse")

# Rulesets that a WORKSPACE declares itself, so that it alone chooses their versions.
_REQUIRED = ["bazel_skylib", "platforms", "rules_cc", "rules_pkg", "rules_python"]

def rules_distill_dependencies(python_interpreter_target = None):
    """Checks that the rulesets are declared, and declares the Python packages of the tool (`@distill_pypi`).

    ```starlark
    load("@rules_distill//rules:repositories.bzl", "rules_distill_dependencies")
    rules_distill_dependencies()

    load("@rules_distill//rules:toolchains.bzl", "rules_distill_toolchains")
    rules_distill_toolchains()
    ```

    Args:
      python_interpreter_target: (label) the Python that the wheels are for, as `pip_parse` takes it; it must be of the
        version that the toolchain of rules_python runs. Without it both are the machine's `python3`.
    """
    missing = [name for name in _REQUIRED if not native.existing_rule(name)]
    if missing:
        fail("rules_distill_dependencies: WORKSPACE lacks rulesets, got no %s; declare each by http_archive above this call" %
             ", ".join(missing))
    if not native.existing_rule("distill_pypi"):
        pip_parse(
            name = "distill_pypi",
            requirements_lock = Label("//py:requirements.lock"),
            **({"python_interpreter_target": python_interpreter_target} if python_interpreter_target else {})
        )
