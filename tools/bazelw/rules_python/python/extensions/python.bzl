"""python.toolchain and its like as in rules_python 2: every version is the machine's own python3."""

load("//python/private:bazelw_local_python.bzl", "local_python")

def _python_impl(module_ctx):
    names = {}
    for mod in module_ctx.modules:
        for toolchain in mod.tags.toolchain:
            name = toolchain.name or "python_" + toolchain.python_version.replace(".", "_")
            names[name] = True
    local_python(name = "pythons_hub", apparent_name = "pythons_hub", interpreters = names.keys())
    local_python(name = "python_versions", apparent_name = "python_versions")
    for name in names:
        local_python(name = name, apparent_name = name)
        local_python(name = name + "_host", apparent_name = name + "_host")

python = module_extension(
    implementation = _python_impl,
    doc = "Gives the machine's python3 every name that is asked for.",
    tag_classes = {
        "defaults": tag_class(attrs = {
            "python_version": attr.string(),
            "python_version_env": attr.string(),
            "python_version_file": attr.label(),
        }),
        "override": tag_class(attrs = {
            "add_runtime_manifest_urls": attr.string_list(),
            "add_target_settings": attr.string_list(),
            "auth_patterns": attr.string_dict(),
            "available_python_versions": attr.string_list(),
            "base_url": attr.string(),
            "ignore_root_user_error": attr.bool(),
            "minor_mapping": attr.string_dict(),
            "netrc": attr.string(),
            "register_all_versions": attr.bool(),
        }),
        "single_version_override": tag_class(attrs = {
            "distutils": attr.label(),
            "distutils_content": attr.string(),
            "patch_strip": attr.int(),
            "patches": attr.label_list(),
            "python_version": attr.string(),
            "sha256": attr.string_dict(),
            "strip_prefix": attr.string(),
            "urls": attr.string_list(),
        }),
        "single_version_platform_override": tag_class(attrs = {
            "arch": attr.string(),
            "coverage_tool": attr.label(),
            "os_name": attr.string(),
            "patch_strip": attr.int(),
            "patches": attr.label_list(),
            "platform": attr.string(),
            "python_version": attr.string(),
            "sha256": attr.string(),
            "strip_prefix": attr.string(),
            "target_compatible_with": attr.string_list(),
            "target_settings": attr.string_list(),
            "urls": attr.string_list(),
        }),
        "toolchain": tag_class(attrs = {
            "configure_coverage_tool": attr.bool(),
            "ignore_root_user_error": attr.bool(),
            "is_default": attr.bool(),
            "name": attr.string(),
            "python_version": attr.string(mandatory = True),
        }),
    },
)
