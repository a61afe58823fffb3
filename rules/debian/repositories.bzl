"""Debian packages without modules: for a WORKSPACE. With modules use the extension of //rules:extensions.bzl."""

load("//rules/debian/private:hub_repository.bzl", "hub_repository")

def debian_packages(name, manifest, lock):
    """Declares the hub of a manifest of Debian packages.

    ```starlark
    load("@rules_distill//rules/debian:repositories.bzl", "debian_packages")
    debian_packages(name = "bookworm", lock = "//:bookworm.lock.json", manifest = "//:bookworm.yaml")

    load("@bookworm//:packages.bzl", "packages")
    packages()
    ```

    Args:
      name: (string) the name of the hub: packages are `@name//package`, `bazel run @name//:lock` writes the lock.
      manifest: (label) the YAML manifest.
      lock: (label) the JSON lock beside it, which need not exist yet.
    """
    hub_repository(name = name, hub = name, lock = lock, manifest = manifest)
