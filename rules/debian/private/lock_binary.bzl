"""The program that writes a lock."""

load("@rules_python//python:py_binary.bzl", "py_binary")

def lock_binary(name, *, manifest, lock, command, **kwargs):
    """Declares `bazel run` of the lock tool for one manifest.

    Args:
      name: (string) the name of the target.
      manifest: (string) the manifest, relative to the workspace.
      lock: (string) the lock, relative to the workspace.
      command: (string) what a user types to run it, for messages.
      **kwargs: as for py_binary.
    """
    py_binary(
        name = name,
        srcs = [Label("//py:debian_lock.py")],
        main = Label("//py:debian_lock.py"),
        args = ["--manifest='%s'" % manifest, "--lock='%s'" % lock, "--command='%s'" % command],
        deps = [Label("//py:debian_lock_lib")],
        **kwargs
    )
