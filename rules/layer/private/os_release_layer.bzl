"""`os_release_layer`: what the system says it is."""

load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """/usr/lib/os-release (os-release(5)) with /etc/os-release as a link to it.

```starlark
os_release_layer(
    name = "os_release",
    fields = {"ID": "debian", "VERSION_ID": "12", "PRETTY_NAME": "Our base"},
)
```

Scanners find the distribution by ID and VERSION_ID.
"""

def _quote(value):
    # os-release(5): double quotes, with a backslash before what a shell would read.
    for character in ["\\", "\"", "$", "`"]:
        value = value.replace(character, "\\" + character)
    return "\"" + value + "\""

def _os_release_layer_impl(ctx):
    text = ""
    for key, value in ctx.attr.fields.items():
        if not key or key != key.upper() or not key.replace("_", "").isalnum() or key[0].isdigit():
            fail("%s: fields needs names of upper-case letters, digits and _, got %r; see os-release(5)" %
                 (request.name(ctx.label), key))
        if "\n" in value:
            fail("%s: fields needs values of one line, got %r for %s; see os-release(5)" % (request.name(ctx.label), value, key))
        text += key + "=" + _quote(value) + "\n"
    return layer_providers(build_layer(
        ctx,
        mnemonic = "LayerFiles",
        lines = [
            request.entry("content", dest = "usr/lib/os-release", text = text, mode = "0644", uid = 0, gid = 0),
            request.entry("symlink", dest = "etc/os-release", link = "../usr/lib/os-release", uid = 0, gid = 0),
        ],
    ))

os_release_layer = rule(
    implementation = _os_release_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        fields = attr.string_dict(
            doc = "The fields, in order, by default those of Debian 12. Values are quoted as needed.",
            default = {
                "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm), distilled",
                "NAME": "Debian GNU/Linux",
                "ID": "debian",
                "VERSION_ID": "12",
                "VERSION": "12 (bookworm)",
                "VERSION_CODENAME": "bookworm",
            },
        ),
    ),
    toolchains = [TOOLCHAIN],
)
