"""What the images of every release do without of packages, as globs, beyond what all package layers drop."""

# What is for debuggers and profilers. And libmvec, which is as big as libm and which few programs link: it is a slice of its
# own, and an image whose program needs it does not pass its check without.
DEBUGGERS = [
    "/lib/*-linux-*/libc_malloc_debug.so.0",
    "/lib/*-linux-*/libmemusage.so",
    "/lib/*-linux-*/libpcprofile.so",
    "/lib/*-linux-*/libthread_db.so.1",
]
LIBMVEC = "/lib/*-linux-*/libmvec.so.1"

# A command for people; node loads the package as a module.
ACORN = [
    "/usr/bin/acorn",
    "/usr/share/nodejs/acorn/bin/**",
]
