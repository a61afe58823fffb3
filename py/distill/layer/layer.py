"""The one pass that makes a layer: each byte is read once, hashed and compressed as it goes."""

import os
from collections.abc import Mapping
from pathlib import Path

from distill import descriptor as descriptors
from distill import listing
from distill.atomic import replacing
from distill.compression import Compression, Level, media_type
from distill.descriptor import Descriptor
from distill.layer import content
from distill.layer.pipeline import Pipeline
from distill.layer.tree import Source, Tree
from distill.listing import Record, escape
from distill.tar.header import END, header, padding

__all__ = ["Source", "Tree", "write"]


def write(
    tree: Tree,
    blob: str | Path,
    descriptor: str | Path,
    listing: str | Path,
    *,
    compression: Compression,
    level: Level,
    threads: int | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Descriptor:
    """Write the layer of `tree`: the compressed tar to `blob`, its descriptor and its listing.

    The three files appear together, whole, or not at all. What they hold depends on the tree, `compression`, `level`
    and `annotations` alone. Memory is bounded, whatever the layer's size.

    Args:
        tree: what is in the layer.
        blob: path of the blob.
        descriptor: path of the descriptor.
        listing: path of the listing.
        compression: how the blob is compressed.
        level: how hard.
        threads: how many threads compress; None is one for each core that the process may use.
        annotations: for the descriptor.

    Raises:
        InputError: a file that is missing, cannot be read, or changes while it is read; a hard link without a target.
    """
    with replacing(blob, descriptor, listing) as (blob_path, descriptor_path, listing_path):
        out = os.open(blob_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        try:
            with Pipeline(out, compression, level, threads) as pipeline, open(listing_path, "wb") as lines:
                for source in tree.sources():
                    lines.write(_add(source, pipeline))
                pipeline.write(END)
                result = pipeline.finish()
        finally:
            os.close(out)
        made = Descriptor(
            media_type=media_type(compression),
            digest=result.digest,
            size=result.size,
            diff_id=result.diff_id,
            annotations=dict(sorted((annotations or {}).items())),
        )
        descriptors.write(descriptor_path, made)
    return made


def _add(source: Source, pipeline: Pipeline) -> bytes:
    """Write the header and the data of `source`; gives its line of the listing."""
    entry = source.entry
    pipeline.write(header(entry))
    facts = _NOTHING
    if entry.kind == "file":
        facts = content.copy(source, pipeline)
        pipeline.write(padding(entry.size))
    return listing.encode(
        Record(
            path=escape(entry.path),
            type=entry.kind,
            mode=f"{entry.mode:04o}",
            uid=entry.uid,
            gid=entry.gid,
            size=entry.size,
            sha256=facts.sha256,
            link=escape(entry.link),
            mtime=entry.mtime,
            device=entry.device,
            package=source.package,
            elf=facts.elf,
            shebang=facts.shebang,
            text=facts.text,
            marks=source.marks + facts.marks,
            effects=source.effects,
            replaces=source.replaces,
        )
    )


_NOTHING = content.Facts("")
