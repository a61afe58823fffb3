"""Tests of the commands for images, run as the tool runs them."""

import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
import support_command
from distill import descriptor, listing
from distill.descriptor import EMPTY, LAYER_TAR, Descriptor
from support_image import Image, Layer, run
from support_listing import directory, file, program, symlink
from support_oci import check_config, check_index, check_manifest

APP = [directory("usr"), program("usr/app"), file("usr/data", package="app_1_amd64")]


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_image_manifest(tmp_path: Path) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a")], variant="v2", entrypoint=["/usr/app"], cmd=None)
    assert image.exit_code == 0
    check_config(read(image.config))
    check_manifest(read(image.manifest))
    described = read(image.descriptor)
    assert described["platform"] == {"architecture": "amd64", "os": "linux", "variant": "v2"}
    assert image.digest.read_text() == f"{described['digest']}\n"
    assert image.descriptor.read_text().endswith("}\n")


def test_an_empty_layer_is_in_no_image(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    one, none, other = Layer(tmp_path, "one"), Layer(tmp_path, "none"), Layer(tmp_path, "other")
    descriptor.write(none.descriptor, Descriptor(LAYER_TAR, EMPTY, 1024, EMPTY))
    base = Image(tmp_path / "base", [one, none])
    image = Image(tmp_path, [none, other], base)
    digests = [layer.described.digest for layer in (one, other)]
    assert [layer["digest"] for layer in read(image.manifest)["layers"]] == digests
    assert len(read(image.config)["rootfs"]["diff_ids"]) == len(read(image.config)["history"]) == 2
    assert run("ImageArchive", {"repo_tags": ["a:b"]}, image.with_blobs, archive=tmp_path / "archive") == 0
    with tarfile.open(tmp_path / "archive") as archive:
        assert len([name for name in archive.getnames() if name.startswith("blobs/sha256/")]) == 4


def test_the_empty_layer_is_what_the_layer_action_makes(tmp_path: Path) -> None:
    result = support_command.run(tmp_path, "LayerFiles", [])
    described = descriptor.read(result.directory / "descriptor")
    assert described.is_empty
    assert described.diff_id == EMPTY == f"sha256:{hashlib.sha256(bytes(1024)).hexdigest()}"


def test_a_layers_label_is_in_the_history(tmp_path: Path) -> None:
    layer = Layer(tmp_path, "a")
    names = {name: tmp_path / name for name in ("config", "manifest", "descriptor", "digest")}
    assert run("ImageManifest", {"architecture": "amd64"}, [layer.line | {"label": "//a:b"}], **names) == 0
    assert read(names["config"])["history"] == [{"created_by": "//a:b"}]


def test_a_base_with_its_layers_before_the_images_own_or_without(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = Image(tmp_path / "base", [Layer(tmp_path, "a"), Layer(tmp_path, "b")], env={"A": "1"})
    image = Image(tmp_path, [Layer(tmp_path, "c")], base, env={"B": "$A"})
    assert image.exit_code == 0
    config = read(image.config)
    assert config["rootfs"]["diff_ids"] == [layer.described.diff_id for layer in image.layers]
    assert config["config"]["Env"] == ["A=1", "B=1"]
    only_own = {name: tmp_path / f"own.{name}" for name in ("config", "manifest", "descriptor", "digest")}
    lines = [
        image.layers[2].line,
        {"role": "base_config", "path": str(base.config)},
        {"role": "base_manifest", "path": str(base.manifest)},
    ]
    assert run("ImageManifest", {"architecture": "amd64", "env": {"B": "$A"}}, lines, **only_own) == 0
    assert only_own["manifest"].read_bytes() == image.manifest.read_bytes()


def test_the_variables_of_the_program_stand_between_those_of_base_and_image(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = Image(tmp_path / "base", [], env={"PYTHONPATH": "/base", "LANG": "C"})
    names = {name: tmp_path / name for name in ("config", "manifest", "descriptor", "digest")}
    lines = [
        {"role": "search_path", "variable": "PYTHONPATH", "below": "/app", "path": ""},
        {"role": "search_path", "variable": "PYTHONPATH", "below": "/app", "path": "x/site-packages"},
        {"role": "base_config", "path": str(base.config)},
        {"role": "base_manifest", "path": str(base.manifest)},
    ]
    settings = {"architecture": "amd64", "program_env": {"A": "$LANG"}, "env": {"PYTHONPATH": "$PYTHONPATH:$A"}}
    assert run("ImageManifest", settings, lines, **names) == 0
    assert read(names["config"])["config"]["Env"] == ["PYTHONPATH=/app:/app/x/site-packages:C", "LANG=C", "A=C"]


def test_a_base_of_another_architecture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "base").mkdir()
    base = Image(tmp_path / "base", [], architecture="arm64", variant="v8")
    image = Image(tmp_path, [], base)
    assert image.exit_code == 1
    assert capsys.readouterr().err == (
        "//app:image: base is for another platform, got linux/arm64/v8 below an image for linux/amd64;"
        " use a base for linux/amd64\n"
    )
    assert not image.config.exists()


def test_image_index(tmp_path: Path) -> None:
    images = []
    for architecture in ("arm64", "amd64"):
        (tmp_path / architecture).mkdir()
        images.append(Image(tmp_path / architecture, [], architecture=architecture))
    lines = [{"role": "image", "path": str(image.descriptor)} for image in images]
    out = {name: tmp_path / name for name in ("index", "descriptor", "digest")}
    assert run("ImageIndex", {"annotations": {"a": "b"}}, lines, **out) == 0
    index = read(out["index"])
    check_index(index)
    assert [entry["digest"] for entry in index["manifests"]] == [read(image.descriptor)["digest"] for image in images]
    described = read(out["descriptor"])
    assert described["size"] == out["index"].stat().st_size
    assert out["digest"].read_text() == f"{described['digest']}\n"


def test_image_index_of_what_is_no_descriptor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_text("{}")
    out = {name: tmp_path / name for name in ("index", "descriptor", "digest")}
    assert run("ImageIndex", {}, [{"role": "image", "path": str(tmp_path / "x")}], **out) == 1
    assert capsys.readouterr().err == (
        f"//app:image: {tmp_path}/x is no descriptor of an image: Object missing required field `mediaType`;"
        " build the image again\n"
    )


def test_image_archive_and_layout(tmp_path: Path) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a"), Layer(tmp_path, "b")])
    settings = {"repo_tags": ["app/image:latest"]}
    assert run("ImageArchive", settings, image.with_blobs, archive=tmp_path / "image.tar") == 0
    assert run("ImageLayout", settings, image.with_blobs, layout=tmp_path / "image.oci") == 0
    with tarfile.open(tmp_path / "image.tar") as tar:
        archived = {m.name: stream.read() for m in tar if (stream := tar.extractfile(m))}
    layout = tmp_path / "image.oci"
    laid = {str(path.relative_to(layout)): path.read_bytes() for path in layout.rglob("*") if path.is_file()}
    assert json.loads(archived.pop("manifest.json"))[0]["RepoTags"] == ["docker.io/app/image:latest"]
    assert archived == laid


def test_a_wrong_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [])
    assert run("ImageArchive", {"repo_tags": ["App"]}, image.with_blobs, archive=tmp_path / "image.tar") == 1
    assert capsys.readouterr().err.startswith("//app:image: image reference has a wrong repository, got 'App'; ")
    assert not (tmp_path / "image.tar").exists()


def validate(root: Path, image: Image, **settings: Any) -> int:
    config = {"role": "config", "path": str(image.config)}
    return run("ImageValidate", settings, [config, *image.listings], report=root / "report", unused=root / "unused")


def test_image_validate(tmp_path: Path) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", APP)], entrypoint=["/usr/app"])
    assert validate(tmp_path, image) == 0
    assert (tmp_path / "report").read_text() == ""


def test_warnings_stand_in_the_report_and_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", APP)], entrypoint=["/usr/app"], user="5", volumes=["/data"])
    assert validate(tmp_path, image) == 0
    report = (tmp_path / "report").read_text()
    assert report.startswith("warning: volume is not in the image, got /data; ")
    assert capsys.readouterr().err == f"//app:image: {report}"


def test_what_the_check_of_the_base_showed_is_not_shown_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", APP)], entrypoint=["/usr/app"], user="5", volumes=["/data", "/more"])
    assert validate(tmp_path, image) == 0
    whole = (tmp_path / "report").read_text()
    first, second = whole.splitlines(keepends=True)
    capsys.readouterr()
    (tmp_path / "base.txt").write_text(first)
    base = {"role": "base_report", "path": str(tmp_path / "base.txt")}
    lines = [{"role": "config", "path": str(image.config)}, *image.listings, base]
    assert run("ImageValidate", {}, lines, report=tmp_path / "report", unused=tmp_path / "unused") == 0
    assert capsys.readouterr().err == f"//app:image: {second}"
    assert (tmp_path / "report").read_text() == whole  # an image on top of this one compares with all of it


def test_an_image_that_would_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = program("usr/bin/redis-server", "libssl.so.3", interpreter="")
    image = Image(tmp_path, [Layer(tmp_path, "a", [app])], entrypoint=["/usr/bin/redis-server"])
    assert validate(tmp_path, image) == 1
    assert capsys.readouterr().err == (
        "//app:image: image would not run: /usr/bin/redis-server needs libssl.so.3, which no layer has;"
        " add the package that provides it to packages\n"
    )
    assert not (tmp_path / "report").exists()
    assert validate(tmp_path, image, allow={"libssl.so.3": "never loaded"}) == 0


def test_the_lock_names_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = program("usr/bin/app", "libssl.so.3", interpreter="")
    image = Image(tmp_path, [Layer(tmp_path, "a", [app])], entrypoint=["/usr/bin/app"])
    (tmp_path / "i.json").write_text('{"hub":"b","sonames":{"amd64":{"libssl.so.3":"libssl3"}}}')
    hint = {"role": "sonames", "path": str(tmp_path / "i.json")}
    lines = [{"role": "config", "path": str(image.config)}, *image.listings, hint]
    assert run("ImageValidate", {}, lines, report=tmp_path / "report", unused=tmp_path / "unused") == 1
    assert capsys.readouterr().err == (
        "//app:image: image would not run: /usr/bin/app needs libssl.so.3, which no layer has;"
        " libssl.so.3 is in libssl3 of this lock: add @b//libssl3 to packages\n"
    )


def test_an_image_does_not_depend_on_the_index(tmp_path: Path) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", APP)], entrypoint=["/usr/app"], user="5")
    hint = {"role": "sonames", "path": str(tmp_path / "nowhere.json")}
    lines = [{"role": "config", "path": str(image.config)}, *image.listings, hint]
    assert run("ImageValidate", {}, lines, report=tmp_path / "report", unused=tmp_path / "unused") == 0
    assert (tmp_path / "unused").read_text() == f"{hint['path']}\n"


def test_every_reason_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", [symlink("a", "b")])], entrypoint=["/none"])
    assert validate(tmp_path, image) == 1
    assert capsys.readouterr().err == (
        "//app:image: image would not run: /a is a link to nothing, got b (there is no /b);"
        " add what it leads to, leave it out, or name it in allow\n"
        "image would not run: entrypoint is not in the image, got /none; add what provides it to packages or layers\n"
    )


def test_layers_are_named_by_label_or_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", [file("x")]), Layer(tmp_path, "b", [directory("x")])])
    lines = [{"role": "config", "path": str(image.config)}, *image.listings]
    lines[1]["label"] = "//layers:a"
    assert run("ImageValidate", {}, lines, report=tmp_path / "report", unused=tmp_path / "unused") == 1
    assert capsys.readouterr().err == (
        "//app:image: image would not run: layers disagree on /x, got a file in //layers:a"
        f" and a directory in {tmp_path}/b.jsonl; make it the same in both\n"
    )


def lint(root: Path, image: Image, **settings: Any) -> int:
    config = {"role": "config", "path": str(image.config)}
    outputs = {name: root / f"lint.{name}" for name in ("text", "json", "sarif")}
    return run("ImageLint", settings, [config, *image.listings], **outputs)


def test_image_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", [*APP, program("usr/sh")])], user="5")
    assert lint(tmp_path, image) == 0
    warning = "shell: the image has a shell, got /usr/sh; leave it out, and keep it for a debug variant of the image"
    assert (tmp_path / "lint.text").read_text() == f"warning: {warning}\n"
    assert capsys.readouterr().err == f"//app:image: warning: lint {warning}\n"
    assert read(tmp_path / "lint.json")["summary"] == {"allowed": 0, "error": 0, "note": 0, "warning": 1}
    assert read(tmp_path / "lint.sarif")["runs"][0]["results"][0]["ruleId"] == "shell"


def test_reports_of_lint_name_no_label(tmp_path: Path) -> None:
    key = file("srv/key", marks=("secret:private-key",))
    image = Image(tmp_path, [Layer(tmp_path, "a", [key]), Layer(tmp_path, "b", [file("srv/.wh.key")])])
    assert lint(tmp_path, image, fail_on="never", disable=["root-user"]) == 0
    for name in ("text", "json", "sarif"):
        text = (tmp_path / f"lint.{name}").read_text()
        assert "/srv/key (a private key in layer 0, hidden by one above)" in text
        assert "//app" not in text
        assert str(tmp_path) not in text


def test_a_secret_fails_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = file("srv/key", marks=("secret:private-key",))
    image = Image(tmp_path, [Layer(tmp_path, "a", [key])], user="5")
    assert lint(tmp_path, image) == 1
    assert capsys.readouterr().err == (
        "//app:image: lint private-key: private keys are in the image, got /srv/key (a private key);"
        " mount it when the container starts, and take it back: it may have been seen,"
        " or allow it in lint_allow with the reason\n"
    )
    assert not (tmp_path / "lint.text").exists()
    assert lint(tmp_path, image, allow={"private-key:/srv/key": "of a test"}) == 0
    assert capsys.readouterr().err == ""


def test_image_listing(tmp_path: Path) -> None:
    odd = os.fsdecode(b"odd\xff")
    layers = [Layer(tmp_path, "a", APP), Layer(tmp_path, "b", [file("usr/.wh.data"), file(listing.escape(odd))])]
    image = Image(tmp_path, layers)
    assert run("ImageListing", {}, image.listings, listing=tmp_path / "all.jsonl") == 0
    assert [record.path for record in listing.read(tmp_path / "all.jsonl")] == ["odd\\xff", "usr", "usr/app"]


def test_image_sbom(tmp_path: Path) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a", APP)])
    lines = [image.documents[1], image.layers[0].line, *image.listings]
    assert run("ImageSbom", {}, lines, sbom=tmp_path / "sbom.json") == 0
    document = read(tmp_path / "sbom.json")
    assert document["name"] == image.digest.read_text().strip()
    assert [package["name"] for package in document["packages"]] == ["image", "layer", "app"]


def test_layers_and_listings_must_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = Image(tmp_path, [Layer(tmp_path, "a")])
    assert run("ImageSbom", {}, [image.documents[1], image.layers[0].line], sbom=tmp_path / "sbom.json") == 1
    message = "layers and listings do not pair, got 1 and 0; give one listing for each layer"
    assert capsys.readouterr().err == f"//app:image: {message}\n"


@pytest.mark.parametrize(
    "command",
    [
        "ImageManifest",
        "ImageIndex",
        "ImageArchive",
        "ImageLayout",
        "ImageListing",
        "ImageLint",
        "ImageValidate",
        "ImageSbom",
    ],
)
def test_unknown_settings_are_errors(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"architecture": "amd64", "colour": "red"} if command == "ImageManifest" else {"colour": "red"}
    assert run(command, settings, []) == 1
    message = f"settings of {command} do not fit: Object contains unknown field `colour`"
    assert capsys.readouterr().err == f"//app:image: {message}\n"
