"""Calls of the kernel that Python has no names for: namespaces and mounts (unshare(2), setns(2), mount(2))."""

import ctypes
import os

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, BIND, REC, PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
DETACH = 2
SET_PDEATHSIG, CAPBSET_DROP = 1, 24

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """Call the function `name` of the C library.

    Raises:
        OSError: it gives -1.
    """
    if getattr(libc, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount `source`, a file system of `kind`, on `target`.

    Raises:
        OSError: that is not allowed; the message names both.
    """
    names = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    try:
        call("mount", *names, ctypes.c_ulong(flags), None if options is None else os.fsencode(options))
    except OSError as problem:
        message = f"mount of {kind or source or 'nothing'} on {target}: {problem.strerror}"
        raise OSError(problem.errno, message) from None


def become(uid: int, gid: int, namespaces: int) -> None:
    """Make a user namespace, in which whoever calls is `uid` and `gid`, and others that it owns (user_namespaces(7)).

    Raises:
        OSError: the machine does not allow it.
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    call("unshare", NEWUSER | namespaces)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {outer_uid} 1"), ("gid_map", f"{gid} {outer_gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
