"""The releases of Debian that the family is built from: what each calls things.

The packages of each image beyond those of its base are named one by one, so that an image takes the layer of each as it is,
and what a base has, in whatever slices, does not come a second time. They are a closure, which the acceptance tests see.
"""

DEBIAN12 = struct(
    architectures = ["amd64", "arm64", "armhf", "ppc64el", "s390x"],
    codename = "bookworm",
    # By package, globs of what our images do without, beyond what all package layers drop.
    exclude = {
        # What is for debuggers and profilers; and libmvec, which is as big as libm and which few programs link: it is a
        # slice of its own, and an image whose program needs it does not pass its check without.
        "libc6": [
            "/lib/*-linux-*/libc_malloc_debug.so.0",
            "/lib/*-linux-*/libmemusage.so",
            "/lib/*-linux-*/libpcprofile.so",
            "/lib/*-linux-*/libthread_db.so.1",
        ] + select({
            "@platforms//cpu:x86_64": ["/lib/*-linux-*/libmvec.so.1"],
            "//conditions:default": [],
        }),
        # A command for people; node loads the package as a module.
        "node-acorn": [
            "/usr/bin/acorn",
            "/usr/share/nodejs/acorn/bin/**",
        ],
    },
    hub = "distroless_debian12",
    id = "12",
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

DEBIAN13 = struct(
    architectures = ["amd64", "arm64"],
    codename = "trixie",
    exclude = {
        "libc6": [
            "/usr/lib/*-linux-*/libc_malloc_debug.so.0",
            "/usr/lib/*-linux-*/libmemusage.so",
            "/usr/lib/*-linux-*/libmvec.so.1",
            "/usr/lib/*-linux-*/libpcprofile.so",
            "/usr/lib/*-linux-*/libthread_db.so.1",
        ],
        # Zones that count leap seconds.
        "tzdata-legacy": ["/usr/share/zoneinfo/right/**"],
    },
    hub = "distroless_debian13",
    id = "13",
    packages = {
        "base": [
            "libc6",
            "libssl3t64",
            "libzstd1",
            "zlib1g",
        ],
        "base_nossl": ["libc6"],
        "cc": [
            "gcc-14-base",
            "libgcc-s1",
            "libgomp1",
            "libstdc++6",
        ],
        "python3": [
            "libbz2-1.0",
            "libdb5.3t64",
            "libexpat1",
            "libffi8",
            "liblzma5",
            "libncursesw6",
            "libpython3.13-minimal",
            "libpython3.13-stdlib",
            "libreadline8t64",
            "libsqlite3-0",
            "libtinfo6",
            "libuuid1",
            "python3.13-minimal",
        ],
        # The zones of old names.
        "static": ["tzdata-legacy"],
    },
    python = "3.13",
)
