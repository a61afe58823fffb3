"""`binary_layer`: programs with just the files that they need at run time."""

load("//rules:providers.bzl", "ImageInfo", "LayersInfo", "PackageInfo", "PackagesInfo", "StrippedInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "collect_layers", "layer_providers")
load("//rules/private:packages.bzl", "package_lines", "soname_hints", "soname_indexes")
load("//rules/private:paths.bzl", "image_folder", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":strip_aspect.bzl", "strip_aspect")
load(":strip_programs.bzl", "STRIP_DOC", "strip_programs")
load(":strip_tool.bzl", "STRIP_TOOLCHAINS")

_DOC = """One layer with a program and just the files that it needs at run time.

```starlark
binary_layer(
    name = "server_layer",
    binary = ":server",
    path = "/usr/bin/server",
    base = "@rules_distill//distroless:cc",
    packages = ["@bookworm//libpq5"],
)
```

What a program needs is read from its file and from listings, and nothing is run: its interpreter (PT_INTERP), its
libraries and theirs (DT_NEEDED, found as the loader of glibc or musl finds them: RPATH, RUNPATH, `$ORIGIN`, the directories
of the cache and of the system; filters and auditors too), what a file says that it opens (`.note.dlopen`), the interpreters of scripts, and every
link on the way. Each is looked for in `base`, and is then not added; then in `packages`, of which only the needed files are
taken, with copyright and status entry; then among `libraries` and the shared libraries in the runfiles of `binary`, which
go to `library_dir`. Without `base` the image is the layer: a dynamic program on scratch.

The build fails, with a line for each reason, where something is missing or for another CPU, and where a library lacks a
symbol version that is needed: `GLIBC_2.38` of a libc.so.6 that ends with `GLIBC_2.36`. A message names the package of the
lock of `packages` that has a missing library; where that lock has none, what Debian's naming rule would call it, and the
command that tells for certain.

Of a library that has variants for better processors (`glibc-hwcaps`) these come along; one that is there as variants only
counts as found, although the program then runs on such processors alone: no file says where an image will run.

What a program opens without saying so is for `opens` (libraries: `libnss_dns.so.2`, `libgcc_s.so.1` of a program that ends
threads) and for the image's other layers (an interpreter's standard library, locales). The output group `closure` has
`<name>.closure.txt`, a tree that says of each file why it is there, and `<name>.closure.json`.
"""

def _library_fields(file):
    # libfoo.so, libfoo.so.1.2; a directory of a tree artifact is none.
    if file.is_directory or not (file.basename.endswith(".so") or ".so." in file.basename):
        return None
    return '"path":%s,"name":%s' % (json.encode(file.path), json.encode(file.basename))

def _program(ctx):
    """The file of `binary`, which a target with an executable has, or one of a single file is."""
    target = ctx.attr.binary
    executable = target[DefaultInfo].files_to_run.executable
    return depset([executable]) if executable else target[DefaultInfo].files

def _binary_layer_impl(ctx):
    label = ctx.label
    path = ctx.attr.path or "/usr/bin/" + ctx.attr.binary.label.name.rpartition("/")[2]
    lines = []
    stripped = []
    for target, files, dest, attribute in [(ctx.attr.binary, _program(ctx), path, "path")] + [
        (target, target[DefaultInfo].files, dest, "files")
        for target, dest in ctx.attr.files.items()
    ]:
        executable = target[DefaultInfo].files_to_run.executable
        if dest.endswith("/"):
            below = image_folder(dest, label, attribute)
            place = "%s/%s" % (below, executable.basename) if executable else ""
            lines.append(request.files("src", files, map_each = request.fields.named, below = below))
        else:
            place = image_path(dest, label, attribute)
            lines.append(request.files("src", files, map_each = request.fields.tree, dest = place))
        if executable and StrippedInfo not in target:
            stripped.append((executable, place))
    strip = strip_programs(ctx, stripped, [ctx.attr.binary] + ctx.attr.files.keys() + ctx.attr.libraries)
    lines.extend(strip.lines)
    libraries = [target[DefaultInfo].files for target in ctx.attr.libraries]
    for target in [ctx.attr.binary] + ctx.attr.libraries:
        if target[DefaultInfo].default_runfiles:  # a plain file has none
            libraries.append(target[DefaultInfo].default_runfiles.files)
    lines.append(request.files("library", depset(transitive = libraries), map_each = _library_fields))
    if ctx.attr.base:
        lines.append(request.files("listing", ctx.attr.base[ImageInfo].layers.listings))
    if ctx.attr.layers:
        lines.append(request.files("listing", collect_layers(transitive = [target[LayersInfo] for target in ctx.attr.layers]).listings))
    lines.append(request.files(
        "listing",
        depset(transitive = [target[LayersInfo].listings for target in ctx.attr.packages], order = "postorder"),
        package = True,
    ))
    infos = [target[PackagesInfo] for target in ctx.attr.packages]
    lines.append(package_lines(
        depset(transitive = [info.packages for info in infos], order = "postorder"),
        depset(transitive = [info.debs for info in infos], order = "postorder"),
    ))
    lines.append(soname_hints(ctx.attr.packages))
    text = ctx.actions.declare_file(label.name + ".closure.txt")
    document = ctx.actions.declare_file(label.name + ".closure.json")
    layer = build_layer(
        ctx,
        mnemonic = "BinaryLayer",
        lines = lines,
        settings = {
            "library_dir": image_path(ctx.attr.library_dir, label, "library_dir"),
            "library_path": ["/" + image_path(folder, label, "library_path") for folder in ctx.attr.library_path],
            "opens": ctx.attr.opens,
            "priority": ctx.attr.priority,
        },
        more_outputs = {"json": document, "text": text},
    )
    layer_info = layer_providers(layer, debug_parts = strip.parts, closure = depset([text, document]))
    return layer_info + [soname_indexes(ctx.attr.packages)]

binary_layer = rule(
    implementation = _binary_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        base = attr.label(
            doc = "The image below: what it has is not added. Name the same as the image that gets this layer.",
            providers = [ImageInfo],
        ),
        binary = attr.label(
            doc = "The program: an executable target, or a file. Of its runfiles only shared libraries are looked at.",
            allow_files = True,
            aspects = [strip_aspect],
            mandatory = True,
        ),
        files = attr.label_keyed_string_dict(
            doc = "More programs, plugins and scripts, with where they go, as in `layer`: what they need comes along.",
            allow_files = True,
            aspects = [strip_aspect],
        ),
        layers = attr.label_list(
            doc = "Other layers of the image, such as an `ld_so_cache_layer`: what they have is not added, as with `base`.",
            providers = [LayersInfo],
        ),
        libraries = attr.label_list(
            doc = "Shared libraries of the build, as `cc_shared_library` makes them; what no program needs stays away.",
            allow_files = True,
            aspects = [strip_aspect],
        ),
        library_dir = attr.string(
            doc = "The directory in the image where libraries of the build go.",
            default = "/usr/lib",
        ),
        library_path = attr.string_list(
            doc = "The directories that LD_LIBRARY_PATH has in the image, if it is set there.",
        ),
        opens = attr.string_list(
            doc = "Libraries, by soname, that the program opens by dlopen(3) without saying so in `.note.dlopen`.",
        ),
        packages = attr.label_list(
            doc = "Locked packages that files may be taken from, such as `@bookworm//libc6`; so may all that they depend on.",
            providers = [LayersInfo, PackageInfo, PackagesInfo],
        ),
        path = attr.string(
            doc = "Where the program goes, absolute; with a slash at the end, the directory. By default " +
                  "`/usr/bin/` and the name of the target.",
        ),
        priority = attr.string(
            doc = "What is taken of the libraries that `.note.dlopen` names: those of this priority and above. What is not " +
                  "`required` may be missing.",
            default = "recommended",
            values = ["required", "recommended", "suggested"],
        ),
        strip = attr.bool(doc = STRIP_DOC + " Programs of `files` too, if they are executable targets. The debug parts go to " +
                                "the `.debug` variant of the image."),
    ),
    fragments = ["cpp"],
    toolchains = [TOOLCHAIN] + STRIP_TOOLCHAINS,
)
