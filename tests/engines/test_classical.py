"""The classical engines on small pictures made here: outside the mask nothing changes, inside it what was asked."""

import cv2
import numpy as np
import pytest

from anyedit.engines.classical import (
    GrabCut,
    LabRecolour,
    NavierStokesFill,
    PatchFill,
    SoftPaste,
    TeleaFill,
    dilated,
    membrane,
    softened,
)
from anyedit.engines.classical.tone import TONES, PhotometricTone, sky, vegetation
from anyedit.errors import EditNotPossible
from anyedit.seeds import rng_of


def texture(height: int = 120, width: int = 160) -> np.ndarray:
    grain = rng_of("texture").normal(0, 14, (height, width, 3))
    slope = np.linspace(90, 150, width)[None, :, None]
    return np.clip(slope + cv2.GaussianBlur(grain, (0, 0), 0.8) * 2, 0, 255).astype(np.uint8)


def disc(shape: tuple[int, int], x: int, y: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


@pytest.mark.parametrize("engine", [PatchFill(), TeleaFill(), NavierStokesFill()])
def test_fill_changes_only_the_hole(engine: PatchFill) -> None:
    hole = disc((120, 160), 70, 60, 15)
    picture = texture()
    picture[hole] = (255, 0, 0)
    filled = engine.fill(picture, hole)
    assert np.array_equal(filled[~hole], picture[~hole])
    assert np.abs(filled[hole].mean(0) - texture()[hole].mean(0)).max() < 12


def test_patch_fill_keeps_the_texture_that_telea_smears() -> None:
    hole, picture = disc((120, 160), 70, 60, 15), texture()
    truth = picture[hole].astype(float).std()
    assert PatchFill().fill(picture, hole)[hole].astype(float).std() > 0.75 * truth
    assert TeleaFill().fill(picture, hole)[hole].astype(float).std() < 0.75 * truth


def test_patch_fill_takes_nothing_from_what_it_shall_avoid() -> None:
    picture, hole, other = texture(), disc((120, 160), 50, 60, 14), disc((120, 160), 110, 60, 14)
    picture[hole | other] = (250, 20, 20)
    filled = PatchFill().fill(picture, hole, other)
    assert (filled[hole][:, 0].astype(int) - filled[hole][:, 1] < 120).all()


def test_patch_fill_of_the_whole_and_of_nothing() -> None:
    picture = texture()
    assert np.array_equal(PatchFill().fill(picture, np.zeros((120, 160), bool)), picture)
    most = np.ones((120, 160), bool)
    most[:, :6] = False
    assert PatchFill().fill(picture, most).shape == picture.shape


def test_membrane_is_a_plane_through_a_plane() -> None:
    plane = np.broadcast_to(np.arange(40, dtype=np.float32)[None, :, None], (30, 40, 3)).copy()
    hole = disc((30, 40), 20, 15, 8)
    holed = plane.copy()
    holed[hole] = -100
    assert np.allclose(membrane(holed, hole), plane, atol=1e-3)


def test_recolour_turns_the_main_colour_and_leaves_white_and_the_rest() -> None:
    picture = np.full((60, 60, 3), 90, np.uint8)
    mask = disc((60, 60), 30, 30, 20)
    picture[mask] = (200, 40, 30)
    picture[28:32, 20:40] = 250  # a white strap
    turned = LabRecolour().recolour(picture, mask, (0.1, 0.2, 0.8))
    assert np.array_equal(turned[~mask], picture[~mask])
    assert turned[20, 30, 2] > 120 > turned[20, 30, 0]
    assert np.abs(turned[30, 30].astype(int) - 250).max() <= 2


def test_recolour_keeps_shading() -> None:
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[..., 0] = np.linspace(80, 220, 40)[None]
    picture[..., 1] = picture[..., 2] = picture[..., 0] // 5
    light = cv2.cvtColor(
        LabRecolour().recolour(picture, np.ones((40, 40), bool), (0.1, 0.5, 0.2)), cv2.COLOR_RGB2GRAY
    )
    assert (np.diff(light[20].astype(int)) >= -2).all() and int(light[20, -1]) - int(light[20, 0]) > 35


def test_paste_is_soft_within_the_mask_only() -> None:
    picture, cutout = np.zeros((40, 40, 3), np.uint8), np.full((40, 40, 3), 200, np.uint8)
    mask = disc((40, 40), 20, 20, 10)
    pasted = SoftPaste().paste(picture, cutout, mask)
    assert (pasted[~mask] == 0).all() and (pasted[20, 20] == 200).all()
    assert softened(mask, 2)[mask].min() < 1 < dilated(mask, 2).sum() / mask.sum()


def test_grabcut_finds_the_disc_in_a_coarse_outline() -> None:
    truth = disc((100, 100), 50, 50, 25)
    picture = texture(100, 100)
    picture[truth] = (30, 160, 60)
    coarse = disc((100, 100), 52, 49, 29)
    found = GrabCut().refine(picture, coarse)
    assert (
        (found & truth).sum() / (found | truth).sum() > 0.92 > (coarse & truth).sum() / (coarse | truth).sum()
    )
    assert np.array_equal(found, GrabCut().refine(picture, coarse))


def outdoors() -> np.ndarray:
    picture = np.zeros((90, 120, 3), np.uint8)
    picture[:45] = (180, 205, 235)
    picture[45:] = np.clip(np.array([70, 110, 40]) + rng_of("leaves").normal(0, 20, (45, 120, 1)), 0, 255)
    return picture


def test_sky_and_leaves_are_told_apart() -> None:
    above, leaves = sky(outdoors()), vegetation(outdoors())
    assert above[:40].mean() > 0.95 and above[50:].mean() < 0.05
    assert leaves[50:].mean() > 0.6 and leaves[:40].mean() < 0.05


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_changes_the_light_as_its_name_says(tone: str) -> None:
    before = outdoors().astype(float)
    after = PhotometricTone().tone(outdoors(), tone).astype(float)
    assert after.shape == before.shape and np.abs(after - before).mean() > 5
    warmth = (after[..., 0] - after[..., 2]).mean() - (before[..., 0] - before[..., 2]).mean()
    if tone in ("golden hour", "sunset", "autumn", "morning"):
        assert warmth > 5
    if tone == "night":
        assert after.mean() < 0.45 * before.mean()
    if tone == "fog":
        assert after[:60].std() < before[:60].std()


def test_an_unknown_tone_is_an_error() -> None:
    with pytest.raises(EditNotPossible, match="did you mean 'night'"):
        PhotometricTone().tone(outdoors(), "nigth")


def test_a_texture_is_not_folded_by_steep_shading(monkeypatch: pytest.MonkeyPatch) -> None:
    from anyedit.engines.classical import cover

    rows, columns = np.indices((160, 160))
    bumps = 128 + 90 * np.sin(columns / 5) * np.sin(rows / 5)  # petals
    stripes = np.repeat(np.where(np.indices((40, 40))[1] % 20 < 10, 230, 40)[..., None], 3, -1).astype(
        np.uint8
    )

    def borders(shades: np.ndarray) -> np.ndarray:
        picture = np.repeat(shades[..., None], 3, -1).astype(np.uint8)
        light = cover.ShadedTexture(depth=0).cover(picture, np.ones((160, 160), bool), stripes)[..., 0] > 120
        return (light[:, 1:] != light[:, :-1]).sum(1)

    even = borders(np.full((160, 160), 128))
    assert len(set(even)) == 1 and np.abs(borders(bumps) - even).mean() < 0.1 * even[0]
    monkeypatch.setattr(cover, "STRETCH", 99.0)
    assert np.abs(borders(bumps) - even).mean() > 0.3 * even[0]  # without the limit it folds
