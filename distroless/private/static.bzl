"""The layers that every image of the family has, and the image `static` of them."""

load("//rules:defs.bzl", "DEFAULT_DROP", "accounts_layer", "ca_certificates_layer", "layer", "nsswitch_layer", "os_release_layer", "package_layer", "rootfs_layer", "zoneinfo_layer")
load(":applets.bzl", "applets")
load(":family.bzl", "COMPATIBLE", "distroless_image", "layers_of")

# Layers are built where an image asks for them, for its platform.
_TAGS = ["manual"]

def static(*, release, **kwargs):  # buildifier: disable=unnamed-macro
    """Declares `static`, its layers, and the layers of the debug variants.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
      **kwargs: of all images, as for distroless_image.
    """
    os_release = {
        "PRETTY_NAME": "Distroless",
        "NAME": "Debian GNU/Linux",
        "ID": "debian",
        "VERSION_ID": release.id,
        "VERSION": "Debian GNU/Linux %s (%s)" % (release.id, release.codename),
    }
    rootfs_layer(
        name = "rootfs",
        tags = _TAGS,
    )

    package_layer(
        name = "files",
        drop = select({
            COMPATIBLE: [],
            "//conditions:default": DEFAULT_DROP,
        }),
        exclude = select({
            COMPATIBLE: [],
            "//conditions:default": [
                "/etc/os-release",
                # A script, and there is no shell.
                "/etc/update-motd.d/**",
                "/usr/lib/os-release",
                # What the maintainer script would have copied to /etc.
                "/usr/share/base-files/**",
                "/var/lock",
                "/var/run",
            ],
        }),
        packages = ["@%s//%s" % (release.hub, name) for name in [
            "base-files",
            "media-types",
            "netbase",
        ]],
        tags = _TAGS,
        usr_merged = select({
            COMPATIBLE: False,
            "//conditions:default": True,
        }),
    )

    accounts_layer(
        name = "accounts",
        tags = _TAGS,
    )

    nsswitch_layer(
        name = "nsswitch",
        tags = _TAGS,
    )

    # Debian's own example, which distroless has.
    layer(
        name = "nsswitch_example",
        files = {Label("//distroless:nsswitch.conf"): "/etc/nsswitch.conf"},
        tags = _TAGS,
    )

    os_release_layer(
        name = "os_release",
        fields = select({
            COMPATIBLE: os_release | {
                "HOME_URL": "https://github.com/GoogleContainerTools/distroless",
                "SUPPORT_URL": "https://github.com/GoogleContainerTools/distroless/blob/master/README.md",
                "BUG_REPORT_URL": "https://github.com/GoogleContainerTools/distroless/issues/new",
            },
            "//conditions:default": os_release,
        }),
        tags = _TAGS,
    )

    zoneinfo_layer(
        name = "zoneinfo",
        package = "@%s//tzdata" % release.hub,
        tags = _TAGS,
    )

    ca_certificates_layer(
        name = "certificates",
        formats = select({
            COMPATIBLE: ["bundle"],
            "//conditions:default": [
                "bundle",
                "openssl",
            ],
        }),
        package = "@%s//ca-certificates" % release.hub,
        tags = _TAGS,
    )

    # Debian's busybox where debug images of distroless have theirs. It is static: nothing else of the image is needed.
    package_layer(
        name = "busybox_program",
        exclude = ["/usr/share/initramfs-tools/**"],
        packages = ["@%s//busybox-static" % release.hub],
        tags = _TAGS,
        usr_merged = select({
            COMPATIBLE: False,
            "//conditions:default": True,
        }),
    )

    layer(
        name = "busybox",
        symlinks = {"/busybox/" + applet: "/bin/busybox" for applet in applets(release) + ["busybox"]},
        tags = _TAGS,
    )

    distroless_image(
        name = "static",
        release = release,
        env = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        },
        layers = select({
            COMPATIBLE: [
                ":files",
                ":nsswitch_example",
                ":tzdata_package",
            ],
            "//conditions:default": [
                ":rootfs",
                ":files",
                ":nsswitch",
                ":zoneinfo",
            ],
        }) + [
            ":accounts",
            ":os_release",
            ":certificates",
        ] + layers_of(release.packages.get("static", [])),
        user = "0",
        working_dir = "/",
        **kwargs
    )
