"""Debian's architectures and the CPUs of @platforms that they are for."""

CPUS = {
    "amd64": "@platforms//cpu:x86_64",
    "arm64": "@platforms//cpu:aarch64",
    "armhf": "@platforms//cpu:armv7",
    "i386": "@platforms//cpu:x86_32",
    "ppc64el": "@platforms//cpu:ppc64le",
    "riscv64": "@platforms//cpu:riscv64",
    "s390x": "@platforms//cpu:s390x",
}
