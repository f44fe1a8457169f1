"""Every surface loads in Mitsuba and looks like what it says: colours kept, textures seamless, covers on top."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anyedit.errors import AnyEditError
from anyedit.world import finishes, materials, patterns
from anyedit.world.colours import linear
from anyedit.world.kinds import Surface
from anyedit.world.loading import mitsuba
from anyedit.world.materials import MATERIALS
from anyedit.world.swatches import ball

NEEDED = [
    "plastic", "rubber", "wood", "dark wood", "bamboo", "ceramic", "porcelain", "glass", "ice", "gold",
    "silver", "copper", "chrome", "brushed metal", "iron", "steel", "marble", "stone", "granite",
    "brick", "concrete", "clay", "leather", "fabric", "denim", "wool", "velvet", "paper", "cardboard",
    "cork", "wax", "grass", "straw", "foliage", "sand", "snow", "water", "skin", "fur", "feathers",
    "car paint", "matte paint", "asphalt", "soil", "wood floor", "tiles", "carpet", "plaster",
    "wallpaper", "cobblestone", "gravel",
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def mi() -> Any:
    return mitsuba()


def test_all_needed_materials_exist() -> None:
    assert set(NEEDED) <= set(MATERIALS)
    assert len({material.adjective for material in MATERIALS.values()}) == len(MATERIALS)


@pytest.mark.parametrize("name", NEEDED)
def test_a_material_loads(name: str, mi: Any) -> None:
    loaded = mi.load_dict(materials.bsdf(Surface("teal", name), size=0.3))
    assert isinstance(loaded, mi.BSDF)


@pytest.mark.parametrize("name", [name for name in NEEDED if MATERIALS[name].paint])
def test_a_texture_keeps_the_colour_and_has_no_seam(name: str) -> None:
    colour = linear((0.62, 0.45, 0.38))
    image = materials.texture(name, colour)
    assert image.dtype == np.float32 and image.min() >= 0 and image.max() <= 0.95
    assert image.mean() == pytest.approx(np.mean(colour), rel=0.3)
    assert image[..., 0].mean() > image[..., 2].mean()
    for axis in (0, 1):
        steps = np.abs(np.diff(image, axis=axis)).mean(axis=(1 - axis, 2))
        seam = np.abs(image.take(0, axis) - image.take(-1, axis)).mean()
        assert seam <= steps.max() * 1.25


def test_textures_are_deterministic() -> None:
    first = materials.texture("marble", (0.8, 0.8, 0.8)).copy()
    materials.texture.cache_clear()
    assert (materials.texture("marble", (0.8, 0.8, 0.8)) == first).all()


def test_a_named_colour_tints_only_what_takes_it() -> None:
    shown = materials.shown_colour
    assert shown("red", MATERIALS["plastic"]) == linear("red")
    assert shown("red", MATERIALS["gold"]) == linear(MATERIALS["gold"].usual_colour)
    assert shown((0.2, 0.1, 0.1), MATERIALS["wood"]) == linear((0.2, 0.1, 0.1))


def test_tiles_shrink_on_small_things_and_are_shared_between_sizes() -> None:
    brick = MATERIALS["brick"]
    assert materials.tile_on(brick, 1.0) == pytest.approx(brick.tile, rel=0.5)
    assert materials.tile_on(brick, 0.1) < 0.1
    assert materials.tile_on(brick, 0.30) == materials.tile_on(brick, 0.31)
    assert materials.tile_on(brick, 50) <= 2.9 * brick.tile


def test_patterns_are_shares_and_load_over_any_material(mi: Any) -> None:
    assert len(patterns.PATTERNS) >= 8
    for name in patterns.PATTERNS:
        share = patterns.draw(name)
        assert share.shape == (256, 256) and share.dtype == np.float32
        assert share.min() >= 0 and share.max() <= 1 and 0.05 < share.mean() < 0.6
        for material in ("plastic", "wood", "glass"):
            mi.load_dict(materials.bsdf(Surface("blue", material, name, "yellow"), size=0.2))


def test_stripes_show_both_colours() -> None:
    picture = ball(Surface("red", "matte paint", "stripes", "blue"), size=64, samples=4)[12:52, 20:44].astype(
        int
    )
    red, blue = picture[..., 0] > picture[..., 2] + 60, picture[..., 2] > picture[..., 0] + 60
    assert 0.25 < red.mean() < 0.75 and 0.25 < blue.mean() < 0.75


def test_every_finish_loads_over_any_material(mi: Any) -> None:
    for name, finish in finishes.FINISHES.items():
        assert finish.adjective and finish.phrase
        for material in ("car paint", "wood", "glass"):
            mi.load_dict(materials.bsdf(Surface("red", material), finish=name, size=0.5))


def test_snow_lies_on_top_only() -> None:
    bare = ball(Surface("red", "plastic"), size=64, samples=4).astype(int)
    snowy = ball(Surface("red", "plastic"), "snow", size=64, samples=4).astype(int)
    top, bottom = np.s_[10:16, 28:36], np.s_[44:52, 28:36]
    assert (snowy[top][..., 2] - bare[top][..., 2]).mean() > 60
    assert np.abs(snowy[bottom] - bare[bottom]).mean() < 12


def test_a_swatch_shows_its_material_and_is_the_same_each_time() -> None:
    gold, chrome = materials.swatch("gold", size=48), materials.swatch("chrome", size=48)
    assert gold.shape == (48, 48, 3) and gold.dtype == np.uint8
    centre = np.s_[14:34, 14:34]
    assert gold[centre][..., 0].mean() > gold[centre][..., 2].mean() + 50
    assert abs(chrome[centre][..., 0].mean() - chrome[centre][..., 2].mean()) < 20
    materials.swatch.cache_clear()
    assert (materials.swatch("gold", size=48) == gold).all()


def test_a_users_picture_stands_upright(tmp_path: Any, mi: Any) -> None:
    from PIL import Image

    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:4] = (255, 0, 0)  # the upper half red
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    made = materials.bsdf(Surface(texture=str(tmp_path / "picture.png")))
    texture = made["bsdf"]["base_color"]
    at = mi.SurfaceInteraction3f()
    at.uv = [0.5, 0.8]
    assert np.array(texture.eval(at))[0] == pytest.approx(1.0, abs=0.01)
    at.uv = [0.5, 0.2]
    assert np.array(texture.eval(at))[0] == pytest.approx(0.0, abs=0.01)


def test_unknown_names_say_the_nearest() -> None:
    with pytest.raises(AnyEditError, match="'marble'"):
        materials.bsdf(Surface("red", "marbel"))
    with pytest.raises(AnyEditError, match="'stripes'"):
        materials.bsdf(Surface("red", "plastic", "stripe", "blue"))
    with pytest.raises(AnyEditError, match="'moss'"):
        materials.bsdf(Surface("red", "plastic"), finish="mos")
