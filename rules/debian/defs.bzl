"""Debian packages in BUILD files. Packages themselves come from a hub: see //rules:extensions.bzl."""

load("//rules/debian/private:package_layer.bzl", _package_layer = "package_layer")
load("//rules/debian/private:package_program.bzl", _package_program = "package_program")
load("//rules/debian/private:slices.bzl", _DEFAULT_DROP = "DEFAULT_DROP")

DEFAULT_DROP = _DEFAULT_DROP
package_layer = _package_layer
package_program = _package_program
