"""pip.parse as in rules_python 2: wheels come through the machine's own pip and its settings."""

load("//python/private:bazelw_hub.bzl", "IGNORED_ATTRS", "PARSE_ATTRS", "declare_wheels", "hub", "lock_of", "parse_lock", "whl_library_attrs")
load("//python/private:bazelw_local_python.bzl", "machine_python")

def _chosen(module_ctx, parses):
    """The one of several pip.parse of a hub (one for each Python version) that fits the machine's python3."""
    version = machine_python(module_ctx).version
    for parse in parses:
        if version == parse.python_version or version.startswith(parse.python_version + "."):
            return parse
    return parses[0]

def _pip_impl(module_ctx):
    hubs = {}
    for mod in module_ctx.modules:
        for parse in mod.tags.parse:
            hubs.setdefault(parse.hub_name or parse.name, []).append(parse)
    for name, parses in hubs.items():
        parse = _chosen(module_ctx, parses)
        lock = parse_lock(module_ctx.read(lock_of(module_ctx, parse)), parse.extra_pip_args)
        declare_wheels(name, lock, whl_library_attrs(parse))
        hub(name = name, hub = name, names = lock.requirements.keys())

pip = module_extension(
    implementation = _pip_impl,
    doc = "Makes a hub repository of each requirements lock.",
    tag_classes = {
        "default": tag_class(attrs = {
            "arch_name": attr.string(),
            "auth_patterns": attr.string_dict(),
            "config_settings": attr.label_list(),
            "env": attr.string_dict(),
            "index_url": attr.string(),
            "marker": attr.string(),
            "netrc": attr.string(),
            "os_name": attr.string(),
            "platform": attr.string(),
            "whl_abi_tags": attr.string_list(),
            "whl_platform_tags": attr.string_list(),
        }),
        "override": tag_class(attrs = {
            "file": attr.string(),
            "patch_strip": attr.int(),
            "patches": attr.label_list(),
        }),
        "parse": tag_class(attrs = PARSE_ATTRS | IGNORED_ATTRS | {
            "hub_name": attr.string(doc = "Name of the hub repository."),
            "name": attr.string(doc = "Its name in rules_python before 0.23."),
        }),
        "whl_mods": tag_class(attrs = {
            "additive_build_content": attr.string(),
            "additive_build_content_file": attr.label(),
            "copy_executables": attr.string_dict(),
            "copy_files": attr.string_dict(),
            "data": attr.string_list(),
            "data_exclude_glob": attr.string_list(),
            "hub_name": attr.string(),
            "srcs_exclude_glob": attr.string_list(),
            "whl_name": attr.string(),
        }),
    },
)
