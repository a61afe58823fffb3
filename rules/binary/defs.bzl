"""Programs: stripped, with what they need at run time, as layers."""

load("//rules/binary/private:debug_layer.bzl", _debug_layer = "debug_layer")
load("//rules/binary/private:stripped_binary.bzl", _stripped_binary = "stripped_binary")

debug_layer = _debug_layer
stripped_binary = _stripped_binary
