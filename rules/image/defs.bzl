"""Images: layers and a config, as an archive, an OCI layout, a listing and a bill of materials."""

load("//rules/image/private:image.bzl", _image = "image")

image = _image
