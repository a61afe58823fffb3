"""Module extensions: packages from outside that a lock pins."""

load("//rules/debian:extension.bzl", _debian = "debian")

debian = _debian
