"""Programs: stripped, with what they need at run time, as layers."""

load("//rules/binary/private:binary_image.bzl", _binary_image = "binary_image")
load("//rules/binary/private:binary_layer.bzl", _binary_layer = "binary_layer")
load("//rules/binary/private:closure.bzl", _image_closure = "image_closure")
load("//rules/binary/private:debug_layer.bzl", _debug_layer = "debug_layer")
load("//rules/binary/private:runfiles_layers.bzl", _runfiles_layers = "runfiles_layers")
load("//rules/binary/private:stripped_binary.bzl", _stripped_binary = "stripped_binary")

binary_image = _binary_image
binary_layer = _binary_layer
debug_layer = _debug_layer
image_closure = _image_closure
runfiles_layers = _runfiles_layers
stripped_binary = _stripped_binary
