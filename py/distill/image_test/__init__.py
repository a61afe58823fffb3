"""Tests of images without a daemon: the schema, the checks, the drivers that run commands."""
