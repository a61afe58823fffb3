"""`image_test`: what an image must have and do, as container-structure-test writes it."""

load("//rules:providers.bzl", "ImageInfo")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """Tests what is in an image and what its commands do, without an engine.

```starlark
image_test(
    name = "redis_image_test",
    configs = ["redis_image_test.yaml"],
    image = ":redis_image",
)
```

The files of `configs` have the schema 2.0.0 of container-structure-test, with sizes, packages, ELF files and what must
not be there added: [image_test.md](image_test.md). Files are looked up in the layers as an engine does it: whiteouts,
links and all. Commands run in user namespaces, as the image's user, each on a file system as the image has it. A fault
in a file of `configs` fails the build.
"""

_LAUNCHER = """\
#!/bin/sh
# The runner and its request, found among the runfiles of this test.
cd "${{RUNFILES_DIR:-${{TEST_SRCDIR:-$0.runfiles}}}}/{workspace}" && exec ./{runner} ./{request}
"""

_CONTAINER_DRIVERS = ["docker", "podman"]

def _image_test_impl(ctx):
    name = ctx.label.name
    report = ctx.actions.declare_file(name + ".cases.txt")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "ImageTestConfig",
        label = ctx.label,
        lines = [request.files("tests", ctx.files.configs, map_each = request.fields.short_path)],
        outputs = {"report": report},
        message = "Reading tests %{label}",
    )
    asked = ctx.actions.declare_file(name + ".request.jsonl")
    named = request.write(
        actions = ctx.actions,
        command = "ImageTest",
        label = ctx.label,
        settings = {"driver": ctx.attr.driver},
        lines = [
            request.files(role, files, map_each = request.fields.runfile)
            for role, files in _read(ctx).items()
        ],
        output = asked,
    )
    launcher = ctx.actions.declare_file(name + ".sh")
    ctx.actions.write(
        launcher,
        _LAUNCHER.format(
            workspace = ctx.workspace_name,
            runner = ctx.executable._runner.short_path,
            request = asked.short_path,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = ctx.files.data + [asked], transitive_files = named)
    runfiles = runfiles.merge_all([
        target[DefaultInfo].default_runfiles
        for target in [ctx.attr._runner] + ctx.attr.data
    ])
    providers = [
        DefaultInfo(executable = launcher, runfiles = runfiles),
        OutputGroupInfo(_validation = depset([report])),
        RunEnvironmentInfo(environment = ctx.attr.env, inherited_environment = ctx.attr.env_inherit),
    ]
    if ctx.attr.driver in _CONTAINER_DRIVERS:
        # The engine is the machine's: no sandbox and no other machine has it.
        providers.append(testing.ExecutionInfo({"local": "1"}))
    return providers

def _read(ctx):
    """What the runner reads, by role."""
    info = ctx.attr.image[ImageInfo]
    files = {
        "config": [info.config],
        "layer": info.layers.descriptors,
        "listing": info.layers.listings,
        "blob": info.layers.blobs,
        "tests": ctx.files.configs,
    }
    if ctx.attr.driver in _CONTAINER_DRIVERS:
        files["archive"] = ctx.attr.image[OutputGroupInfo].archive
    elif ctx.file.emulator:
        files["emulator"] = [ctx.file.emulator]
    return files

image_test = rule(
    implementation = _image_test_impl,
    doc = _DOC,
    attrs = {
        "configs": attr.label_list(
            doc = "Files of tests, YAML or JSON.",
            allow_empty = False,
            allow_files = [".yaml", ".yml", ".json"],
            mandatory = True,
        ),
        "data": attr.label_list(
            doc = "Files that `containerRunOptions` names, by their path from the root of the workspace.",
            allow_files = True,
        ),
        "driver": attr.string(
            doc = "What runs commands: `namespace`, which needs nothing but Linux, or the machine's `docker` or " +
                  "`podman`, which then load the image and are asked for its files too.",
            default = "namespace",
            values = ["namespace"] + _CONTAINER_DRIVERS,
        ),
        "emulator": attr.label(
            doc = "A static qemu-user, for commands of an image for another CPU; without it they are skipped, and the " +
                  "report says so. It runs the command itself, not the programs that this starts.",
            allow_single_file = True,
            cfg = "exec",
        ),
        "env": attr.string_dict(doc = "Environment variables of the test, which `containerRunOptions.envVars` may name."),
        "env_inherit": attr.string_list(doc = "Variables that the test takes over from the environment of Bazel."),
        "image": attr.label(
            doc = "The image.",
            mandatory = True,
            providers = [ImageInfo],
        ),
        "_runner": attr.label(
            default = Label("//py:image_test"),
            cfg = "exec",
            executable = True,
        ),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
