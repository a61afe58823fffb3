"""`debug_layer`: the debug parts of stripped programs, where debuggers look for them."""

load("//rules:providers.bzl", "StrippedInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """What `stripped_binary` took from programs, below /usr/lib/debug, where debuggers look for it.

```starlark
debug_layer(
    name = "debug",
    binaries = [":server_stripped"],
    srcs = glob(["*.c"]),
)

image(
    name = "image.debug",
    base = ":image",
    layers = [":debug"],
)
```

The image above is `:image` with one more layer. A debugger in it, or one outside that is told where it is unpacked (`set
sysroot`), shows functions, variables and lines; with `srcs` the source text as well, if it runs in /usr/src/debug. The
output group `report` has what was saved on each program, as JSON lines.
"""

_FOLDER = "usr/lib/debug"
_SOURCES = "usr/src/debug"

def _debug_layer_impl(ctx):
    debug = depset(transitive = [target[StrippedInfo].debug for target in ctx.attr.binaries])
    layer = build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [
            request.files("src", debug, map_each = request.fields.tree, dest = _FOLDER, mode = "0644"),
            request.files(
                "src",
                depset(transitive = [target[DefaultInfo].files for target in ctx.attr.srcs]),
                map_each = request.fields.short_path,
                below = _SOURCES,
                mode = "0644",
            ),
        ],
    )
    reports = depset(transitive = [target[StrippedInfo].reports for target in ctx.attr.binaries])
    return layer_providers(layer, debug = debug, report = reports)

debug_layer = rule(
    implementation = _debug_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        binaries = attr.label_list(
            doc = "The stripped programs.",
            mandatory = True,
            providers = [StrippedInfo],
        ),
        srcs = attr.label_list(
            doc = "Source files. They stand below /usr/src/debug as in the workspace, which is how Bazel names them to compilers.",
            allow_files = True,
        ),
    ),
    toolchains = [TOOLCHAIN],
)
