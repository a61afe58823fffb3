"""The slow half of `bazelw`: installs Bazel from Debian's packages into a folder of the user's.

Standard library only. Nothing here runs once a Bazel is installed, except for --wrapper-info and --wrapper-help.
"""
