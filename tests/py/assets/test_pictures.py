"""Pictures: smaller, and not one pixel another."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import tool
from distill.assets import pictures, png
from distill.assets.pictures import Report
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from support_picture import chunk, jpeg_picture, picture, pixels


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png(mode: str) -> None:
    data = picture(mode, (64, 64))
    smaller, report = pictures.optimize(data, "x.png")
    assert pixels(smaller) == pixels(data)
    assert report == Report("x.png", len(data), len(smaller), len(data) - len(smaller))
    assert report.saved > 0
    assert pictures.optimize(smaller, "x.png")[0] == smaller


def test_sixteen_bits_stay_sixteen() -> None:
    out = io.BytesIO()
    image = Image.new("I;16", (32, 32))
    image.putdata([x * 61 % 65536 for x in range(1024)])
    image.save(out, "PNG", compress_level=0)
    smaller, report = pictures.optimize(out.getvalue(), "x.png")
    assert report.saved > 0
    assert Image.open(io.BytesIO(smaller)).tobytes() == image.tobytes()


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=60))
def test_colours_behind_full_transparency_stay(colours: list[tuple[int, int, int, int]]) -> None:
    out = io.BytesIO()
    image = Image.new("RGBA", (len(colours), 1))
    image.putdata(colours)
    image.save(out, "PNG")
    smaller, _ = pictures.optimize(out.getvalue(), "x.png")
    assert pixels(smaller) == ((len(colours), 1), image.tobytes())


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg(options: dict[str, Any]) -> None:
    data = jpeg_picture(**options)
    smaller, report = pictures.optimize(data, "x.jpg")
    assert pixels(smaller) == pixels(data)
    assert report.saved == len(data) - len(smaller) > 0


def test_what_a_picture_says_of_itself_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x112] = 6
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Copyright", "ours")
    for data, name in (
        (jpeg_picture(icc_profile=profile, exif=exif, comment=b"ours"), "x.jpg"),
        (picture(size=(64, 64), exif=exif, pnginfo=texts, dpi=(300, 300)), "x.png"),
        (picture("RGB", (64, 64), icc_profile=profile), "x.png"),
    ):
        smaller, report = pictures.optimize(data, name)
        assert report.saved > 0
        before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(smaller))
        before.load()
        after.load()
        for key in ("icc_profile", "exif", "comment", "Copyright", "dpi"):
            assert before.info.get(key) == after.info.get(key), key
        assert pixels(smaller) == pixels(data)


def test_a_grey_picture_with_a_profile_for_colours_keeps_its_colour_type() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 9, 9)).save(out, "PNG", icc_profile=profile, compress_level=0)
    smaller, report = pictures.optimize(out.getvalue(), "x.png")
    assert report.saved > 0
    assert Image.open(io.BytesIO(smaller)).mode == "RGB"


def test_an_animation_stays_one() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in (1, 99, 200)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=40, compress_level=0)
    smaller, report = pictures.optimize(out.getvalue(), "x.png")
    assert report.saved > 0
    made: Any = Image.open(io.BytesIO(smaller))
    assert made.n_frames == 3
    for number, frame in enumerate(frames):
        made.seek(number)
        assert made.convert("RGB").tobytes() == frame.tobytes()


def test_the_same_bytes_every_time() -> None:
    data = picture(size=(64, 64))
    assert len({pictures.optimize(data, name)[0] for name in ("a", "b", "c")}) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is neither PNG nor JPEG"),
        (b"GIF89a", "is neither PNG nor JPEG"),
        (png.MAGIC, "cannot be read: PNG file is truncated"),
        (b"\xff\xd8\xff\xd9", "cannot be read: JPEG file is broken ("),
        (b"\xff\xd8\xff\xe0broken", "cannot be read: JPEG file is truncated"),
        (
            jpeg_picture() + jpeg_picture(),
            "cannot be read: JPEG file has something behind its picture, such as another one",
        ),
        (jpeg_picture()[:-2], "cannot be read: JPEG file is truncated"),
    ],
)
def test_what_cannot_be_optimised_is_left_alone(data: bytes, reason: str) -> None:
    made, report = pictures.optimize(data, "x")
    assert made == data
    assert report.left_alone.startswith(reason)
    assert (report.before, report.after, report.saved) == (len(data), len(data), 0)


def test_pixels_that_are_not_what_the_header_says() -> None:
    data = bytearray(picture())
    broken = bytes(data[:8]) + chunk(b"IHDR", bytes(data[16:24]) + b"\x08\x06\0\0\0") + bytes(data[33:])
    made, report = pictures.optimize(broken, "x.png")
    assert made == broken or report.saved > 0


def test_the_command(tmp_path: Path) -> None:
    data = picture(size=(64, 64))
    (tmp_path / "x.png").write_bytes(data)
    lines: list[dict[str, Any]] = [
        {"command": "PictureOptimize", "label": "//x:y", "settings": {}},
        {"role": "picture", "path": str(tmp_path / "x.png"), "name": "logo.png"},
        {"role": "out", "name": "optimized", "path": str(tmp_path / "out")},
        {"role": "out", "name": "report", "path": str(tmp_path / "report")},
    ]
    assert tool.run([json.dumps(line) for line in lines]) == 0
    report = json.loads((tmp_path / "report").read_text())
    assert report == {"name": "logo.png", "before": len(data), "after": report["after"], "saved": report["saved"]}
    assert (tmp_path / "out").stat().st_size == report["after"] < len(data)


def test_the_command_with_formats(tmp_path: Path) -> None:
    data = picture("RGB", (64, 64))
    (tmp_path / "x.png").write_bytes(data)
    lines: list[dict[str, Any]] = [
        {"command": "PictureOptimize", "label": "//x:y", "settings": {"qualities": {"avif": 1, "webp": 80}}},
        {"role": "picture", "path": str(tmp_path / "x.png"), "name": "logo.png"},
        *({"role": "out", "name": name, "path": str(tmp_path / name)} for name in ("optimized", "report", "formats")),
    ]
    assert tool.run([json.dumps(line) for line in lines]) == 0
    report = json.loads((tmp_path / "report").read_text())
    found = {path.name: path.read_bytes() for path in (tmp_path / "formats").iterdir()}
    written = {f"logo.png.{each['format']}": each["after"] for each in report["formats"] if "after" in each}
    assert {name: len(made) for name, made in found.items()} == written
    assert pixels(found["logo.png.webp"]) == pixels(data)
    assert [each["format"] for each in report["formats"]] == ["avif", "webp"]


def test_the_command_with_a_picture_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"text")
    lines: list[dict[str, Any]] = [
        {"command": "PictureOptimize", "label": "//x:y", "settings": {"qualities": {"webp": 80}}},
        {"role": "picture", "path": str(tmp_path / "x.png"), "name": "logo.png"},
        *({"role": "out", "name": name, "path": str(tmp_path / name)} for name in ("optimized", "report", "formats")),
    ]
    assert tool.run([json.dumps(line) for line in lines]) == 0
    assert list((tmp_path / "formats").iterdir()) == []
    assert (tmp_path / "optimized").read_bytes() == b"text"
    (made,) = json.loads((tmp_path / "report").read_text())["formats"]
    assert made["left_out"].startswith("cannot be read: ")
