"""WebP and AVIF of pictures: the same pixels where it is said, the same bytes always."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from distill.assets import formats
from distill.assets.formats import Made
from PIL import Image, ImageCms
from support_picture import chunk, jpeg_picture, picture, pixels

BOTH: dict[formats.Format, int] = {"webp": 80, "avif": 60}
SIZE = (64, 48)

# Prints a digest for each format of a PNG and of a JPEG.
DIGESTS = """
import hashlib, sys
sys.path[:0] = {path!r}
from distill.assets import formats
from support_picture import jpeg_picture, picture
for data in (picture("RGBA", (64, 48)), picture("L", (64, 48)), jpeg_picture()):
    for made, written in formats.encode(data, {qualities!r}, 1 << 20):
        assert written, made
        print(hashlib.sha256(written).hexdigest())
"""


def encoded(data: bytes, size: int = 1 << 20, **qualities: int) -> dict[str, tuple[Made, bytes]]:
    given: Any = qualities or BOTH
    return {made.format: (made, written) for made, written in formats.encode(data, given, size)}


def opened(data: bytes) -> Any:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_webp_of_a_png_has_its_pixels(mode: str) -> None:
    data = picture(mode, SIZE)
    made, written = encoded(data)["webp"]
    assert pixels(written) == pixels(data)
    assert made == Made("webp", len(written), lossless=True)


def test_colours_behind_full_transparency_stay() -> None:
    out = io.BytesIO()
    image = Image.new("RGBA", (9, 9))
    image.putdata([(x, 2 * x, 3 * x, 0) for x in range(81)])
    image.save(out, "PNG")
    assert pixels(encoded(out.getvalue())["webp"][1]) == ((9, 9), image.tobytes())


def test_others_are_of_a_quality_and_look_alike() -> None:
    for data in (jpeg_picture(), picture("RGB", SIZE)):
        for name in ("webp", "avif"):
            made, written = encoded(data)[name]
            better = encoded(data, **{name: 95})[name][1]
            image = opened(written)
            assert (image.format, image.size) == (name.upper(), SIZE)
            assert made.after == len(written)
            if not made.lossless:
                assert len(better) > len(written)
                differences = [abs(a - b) for a, b in zip(pixels(data)[1], pixels(better)[1], strict=True)]
                assert sum(differences) / len(differences) < 12


def test_a_colour_profile_stays_and_all_else_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x10E] = "where we live"
    data = jpeg_picture(icc_profile=profile, exif=exif, comment=b"where we live")
    for _, written in encoded(data).values():
        image = opened(written)
        assert image.info["icc_profile"] == profile
        assert not image.getexif()
        assert b"where we live" not in written
    for _, written in encoded(picture("RGB", SIZE)).values():
        assert not opened(written).info.get("icc_profile")


def test_the_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    for data in (jpeg_picture(exif=exif), picture("RGB", SIZE, exif=exif)):
        for _, written in encoded(data).values():
            image = opened(written)
            assert image.size == (48, 64)
            assert not image.getexif()
    turned = opened(encoded(picture("RGB", SIZE, exif=exif))["webp"][1])
    assert turned.tobytes() == opened(picture("RGB", SIZE)).transpose(Image.Transpose.ROTATE_270).tobytes()


def test_what_is_not_smaller_is_left_out() -> None:
    data = picture("RGB", SIZE)
    exact = encoded(data)["webp"][0].after
    assert encoded(data, exact + 1)["webp"][1]
    made, written = encoded(data, exact)["webp"]
    assert (made, written) == (Made("webp", left_out=f"is not smaller, {exact} bytes"), b"")


def gamma(value: int, *more: bytes) -> bytes:
    data = picture("RGB", SIZE)
    return data[:33] + chunk(b"gAMA", value.to_bytes(4, "big")) + b"".join(more) + data[33:]


def test_the_usual_gamma_and_one_that_does_not_count() -> None:
    for data in (gamma(45455), gamma(100000, chunk(b"sRGB", b"\0"))):
        assert all(written for _, written in encoded(data).values())


def png(image: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def jpeg(mode: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, SIZE).save(out, "JPEG", **options)
    return out.getvalue()


def grey_profile() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[16:20] = b"GRAY"
    return bytes(profile)


FRAMES = [Image.new("RGB", SIZE, (shade, 0, 0)) for shade in (1, 99)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "cannot be read: PNG file is truncated"),
        (b"\xff\xd8\xffx", "cannot be read: cannot identify image file "),
        (jpeg_picture()[:-200], "cannot be read: image file is truncated"),
        (b"GIF89a", "cannot be read: cannot identify image file "),
        (png(Image.new("I;16", SIZE)), "has 16 bits a colour"),
        (gamma(100000), "has a gamma of its own, 100000"),
        (png(FRAMES[0], save_all=True, append_images=FRAMES[1:]), "is an animation"),
        (jpeg("CMYK"), "has pixels of another kind, CMYK"),
        (jpeg("L", icc_profile=grey_profile()), "has a colour profile that is not of RGB, b'GRAY'"),
    ],
)
def test_what_is_left_alone(data: bytes, reason: str) -> None:
    for made, written in encoded(data).values():
        assert made.left_out.startswith(reason)
        assert (made.after, written) == (0, b"")


def test_a_picture_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_MOST", 64 * 48 - 1)
    assert encoded(jpeg_picture())["webp"][0].left_out == "is too large, 64 x 48 pixels"


def test_a_picture_that_a_format_cannot_hold() -> None:
    made, _ = encoded(png(Image.new("1", (16384, 1))))["webp"]
    assert made.left_out.startswith("cannot be written: ")


def digests(*before: str) -> list[str]:
    script = DIGESTS.format(path=sys.path, qualities=BOTH)
    done = subprocess.run([*before, sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return done.stdout.split()


def test_the_same_bytes_in_every_process() -> None:
    here = [
        hashlib.sha256(written).hexdigest()
        for data in (picture("RGBA", SIZE), picture("L", SIZE), jpeg_picture())
        for _, written in encoded(data).values()
    ]
    assert digests() == digests() == here
    assert len(set(here)) == 6


@pytest.mark.parametrize("processor", ["qemu64", "Nehalem", "max"])
def test_the_same_bytes_on_another_processor(processor: str) -> None:
    emulator = shutil.which("qemu-x86_64-static")
    if emulator is None and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail("qemu-x86_64-static is not installed; install qemu-user-static")
    if emulator is None or os.uname().machine != "x86_64":
        pytest.skip("NOT TESTED: other processors need x86-64 and qemu-x86_64-static; install qemu-user-static")
    assert digests(emulator, "-cpu", processor) == digests()
