"""pip_parse for WORKSPACE builds: wheels come through the machine's own pip and its settings."""

load("//python:repositories.bzl", "py_repositories")
load("//python/private:bazelw_hub.bzl", "workspace_hub")

def pip_parse(name = "pip_parsed_deps", requirements_lock = None, requirements = None, **kwargs):
    """Make a hub repository of a requirements lock; `install_deps()` of its requirements.bzl declares the wheels.

    Args:
        name: (str) name of the hub repository
        requirements_lock: (Label) requirements file
        requirements: (Label) older name of requirements_lock
        **kwargs: further attributes of rules_python's pip_parse
    """
    py_repositories()
    workspace_hub(name = name, requirements_lock = requirements_lock or requirements, **kwargs)

pip_install = pip_parse

def compile_pip_requirements(name, **kwargs):  # buildifier: disable=unused-variable
    """A stand-in, so that packages using it load: the lock is not compiled here.

    Args:
        name: (str) name of the target; `<name>.update` is made as well
        **kwargs: ignored
    """
    native.filegroup(name = name, tags = ["manual"])
    native.filegroup(name = name + ".update", tags = ["manual"])

def package_annotation(**kwargs):
    """An annotation for pip_parse; this copy ignores them.

    Args:
        **kwargs: as in rules_python

    Returns:
        (str) JSON
    """
    return json.encode(kwargs)
