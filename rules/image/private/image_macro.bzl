"""`image`: an image, why its files are there, and what a debugger wants of it."""

load("//rules/binary/private:closure.bzl", "image_closure")  # buildifier: disable=bzl-visibility
load("//rules/binary/private:debug_layer.bzl", "debug_layer")  # buildifier: disable=bzl-visibility
load(":image.bzl", image_rule = "image")

_OF_ALL = ["compatible_with", "exec_compatible_with", "restricted_to", "target_compatible_with", "testonly", "visibility"]

def image(name, *, debug_srcs = [], tags = [], **kwargs):
    """One OCI image for one platform, and two targets that say more about it.

    ```starlark
    image(
        name = "redis_image",
        packages = ["@bookworm//redis-server"],
        layers = [":accounts", ":data"],
        entrypoint = ["/usr/bin/redis-server"],
        user = "redis",
    )
    ```

    - `<name>` is the image, an [`image_rule`](#image_rule): all its attributes can be given here.
    - `<name>.closure` says why each file is there: `bazel run //app:image.closure` ([`image_closure`](binary.md#image_closure)).
    - `<name>.debug` is the same image with one more layer, the debug parts of all stripped programs and libraries in it,
      those of its base included: `stripped_binary` in a `layer`, and `strip` of `binary_layer` and `binary_image`. In it gdb
      shows functions and lines. Where nothing is stripped, programs have their symbols themselves, and it is the same
      image, digest and all.

    Both are tagged `manual`: they cost nothing until somebody asks for them. What stripped files go through that is no
    target of this ruleset, such as a `filegroup`, loses their debug parts.

    Args:
      name: (string) the image.
      debug_srcs: (list[label]) source files for `<name>.debug`, below /usr/src/debug: gdb that is started there shows
        their text. Nobody else gets them.
      tags: (list[string]) of all targets.
      **kwargs: attributes of `image_rule`.
    """
    image_rule(name = name, tags = tags, **kwargs)
    common = {key: kwargs[key] for key in _OF_ALL if key in kwargs}
    common["tags"] = tags + [tag for tag in ["manual"] if tag not in tags]
    image_closure(name = name + ".closure", image = name, **common)
    debug_layer(
        name = name + ".debug_layer",
        images = [name],
        srcs = debug_srcs,
        **(common | {"visibility": ["//visibility:private"]})
    )
    image_rule(
        name = name + ".debug",
        base = name,
        layers = [name + ".debug_layer"],
        platform = kwargs.get("platform"),
        **common
    )
