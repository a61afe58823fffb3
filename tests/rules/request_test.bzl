"""`request_test`: what an action of a target asks of the tool."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def requests(env, mnemonic):
    """Gives what the actions of the target under test ask for.

    Args:
      env: the test's environment.
      mnemonic: (string) the mnemonic of the actions.

    Returns:
      A list of structs, one per action: `action`, `header` (dict), `lines` (list of dict). The folder of
      generated files is written as BIN, since its name has the configuration in it.
    """
    bin_dir = analysistest.target_bin_dir_path(env)
    found = []
    for action in analysistest.target_actions(env):
        if action.mnemonic == mnemonic:
            # argv begins with the tool; the lines of the params file follow.
            lines = [json.decode(line.replace(bin_dir + "/", "BIN/")) for line in action.argv[1:]]
            found.append(struct(action = action, header = lines[0], lines = lines[1:]))
    return found

def _check_request(ctx):
    env = analysistest.begin(ctx)
    found = requests(env, ctx.attr.mnemonic)
    asserts.equals(env, 1, len(found), "actions with the mnemonic " + ctx.attr.mnemonic)
    if len(found) == 1:
        header = found[0].header
        asserts.equals(env, ctx.attr.mnemonic, header["command"], "the command is the mnemonic")
        asserts.equals(env, str(analysistest.target_under_test(env).label).lstrip("@"), header["label"], "the label, as a user writes it")
        if ctx.attr.settings:
            asserts.equals(env, json.decode(ctx.attr.settings), header["settings"], "settings")
        if ctx.attr.lines:
            expected = [json.decode(line) for line in ctx.attr.lines]
            asserts.equals(env, expected, [line for line in found[0].lines if line["role"] != "out"], "lines")
        if ctx.attr.outs:
            outs = {line["name"]: line["path"] for line in found[0].lines if line["role"] == "out"}
            asserts.equals(env, ctx.attr.outs, outs, "outputs")
            bin_dir = analysistest.target_bin_dir_path(env)
            declared = sorted([file.path.replace(bin_dir + "/", "BIN/") for file in found[0].action.outputs.to_list()])
            asserts.equals(env, sorted(outs.values()), declared, "outputs of the action")
    return analysistest.end(env)

_ATTRS = {
    "lines": attr.string_list(doc = "The lines that are no outputs, JSON, in order."),
    "mnemonic": attr.string(mandatory = True),
    "outs": attr.string_dict(doc = "The outputs, name to path; generated files are below BIN/."),
    "settings": attr.string(doc = "The settings, JSON."),
}

_request_test = analysistest.make(_check_request, attrs = _ATTRS)

def request_test(name, *, target, mnemonic, settings = None, lines = None, outs = {}, rule = _request_test):
    """Checks the one action of `target` with a mnemonic; what is None is not looked at.

    Args:
      name: (string) the test.
      target: (label) the target under test.
      mnemonic: (string) the mnemonic, which is the command.
      settings: (dict) all settings.
      lines: (list[dict]) all lines that are no outputs.
      outs: (dict[string, string]) all outputs, name to path.
      rule: a rule of `request_test_rule`, for other build flags.
    """
    rule(
        name = name,
        size = "small",
        target_under_test = target,
        mnemonic = mnemonic,
        settings = "" if settings == None else json.encode(settings),
        lines = [] if lines == None else [json.encode(line) for line in lines],
        outs = outs,
    )

def _check_request_under_flags(ctx):
    return _check_request(ctx)

def request_test_rule(config_settings):
    """Makes a test rule for other build flags; it must be stored in a global whose name ends in `_test`.

    Args:
      config_settings: (dict) flags to values.

    Returns:
      A rule for `request_test`.
    """
    return analysistest.make(_check_request_under_flags, attrs = _ATTRS, config_settings = config_settings)
