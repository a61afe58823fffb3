"""The errors a user can cause. Anything else that is raised is a bug and keeps its traceback.

    DistillError
    ├── RequestError      a request that is not of the command's form (a fault of the rules, not of the user)
    ├── InputError        an attribute, or a file it names, is wrong
    │   ├── PathError     a path that is absolute, climbs out of the root, or cannot stand in a tar
    │   └── ConflictError two sources for one path
    ├── FormatError       bytes that are not what they should be: a tar, .deb, ELF file, index or document
    ├── VerificationError a hash, size or signature that does not match
    ├── ResolutionError   packages whose relations cannot be met
    ├── LockError         a lock that is stale, edited by hand, or lacks a package
    ├── NetworkError      a mirror that cannot be reached, or answers wrongly
    └── ImageError        an image that would not run

A message reads `<what is wrong>, got <value>; <what to do>`; whoever prints it puts the target's label before it.
"""


class DistillError(Exception):
    """Root of the known errors: printed as one line, exit code 1."""


class RequestError(DistillError):
    """A request that is not of the form that its command takes."""


class InputError(DistillError):
    """An attribute, or a file that it names, is wrong."""


class PathError(InputError):
    """A path that is absolute, climbs out of the root, or cannot stand in a tar."""


class ConflictError(InputError):
    """Two sources for one path that do not agree in bytes and metadata."""


class FormatError(DistillError):
    """Bytes that are not what they should be."""


class VerificationError(DistillError):
    """A hash, size or signature that does not match."""


class ResolutionError(DistillError):
    """Packages whose relations cannot be met together."""


class LockError(DistillError):
    """A lock that is stale, was edited by hand, or lacks a package."""


class NetworkError(DistillError):
    """A mirror that cannot be reached, or answers wrongly."""


class ImageError(DistillError):
    """An image that would not run."""
