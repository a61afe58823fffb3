"""Images: layers and a config, as an archive, an OCI layout, a listing and a bill of materials; several as an index."""

load("//rules/image/private:image.bzl", _image = "image")
load("//rules/image/private:image_index.bzl", _image_index = "image_index")

image = _image
image_index = _image_index
