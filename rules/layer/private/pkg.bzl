"""The providers of rules_pkg as lines of a request, so that `pkg_files` and its kin go into a layer as they are."""

load("@rules_pkg//pkg:providers.bzl", "PackageDirsInfo", "PackageFilegroupInfo", "PackageFilesInfo", "PackageSymlinkInfo")
load("//rules/private:metadata.bzl", "octal_mode")
load("//rules/private:paths.bzl", "image_path")
load("//rules/private:request.bzl", "request")

def pkg_lines(target, label):
    """Gives the lines of a target of rules_pkg.

    Args:
      target: (Target) one with a provider of rules_pkg.
      label: (Label) the layer, for messages.

    Returns:
      A list of lines for `request.run`.
    """
    if PackageFilegroupInfo in target:
        group = target[PackageFilegroupInfo]
        infos = [info for info, _ in group.pkg_files + group.pkg_dirs + group.pkg_symlinks]
    else:
        infos = [
            target[provider]
            for provider in [PackageFilesInfo, PackageDirsInfo, PackageSymlinkInfo]
            if provider in target
        ]
    lines = []
    for info in infos:
        metadata = _metadata(info.attributes, label)
        if hasattr(info, "dest_src_map"):
            for dest, file in info.dest_src_map.items():
                lines.append(request.files(
                    "src",
                    [file],
                    map_each = request.fields.tree,
                    dest = image_path("/" + dest, label, "srcs"),
                    **metadata
                ))
        elif hasattr(info, "dirs"):
            for path in info.dirs:
                lines.append(request.entry(
                    "directory",
                    dest = image_path("/" + path, label, "srcs"),
                    **dict(metadata, mode = metadata["mode"] or "0755")
                ))
        else:
            lines.append(request.entry(
                "symlink",
                dest = image_path("/" + info.destination, label, "srcs"),
                link = info.target,
                uid = metadata["uid"],
                gid = metadata["gid"],
            ))
    return lines

def _metadata(attributes, label):
    for name in ["user", "group"]:
        if attributes.get(name) not in (None, "", "root") and attributes.get(name[0] + "id") == None:
            fail("%s: srcs needs numeric owners, got %s = %r from rules_pkg; set %sid in pkg_attributes" %
                 (request.name(label), name, attributes[name], name[0]))
    mode = attributes.get("mode")
    return {
        "mode": octal_mode(mode, label, "srcs") if mode else "",
        "uid": int(attributes.get("uid") or 0),
        "gid": int(attributes.get("gid") or 0),
    }
