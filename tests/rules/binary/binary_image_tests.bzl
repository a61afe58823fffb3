"""Tests of `binary_image`, and of `image` with a `program`."""

load("//rules/binary:defs.bzl", "binary_image")
load("//rules/layer:defs.bzl", "layer")
load("//tests/rules:request_test.bzl", "request_test")

_BIN = "BIN/tests/rules/binary/"
_APP = "/app/_main/tests/rules/binary/"
_PLATFORM = "//platforms:linux_amd64"
_SETTINGS = {
    "annotations": {},
    "architecture": "amd64",
    "cmd": None,
    "created": "",
    "exposed_ports": [],
    "labels": {},
    "os": "linux",
    "program_env": {"COLOUR": "red", "PRICE": "5$$", "RUNFILES_DIR": "/app"},
    "stop_signal": "",
    "user": "",
    "variant": "",
    "volumes": [],
}

def binary_image_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    layer(name = "image_below", tags = ["manual"])
    binary_image(
        name = "plain_image",
        binary = ":runfiles_program",
        layers = [":image_below"],
        platform = _PLATFORM,
        tags = ["manual"],
    )
    binary_image(
        name = "changed_image",
        binary = ":runfiles_program",
        entrypoint = ["/bin/other"],
        env = {"RUNFILES_DIR": "/elsewhere"},
        platform = _PLATFORM,
        tags = ["manual"],
        third_party = "one",
        working_dir = "/srv",
    )
    binary_image(
        name = "python_image",
        binary = ":tool",
        platform = _PLATFORM,
        tags = ["manual"],
    )
    tests = {
        "changed_image": dict(
            lines = [
                {"path": _BIN + "changed_image.layers.third_party.descriptor.json", "role": "layer"},
                {"path": _BIN + "changed_image.layers.descriptor.json", "role": "layer"},
            ],
            settings = dict(_SETTINGS, entrypoint = ["/bin/other"], env = {"RUNFILES_DIR": "/elsewhere"}, working_dir = "/srv"),
        ),
        "plain_image": dict(
            lines = [
                {"path": _BIN + "image_below.descriptor.json", "role": "layer"},
                {"path": _BIN + "plain_image.layers.descriptor.json", "role": "layer"},
            ],
            settings = dict(_SETTINGS, entrypoint = [_APP + "runfiles_program"], env = {}, working_dir = "/app/_main"),
        ),
        "python_image": dict(
            lines = [{"path": _BIN + "python_image.layers.descriptor.json", "role": "layer"}] + [
                {"below": "/app", "path": path, "role": "search_path", "variable": "PYTHONPATH"}
                for path in ["", "_main/tests/rules/binary/src", "_main"]
            ],
        ),
    }
    for target, expected in tests.items():
        request_test(
            name = target + "_test",
            target = ":" + target,
            mnemonic = "ImageManifest",
            **expected
        )
    native.test_suite(name = name, tests = [":%s_test" % target for target in tests])
