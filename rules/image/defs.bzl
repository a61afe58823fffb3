"""Images: layers and a config, as an archive, an OCI layout, a listing and a bill of materials; several as an index."""

load("//rules/image/private:image.bzl", _image_rule = "image")
load("//rules/image/private:image_index.bzl", _image_index = "image_index")
load("//rules/image/private:image_macro.bzl", _image = "image")

image = _image
image_index = _image_index
image_rule = _image_rule
