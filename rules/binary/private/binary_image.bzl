"""`binary_image`: an executable target as an image."""

load("//rules/image:defs.bzl", "image")
load(":runfiles_layers.bzl", "runfiles_layers")

_OF_LAYERS = [
    "classpath",
    "compression",
    "compression_level",
    "data",
    "interpreter",
    "main_class",
    "strip",
    "third_party",
    "third_party_files",
]

def binary_image(name, *, binary, base = None, layers = [], tags = [], **kwargs):
    """One image of a program: its runfiles in `/app`, above `base`, and the command that starts it.

    ```starlark
    binary_image(
        name = "server_image",
        base = "@rules_distill//distroless:python3",
        binary = ":server",                 # cc_binary, py_binary, …, or a .jar, .js, .py
        user = "65532:65532",
    )
    ```

    It is a [`runfiles_layers`](#runfiles_layers) named `<name>.layers` and an [`image`](image.md) of it. Entrypoint,
    environment and working directory are the program's unless they are given here.

    Args:
      name: (string) the image.
      binary: (label) the program; see `runfiles_layers`.
      base: (label) the image below: what interprets the program, or the libraries that it is linked to. None for a
        program that needs nothing.
      layers: (list[label]) layers between the base's and the program's.
      tags: (list[string]) of both targets.
      **kwargs: `classpath`, `data`, `interpreter`, `main_class`, `strip`, `third_party`, `third_party_files`, `compression` and `compression_level` as for `runfiles_layers`;
        all others as for `image`.
    """
    own = {key: kwargs.pop(key) for key in _OF_LAYERS if key in kwargs}
    common = {key: kwargs[key] for key in ["target_compatible_with", "testonly"] if key in kwargs}
    runfiles_layers(
        name = name + ".layers",
        binary = binary,
        # Where an image wants them, for its platform.
        tags = tags + ([] if "manual" in tags else ["manual"]),
        visibility = ["//visibility:private"],
        **(common | own)
    )
    image(
        name = name,
        base = base,
        layers = layers + [name + ".layers"],
        program = name + ".layers",
        tags = tags,
        **kwargs
    )
