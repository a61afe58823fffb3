"""What the requests of all layer commands share: how the blob is compressed, and the three outputs."""

import functools
import operator
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from distill import listing
from distill.compression import Compression, Level
from distill.layer import layer
from distill.layer.tree import Tree
from distill.request import Out, Request
from distill.runtime.rootfs import Rootfs

OUTPUTS = ("blob", "descriptor", "listing")
"""The outputs of every layer command."""


class LayerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of every layer command."""

    compression: Compression
    level: Level


def read(request: Request, *forms: type[msgspec.Struct]) -> list[object]:
    """Give the lines of `request`, each as one of `forms` (tagged by `role`) or as Out.

    Raises:
        RequestError: a line of another role or form.
    """
    union: Any = functools.reduce(operator.or_, forms, Out)
    return list(request.files(union))


class ListingLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="listing"):
    """The listing of a layer below the one that is made; they come in order, lowest first."""

    path: str


def below(lines: Iterable[object]) -> Rootfs:
    """Give what the layers of all `ListingLine` of a request have together."""
    return Rootfs([listing.read(line.path) for line in lines if isinstance(line, ListingLine)])


def write(tree: Tree, outs: Mapping[str, str], settings: LayerSettings) -> None:
    """Write the layer of `tree` to the paths of OUTPUTS in `outs`.

    Raises:
        InputError: as layer.write.
    """
    layer.write(
        tree,
        outs["blob"],
        outs["descriptor"],
        outs["listing"],
        compression=settings.compression,
        level=settings.level,
    )
