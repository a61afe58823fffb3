"""Images of nothing but slices of the catalogue, for the languages of the family: they pass the check of images, and run."""

load("@bazel_skylib//rules:build_test.bzl", "build_test")
load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("//rules:defs.bzl", "image", "image_test", "layer", "package_layer")

_TAGS = ["manual"]

# Of the text "hello", the beginning of its SHA-256: what each program prints when all of it has worked.
_PRINTED = "^2cf24dba"

_ALLOW = {
    "usr/bin/java": "the path of the program is named",
    "usr/lib/python3*": "scripts that nobody calls",
    "var/lib/python": "what py3compile writes down",
}

def slices_test(*, release, program, command, slices, more = [], layers = [], packages = []):  # buildifier: disable=unnamed-macro
    """Declares a test that runs a program in an image of slices, and one that builds other slices of the packages.

    Args:
      release: (string) `debian12` or `debian13`.
      program: (string) a file of programs/.
      command: (string) what runs it, a path of the image.
      slices: (list[string]) what it needs, as `package_layer` takes them.
      more: (list[string]) slices that are only built.
      layers: (list[label]) what it needs beside `static`.
      packages: (list[string]) names of packages that slices of `more` need, and that those of `slices` do not depend on.
    """
    hub = "@distroless_%s//" % release
    name = "slices_%s_%s" % (release, program.rpartition(".")[2])
    folder = "//distroless" + ("/debian13" if release == "debian13" else "")
    names = {hub + each: None for each in [each.partition("/")[0] for each in slices] + packages}.keys()
    for layer_name, taken in {"layer": slices, "more": more or slices}.items():
        package_layer(
            name = "%s_%s" % (name, layer_name),
            packages = names,
            slices = taken,
            tags = _TAGS,
            transitive = True,
        )
    layer(
        name = name + "_program",
        files = {"programs/" + program: "/srv/" + program},
        tags = _TAGS,
    )
    image(
        name = name,
        testonly = True,
        allow = _ALLOW,
        base = folder + ":static",
        entrypoint = [command],
        lint_allow = {"unstripped-elf:/usr/lib/jvm": "Debian keeps their symbols, so that a crash report of java names functions"} if "/jvm/" in command else {},
        layers = [folder + each for each in layers] + [
            name + "_layer",
            name + "_program",
        ],
        platform = "//platforms:linux_amd64",
        tags = _TAGS,
        user = "65532",
    )
    write_file(
        name = name + "_config",
        out = name + ".json",
        content = [json.encode({
            "commandTests": [{
                "args": ["/srv/" + program],
                "command": command,
                "excludedError": ["."],
                "expectedOutput": [_PRINTED],
                "name": "the program works",
            }],
            "noTests": [{
                "name": "what no slice brings",
                "paths": ["/usr/share/man/**", "/usr/bin/acorn", "/usr/lib/jvm/*/lib/libawt.so", "/usr/lib/python3.*/test/**"],
                "setuid": True,
                "shells": True,
            }],
            "schemaVersion": "2.0.0",
        })],
        tags = _TAGS,
    )
    image_test(
        name = name + "_test",
        configs = [name + ".json"],
        image = name,
        tags = _TAGS,
        target_compatible_with = ["@platforms//cpu:x86_64"],
    )
    build_test(
        name = name + "_more_test",
        tags = _TAGS,
        target_compatible_with = ["@platforms//cpu:x86_64"],
        targets = [name + "_more"],
    )
