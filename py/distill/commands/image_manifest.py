"""ImageManifest: the config and manifest of an image, from settings and descriptors. No blob is read."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from distill import descriptor, request
from distill.image import image_descriptor, image_lines, manifest
from distill.image.base import Base
from distill.image.image_lines import BaseConfig, BaseManifest, SearchPath
from distill.image.image_settings import Settings
from distill.image.manifest import Layer
from distill.request import Request
from distill.runtime import environment


def run(asked: Request) -> None:
    """Write the outputs config, manifest, descriptor (of the manifest, with its platform) and digest (a line).

    Layers come lowest first; where a base is given, its own layers may come before them, as they do in `ImageInfo`.

    Raises:
        DistillError: a wrong setting, or a base for another platform.
    """
    settings = asked.settings(Settings)
    lines = image_lines.read(asked, image_lines.Layer, BaseConfig, BaseManifest, SearchPath)
    outputs = request.outputs(lines, "config", "manifest", "descriptor", "digest")
    given = [Layer(descriptor.read(line.path), line.label) for line in image_lines.of(lines, image_lines.Layer)]
    layers = [layer for layer in given if not layer.descriptor.is_empty]
    base = None
    if any(isinstance(line, BaseConfig | BaseManifest) for line in lines):
        config, document = (image_lines.path(lines, form) for form in (BaseConfig, BaseManifest))
        base = Base.parse(Path(config).read_bytes(), Path(document).read_bytes())
        layers = base.above(layers, lambda layer: layer.descriptor.digest)
    image = manifest.build(_with_search_paths(settings, image_lines.of(lines, SearchPath)), layers, base)
    Path(outputs["config"]).write_bytes(image.config)
    Path(outputs["manifest"]).write_bytes(image.manifest)
    image_descriptor.write(outputs["descriptor"], image.descriptor)
    Path(outputs["digest"]).write_text(f"{image.descriptor.digest}\n", "ascii")


def _with_search_paths(settings: Settings, lines: Sequence[SearchPath]) -> Settings:
    directories: dict[str, list[str]] = {}
    for line in lines:
        directories.setdefault(line.variable, []).append(f"{line.below}/{line.path}".rstrip("/"))
    paths = {variable: environment.search_path(several, variable) for variable, several in directories.items()}
    return msgspec.structs.replace(settings, program_env={**paths, **settings.program_env})
