"""`debug_layer`: the debug parts of stripped programs, where debuggers look for them."""

load("//rules:providers.bzl", "DebugPartsInfo", "ImageInfo")
load("//rules/private:debug_parts.bzl", "collect_debug_parts", "debug_parts_of")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "collect_layers", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """What strip took from programs and libraries, below /usr/lib/debug, where debuggers look for it.

```starlark
debug_layer(
    name = "debug",
    binaries = [":server_stripped"],
    srcs = glob(["*.c"]),
)
```

[`image`](image.md#image) makes one of all that its layers have, as `<name>.debug`; this rule is for what goes elsewhere, such as
a directory of a debugger's own. A debugger in an image with it, or one outside that is told where it is unpacked (`set
sysroot`), shows functions, variables and lines; with `srcs` the source text as well, if it runs in /usr/src/debug. The
output group `report` has what was saved on each program, as JSON lines. Where nothing was stripped there is no layer.
"""

_FOLDER = "usr/lib/debug"
_SOURCES = "usr/src/debug"

def _debug_layer_impl(ctx):
    parts = collect_debug_parts(
        [debug_parts_of(ctx.attr.binaries)] + [target[ImageInfo].debug_parts for target in ctx.attr.images],
    )
    if not parts.debug and not ctx.files.srcs and not ctx.files.dwps:
        return [DefaultInfo(), collect_layers(), OutputGroupInfo()]
    layer = build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [
            request.files("src", parts.debug, map_each = request.fields.tree, dest = _FOLDER, mode = "0644"),
            request.files("src", ctx.files.dwps, map_each = request.fields.named, below = _FOLDER, mode = "0644"),
            request.files(
                "src",
                depset(transitive = [target[DefaultInfo].files for target in ctx.attr.srcs]),
                map_each = request.fields.short_path,
                below = _SOURCES,
                mode = "0644",
            ),
        ],
    )
    return layer_providers(layer, debug = parts.debug, report = parts.reports)

debug_layer = rule(
    implementation = _debug_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        binaries = attr.label_list(
            doc = "The stripped programs, or layers that have some.",
            providers = [DebugPartsInfo],
        ),
        dwps = attr.label_list(
            doc = "Packages of split DWARF (`-gsplit-dwarf`, Bazel's `--fission`), named as the program in the image with `.dwp` " +
                  "behind: the `.dwp` output of a `cc_binary`. The debug part of such a program is a skeleton.",
            allow_files = [".dwp"],
        ),
        images = attr.label_list(
            doc = "Images: all that is stripped in them, the layers of their bases included.",
            providers = [ImageInfo],
        ),
        srcs = attr.label_list(
            doc = "Source files. They stand below /usr/src/debug as in the workspace, which is how Bazel names them to compilers.",
            allow_files = True,
        ),
    ),
    toolchains = [TOOLCHAIN],
)
