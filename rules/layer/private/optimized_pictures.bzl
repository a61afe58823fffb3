"""`optimized_pictures`: PNG and JPEG files made smaller without a change of a pixel."""

load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """PNG and JPEG files made smaller; no pixel changes, and all that a picture says of itself stays.

```starlark
optimized_pictures(
    name = "pictures",
    srcs = glob(["static/**"]),
    formats = ["avif", "webp"],     # or none
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
of the target's name as they stand in this package.

With `formats` a picture `logo.png` has `logo.png.avif` and `logo.png.webp` beside it, for a server that looks what the browser
accepts (nginx: `try_files $uri.webp $uri`, where `Accept` has `image/webp`). A format is left out where it would not be
smaller than the optimised picture. WebP of a PNG is lossless, pixel by pixel; WebP of a JPEG, and AVIF of both, are of the
quality that `webp_quality` and `avif_quality` say. Colour profiles stay, a camera's note of the orientation is applied to
the pixels, and all other notes are left out. Animations, pictures of 16 bits a colour, in CMYK, with a gamma of their own or a
profile that is not of RGB are left alone.

The output group `report` has a JSON line for each picture: bytes before and after, of each format too, or why it was left out.

The same picture gives the same bytes, at every time and in every process: settings are fixed, and one thread writes.
The libraries choose their instructions by the processor. They mean to write the same whichever they have: the pictures of our
tests are the same on x86-64 with and without AVX and AVX2, emulated, and for the PNG among them arm64's gave the same once. For
all pictures nobody has proven it. Where that matters, use a remote cache, or `formats` only where the images are built on
machines of one kind.
"""

_EXTENSIONS = ("png", "jpg", "jpeg")

def _optimized_pictures_impl(ctx):
    name = ctx.label.name
    qualities = _qualities(ctx)

    # With other formats nobody knows beforehand which files there will be: they are made beside and put into one directory.
    folder = name + (".parts/" if qualities else "/")
    outputs = []
    reports = []
    lines = []
    for file in ctx.files.srcs:
        if file.is_directory:
            fail("%s: srcs has a directory, got %s; give files" % (request.name(ctx.label), file.short_path))
        place = _place(file, ctx.label.package)
        if file.extension.lower() not in _EXTENSIONS:
            if qualities:
                lines.append(request.files("src", [file], map_each = request.fields.tree, dest = place))
            else:
                output = ctx.actions.declare_file(folder + place)
                outputs.append(output)
                ctx.actions.symlink(output = output, target_file = file)
            continue
        output = ctx.actions.declare_file(folder + place)
        outputs.append(output)
        report = ctx.actions.declare_file(folder + place + ".optimized.json")
        reports.append(report)
        more = {}
        if qualities:
            others = ctx.actions.declare_directory(folder + place + ".formats")
            more = {"formats": others}
            lines.append(request.files("src", [output], map_each = request.fields.tree, dest = place))
            lines.append(request.files(
                "src",
                [others],
                map_each = request.fields.short_path,
                below = place.rpartition("/")[0],
                strip_prefix = others.short_path,
            ))
        request.run(
            actions = ctx.actions,
            # The same tool, with the libraries that only this needs: whoever has no pictures never fetches them.
            toolchain = struct(tool = ctx.attr._tool[DefaultInfo].files_to_run),
            mnemonic = "PictureOptimize",
            label = ctx.label,
            settings = {"qualities": qualities} if qualities else {},
            lines = [request.files("picture", [file], map_each = request.fields.named)],
            outputs = {"optimized": output, "report": report} | more,
            message = "Optimising a picture of %{label}",
        )
    if qualities:
        outputs = [_directory(ctx, lines)]
    return [
        DefaultInfo(files = depset(outputs)),
        OutputGroupInfo(report = depset(reports)),
    ]

def _qualities(ctx):
    """What each format is written with, by format."""
    found = {}
    for format in ctx.attr.formats:
        if format not in ("avif", "webp"):
            fail("%s: formats has one that is not known, got %r; give avif or webp" % (request.name(ctx.label), format))
        attribute = format + "_quality"
        quality = getattr(ctx.attr, attribute)
        if quality < 1 or quality > 100:
            fail("%s: %s is out of range, got %d; give 1 to 100" % (request.name(ctx.label), attribute, quality))
        found[format] = quality
    return found

def _directory(ctx, lines):
    """One directory of all files."""
    name = ctx.label.name
    directory = ctx.actions.declare_directory(name)
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "AssetsBundle",
        label = ctx.label,
        settings = {"hash_names": False},
        lines = lines,
        outputs = {
            "bundle": directory,
            "manifest": ctx.actions.declare_file(name + ".manifest.json"),
            "report": ctx.actions.declare_file(name + ".assets.txt"),
        },
        message = "Gathering pictures of %{label}",
    )
    return directory

def _place(file, package):
    path = file.short_path
    if path.startswith("../"):
        return path[len("../"):]
    return path[len(package) + 1:] if package and path.startswith(package + "/") else path

optimized_pictures = rule(
    implementation = _optimized_pictures_impl,
    doc = _DOC,
    attrs = {
        "avif_quality": attr.int(
            doc = "Of AVIF, 1 to 100; more is larger and better.",
            default = 60,
        ),
        "formats": attr.string_list(
            doc = "What each picture is written as besides: `avif`, `webp`. With any, the target is one directory of all files.",
        ),
        "srcs": attr.label_list(
            doc = "The pictures, and files that stand with them.",
            allow_files = True,
            mandatory = True,
        ),
        "webp_quality": attr.int(
            doc = "Of WebP that is made of JPEG files, 1 to 100; PNG files become lossless ones.",
            default = 80,
        ),
        "_tool": attr.label(
            default = Label("//py:picture_tool"),
            cfg = "exec",
            executable = True,
        ),
    },
    toolchains = [TOOLCHAIN],
)
