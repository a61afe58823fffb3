"""Debian 12: what it calls things.

The packages of each image beyond those of its base are named one by one, so that an image takes the layer of each as it is,
and what a base has, in whatever slices, does not come a second time. They are a closure, which the acceptance tests see.
"""

load(":left_out.bzl", "ACORN", "DEBUGGERS", "LIBMVEC")

DEBIAN12 = struct(
    architectures = ["amd64", "arm64", "armhf", "ppc64el", "s390x"],
    codename = "bookworm",
    # Of what distroless has: where busybox stands, packages of an image besides `packages`, and what lint finds.
    compatible = struct(
        busybox = "/bin/busybox",
        lint_allow = {},
        packages = {},
    ),
    # By package, globs of what our images do without, beyond what all package layers drop.
    exclude = {
        "libc6": DEBUGGERS + select({
            "@platforms//cpu:x86_64": [LIBMVEC],
            "//conditions:default": [],
        }),
        "node-acorn": ACORN,
    },
    hub = "distroless_debian12",
    id = "12",
    java = "17",
    # By image, what lint finds in ours.
    lint_allow = {"nodejs": {
        "duplicate-file:/usr/share/nodejs/@types/node": "declarations for TypeScript, which Debian's packages bring; nothing loads them",
    }},
    packages = {
        "base": [
            "libc6",
            "libssl3",
        ],
        "base_nossl": ["libc6"],
        "cc": [
            "gcc-12-base",
            "libgcc-s1",
            "libgomp1",
            "libstdc++6",
        ],
        "java": [
            "libasound2",
            "libblkid1",
            "libffi8",
            "libglib2.0-0",
            "libgraphite2-3",
            "libharfbuzz0b",
            "libmount1",
            "libpcre2-8-0",
            "libpcsclite1",
            "libselinux1",
            "openjdk-17-jre-headless",
        ],
        "java_base": [
            "fontconfig-config",
            "fonts-dejavu-core",
            "gcc-12-base",
            "libbrotli1",
            "libexpat1",
            "libfontconfig1",
            "libfreetype6",
            "libgcc-s1",
            "libjpeg62-turbo",
            "liblcms2-2",
            "libpng16-16",
            "libstdc++6",
            "libuuid1",
            "zlib1g",
        ],
        "nodejs": [
            "libbrotli1",
            "libc-ares2",
            "libicu72",
            "libnghttp2-14",
            "libnode108",
            "libuv1",
            "node-acorn",
            "node-busboy",
            "node-cjs-module-lexer",
            "node-undici",
            "node-xtend",
            "nodejs",
            "zlib1g",
        ],
        "python3": [
            "libbz2-1.0",
            "libcom-err2",
            "libcrypt1",
            "libdb5.3",
            "libexpat1",
            "libffi8",
            "libgssapi-krb5-2",
            "libk5crypto3",
            "libkeyutils1",
            "libkrb5-3",
            "libkrb5support0",
            "liblzma5",
            "libncursesw6",
            "libnsl2",
            "libpython3.11-minimal",
            "libpython3.11-stdlib",
            "libreadline8",
            "libsqlite3-0",
            "libtinfo6",
            "libtirpc-common",
            "libtirpc3",
            "libuuid1",
            "python3-distutils",
            "python3.11-minimal",
            "zlib1g",
        ],
    },
    python = "3.11",
)
