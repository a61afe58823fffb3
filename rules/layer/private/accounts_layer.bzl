"""`accounts_layer`: users and groups, with the home directories of the users."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """/etc/passwd, /etc/group and home directories.

```starlark
accounts_layer(
    name = "accounts",
    users = [
        user("root", uid = 0, home = "/root"),
        user("redis", uid = 999, home = "/var/lib/redis", home_mode = "0750"),
    ],
    groups = [group("root", gid = 0), group("redis", gid = 999)],
)
```

A user without a `gid` has its uid as the primary group. Duplicate names or ids, bad shells and ids out of range are errors.
"""

def user(name, *, uid, gid = None, home = "/nonexistent", home_mode = "0700", shell = "/sbin/nologin", gecos = None):
    """One line of /etc/passwd (passwd(5)).

    Args:
      name: (string) the login name.
      uid: (int) the user id.
      gid: (int) the primary group; None takes the uid.
      home: (string) the home directory, absolute. It is made, owned by the user, except `/nonexistent` and `/`.
      home_mode: (string) its mode, octal.
      shell: (string) the login shell, absolute.
      gecos: (string) the full name; None takes the name.

    Returns:
      (string) A value for `accounts_layer.users`.
    """
    return json.encode({
        "name": name,
        "uid": uid,
        "gid": uid if gid == None else gid,
        "home": home,
        "home_mode": home_mode,
        "shell": shell,
        "gecos": name if gecos == None else gecos,
    })

def group(name, *, gid, members = []):
    """One line of /etc/group (group(5)).

    Args:
      name: (string) the group's name.
      gid: (int) the group id.
      members: (list[string]) users that are in the group beside those whose primary group it is.

    Returns:
      (string) A value for `accounts_layer.groups`.
    """
    return json.encode({"name": name, "gid": gid, "members": members})

# The accounts that every distroless image has.
STANDARD_USERS = [
    user("root", uid = 0, home = "/root"),
    user("nobody", uid = 65534),
    user("nonroot", uid = 65532, home = "/home/nonroot"),
]

STANDARD_GROUPS = [
    group("root", gid = 0),
    group("nobody", gid = 65534),
    group("tty", gid = 5),
    group("staff", gid = 50),
    group("nonroot", gid = 65532),
]

def _accounts_layer_impl(ctx):
    layer = build_layer(
        ctx,
        mnemonic = "LayerAccounts",
        lines = [request.entry("user", **_decoded(text, ctx.label, "users")) for text in ctx.attr.users] +
                [request.entry("group", **_decoded(text, ctx.label, "groups")) for text in ctx.attr.groups],
    )
    return layer_providers(layer)

def _decoded(text, label, attribute):
    value = json.decode(text, default = None)
    if type(value) != "dict":
        fail("%s: %s needs values made by %s(), got %r; write %s(%r)" %
             (request.name(label), attribute, attribute[:-1], text, attribute[:-1], text))
    return value

accounts_layer = rule(
    implementation = _accounts_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        groups = attr.string_list(
            doc = "Groups, each made by `group(…)`; by default root, nobody, tty, staff and nonroot.",
            default = STANDARD_GROUPS,
        ),
        users = attr.string_list(
            doc = "Users, each made by `user(…)`; by default root, nobody and nonroot (65532).",
            default = STANDARD_USERS,
        ),
    ),
    toolchains = [TOOLCHAIN],
)
