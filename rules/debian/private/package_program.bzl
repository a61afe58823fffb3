"""`package_program`: a program of locked packages for actions to run."""

load("//rules:providers.bzl", "PackagesInfo")
load("//rules/private:packages.bzl", "package_lines")
load("//rules/private:paths.bzl", "image_path")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """A program of locked packages that actions run, so that a build needs nothing of the machine for it.

```starlark
package_program(
    name = "aarch64_strip",
    packages = ["@bookworm//binutils-aarch64-linux-gnu"],
    path = "/usr/bin/aarch64-linux-gnu-strip",
)

stripped_binary(
    name = "server_stripped",
    binary = ":server",
    strip = ":aarch64_strip",
)
```

It comes with its loader and the libraries that it names, from the packages and all that they depend on. What it looks for
by other paths, such as settings below /etc, is not there. Files that it looks for from where it stands itself come along
with `files`:

```starlark
package_program(
    name = "python",
    files = ["/usr/lib/python3.11/**"],
    packages = ["@bookworm//python3.11-minimal"],
    path = "/usr/bin/python3.11",
)
```
"""

def _package_program_impl(ctx):
    name = ctx.label.name
    infos = [target[PackagesInfo] for target in ctx.attr.packages]
    launcher = ctx.actions.declare_file(name)
    files = ctx.actions.declare_directory(name + ".files")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "PackageProgram",
        label = ctx.label,
        settings = {
            "path": "/" + image_path(ctx.attr.path, ctx.label, "path"),
            "files": ctx.attr.files,
        },
        lines = [package_lines(
            depset(transitive = [info.packages for info in infos], order = "postorder"),
            depset(transitive = [info.debs for info in infos], order = "postorder"),
        )],
        outputs = {"files": files, "launcher": launcher},
        message = "Unpacking %{label}",
    )
    return [DefaultInfo(
        executable = launcher,
        files = depset([launcher]),
        runfiles = ctx.runfiles([launcher, files]),
    )]

package_program = rule(
    implementation = _package_program_impl,
    doc = _DOC,
    executable = True,
    attrs = {
        "files": attr.string_list(
            doc = "Globs of further files, which stand to the program as in their packages; links become files.",
        ),
        "packages": attr.label_list(
            doc = "Locked packages, such as `@bookworm//binutils-aarch64-linux-gnu`; all that they depend on comes along.",
            mandatory = True,
            providers = [PackagesInfo],
        ),
        "path": attr.string(
            doc = "Where the program stands in its package, absolute.",
            mandatory = True,
        ),
    },
    toolchains = [TOOLCHAIN],
)
