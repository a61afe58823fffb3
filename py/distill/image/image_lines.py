"""The lines of the requests for images: what each File of one is to a command."""

import functools
import operator
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from distill import descriptor
from distill.descriptor import Descriptor
from distill.errors import RequestError
from distill.request import Out, Request


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role"):
    """A line that names a File."""

    path: str


T = TypeVar("T", bound=File)


class Layer(File, frozen=True, tag="layer"):
    """The descriptor of a layer. Layers come in order, lowest first."""

    label: str = ""
    """The target that made the layer, for the history."""


class Blob(File, frozen=True, tag="blob"):
    """The blob of a layer, in the order of the layers."""


class Listing(File, frozen=True, tag="listing"):
    """The listing of a layer, in the order of the layers."""

    label: str = ""
    """The target that made the layer, for messages; without one they name the file."""


class Config(File, frozen=True, tag="config"):
    """The config of the image."""


class Manifest(File, frozen=True, tag="manifest"):
    """The manifest of the image."""


class BaseConfig(File, frozen=True, tag="base_config"):
    """The config of the base."""


class BaseManifest(File, frozen=True, tag="base_manifest"):
    """The manifest of the base."""


class BaseReport(File, frozen=True, tag="base_report"):
    """What the check of the base warned of."""


class BaseLint(File, frozen=True, tag="base_lint"):
    """What lint found in the base, as text."""


class Index(File, frozen=True, tag="index"):
    """The index of several images."""


class Image(File, frozen=True, tag="image"):
    """The descriptor of a manifest, with its platform."""


class SearchPath(File, frozen=True, tag="search_path"):
    """A directory that a variable of the program's environment lists, such as PYTHONPATH; `path` is relative."""

    variable: str
    below: str
    """The directory in the image that `path` is relative to, absolute."""


class SonamesIndex(File, frozen=True, tag="sonames"):
    """The index of a lock that packages are from: only for messages."""


def read(asked: Request, *forms: type[File]) -> list[object]:
    """Decode the lines of a request that may have the roles of `forms`, and outputs.

    Raises:
        RequestError: a line of another role or form.
    """
    union: Any = functools.reduce(operator.or_, forms, Out)
    return list(asked.files(union))


def of(lines: Sequence[object], form: type[T]) -> list[T]:
    """Give the lines of the role that `form` stands for, in order."""
    return [line for line in lines if isinstance(line, form)]


def path(lines: Sequence[object], form: type[File]) -> str:
    """Give the path of the one line of the role that `form` stands for.

    Raises:
        RequestError: none, or more.
    """
    found = of(lines, form)
    if len(found) != 1:
        role = form.__struct_config__.tag
        raise RequestError(f"request has not one line of a role, got {len(found)} of {role}; give one")
    return found[0].path


def blobs(lines: Sequence[object]) -> list[tuple[Descriptor, str]]:
    """Pair the descriptor of each layer that is not empty with its blob's path.

    Raises:
        RequestError: as many layers as blobs there must be.
        FormatError: a file that is no descriptor.
    """
    layers, files = of(lines, Layer), of(lines, Blob)
    if len(layers) != len(files):
        raise RequestError(
            f"layers and blobs do not pair, got {len(layers)} and {len(files)}; give one blob for each layer"
        )
    pairs = [(descriptor.read(layer.path), blob.path) for layer, blob in zip(layers, files, strict=True)]
    return [pair for pair in pairs if not pair[0].is_empty]
