"""The images for programs in Java: Debian's OpenJDK, headless."""

load("//rules:defs.bzl", "ca_certificates_layer", "layer")
load(":family.bzl", "CPUS", "distroless_image", "layers_of")

# Layers are built where an image asks for them, for its platform.
_TAGS = ["manual"]

def java_programs(*, release, **kwargs):  # buildifier: disable=unnamed-macro
    """Declares `java_base` and, on it, `java`.

    Args:
      release: (struct) of debian12.bzl or debian13.bzl.
      **kwargs: of all images, as for distroless_image.
    """
    ca_certificates_layer(
        name = "java_keystore",
        formats = ["java"],
        package = "@%s//ca-certificates" % release.hub,
        tags = _TAGS,
    )

    distroless_image(
        name = "java_base",
        base = ":base_nossl",
        env = {"LANG": "C.UTF-8"},
        layers = layers_of(release.packages["java_base"]) + [
            ":c_locale",
            ":java_keystore",
        ],
        release = release,
        **kwargs
    )

    homes = {
        CPUS[architecture]: "/usr/lib/jvm/java-%s-openjdk-%s" % (release.java, architecture)
        for architecture in release.architectures
    }
    layer(
        name = "java_links",
        symlinks = select({
            cpu: {"/usr/bin/java": home + "/bin/java"}
            for cpu, home in homes.items()
        }),
        tags = _TAGS,
    )

    distroless_image(
        name = "java",
        base = ":java_base",
        debug_entrypoint = None,
        entrypoint = [
            "/usr/bin/java",
            "-jar",
        ],
        env = select({
            cpu: {"JAVA_HOME": home}
            for cpu, home in homes.items()
        }),
        layers = layers_of(release.packages["java"]) + [":java_links"],
        lint_allow = {
            "compressed-file:/etc/java-%s-openjdk/security" % release.java: "java reads it as a zip",
            "compressed-file:/usr/lib/jvm": "java reads them as zips, and manuals belong to it",
            "unstripped-elf:/usr/lib/jvm": "Debian keeps their symbols, so that a crash report of java names functions",
        },
        release = release,
        **kwargs
    )
