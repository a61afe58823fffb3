"""The files of a hub: a package per locked package, a target per architecture. Pure: text in, text out."""

load(":architectures.bzl", "CPUS")
load(":package_repository.bzl", "package_repository_name")

_HEAD = """\
load("%s", "debian_cycle", "debian_package", "unlocked_package")

package(default_visibility = ["//visibility:public"])
"""

_ALIAS = """
alias(
    name = {name},
    actual = select(
        {{
{choices}
        }},
        no_match_error = {message},
    ),
)
"""

_PACKAGE = """
debian_package(
    name = {name},
    depends = {depends},
    package = {package},
    sonames = "//:sonames.json",
)
"""

_CYCLE = """
debian_cycle(
    name = {name},
    depends = {depends},
    packages = {packages},
)
"""

_UNLOCKED = """
unlocked_package(
    name = {name},
    message = {message},
    written = {written},
)
"""

def _package_label(package):
    return "@%s//:package" % package_repository_name(package)

def _alias(name, suffix, architectures, command):
    choices = {CPUS[architecture]: ":" + architecture + suffix for architecture in architectures}
    return _ALIAS.format(
        name = repr(name),
        choices = "\n".join(['            "%s": "%s",' % choice for choice in choices.items()]),
        message = repr("package is not locked for the target platform; it is for %s: add to architectures and run `%s`" % (
            ", ".join(architectures),
            command,
        )),
    )

def _targets(package, architecture, by_name):
    """The targets of one package for one architecture."""
    name = package["name"]
    cycle = package.get("cycle", "")
    text = ""
    depends = ["//%s:%s" % (target, architecture) for target in package["depends"]]
    if cycle:
        depends = ["//%s:%s_cycle" % (cycle, architecture)]
    if cycle == name:
        members = [p for p in by_name.values() if p.get("cycle") == cycle]
        beyond = {
            "//%s:%s" % (target, architecture): None
            for member in members
            for target in member["depends"]
            if by_name[target].get("cycle") != cycle
        }
        text += _CYCLE.format(
            name = repr(architecture + "_cycle"),
            depends = repr(sorted(beyond)),
            packages = repr([_package_label(member) for member in members]),
        )
    text += _PACKAGE.format(name = repr(architecture), depends = repr(depends), package = repr(_package_label(package)))
    text += "\nalias(\n    name = %r,\n    actual = %r,\n)\n" % (architecture + "_layer", _package_label(package))
    return text

def _unlocked(hub, name, message):
    return _UNLOCKED.format(name = repr(name), message = repr(message), written = repr("@%s//%s" % (hub, name)))

def hub_files(*, hub, fault, left_out, packages, command):
    """Gives the BUILD files of packages.

    For a package `p` they have `//p` (for the target platform), `//p:amd64` and so on, with all that p depends on, and
    `//p:layer`, `//p:amd64_layer`: its own layer alone.

    Args:
      hub: (string) the name of the hub.
      fault: (string) why the lock may not be used; then each target fails with it. Empty where it is good.
      left_out: (list[dict]) of a lock.
      packages: (dict[string, list[dict]]) of a lock, by architecture.
      command: (string) what a user runs to write the lock.

    Returns:
      A dict of strings by path.
    """
    head = _HEAD % Label(":package.bzl")
    texts = {}
    architectures = {}
    for architecture, locked in packages.items():
        by_name = {package["name"]: package for package in locked}
        for name, package in by_name.items():
            architectures.setdefault(name, []).append(architecture)
            if fault:
                texts[name] = _unlocked(hub, name, fault)
            else:
                texts[name] = texts.get(name, "") + _targets(package, architecture, by_name)
    for name, found in architectures.items():
        if not fault:
            texts[name] += _alias(name, "", found, command) + _alias("layer", "_layer", found, command)
    for item in left_out:
        if item["name"] not in texts:
            message = "package is left out of the lock, got %r: %s; remove it from exclude and run `%s`" % (
                item["name"],
                item["reason"],
                command,
            )
            texts[item["name"]] = _unlocked(hub, item["name"], message)
    return {name + "/BUILD.bazel": head + text for name, text in texts.items()}
