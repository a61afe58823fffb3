"""`bytecode_layer`: Python's bytecode for the sources of other layers."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:paths.bzl", "image_folder")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":below.bzl", "BELOW_ATTRS", "layers_below")

_DOC = """Bytecode (`__pycache__/*.pyc`) for the Python sources of other layers: what py3compile(1) does in maintainer scripts.

```starlark
package_program(
    name = "python",
    files = ["/usr/lib/python3.11/**"],
    packages = ["@bookworm//python3.11-minimal"],
    path = "/usr/bin/python3.11",
)

bytecode_layer(
    name = "bytecode",
    interpreter = ":python",
    packages = ["@bookworm//libpython3.11-stdlib"],
)
```

Without it Python compiles each module when it is imported: at every start, where the root file system is read-only or
the image's user may not write to it. It is a choice of a faster start for a larger image: the Django example starts 2.9 times as
fast (its `check`, 0.53 s instead of 1.51 s) and has 1.39 times the size (27.9 MB instead of 20.1 MB, gzip); the standard
library alone is 4.6 MB of that ([how it was measured](../tests/bench/README.md#bytecode)). `directories` and `exclude` leave
out what is seldom imported.

`interpreter` compiles, on the machine that builds; it has to be the version that the image runs, and fits images of every
architecture. For the images of `//distroless` it is `//distroless:python3_interpreter`, and `//distroless:python3_bytecode`
is the layer for the standard library of `python3`; of Debian 13 both stand in `//distroless/debian13`.

The files are hash-based and unchecked (PEP 552): Python takes them as they are, whatever the times of the sources. So a layer
above must not replace a source; lint finds it where one does (`stale-bytecode`). The bytes depend on the source, its path in
the image and the version of Python alone, not on which other sources there are. A directory `__pycache__` has mode and owner
of the directory that it is in, and so have its files, without the bits that let them be executed.

A source that does not compile, such as a test's bad example, is left alone, as py3compile leaves it. The output group `report`
is a text that names each with the reason, and says how many others there are and how large they are.
"""

def _bytecode_layer_impl(ctx):
    below = layers_below(ctx)
    report = ctx.actions.declare_file(ctx.label.name + ".bytecode.txt")
    interpreter = ctx.attr.interpreter[DefaultInfo]
    layer = build_layer(
        ctx,
        mnemonic = "LayerBytecode",
        lines = [
            request.files("interpreter", [ctx.executable.interpreter]),
            # What a script finds beside itself is an input by its own path too, not among runfiles alone.
            request.after(interpreter.default_runfiles.files),
            request.files("listing", below.listings),
            request.files("blob", below.blobs),
        ],
        settings = {
            "directories": ["/" + image_folder(path, ctx.label, "directories") for path in ctx.attr.directories],
            "exclude": ctx.attr.exclude,
        },
        more_outputs = {"report": report},
        tools = [interpreter.files_to_run],
    )
    return layer_providers(layer, report = depset([report]))

bytecode_layer = rule(
    implementation = _bytecode_layer_impl,
    doc = _DOC,
    attrs = dict(
        dict(LAYER_ATTRS, **BELOW_ATTRS),
        directories = attr.string_list(
            doc = "Directories of the image below which sources are compiled; none means everywhere.",
        ),
        exclude = attr.string_list(
            doc = "Globs of sources that are not compiled, such as `**/tests/**`. One that matches none is an error.",
        ),
        interpreter = attr.label(
            doc = "Python of the image's version, 3.11 or newer, for the machine that builds: a `package_program`.",
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
    ),
    toolchains = [TOOLCHAIN],
)
