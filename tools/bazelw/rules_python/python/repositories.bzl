"""What a WORKSPACE calls to set rules_python up: here all of it means the machine's own python3."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")
load("//python/private:bazelw_local_python.bzl", "local_python")

# buildifier: disable=unnamed-macro (the name is rules_python's)
def py_repositories():
    """Declare and register the machine's python3."""
    if not native.existing_rule("pythons_hub"):
        local_python(name = "pythons_hub")
        native.register_toolchains("@pythons_hub//:all")

def python_register_toolchains(name, python_version = None, **kwargs):  # buildifier: disable=unused-variable
    """Give the machine's python3 the names `name` and `<name>_host`.

    Args:
        name: (str) name of the repository
        python_version: (str) ignored
        **kwargs: ignored
    """
    py_repositories()
    maybe(local_python, name = name)
    maybe(local_python, name = name + "_host")

def python_register_multi_toolchains(name, python_versions, **kwargs):  # buildifier: disable=unused-variable
    """Give the machine's python3 a name for each version.

    Args:
        name: (str) first part of the names
        python_versions: (list[str]) versions
        **kwargs: ignored
    """
    for version in python_versions:
        python_register_toolchains(name = name + "_" + version.replace(".", "_"))

def get_interpreter_dirname(repository_ctx, python_interpreter_target):
    """Folder of an interpreter.

    Args:
        repository_ctx: (repository_ctx)
        python_interpreter_target: (Label)

    Returns:
        (path)
    """
    return repository_ctx.path(python_interpreter_target).dirname

def is_standalone_interpreter(repository_ctx, python_interpreter_target):  # buildifier: disable=unused-variable
    """Whether an interpreter was downloaded by rules_python.

    Args:
        repository_ctx: (repository_ctx)
        python_interpreter_target: (Label)

    Returns:
        (bool) False
    """
    return False
