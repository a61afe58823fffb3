"""`collected_static`: what Django's collectstatic collects, as a directory."""

def _collected_static_impl(ctx):
    directory = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run(
        executable = ctx.executable.manage,
        arguments = ["collectstatic", "--noinput", "--verbosity=0"],
        env = {
            "PYTHONDONTWRITEBYTECODE": "1",
            "SHELF_DATA": "/nonexistent",
            "SHELF_STATIC": directory.path,
        },
        # The start script of a py_binary looks for python3 on PATH.
        use_default_shell_env = True,
        outputs = [directory],
        mnemonic = "CollectStatic",
        progress_message = "Collecting static files %{label}",
    )
    return [DefaultInfo(files = depset([directory]))]

collected_static = rule(
    implementation = _collected_static_impl,
    doc = "Runs `manage.py collectstatic` when the image is built.",
    attrs = {
        "manage": attr.label(
            doc = "The program with Django's commands.",
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
    },
)
