"""Fifty files that a folder of photographs may really hold: each is converted rightly or put aside with its reason."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from anyedit.pipeline.plan import Draw, Task
from anyedit.pipeline.prepare import prepare
from anyedit.pipeline.sources import catalogue_of
from anyedit.pipeline.workroom import Workroom
from anyedit.recipe import load_recipe
from anyedit.records import pixels_of

RED, SIZE = (200, 30, 40), (100, 80)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def plain(mode: str = "RGB") -> Image.Image:
    return Image.new("RGB", SIZE, RED).convert(mode)


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 255, (80, 100, 3), np.uint8))


def half(form: str) -> bytes:
    data = saved(noise(), form)
    return data[: len(data) // 2]


def turned(orientation: int) -> bytes:
    """A picture whose stored pixels are turned, so that shown upright it is red at the left, blue at the right."""
    upright = np.zeros((80, 100, 3), np.uint8)
    upright[:, :50], upright[:, 50:] = (220, 10, 10), (10, 10, 220)
    back: dict[int, Callable[[np.ndarray], np.ndarray]] = {
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(
        Image.fromarray(np.ascontiguousarray(back[orientation](upright))), "JPEG", quality=95, exif=exif
    )


def animated(form: str) -> bytes:
    frames = [plain(), Image.new("RGB", SIZE, (0, 200, 0))]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 x 60,000."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(900)))
        + chunk(b"IEND", b"")
    )


def deep(mode: str) -> bytes:
    grey = np.full((80, 100), 30_000, np.uint16 if mode == "I;16" else np.int32)
    return saved(Image.fromarray(grey), "TIFF")


def deep_rgb() -> bytes:
    import cv2

    done, data = cv2.imencode(".png", np.full((80, 100, 3), (40 * 257, 30 * 257, 200 * 257), np.uint16))
    assert done
    return data.tobytes()


def swapped_profile() -> bytes:
    """A picture in a space whose red is sRGB's blue: its numbers must change on the way to sRGB."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = (bytes(profile[tags[tag] + 4 : tags[tag] + 12]) for tag in (b"rXYZ", b"bXYZ"))
    profile[tags[b"rXYZ"] + 4 : tags[b"rXYZ"] + 12] = blue
    profile[tags[b"bXYZ"] + 4 : tags[b"bXYZ"] + 12] = red
    named = bytes(profile).replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be"))
    return saved(plain(), "PNG", icc_profile=named)


GOOD: dict[str, tuple[bytes, tuple[int, int, int]]] = {  # name -> (file, the colour it must come to)
    "plain.png": (saved(plain(), "PNG"), RED),
    "plain.jpg": (saved(plain(), "JPEG", quality=95), RED),
    "UPPER.JPG": (saved(plain(), "JPEG", quality=95), RED),
    "progressive.jpeg": (saved(plain(), "JPEG", quality=95, progressive=True), RED),
    "photo.webp": (saved(plain(), "WEBP", lossless=True), RED),
    "photo.bmp": (saved(plain(), "BMP"), RED),
    "photo.tif": (saved(plain(), "TIFF"), RED),
    "pressed.tiff": (saved(plain(), "TIFF", compression="tiff_lzw"), RED),
    "photo.ppm": (saved(plain(), "PPM"), RED),
    "photo.jp2": (saved(plain(), "JPEG2000"), RED),
    "cmyk.jpg": (saved(plain("CMYK"), "JPEG", quality=95), RED),
    "cmyk.tif": (saved(plain("CMYK"), "TIFF"), RED),
    "palette.png": (saved(plain().quantize(4), "PNG"), RED),
    "palette.gif": (saved(plain().quantize(4), "GIF"), RED),
    "clear palette.png": (saved(plain().quantize(4), "PNG", transparency=1), RED),
    "grey.png": (saved(plain("L"), "PNG"), (82, 82, 82)),
    "grey.jpg": (saved(plain("L"), "JPEG", quality=95), (82, 82, 82)),
    "grey alpha.png": (saved(Image.new("LA", SIZE, (90, 255)), "PNG"), (90, 90, 90)),
    "one bit.png": (saved(Image.new("1", SIZE, 1), "PNG"), (255, 255, 255)),
    "sixteen.tif": (deep("I;16"), (117, 117, 117)),
    "sixteen.png": (saved(Image.fromarray(np.full((80, 100), 30_000, np.uint16)), "PNG"), (117, 117, 117)),
    "deep colours.png": (deep_rgb(), RED),
    "thirty-two.tif": (deep("I"), (117, 117, 117)),
    "clear.png": (saved(Image.new("RGBA", SIZE, (0, 0, 0, 0)), "PNG"), (255, 255, 255)),
    "half clear.png": (saved(Image.new("RGBA", SIZE, (0, 0, 0, 128)), "PNG"), (127, 127, 127)),
    "profiled.png": (swapped_profile(), (40, 30, 200)),
    "broken profile.png": (saved(plain(), "PNG", icc_profile=b"no profile"), RED),
    "moving.gif": (animated("GIF"), RED),
    "moving.webp": (animated("WEBP"), RED),
    "moving.png": (animated("PNG"), RED),
    "pages.tif": (animated("TIFF"), RED),
    "really a png.jpg": (saved(plain(), "PNG"), RED),
    "really a jpeg.png": (saved(plain(), "JPEG", quality=95), RED),
    "no suffix": (saved(plain(), "PNG"), RED),
    "odd.suffix": (saved(plain(), "JPEG", quality=95), RED),
    "with spaces  and (brackets).png": (saved(plain(), "PNG"), RED),
    "été 猫 🐈.png": (saved(plain(), "PNG"), RED),
    "dots..in..name.png": (saved(plain(), "PNG"), RED),
    "%20#?&;'$(x).png": (saved(plain(), "PNG"), RED),
    "-dash.png": (saved(plain(), "PNG"), RED),
    "lower down/plain.png": (saved(plain(), "PNG"), RED),
    "trailing rubbish.jpg": (saved(plain(), "JPEG", quality=95) + b"rubbish" * 50, RED),
}
UPRIGHT = {f"turned {k}.jpg": turned(k) for k in range(2, 9)}
BAD: dict[str, tuple[bytes, str]] = {  # name -> (file, what the reason says)
    "empty.png": (b"", "0 bytes"),
    "empty.jpg": (b"", "0 bytes"),
    "short.png": (half("PNG"), "cut short"),
    "short.jpg": (half("JPEG"), "cut short"),
    "short.webp": (half("WEBP"), "cut short"),
    "short.tif": (half("TIFF"), "cut short"),
    "only a head.png": (saved(plain(), "PNG")[:20], "not a picture|cut short"),
    "text.jpg": (b"This is text.", "not a picture"),
    "page.png": (b"<!doctype html><html>404</html>", "not a picture"),
    "zeros.jpg": (bytes(4000), "not a picture"),
    "bomb.png": (bomb(), "120,000,000"),
    "floats.tif": (saved(Image.new("F", SIZE, 0.5), "TIFF"), "floating-point"),
    "negative.tif": (saved(Image.fromarray(np.full((80, 100), -5, np.int32)), "TIFF"), "16 bits"),
    "speck.png": (saved(Image.new("RGB", (4, 4)), "PNG"), "too few"),
    "ribbon.png": (saved(Image.new("RGB", (900, 20)), "PNG"), "too few"),
    "phone.heic": (b"\x00\x00\x00\x18ftypheic" + bytes(200), "not a picture"),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workroom, dict[str, Any]]:
    """All files in one folder, through step 1; sources by the name of their file."""
    folder = tmp_path_factory.mktemp("photographs")
    files = {**{n: data for n, (data, _) in (GOOD | BAD).items()}, **UPRIGHT}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    (folder / "plain.txt").write_text("A red wall")
    recipe = load_recipe({"source": {"kind": "photos", "path": str(folder)}, "types": ["tone_transfer"]})
    names = catalogue_of(recipe.source).names  # type: ignore[arg-type]
    assert sorted(names) == sorted(files) and len(files) >= 60
    draws = tuple(Draw(k, ("tone_transfer",)) for k in range(2 * len(names)))  # every file whole and cropped
    room = Workroom(recipe, Task(0, 0, draws, "x"))
    sources = prepare(room, draws)
    assert len(sources) + len(room.rejected) == len(draws)  # nothing is lost
    return room, {f"{s.origin}/{s.id[-1]}": s for s in sources}


def test_what_has_one_right_answer_is_converted(prepared: tuple[Workroom, dict[str, Any]]) -> None:
    _, sources = prepared
    for name, (_, colour) in GOOD.items():
        for turn in "01":
            picture = pixels_of(sources[f"{name}/{turn}"].image)
            assert picture.dtype == np.uint8 and picture.shape[2] == 3, name
            assert np.abs(picture.astype(int) - colour).max() <= 6, (name, picture[0, 0])
    assert {s.caption for s in sources.values() if s.origin == "plain.png"} >= {"A red wall"}


def test_every_exif_orientation_is_shown_upright(prepared: tuple[Workroom, dict[str, Any]]) -> None:
    _, sources = prepared
    for name in UPRIGHT:
        for turn in "01":
            picture = pixels_of(sources[f"{name}/{turn}"].image).astype(int)
            height, width = picture.shape[:2]
            assert width > height, name
            left, right = picture[:, : width // 3].mean((0, 1)), picture[:, -width // 3 :].mean((0, 1))
            assert left[0] > 180 > 60 > left[2] and right[2] > 180 > 60 > right[0], name


def test_what_has_none_is_put_aside_with_its_reason(prepared: tuple[Workroom, dict[str, Any]]) -> None:
    room, sources = prepared
    assert not {s.origin for s in sources.values()} & set(BAD)
    notes = [row.note for row in room.rejected]
    assert {(row.step, row.rule) for row in room.rejected} == {("prepare", "source")}
    for name, (_, reason) in BAD.items():
        told = [note for note in notes if note.startswith(f"{name}:")]
        assert len(told) == 2 and all(re.search(reason, note) for note in told), (name, told)
    assert len(notes) == 2 * len(BAD)
    assert room.ledger.types["tone_transfer"]["dropped"]["prepare"] == {"source": 2 * len(BAD)}
