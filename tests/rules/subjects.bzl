"""Small rules that stand for what a layer or an image is made from."""

load("//rules:providers.bzl", "PackageInfo")

def _directory_impl(ctx):
    tree = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run_shell(outputs = [tree], command = "mkdir -p %s && echo text > %s/file" % (tree.path, tree.path))
    return [DefaultInfo(files = depset([tree]))]

directory = rule(
    implementation = _directory_impl,
    doc = "A tree artifact with one file.",
)

def _package_impl(ctx):
    return [PackageInfo(
        name = ctx.attr.package,
        version = "1.0-1",
        architecture = "all",
        deb = ctx.file.deb,
        sha256 = "ab" * 32,
        size = 12,
    )]

package = rule(
    implementation = _package_impl,
    doc = "A locked package that nobody reads.",
    attrs = {
        "deb": attr.label(mandatory = True, allow_single_file = True),
        "package": attr.string(mandatory = True),
    },
)

def _program_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(program, "#!/bin/sh\n", is_executable = True)
    return [
        DefaultInfo(
            executable = program,
            runfiles = ctx.runfiles(
                files = ctx.files.data,
                root_symlinks = {path: target[DefaultInfo].files.to_list()[0] for target, path in ctx.attr.root_symlinks.items()},
                symlinks = {path: target[DefaultInfo].files.to_list()[0] for target, path in ctx.attr.symlinks.items()},
            ),
        ),
        RunEnvironmentInfo(environment = ctx.attr.environment),
    ]

program = rule(
    implementation = _program_impl,
    doc = "A script with all that runfiles can have.",
    attrs = {
        "data": attr.label_list(allow_files = True),
        "environment": attr.string_dict(),
        "root_symlinks": attr.label_keyed_string_dict(allow_files = True),
        "symlinks": attr.label_keyed_string_dict(allow_files = True),
    },
    executable = True,
)
