"""Tests of `accounts_layer`, `user` and `group`."""

load("//rules/layer:defs.bzl", "accounts_layer", "group", "user")
load("//tests/rules:failure_test.bzl", "failure_test")
load("//tests/rules:request_test.bzl", "request_test")

def _user(name, uid, **values):
    return dict({
        "gecos": name,
        "gid": uid,
        "home": "/nonexistent",
        "home_mode": "0700",
        "name": name,
        "role": "user",
        "shell": "/sbin/nologin",
        "uid": uid,
    }, **values)

def _group(name, gid, members = []):
    return {"gid": gid, "members": members, "name": name, "role": "group"}

def accounts_layer_test_suite(name):
    """Declares the tests.

    Args:
      name: (string) the suite.
    """
    accounts_layer(name = "accounts_default", tags = ["manual"])
    request_test(
        name = "accounts_default_test",
        target = ":accounts_default",
        mnemonic = "LayerAccounts",
        settings = {"compression": "gzip", "level": "default"},
        lines = [
            _user("root", 0, home = "/root"),
            _user("nobody", 65534),
            _user("nonroot", 65532, home = "/home/nonroot"),
            _group("root", 0),
            _group("nobody", 65534),
            _group("tty", 5),
            _group("staff", 50),
            _group("nonroot", 65532),
        ],
    )

    accounts_layer(
        name = "accounts_given",
        groups = [group("redis", gid = 7, members = ["web"])],
        tags = ["manual"],
        users = [
            user("redis", uid = 999, gid = 7, home = "/var/lib/redis", home_mode = "0750", shell = "/bin/sh", gecos = ""),
            user("web", uid = 5, gid = 0),
        ],
    )
    request_test(
        name = "accounts_given_test",
        target = ":accounts_given",
        mnemonic = "LayerAccounts",
        lines = [
            _user("redis", 999, gid = 7, home = "/var/lib/redis", home_mode = "0750", shell = "/bin/sh", gecos = ""),
            _user("web", 5, gid = 0),
            _group("redis", 7, ["web"]),
        ],
    )

    failure_test(
        name = "accounts_plain_user_test",
        rule = accounts_layer,
        users = ["redis"],
        message = "LABEL: users needs values made by user(), got \"redis\"; write user(\"redis\")",
    )
    failure_test(
        name = "accounts_number_group_test",
        rule = accounts_layer,
        groups = ["5"],
        message = "LABEL: groups needs values made by group(), got \"5\"; write group(\"5\")",
    )
    native.test_suite(
        name = name,
        tests = [
            ":accounts_default_test",
            ":accounts_given_test",
            ":accounts_number_group_test",
            ":accounts_plain_user_test",
        ],
    )
