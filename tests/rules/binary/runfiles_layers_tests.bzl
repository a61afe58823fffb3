"""Tests of `runfiles_layers`: the lines of its requests, how a program is started, and its messages."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("@distill_dev_pypi//:requirements.bzl", "requirement")
load("@rules_python//python:py_binary.bzl", "py_binary")
load("@rules_python//python:py_info.bzl", "PyInfo")
load("@rules_python//python:py_library.bzl", "py_library")
load("@rules_python//python:py_runtime_info.bzl", "PyRuntimeInfo")
load("//rules:providers.bzl", "LayersInfo", "ProgramInfo")
load("//rules/binary:defs.bzl", "runfiles_layers", "stripped_binary")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test", "requests")
load("//tests/rules:subjects.bzl", "directory", "program")

_HERE = "tests/rules/binary/"
_APP = "/app/_main/" + _HERE
_IN_APP = {"below": "app", "repository": "_main"}

def _program_test_impl(ctx):
    env = analysistest.begin(ctx)
    found = analysistest.target_under_test(env)[ProgramInfo]
    asserts.equals(env, ctx.attr.entrypoint, found.entrypoint, "entrypoint")
    asserts.equals(env, ctx.attr.env, found.env, "env")
    asserts.equals(env, "/app", found.root)
    asserts.equals(env, "/app/_main", found.working_dir)
    paths = [path for several in found.search_paths.get("PYTHONPATH", []) for path in several.to_list()]
    asserts.equals(env, ctx.attr.python_path, paths, "search path")
    return analysistest.end(env)

program_test = analysistest.make(
    _program_test_impl,
    attrs = {
        "entrypoint": attr.string_list(),
        "env": attr.string_dict(),
        "python_path": attr.string_list(),
    },
)

def _omitted_test_impl(ctx):
    env = analysistest.begin(ctx)
    lines = requests(env, "LayerFiles")[0].lines
    omitted = [line for line in lines if line["role"] == "omit"]
    asserts.equals(env, ctx.attr.paths, [line["path"] for line in omitted if "path" in line])
    asserts.equals(env, ctx.attr.places, [line["dest"] for line in omitted if "dest" in line])
    return analysistest.end(env)

omitted_test = analysistest.make(
    _omitted_test_impl,
    attrs = {
        "paths": attr.string_list(),
        "places": attr.string_list(),
    },
)

def _layers_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    blobs = [blob.basename for blob in target[LayersInfo].blobs.to_list()]
    asserts.equals(env, ctx.attr.layers, blobs, "layers, lowest first")
    asserts.equals(env, blobs, [file.basename for file in target[DefaultInfo].files.to_list()])
    found = requests(env, "LayerFiles")
    asserts.equals(env, ctx.attr.actions, len(found), "actions of the target itself")
    lower = [line["path"].rpartition("/")[2] for line in found[-1].lines if line["role"] == "lower"]
    asserts.equals(env, [name.replace(".tar.gz", ".listing.jsonl") for name in ctx.attr.layers[:-1]], lower, "what the last leaves out")
    only = [line.get("only", "") for line in found[0].lines if line["role"] == "src" and "short_path" in line]
    asserts.equals(env, ["../"] if ctx.attr.actions == 2 else [""], {value: None for value in only}.keys())
    return analysistest.end(env)

layers_test = analysistest.make(
    _layers_test_impl,
    attrs = {
        "actions": attr.int(),
        "layers": attr.string_list(),
    },
)

def _also_test_impl(ctx):
    env = analysistest.begin(ctx)
    lower, upper = requests(env, "LayerFiles")
    asserts.equals(env, ctx.attr.globs, [line["glob"] for line in lower.lines if line["role"] == "also"])
    asserts.equals(env, [], [line for line in upper.lines if line["role"] == "also"])
    return analysistest.end(env)

also_test = analysistest.make(_also_test_impl, attrs = {"globs": attr.string_list()})

def _python_program_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(program, "", is_executable = True)
    files = depset(ctx.files.interpreter)
    return [
        DefaultInfo(executable = program, runfiles = ctx.runfiles(ctx.files.main, transitive_files = files)),
        PyInfo(transitive_sources = depset()),
    ] + ([PyRuntimeInfo(files = files, interpreter = ctx.file.interpreter, python_version = "PY3")] if ctx.file.interpreter else [])

# What py_binary is with a toolchain that has an interpreter of its own; and what a rule of somebody's may be, which says
# nowhere what its main file is.
_python_program = rule(
    implementation = _python_program_impl,
    attrs = {
        "interpreter": attr.label(allow_single_file = True),
        "main": attr.label(allow_single_file = True),
        "main_module": attr.string(),
    },
    executable = True,
)

def _everything():
    directory(name = "runfiles_tree", tags = ["manual"])
    program(
        name = "runfiles_program",
        data = ["BUILD.bazel", ":runfiles_tree", "@bazel_tools//tools/build_defs/repo:utils.bzl"],
        environment = {"COLOUR": "red", "PRICE": "5$"},
        root_symlinks = {"BUILD.bazel": "root link"},
        symlinks = {":runfiles_tree": "a tree"},
        tags = ["manual"],
    )
    runfiles_layers(
        name = "everything",
        binary = ":runfiles_program",
        data = ["binary_image_tests.bzl"],
        interpreter = ["/bin/sh", "-e"],
        tags = ["manual"],
    )
    file = dict(_IN_APP, role = "src")
    request_test(
        name = "everything_test",
        target = ":everything",
        mnemonic = "LayerFiles",
        settings = {"compression": "gzip", "level": "default"},
        lines = [
            dict(file, path = _HERE + "BUILD.bazel", short_path = _HERE + "BUILD.bazel"),
            dict(file, path = "BIN/" + _HERE + "runfiles_tree", short_path = _HERE + "runfiles_tree", tree = True),
            dict(
                file,
                path = "external/bazel_tools/tools/build_defs/repo/utils.bzl",
                short_path = "../bazel_tools/tools/build_defs/repo/utils.bzl",
            ),
            dict(file, path = "BIN/" + _HERE + "runfiles_program", short_path = _HERE + "runfiles_program"),
            dict(file, path = _HERE + "binary_image_tests.bzl", short_path = _HERE + "binary_image_tests.bzl"),
            {"below": "app/_main", "name": "a tree", "path": "BIN/" + _HERE + "runfiles_tree", "role": "src", "tree": True},
            {"below": "app", "name": "root link", "path": _HERE + "BUILD.bazel", "role": "src"},
            {"dest": "app/_repo_mapping", "path": "BIN/" + _HERE + "runfiles_program.repo_mapping", "role": "src"},
            {"dest": "app/_main", "role": "directory"},
            {"dest": "app/_main/" + _HERE + "runfiles_program.runfiles", "link": "../../../..", "role": "symlink"},
        ],
    )

    # The program as it was built is among the runfiles of the stripped one.
    stripped_binary(name = "stripped_program", binary = ":runfiles_program", tags = ["manual"])
    runfiles_layers(name = "stripped_layers", binary = ":stripped_program", tags = ["manual"])
    omitted_test(
        name = "stripped_test",
        paths = ["BIN/" + _HERE + "runfiles_program"],
        target_under_test = ":stripped_layers",
    )
    program_test(
        name = "everything_program_test",
        entrypoint = ["/bin/sh", "-e", _APP + "runfiles_program"],
        env = {"COLOUR": "red", "PRICE": "5$$", "RUNFILES_DIR": "/app"},
        target_under_test = ":everything",
    )
    return [":everything_test", ":everything_program_test", ":stripped_test"]

def _python():
    py_library(name = "library", srcs = ["src/library.py"], imports = ["src"], tags = ["manual"])
    py_binary(name = "tool", srcs = ["src/tool.py", "src/other.py"], main = "src/tool.py", tags = ["manual"], deps = [":library"])
    py_binary(name = "by_name", srcs = ["by_name.py", "src/other.py"], tags = ["manual"], deps = [requirement("pytest")])
    runfiles_layers(name = "tool_layers", binary = ":tool", tags = ["manual"])
    runfiles_layers(name = "by_name_layers", binary = ":by_name", interpreter = ["/opt/python", "-O"], tags = ["manual"])
    python_env = {"PYTHONDONTWRITEBYTECODE": "1", "RUNFILES_DIR": "/app"}
    program_test(
        name = "python_test",
        entrypoint = ["/usr/bin/python3", _APP + "src/tool.py"],
        env = python_env,
        python_path = ["", "_main/" + _HERE + "src", "_main"],
        target_under_test = ":tool_layers",
    )

    # pytest needs pluggy, packaging, iniconfig and pygments.
    for name, third_party, layers, actions in [
        ("auto", None, ["third_auto.third_party.tar.gz", "third_auto.tar.gz"], 2),
        ("one", "one", ["third_one.third_party.tar.gz", "third_one.tar.gz"], 2),
        ("none", "none", ["third_none.tar.gz"], 1),
        ("each", "each", ["pkg.runfiles_layer_auto_auto.tar.gz"] * 5 + ["third_each.tar.gz"], 1),
    ]:
        runfiles_layers(name = "third_" + name, binary = ":by_name", tags = ["manual"], third_party = third_party)
        layers_test(
            name = "third_%s_test" % name,
            actions = actions,
            layers = layers,
            target_under_test = ":third_" + name,
        )
    _python_program(name = "programs/_with_interpreter", interpreter = "BUILD.bazel", main = "src/tool.py", tags = ["manual"])
    runfiles_layers(name = "with_interpreter_layers", binary = ":programs/_with_interpreter", tags = ["manual"])
    omitted_test(
        name = "interpreter_test",
        paths = [_HERE + "BUILD.bazel"],
        places = ["app/_main/" + _HERE + place for place in [
            "programs/_with_interpreter",
            "programs/__with_interpreter_stage2_bootstrap.py",
            "_with_interpreter.venv",
        ]],
        target_under_test = ":with_interpreter_layers",
    )
    _python_program(name = "module", main_module = "package.module", tags = ["manual"])
    runfiles_layers(name = "module_layers", binary = ":module", tags = ["manual"])
    program_test(
        name = "module_test",
        entrypoint = ["/usr/bin/python3", "-m", "package.module"],
        env = python_env,
        python_path = ["", "_main"],
        target_under_test = ":module_layers",
    )
    return [":python_test", ":interpreter_test", ":module_test"] + [":third_%s_test" % name for name in ["auto", "one", "none", "each"]]

def _files():
    tests = []
    for name, interpreter in {
        "a.cjs": ["/usr/bin/node"],
        "a.jar": ["/usr/bin/java", "-jar"],
        "a.js": ["/usr/bin/node"],
        "a.mjs": ["/usr/bin/node"],
        "a.py": ["/usr/bin/python3"],
        "a.pyz": ["/usr/bin/python3"],
        "a.run": [],
    }.items():
        native.genrule(name = name + "_rule", outs = [name], cmd = "touch $@", tags = ["manual"])
        runfiles_layers(name = name + "_layers", binary = name + "_rule", tags = ["manual"])
        program_test(
            name = name + "_test",
            entrypoint = interpreter + [_APP + name],
            env = {"RUNFILES_DIR": "/app"},
            target_under_test = name + "_layers",
        )
        tests.append(name + "_test")
    return tests

def _failures():
    native.filegroup(name = "several", srcs = ["BUILD.bazel", "binary_image_tests.bzl"], tags = ["manual"])
    _python_program(name = "without_main", tags = ["manual"])
    py_library(name = "two_sources", srcs = ["src/tool.py", "src/other.py"], tags = ["manual"])
    failure_test(
        name = "several_files_test",
        binary = ":several",
        message = "LABEL: binary cannot be run, got //tests/rules/binary:several with 2 files; name an executable target, or one file",
        rule = runfiles_layers,
    )
    failure_test(
        name = "no_program_test",
        binary = ":two_sources",
        message = "LABEL: binary cannot be run, got //tests/rules/binary:two_sources with 2 files; name an executable target, or one file",
        rule = runfiles_layers,
    )
    failure_test(
        name = "no_main_test",
        binary = ":without_main",
        message = "LABEL: binary has no main file that could be found, got //tests/rules/binary:without_main; set its attribute main",
        rule = runfiles_layers,
    )
    write_file(name = "write_own_jar", out = "own.jar", content = [])
    write_file(name = "write_other_jar", out = "other.jar", content = [])
    for test, attributes, given in [
        ("classpath_alone", {"classpath": ["other.jar"]}, "classpath"),
        ("main_class_alone", {"main_class": "app.Main"}, "main_class"),
    ]:
        failure_test(
            name = test + "_test",
            binary = "own.jar",
            message = "LABEL: classpath and main_class belong together, got %s alone; set both" % given,
            rule = runfiles_layers,
            **attributes
        )
    return [
        ":classpath_alone_test",
        ":main_class_alone_test",
        ":no_main_test",
        ":no_program_test",
        ":several_files_test",
    ]

def _third_party():
    runfiles_layers(
        name = "java_layers",
        binary = "own.jar",
        classpath = ["other.jar"],
        main_class = "app.Main",
        tags = ["manual"],
        third_party_files = ["_main/lib/**", "**/*.jar"],
    )
    program_test(
        name = "java_program_test",
        size = "small",
        entrypoint = ["/usr/bin/java", "@%sjava_layers.classpath" % _APP, "app.Main"],
        env = {"RUNFILES_DIR": "/app"},
        target_under_test = ":java_layers",
    )
    write_file(name = "write_odd", out = "odd[1].js", content = [])
    runfiles_layers(name = "node_layers", binary = "odd[1].js", tags = ["manual"])
    also = {
        "java": ["_main/lib/**", "**/*.jar", "_main/%sjava_layers.classpath" % _HERE],
        "node": ["**/node_modules/**"],
    }
    for language, globs in also.items():
        also_test(name = language + "_also_test", size = "small", globs = globs, target_under_test = ":%s_layers" % language)
    return [":java_program_test"] + [":%s_also_test" % language for language in also]

def runfiles_layers_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    native.test_suite(name = name, tests = _everything() + _python() + _files() + _failures() + _third_party())
