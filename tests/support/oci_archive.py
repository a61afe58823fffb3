"""Reads an image archive with the standard library alone, so that an independent reader checks our writers."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from pathlib import Path
from typing import IO, Any

import zstandard


def _plain(media_type: str, data: bytes) -> bytes:
    """Give the tar of a layer (OCI image-spec, layer.md)."""
    match media_type.removeprefix("application/vnd.oci.image.layer.v1."):
        case "tar":
            return data
        case "tar+gzip":
            # Not gzip.decompress, which copies the rest for each of many members.
            with gzip.open(io.BytesIO(data)) as stream:
                return stream.read()
        case "tar+zstd":
            with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
                return reader.read()
    raise AssertionError(media_type)


class OciArchive:
    """An OCI layout in one tar (OCI image-spec, image-layout.md), every blob checked against its digest when read.

    `config` and `manifest` are the parsed documents, `digest` is the manifest's.
    """

    def __init__(self, path: str | Path) -> None:
        self.tar = tarfile.open(path)  # noqa: SIM115 - closed by close()
        assert self.json("oci-layout") == {"imageLayoutVersion": "1.0.0"}
        self.index: dict[str, Any] = self.json("index.json")
        (descriptor,) = self.index["manifests"]
        self.digest: str = descriptor["digest"]
        self.manifest: dict[str, Any] = json.loads(self.blob(self.digest))
        self.config: dict[str, Any] = json.loads(self.blob(self.manifest["config"]["digest"]))

    def __enter__(self) -> "OciArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self.tar.close()

    def json(self, name: str) -> Any:
        """Parse the member `name`."""
        member = self.tar.extractfile(name)
        assert member is not None, name
        return json.load(member)

    def blob(self, digest: str) -> bytes:
        """Give the bytes of a blob; an assertion fails where they do not have the digest."""
        member = self.tar.extractfile("blobs/" + digest.replace(":", "/"))
        assert member is not None, digest
        data = member.read()
        assert "sha256:" + hashlib.sha256(data).hexdigest() == digest
        return data

    def layers(self) -> list[IO[bytes]]:
        """Give the uncompressed tar of each layer, lowest first; an assertion fails where a diff_id does not match."""
        streams: list[IO[bytes]] = []
        diff_ids = self.config["rootfs"]["diff_ids"]
        for layer, diff_id in zip(self.manifest["layers"], diff_ids, strict=True):
            data = _plain(layer["mediaType"], self.blob(layer["digest"]))
            assert "sha256:" + hashlib.sha256(data).hexdigest() == diff_id
            streams.append(io.BytesIO(data))
        return streams

    def unpack(self, root: Path) -> None:
        """Lay the layers out below the empty directory `root`, as an engine would (image-spec, layer.md).

        Owners are not kept: whoever runs the test owns all files.
        """
        for stream in self.layers():
            with tarfile.open(fileobj=stream) as tar:
                for member in tar:
                    _apply(tar, member, root)


def _apply(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    path = root / member.name
    assert root in path.parents or path == root, member.name
    assert path.parent.resolve().is_relative_to(root.resolve()), member.name
    if path.name == ".wh..wh..opq":
        for child in path.parent.iterdir():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        return
    if path.name.startswith(".wh."):
        path = path.with_name(path.name[len(".wh.") :])
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        return
    if path.is_symlink() or (path.exists() and not (path.is_dir() and member.isdir())):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    member.uid = member.gid = 0
    tar.extract(member, root, set_attrs=False, filter="fully_trusted")
    if not member.issym():
        path.chmod(member.mode | (0o700 if member.isdir() else 0o400))
