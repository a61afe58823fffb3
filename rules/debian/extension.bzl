"""The module extension: the hubs and repositories of locked packages. Load it through //rules:extensions.bzl."""

load("//rules/debian/private:hub_repository.bzl", "hub_packages", "hub_repository", "lock_command")
load("//rules/debian/private:lock.bzl", "read_lock")
load("//rules/debian/private:package_repository.bzl", "package_repository")

_FILES = {
    "lock": attr.label(
        doc = "The JSON lock, beside the manifest; it need not exist yet: `bazel run @NAME//:lock` writes it.",
        mandatory = True,
    ),
    "manifest": attr.label(doc = "The YAML manifest.", mandatory = True),
}

_packages = tag_class(
    doc = "The packages of one manifest.",
    attrs = dict(
        _FILES,
        name = attr.string(doc = "The name of the hub: packages are `@NAME//package`.", mandatory = True),
    ),
)

_override = tag_class(
    doc = """Another manifest and lock for the hub of a module that the root module depends on, such as its base images' packages
with the security suite added. Only the root module's count.""",
    attrs = dict(
        _FILES,
        name = attr.string(doc = "The name of the hub.", mandatory = True),
    ),
)

def _overrides(module_ctx):
    """The root module's override tags by the name of the hub."""
    found = {}
    for module in module_ctx.modules:
        for tag in module.tags.override if module.is_root else []:
            if tag.name in found:
                fail("debian.override: name is taken, got %r twice; remove one" % tag.name)
            found[tag.name] = tag
    return found

def _debian_impl(module_ctx):
    hubs = {}
    packages = {}
    direct = []
    direct_dev = []
    overrides = _overrides(module_ctx)
    for module in module_ctx.modules:
        for tag in module.tags.packages:
            if tag.name in hubs:
                fail("debian.packages: name is taken, got %r twice (%s, %s); choose another" % (
                    tag.name,
                    hubs[tag.name],
                    module.name,
                ))
            hubs[tag.name] = module.name
            if module.is_root:
                (direct_dev if module_ctx.is_dev_dependency(tag) else direct).append(tag.name)
            files = overrides.get(tag.name, tag)
            hub_repository(name = tag.name, hub = tag.name, lock = files.lock, manifest = files.manifest)
            read = read_lock(module_ctx, manifest = files.manifest, lock = files.lock, command = lock_command(tag.name))
            packages.update(hub_packages(read))
    for name, tag in overrides.items():
        if name not in hubs:
            fail("debian.override: name is of no hub, got %r; the hubs are %s" % (name, ", ".join(sorted(hubs))))
        if name not in direct and name not in direct_dev:
            # Who overrides a hub writes its lock: `bazel run @NAME//:lock`.
            (direct_dev if module_ctx.is_dev_dependency(tag) else direct).append(name)
    for name, attributes in packages.items():
        package_repository(name = name, **attributes)
    return module_ctx.extension_metadata(
        root_module_direct_deps = direct,
        root_module_direct_dev_deps = direct_dev,
        reproducible = True,
    )

debian = module_extension(
    implementation = _debian_impl,
    doc = """Debian packages by manifest and lock.

```starlark
debian = use_extension("@rules_distill//rules:extensions.bzl", "debian")
debian.packages(name = "bookworm", lock = "//:bookworm.lock.json", manifest = "//:bookworm.yaml")
use_repo(debian, "bookworm")
```

`bazel run @bookworm//:lock` writes the lock; `@bookworm//redis-server` is a package with all that it depends on.
A package is downloaded when a build needs it: from the manifest's mirrors, else those of DISTILL_DEBIAN_MIRROR, else
those of the machine's apt sources.
""",
    tag_classes = {"override": _override, "packages": _packages},
)
