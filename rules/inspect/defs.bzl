"""Checks of images: lint and tests."""

load("//rules/inspect/private:image_test.bzl", _image_test = "image_test")

image_test = _image_test
