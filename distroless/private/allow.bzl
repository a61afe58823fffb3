"""What the check and the lint of our images find and what is meant so, each with its reason."""

_COMMAND = "it is in JAVA_HOME; the image's one command is java"
_EMPTY = "an empty directory that a person would use"
_PREFERENCES = "java.util.prefs of the system, which nobody sets in an image"
_CHOICE = "a choice of how a screen shows fonts; without one fontconfig's own defaults hold"
_MODULE = "a module that can also be run: `python3 -m` does it"

ALLOW = {
    "etc/.java": _PREFERENCES,
    "etc/.java/**": _PREFERENCES,
    "etc/dpkg/origins/default": "for tools that build packages",
    "etc/fonts/conf.d/*": _CHOICE,
    "etc/ld.so.nohwcap": "there only while libc6 is being upgraded",
    "etc/opt": _EMPTY,
    "glib-compile-schemas": "settings of desktop programs; the library is there for HarfBuzz",
    "libjvm.so": "java opens it by its path before the libraries that need it",
    "media": _EMPTY,
    "mnt": _EMPTY,
    "opt": _EMPTY,
    "run/setrans": "of a daemon of SELinux, which runs on a host",
    "srv": _EMPTY,
    "usr/bin/jexec": _COMMAND,
    "usr/bin/jpackage": _COMMAND,
    "usr/bin/js": "an old name of node",
    "usr/bin/keytool": _COMMAND,
    "usr/bin/rmiregistry": _COMMAND,
    "usr/lib/python3.11/**": _MODULE,
    "usr/lib/python3.13/**": _MODULE,
    "usr/share/binfmts/jar": "for a kernel that runs jars itself",
    "var/lib/python": "where Debian's tools note what they compiled",
    "var/mail": _EMPTY,
    "var/opt": _EMPTY,
}

_DISTROLESS = "distroless does without"

# The same where the family is exactly what distroless is.
ALLOW_COMPATIBLE = ALLOW | {
    "etc/motd": _DISTROLESS,
    "etc/profile": _DISTROLESS,
    "etc/update-motd.d/10-uname": _DISTROLESS,
    "root/.bashrc": _DISTROLESS,
    "root/.profile": _DISTROLESS,
    "run/lock": _DISTROLESS,
    "usr/share/doc/python3.13-venv": "a link to the package python3.13, which distroless lacks",
    "usr/bin/ldd": "a script of libc-bin; distroless has it without a shell",
    "usr/bin/tzselect": "a script of libc-bin; distroless has it without a shell",
    "usr/lib64": "for a root whose /usr is merged",
}

_ROOT = "as distroless has it; the nonroot variants are for who can"
_SHELL = "it is what the debug images are for"

# What lint finds in the images for root, and in their debug variants. What is said of files holds for images above them.
LINT_ALLOW = {"root-user": _ROOT}

def lint_allow_debug(busybox):
    """Gives what lint finds in the debug variants of the images for root.

    Args:
      busybox: (string) the path of the program.

    Returns:
      (dict[string, string]) As for image.
    """
    return {
        "package-manager:/busybox": "applets of busybox",
        "root-user": _ROOT,
        "shell:/busybox": _SHELL,
        "shell:" + busybox: _SHELL,
    }
