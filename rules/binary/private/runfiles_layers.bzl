"""`runfiles_layers`: a program and its runfiles as layers."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("@rules_python//python:py_runtime_info.bzl", "PyRuntimeInfo")
load("//rules:providers.bzl", "ProgramInfo", "StrippedInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "collect_layers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":classpath.bzl", "classpath_file")
load(":program_aspect.bzl", "ProgramAspectInfo", "THIRD_PARTY", "program_aspect")
load(":runfiles.bzl", "ROOT", "escaped_glob", "file_lines", "other_lines", "runfiles_path")
load(":strip_aspect.bzl", "strip_aspect")
load(":strip_programs.bzl", "STRIP_DOC", "strip_programs")
load(":strip_tool.bzl", "STRIP_TOOLCHAINS")

_DOC = """A program and its runfiles as layers, and how it is started.

```starlark
runfiles_layers(
    name = "server_layers",
    binary = ":server",
)

image(
    name = "image",
    base = "@rules_distill//distroless:python3",
    layers = [":server_layers"],
    program = ":server_layers",
)
```

[`binary_image`](#binary_image) writes both. The runfiles directory is `/app`: a file of this workspace goes to
`/app/_main/<package>/<file>`, one of another repository to `/app/<canonical name>/<file>`, the mapping of names to
`/app/_repo_mapping`, as Bazel lays them out for `bazel run`. Third-party files lie in layers below the application's; what a
lower layer has does not come twice. See [Languages](languages.md).
"""

# By the name's end, how a file is run that cannot be executed itself; the paths are Debian's and distroless's.
_INTERPRETERS = {
    "cjs": ["/usr/bin/node"],
    "jar": ["/usr/bin/java", "-jar"],
    "js": ["/usr/bin/node"],
    "mjs": ["/usr/bin/node"],
    "py": ["/usr/bin/python3"],
    "pyz": ["/usr/bin/python3"],
}
_PYTHON = _INTERPRETERS["py"]
_JAVA = ["/usr/bin/java"]

# Whose packages lie in the workspace itself, in a directory that says so.
_BY_FOLDER = ["cjs", "js", "mjs"]

def _runfiles_layers_impl(ctx):
    target = ctx.attr.binary
    workspace = ctx.workspace_name
    executable = _executable(ctx)
    found = target[ProgramAspectInfo] if ProgramAspectInfo in target else None
    python = PyInfo in target and found != None

    classpath = classpath_file(ctx, executable)
    runfiles = ctx.runfiles([classpath] if classpath else []).merge_all([
        target[DefaultInfo].default_runfiles,
    ] + [ctx.runfiles(transitive_files = data[DefaultInfo].files).merge(data[DefaultInfo].default_runfiles) for data in ctx.attr.data + ctx.attr.classpath])
    omitted = []
    interpreted = python
    if python:
        command = (ctx.attr.interpreter or _PYTHON) + _python_main(ctx, found)
        files = runfiles.files

        omitted = _start_script(target, executable, workspace)
        if PyRuntimeInfo in target and target[PyRuntimeInfo].files:
            omitted.append(request.files("omit", [], items = target[PyRuntimeInfo].files, map_each = request.fields.path))
    elif ctx.attr.main_class:
        interpreted = True
        command = (ctx.attr.interpreter or _JAVA) + ["@/" + _image_path(classpath, workspace), ctx.attr.main_class]
        files = depset([executable], transitive = [runfiles.files])
    else:
        interpreter = ctx.attr.interpreter or _INTERPRETERS.get(executable.extension, [])
        interpreted = bool(interpreter)
        command = interpreter + ["/" + _image_path(executable, workspace)]
        files = depset([executable], transitive = [runfiles.files])

    if StrippedInfo in target:
        omitted.append(request.files("omit", [], items = [target[StrippedInfo].original], map_each = request.fields.path))

    programs = [] if interpreted or StrippedInfo in target else [(executable, _image_path(executable, workspace))]
    strip = strip_programs(ctx, programs, [target] + ctx.attr.data)
    omitted += strip.lines

    mapping = getattr(target[DefaultInfo].files_to_run, "repo_mapping_manifest", None)
    mapped = [request.files("src", [mapping], dest = ROOT + "/_repo_mapping")] if mapping else []
    lower = _third_party(ctx, executable, files, omitted + mapped, found, python, classpath)
    lines = [request.files("lower", lower.listings)] + omitted + file_lines(files, workspace) + other_lines(runfiles, workspace) + mapped
    lines.append(request.entry("directory", dest = "%s/%s" % (ROOT, workspace)))

    # For what looks for its runfiles beside itself.
    path = runfiles_path(executable, workspace)
    lines.append(request.entry(
        "symlink",
        dest = "%s/%s.runfiles" % (ROOT, path),
        link = "/".join([".."] * path.count("/")),
    ))
    layer = build_layer(ctx, mnemonic = "LayerFiles", lines = lines)
    layers = collect_layers([layer], [lower])
    return [
        DefaultInfo(files = layers.blobs),
        layers,
        ProgramInfo(
            entrypoint = command,
            env = _environment(target) | ({"PYTHONDONTWRITEBYTECODE": "1"} if python else {}) | {"RUNFILES_DIR": "/" + ROOT},
            # The order of rules_python's own start of a program.
            search_paths = {"PYTHONPATH": [depset([""]), target[PyInfo].imports, depset([workspace])]} if python else {},
            root = "/" + ROOT,
            working_dir = "/%s/%s" % (ROOT, workspace),
        ),
        OutputGroupInfo(
            blob = layers.blobs,
            descriptor = layers.descriptors,
            listing = layers.listings,
        ),
        strip.parts,
    ]

def _third_party(ctx, executable, files, lines, found, python, classpath):
    """The layers below the application's (LayersInfo).

    In the one layer stands too what names third-party code one by one, and so changes with it: the mapping of repositories,
    the class path.
    """
    choice = ctx.attr.third_party
    if choice == "auto":
        choice = "one" if (python and found.external) or executable.extension in _BY_FOLDER or classpath else "none"
    if choice == "each":
        return found.layers if found else collect_layers()
    if choice == "none":
        return collect_layers()
    also = [request.entry("also", glob = glob) for glob in ctx.attr.third_party_files]
    if classpath:
        also.append(request.entry("also", glob = escaped_glob(runfiles_path(classpath, ctx.workspace_name))))
    return collect_layers([build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = lines + also + file_lines(files, ctx.workspace_name, only = "../"),
        name = ctx.label.name + ".third_party",
    )])

def _executable(ctx):
    executable = ctx.attr.binary[DefaultInfo].files_to_run.executable
    if executable:
        return executable
    if len(ctx.files.binary) != 1:
        fail("%s: binary cannot be run, got %s with %d files; name an executable target, or one file" %
             (request.name(ctx.label), request.name(ctx.attr.binary.label), len(ctx.files.binary)))
    return ctx.files.binary[0]

def _image_path(file, workspace):
    return "%s/%s" % (ROOT, runfiles_path(file, workspace))

def _python_main(ctx, found):
    if found.main_module:
        return ["-m", found.main_module]
    if not found.main:
        fail("%s: binary has no main file that could be found, got %s; set its attribute main" %
             (request.name(ctx.label), request.name(ctx.attr.binary.label)))
    return ["/" + _image_path(found.main, ctx.workspace_name)]

def _start_script(target, executable, workspace):
    """Lines that leave out how rules_python starts a program: a script for /usr/bin/env, a second one, a virtual environment.

    They find an interpreter and the runfiles; the image's entrypoint names both. The links of the environment lead to the
    interpreter of a toolchain, which stays out too: the base has one.
    """
    package = "/".join([part for part in [ROOT, target.label.repo_name or workspace, target.label.package] if part])
    path = _image_path(executable, workspace)
    return [request.entry("omit", dest = dest) for dest in [
        path,
        "%s/_%s_stage2_bootstrap.py" % (path.rpartition("/")[0], executable.basename),
        "%s/_%s.venv" % (package, executable.basename.lstrip("_")),
    ]]

def _environment(target):
    """What the rule of the program sets for `bazel run`; a dollar in it is a dollar."""
    if RunEnvironmentInfo not in target:
        return {}
    return {name: value.replace("$", "$$") for name, value in target[RunEnvironmentInfo].environment.items()}

runfiles_layers = rule(
    implementation = _runfiles_layers_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        binary = attr.label(
            doc = "The program: an executable target, or a file that an interpreter runs: a `.jar`, `.js` or `.py`.",
            allow_files = True,
            aspects = [program_aspect, strip_aspect],
            mandatory = True,
        ),
        classpath = attr.label_list(
            doc = "Jars that a Java program needs besides `binary`, which is its own: files, or targets such as `java_library` and " +
                  "`java_import` with all their runfiles. Needs `main_class`.",
            allow_files = [".jar"],
        ),
        data = attr.label_list(
            doc = "More files and programs of the runfiles, such as the `node_modules` of a script.",
            allow_files = True,
            aspects = [strip_aspect],
        ),
        interpreter = attr.string_list(
            doc = "What runs `binary`, with its arguments; the program's path follows. By default `/usr/bin/python3` for a " +
                  "`py_binary` and `.py`, `/usr/bin/java -jar` for a `.jar`, `/usr/bin/node` for a `.js`; else nothing.",
        ),
        main_class = attr.string(
            doc = "The class that a Java program begins with, where it has a `classpath`: it is started as `java -cp`, not as " +
                  "`java -jar`.",
        ),
        strip = attr.bool(doc = STRIP_DOC + " Not for programs that an interpreter runs: of these only the libraries."),
        third_party = attr.string(
            doc = "Where third-party files go, those of external repositories and `third_party_files`: `one` layer for all of them; `each` Python library of one in a " +
                  "layer of its own, which all images of the workspace share; `none`: the application's layer. `auto` is " +
                  "`one` for Python programs that have such a library, for a `.js` and for a `classpath`, else `none`. A layer " +
                  "that turns out to be empty is in no image.",
            default = "auto",
            values = THIRD_PARTY,
        ),
        third_party_files = attr.string_list(
            doc = "Globs of paths in the runfiles directory (`_main/vendor/**`): what of the workspace itself is third-party code " +
                  "too, with `one`.",
            default = ["**/node_modules/**"],
        ),
    ),
    fragments = ["cpp"],
    toolchains = [TOOLCHAIN] + STRIP_TOOLCHAINS,
)
