"""`stripped_binary`: a program without what it does not need to run."""

load("//rules:providers.bzl", "DebugPartsInfo", "StrippedInfo")
load("//rules/private:paths.bzl", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":strip_action.bzl", "strip_action")
load(":strip_tool.bzl", "STRIP_ATTRS", "STRIP_TOOLCHAINS", "strip_tool")

_DOC = """A program or shared library without symbols and debug sections, and these as a debug part.

```starlark
stripped_binary(
    name = "server_stripped",
    binary = ":server",
)

layer(
    name = "program",
    files = {":server_stripped": "/usr/bin/server"},
)
```

It is stripped in an action of its own by the C++ toolchain's strip, or by `strip`; it stands where `binary` stands: `bazel
run` works, and runfiles stay. The debug part is found by the build-id, and by the link to it (`.gnu_debuglink`) that the
stripped program gets; a `debug_layer` puts it into an image.

Some files are left alone, copied as they are: scripts and whatever is no ELF file, object files, kernel modules, static
libraries, files that are stripped or packed already, and programs that carry something after their end or in sections of
their own (self-extracting programs, AppImages, applications as a zip file behind their interpreter, signed ones), since strip
would move or cut it off. What the kernel loads of a stripped program is compared with what it would load of `binary`,
byte for byte; where that differs, it is left alone as well.

What it takes is what the build has made. Without `-g` there are no lines, and in its fastest mode Bazel drops debug
sections itself when it links: `build --strip=never` in .bazelrc leaves them to this rule.

Of split DWARF (`-gsplit-dwarf`, Bazel's `--fission`) the debug part is a skeleton, with lines but without variables; report and
build say so. `dwps` of a `debug_layer` takes the `.dwp`.

The output groups are `debug` (a directory, as it stands below /usr/lib/debug) and `report` (what was saved, or why the
file was left alone: a JSON line and a line of text).
"""

def _stripped_binary_impl(ctx):
    binary = _file(ctx)
    made = strip_action(
        ctx,
        file = binary,
        name = ctx.label.name,
        path = image_path(ctx.attr.path, ctx.label, "path") if ctx.attr.path else "",
        tool = strip_tool(ctx, ctx.attr.strip, ctx.executable.strip),
    )
    target = ctx.attr.binary
    return [
        DefaultInfo(
            executable = made.stripped,
            files = depset([made.stripped]),
            runfiles = ctx.runfiles([made.stripped]).merge(target[DefaultInfo].default_runfiles),
        ),
        DebugPartsInfo(debug = depset([made.debug]), reports = depset([made.report])),
        StrippedInfo(original = binary),
        OutputGroupInfo(debug = depset([made.debug]), report = depset([made.report, made.text])),
    ] + ([target[RunEnvironmentInfo]] if RunEnvironmentInfo in target else [])

def _file(ctx):
    """The program; of a target that is none, its one file, such as a shared library."""
    target = ctx.attr.binary[DefaultInfo]
    if target.files_to_run and target.files_to_run.executable:
        return target.files_to_run.executable
    files = ctx.files.binary
    if len(files) != 1 or files[0].is_directory:
        fail("%s: binary is not one file, got %d from %s; name a program, or a target of one file" %
             (request.name(ctx.label), len(files), request.name(ctx.attr.binary.label)))
    return files[0]

stripped_binary = rule(
    implementation = _stripped_binary_impl,
    doc = _DOC,
    executable = True,
    attrs = dict(
        STRIP_ATTRS,
        binary = attr.label(
            doc = "The program, or a target of one file, such as a shared library.",
            allow_files = True,
            mandatory = True,
        ),
        path = attr.string(
            doc = "Where the program stands in the image. It matters for a program without build-id alone: debuggers look for its " +
                  "debug part below /usr/lib/debug by this path.",
        ),
    ),
    fragments = ["cpp"],
    toolchains = [TOOLCHAIN] + STRIP_TOOLCHAINS,
)
