"""`optimized_pictures`: PNG and JPEG files made smaller without a change of a pixel."""

load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """PNG and JPEG files made smaller; no pixel changes, and all that a picture says of itself stays.

```starlark
optimized_pictures(
    name = "pictures",
    srcs = glob(["static/**"]),
)

assets_layer(
    name = "assets",
    srcs = [":pictures"],
    strip_prefix = "pictures/static",
    prefix = "/srv/app/static",
)
```

Each picture is optimised in an action of its own, so that one more picture does not touch the others. Files that are no
`.png`, `.jpg` or `.jpeg` are passed on as they are, and so is a picture that would not be smaller. All stand below a directory
of the target's name as they stand in this package. The output group `report` has a JSON line for each picture: bytes before
and after.
"""

_EXTENSIONS = ("png", "jpg", "jpeg")

def _optimized_pictures_impl(ctx):
    outputs = []
    reports = []
    for file in ctx.files.srcs:
        if file.is_directory:
            fail("%s: srcs has a directory, got %s; give files" % (request.name(ctx.label), file.short_path))
        place = ctx.label.name + "/" + _place(file, ctx.label.package)
        output = ctx.actions.declare_file(place)
        outputs.append(output)
        if file.extension.lower() not in _EXTENSIONS:
            ctx.actions.symlink(output = output, target_file = file)
            continue
        report = ctx.actions.declare_file(place + ".optimized.json")
        reports.append(report)
        request.run(
            actions = ctx.actions,
            # The same tool, with the libraries that only this needs: whoever has no pictures never fetches them.
            toolchain = struct(tool = ctx.attr._tool[DefaultInfo].files_to_run),
            mnemonic = "PictureOptimize",
            label = ctx.label,
            lines = [request.files("picture", [file], map_each = request.fields.named)],
            outputs = {"optimized": output, "report": report},
            message = "Optimising a picture of %{label}",
        )
    return [
        DefaultInfo(files = depset(outputs)),
        OutputGroupInfo(report = depset(reports)),
    ]

def _place(file, package):
    path = file.short_path
    if path.startswith("../"):
        return path[len("../"):]
    return path[len(package) + 1:] if package and path.startswith(package + "/") else path

optimized_pictures = rule(
    implementation = _optimized_pictures_impl,
    doc = _DOC,
    attrs = {
        "srcs": attr.label_list(
            doc = "The pictures, and files that stand with them.",
            allow_files = True,
            mandatory = True,
        ),
        "_tool": attr.label(
            default = Label("//py:picture_tool"),
            cfg = "exec",
            executable = True,
        ),
    },
    toolchains = [TOOLCHAIN],
)
