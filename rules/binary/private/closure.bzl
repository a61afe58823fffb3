"""`image_closure`: why each file of an image is there."""

load("//rules:providers.bzl", "ImageInfo")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """Says of each file that an image's programs need why it is there, as `nix-store --query --tree` does.

```starlark
image_closure(
    name = "image.closure",
    image = ":image",
)
```

[`image`](image.md#image) makes one as `<name>.closure`; write it to begin with other programs than the image's command. `bazel
run //app:image.closure` prints the tree: each file with its size, the package that it is from, and what needs it as
what; then what ELF, shebang and link rules do not reach, by package: an interpreter may open it. With `-- --json` it prints the same for programs. It is
made from listings, like the check of an image: no layer is read.
"""

# Beside the script, in bazel-bin as in runfiles, stand the two files.
_SCRIPT = """#!/bin/sh
# Prints the closure of %s; with --json for programs.
case "${1:-}" in
    "") exec cat "${0%%/*}/%s.txt" ;;
    --json) exec cat "${0%%/*}/%s.json" ;;
    *) echo "usage: [--json]" >&2; exit 2 ;;
esac
"""

def _image_closure_impl(ctx):
    name = ctx.label.name
    info = ctx.attr.image[ImageInfo]
    text = ctx.actions.declare_file(name + ".txt")
    document = ctx.actions.declare_file(name + ".json")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "BinaryClosure",
        label = ctx.label,
        settings = {"programs": ctx.attr.programs},
        lines = [
            request.files("config", [info.config]),
            request.files("listing", info.layers.listings, map_each = request.fields.label),
        ],
        outputs = {"json": document, "text": text},
        message = "Finding the closure of %{label}",
    )
    script = ctx.actions.declare_file(name)
    base = name.rpartition("/")[2]
    ctx.actions.write(script, _SCRIPT % (request.name(ctx.attr.image.label), base, base), is_executable = True)
    return [
        DefaultInfo(
            executable = script,
            files = depset([text]),
            runfiles = ctx.runfiles(files = [text, document]),
        ),
        OutputGroupInfo(json = depset([document]), text = depset([text])),
    ]

image_closure = rule(
    implementation = _image_closure_impl,
    doc = _DOC,
    attrs = {
        "image": attr.label(doc = "The image.", mandatory = True, providers = [ImageInfo]),
        "programs": attr.string_list(
            doc = "Globs of the files to begin with, as `/usr/bin/*`. By default the entrypoint, or the command; for an image " +
                  "that has neither, all programs.",
        ),
    },
    executable = True,
    toolchains = [TOOLCHAIN],
)
