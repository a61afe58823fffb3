"""Tests of request.bzl: every action of the tool is started as the law of the request says."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")  # buildifier: disable=bzl-visibility
load("//tests/rules:request_test.bzl", "request_test")

# --- with a stand-in for ctx.actions, which sees what a finished action no longer tells

def _recorder():
    """A stand-in for ctx.actions: `calls` gets (method, positional, keywords) of every call."""
    calls = []

    def _record(method, result = None):
        def _call(*args, **kwargs):
            calls.append((method, args, kwargs))
            return result

        return _call

    args = struct(
        add = _record("add"),
        add_all = _record("add_all"),
        set_param_file_format = _record("set_param_file_format"),
        use_param_file = _record("use_param_file"),
    )
    return struct(args = lambda: args, declare_file = _record("declare_file", "the unused"), run = _record("run"), write = _record("write")), calls

def _run(**kwargs):
    actions, calls = _recorder()
    values = dict(
        actions = actions,
        toolchain = struct(tool = "the tool"),
        mnemonic = "LayerFiles",
        label = Label("//some:target"),
        lines = [],
        outputs = {},
        message = "Working",
    )
    values.update(kwargs)
    request.run(**values)
    return calls

def _named(calls, method):
    return [(args, kwargs) for name, args, kwargs in calls if name == method]

def _params_file_test_impl(ctx):
    env = unittest.begin(ctx)
    calls = _run()
    asserts.equals(env, [(("multiline",), {})], _named(calls, "set_param_file_format"))
    asserts.equals(env, [(("@%s",), {"use_always": True})], _named(calls, "use_param_file"))
    return unittest.end(env)

params_file_test = unittest.make(_params_file_test_impl)

def _write_test_impl(ctx):
    env = unittest.begin(ctx)
    actions, calls = _recorder()
    named = request.write(
        actions = actions,
        command = "ImageTest",
        label = Label("//some:target"),
        lines = [request.entry("note", text = "x")],
        output = "the file",
    )
    asserts.equals(env, [], named.to_list())
    asserts.equals(env, [(("multiline",), {})], _named(calls, "set_param_file_format"))
    asserts.equals(env, [], _named(calls, "use_param_file"), "the request is a file, not the params of an action")
    lines = [args[0] for args, _ in _named(calls, "add")]
    asserts.equals(env, ['{"command":"ImageTest","label":"//some:target","settings":{}}', '{"role":"note","text":"x"}'], lines)
    [(args, _)] = _named(calls, "write")
    asserts.equals(env, "the file", args[0])
    return unittest.end(env)

write_test = unittest.make(_write_test_impl)

def _worker_test_impl(ctx):
    env = unittest.begin(ctx)
    [(_, run)] = _named(_run(), "run")
    asserts.equals(env, "the tool", run["executable"])
    asserts.equals(env, "LayerFiles", run["mnemonic"])
    asserts.equals(env, TOOLCHAIN, run["toolchain"])
    asserts.equals(env, {
        "requires-worker-protocol": "json",
        "supports-path-mapping": "1",
        "supports-workers": "1",
        "worker-key-mnemonic": "Distill",
    }, run["execution_requirements"])
    asserts.false(env, "env" in run or "use_default_shell_env" in run, "the tool's environment is no input")
    return unittest.end(env)

worker_test = unittest.make(_worker_test_impl)

def _streaming_test_impl(ctx):
    env = unittest.begin(ctx)
    files = depset(["stands for a File"])
    calls = _run(lines = [request.files("src", files)])
    [((streamed,), keywords)] = _named(calls, "add_all")
    asserts.true(env, streamed == files, "the very depset, not a list of what is in it")
    asserts.equals(env, request.fields.path, keywords["map_each"])
    asserts.false(env, keywords["expand_directories"])
    [(_, run)] = _named(calls, "run")
    asserts.equals(env, "depset", type(run["inputs"]))
    return unittest.end(env)

streaming_test = unittest.make(_streaming_test_impl)

def _hints_test_impl(ctx):
    env = unittest.begin(ctx)
    hints = request.hints("sonames", depset(["stands for a File"]))
    calls = _run(lines = [hints], outputs = {"out": struct(basename = "a.out")})
    [(_, run)] = _named(calls, "run")
    asserts.equals(env, "the unused", run["unused_inputs_list"])
    asserts.true(env, "the unused" in run["outputs"])
    asserts.equals(env, ["stands for a File"], run["inputs"].to_list(), "whoever fails reads them")
    [((name,), _)] = _named(calls, "declare_file")
    asserts.equals(env, "a.out.unused", name)
    asserts.true(env, '{"role":"out","name":"unused",%s}' in [keywords.get("format_each") for _, keywords in _named(calls, "add_all")])
    [(_, run)] = _named(_run(), "run")
    asserts.equals(env, None, run["unused_inputs_list"], "an action without hints has no such output")
    return unittest.end(env)

hints_test = unittest.make(_hints_test_impl)

def _fields_test_impl(ctx):
    env = unittest.begin(ctx)
    file = struct(path = "bin/a \"b\"", short_path = "../r/a \"b\"", basename = "a \"b\"", is_directory = False)
    link = struct(path = "l", short_path = "l", basename = "l", is_directory = False, is_symlink = True)
    tree = struct(path = "bin/t", short_path = "t", basename = "t", is_directory = True)
    fields = request.fields
    asserts.equals(env, '"path":"bin/a \\"b\\""', fields.path(file))
    asserts.equals(env, '"path":"bin/t"', fields.path(tree))
    asserts.equals(env, '"path":"bin/a \\"b\\""', fields.tree(file))
    asserts.equals(env, '"path":"bin/t","tree":true', fields.tree(tree))
    asserts.equals(env, '"path":"bin/a \\"b\\"","name":"a \\"b\\""', fields.named(file))
    asserts.equals(env, '"path":"l","symlink_artifact":true', fields.tree(link))
    asserts.equals(env, '"path":"bin/t","name":"t","tree":true', fields.named(tree))
    asserts.equals(env, '"path":"l","name":"l","symlink_artifact":true', fields.named(link))
    asserts.equals(env, '"path":"bin/a \\"b\\"","short_path":"../r/a \\"b\\""', fields.short_path(file))
    asserts.equals(env, '"path":"bin/t","short_path":"t","tree":true', fields.short_path(tree))
    asserts.equals(env, '"path":"l","short_path":"l","symlink_artifact":true', fields.short_path(link))
    return unittest.end(env)

fields_test = unittest.make(_fields_test_impl)

def _lines_test_impl(ctx):
    env = unittest.begin(ctx)
    line = request.files("src", [], dest = "100%/a")
    asserts.equals(env, '{"dest":"100%/a","role":"src","path":"x"}', line.format_each % '"path":"x"')
    asserts.equals(env, '{"dest":"100%/a","role":"src"}', request.entry("src", dest = "100%/a").entry)
    return unittest.end(env)

lines_test = unittest.make(_lines_test_impl)

def _name_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "//some:target", request.name("@@//some:target"))  # with modules
    asserts.equals(env, "//some:target", request.name("@//some:target"))  # with WORKSPACE
    asserts.equals(env, "@@other//some:target", request.name("@@other//some:target"))
    return unittest.end(env)

name_test = unittest.make(_name_test_impl)

# --- with real actions

def _echo_impl(ctx):
    tree = ctx.actions.declare_directory(ctx.label.name + ".tree")
    ctx.actions.run_shell(outputs = [tree], command = "mkdir -p " + tree.path)
    out = ctx.actions.declare_file(ctx.label.name + ".out")
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "RequestEcho",
        label = ctx.label,
        settings = {"text": "a\n\"b\" 100% é", "count": 2, "on": True, "none": None, "list": ["x"]},
        lines = [
            request.files("src", depset(ctx.files.srcs), map_each = request.fields.short_path, dest = "50%s"),
            request.entry("note", text = "@no-params-file\n%d"),
            request.files("tree", [tree], map_each = request.fields.tree),
            request.files("nothing", depset()),
        ],
        outputs = {"out": out},
        message = "Echoing %{label}",
    )
    return [DefaultInfo(files = depset([out]))]

_echo = rule(
    implementation = _echo_impl,
    attrs = {"srcs": attr.label_list(allow_files = True)},
    toolchains = [TOOLCHAIN],
)

def _inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "RequestEcho"]
    ours = [file.basename for file in action.inputs.to_list() if file.owner.package == "tests/rules/request"]
    asserts.equals(env, ["BUILD.bazel", "echo.tree", "request_tests.bzl"], sorted(ours))
    return analysistest.end(env)

inputs_test = analysistest.make(_inputs_test_impl)

def request_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    unittest.suite(
        name + "_unit",
        params_file_test,
        worker_test,
        write_test,
        streaming_test,
        hints_test,
        fields_test,
        lines_test,
        name_test,
    )
    _echo(name = "echo", srcs = ["BUILD.bazel", "request_tests.bzl"], tags = ["manual"])
    request_test(
        name = "echo_request_test",
        target = ":echo",
        mnemonic = "RequestEcho",
        settings = {"count": 2, "list": ["x"], "none": None, "on": True, "text": "a\n\"b\" 100% é"},
        lines = [
            {
                "dest": "50%s",
                "path": "tests/rules/request/" + file,
                "role": "src",
                "short_path": "tests/rules/request/" + file,
            }
            for file in ["BUILD.bazel", "request_tests.bzl"]
        ] + [
            {"role": "note", "text": "@no-params-file\n%d"},
            {"path": "BIN/tests/rules/request/echo.tree", "role": "tree", "tree": True},
        ],
        outs = {"out": "BIN/tests/rules/request/echo.out"},
    )
    inputs_test(name = "echo_inputs_test", target_under_test = ":echo")
    native.test_suite(name = name, tests = [name + "_unit", ":echo_request_test", ":echo_inputs_test"])
