"""The parts that stay frozen: tokenizer, CLIP, autoencoder, and the base made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import write_pairs
from diffusers import AutoencoderKL
from torch.nn.functional import interpolate
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer, CLIPVisionModelWithProjection

from anyedit.errors import AnyEditError, RecipeError, StoreError
from anyedit.training.foundation import autoencoder
from anyedit.training.foundation.assemble import assemble_base
from anyedit.training.foundation.autoencoder import (
    measure,
    normalise,
    psnr,
    small_autoencoder,
    tensor_of,
    to_unit_variance,
)
from anyedit.training.foundation.clip import alike, contrast, embed_texts
from anyedit.training.foundation.pairs import read_pairs
from anyedit.training.foundation.pyramid import start_as_pyramid
from anyedit.training.foundation.recipe import is_part_recipe, load_part_recipe, train_part

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small pairs, in all three splits."""
    from small_dataset import row, write_shard

    from anyedit.store.dataset import write_dataset

    folder = tmp_path_factory.mktemp("three-splits")
    rows = [row(n, "color_alter", SPLITS[max(0, n - 17)], 32) for n in range(20)]
    write_dataset(folder, [write_shard(folder / "05-pairs" / "a.parquet", rows)], lambda _: True, "card")
    return folder


@pytest.fixture(scope="module")
def tokenizer(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tokenizer")
    train_part({"kind": "tokenizer", "data": [str(data)], "vocabulary": 700, "length": 24}, out)
    return out


@pytest.fixture(scope="module")
def clip(data: Path, tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clip")
    train_part(clip_recipe(data, tokenizer), out)
    return out


def clip_recipe(data: Path, tokenizer: Path, **more: Any) -> dict[str, Any]:
    return dict(
        kind="clip", data=[str(data)], tokenizer=str(tokenizer), size=32, patch=16, width=32, layers=2, heads=2,
        projection=16, batch=8, steps=12, every=5, warmup=1,
    ) | more  # fmt: skip


def vae_recipe(data: Path, **more: Any) -> dict[str, Any]:
    return dict(
        kind="autoencoder", data=[str(data)], size=32, crop=32, channels=[16, 16, 16, 16], batch=4, steps=4,
        every=3, warmup=1,
    ) | more  # fmt: skip


def test_pictures_are_read_once_and_captions_are_distinct(data: Path) -> None:
    pairs = read_pairs([data], "train", 32)
    assert len(pairs) == 18 and pairs.pictures.shape[1:] == (32, 32, 3)
    captions = [caption for _, caption in pairs.captioned()]
    assert len(captions) == len(set(captions))
    doubled = read_pairs([data, data], "train", 32)
    assert len(doubled) == 36 and len(doubled.pictures) == len(pairs.pictures)
    assert read_pairs([data], "train", 16).pictures.shape[1:] == (16, 16, 3)


def test_a_split_without_pairs_is_named(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "pairs", ("add",), 4)
    with pytest.raises(StoreError, match="no pair in the split 'test'"):
        read_pairs([folder], "test", 32)


def test_the_tokenizer_opens_as_clips_and_knows_words_and_any_byte(tokenizer: Path) -> None:
    opened = CLIPTokenizer.from_pretrained(tokenizer)
    assert opened.model_max_length == 24
    ids = opened("Make the ball RED").input_ids
    assert ids[0] == opened.bos_token_id and ids[-1] == opened.eos_token_id == len(opened) - 1
    assert opened.decode(ids, skip_special_tokens=True).strip() == "make the ball red"
    for strange in ("Žluťoučký kůň", "图", "x" * 9):
        known = opened(strange).input_ids[1:-1]
        assert opened.eos_token_id not in known and opened.decode(known).strip() == strange.lower()
    assert len(opened("ball").input_ids) == 3  # a word that was seen is one token
    assert opened([""], padding="max_length").input_ids[0][1:] == [opened.eos_token_id] * 23


def test_the_pyramid_encodes_mean_colours_and_restores_smoothly() -> None:
    torch.manual_seed(0)
    model = small_autoencoder([16, 32, 64, 128], 64)
    before = measure(model, pictures(6))
    start_as_pyramid(model)
    x = tensor_of(pictures(6))
    with torch.no_grad():
        z = model.encode(x).latent_dist.mode()
    mean = interpolate(x, scale_factor=1 / 8, mode="area")
    for channel in range(3):
        assert np.corrcoef(z[:, channel].flatten(), mean[:, channel].flatten())[0, 1] > 0.999
    rows = interpolate(x.mean(1, keepdim=True), size=(16, 8), mode="area")
    halves = rows[:, :, 0::2] - rows[:, :, 1::2]
    assert np.corrcoef(z[:, 3].flatten(), halves.flatten())[0, 1] > 0.99
    after = measure(model, pictures(6))
    assert after["psnr"] > before["psnr"] + 3


def test_normalising_changes_latents_and_not_pictures() -> None:
    torch.manual_seed(1)
    model = small_autoencoder([16, 16, 16, 16], 64)
    x = tensor_of(pictures(4))
    with torch.no_grad():
        before = model.encode(x).latent_dist
        picture = model.decode(before.mode()).sample
        normalise(model, torch.tensor([1.0, -2, 0, 3]), torch.tensor([0.5, 2, 4, 0.1]))
        after = model.encode(x).latent_dist
        torch.testing.assert_close(model.decode(after.mode()).sample, picture, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(after.mode()[:, 3], (before.mode()[:, 3] - 3) / 0.1, atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(after.std[:, 1], before.std[:, 1] / 2, atol=1e-4, rtol=1e-4)
    to_unit_variance(model, pictures(4))
    with torch.no_grad():
        z = model.encode(x).latent_dist.mode()
    torch.testing.assert_close(z.std((0, 2, 3)), torch.ones(4), atol=1e-3, rtol=1e-3)


def test_psnr_is_that_of_its_formula() -> None:
    a, b = (torch.full((1, 3, 8, 8), grey / 127.5 - 1) for grey in (100, 120))
    assert psnr(a, b)[0] == pytest.approx(20 * np.log10(255 / 20), abs=1e-3)


@pytest.mark.parametrize("frozen", [True, False])
def test_training_an_autoencoder(data: Path, tmp_path: Path, frozen: bool) -> None:
    train_part(vae_recipe(data, freeze_encoder=frozen), tmp_path / "first")
    measures = train_part(
        vae_recipe(data, freeze_encoder=frozen, start=str(tmp_path / "first"), seed=1), tmp_path / "second"
    )
    first, second = (
        AutoencoderKL.from_pretrained(tmp_path / name).state_dict() for name in ("first", "second")
    )
    same = {name: torch.equal(value, second[name]) for name, value in first.items()}
    assert all(same[name] for name in same if name.startswith(("encoder", "quant"))) == frozen
    assert not same["decoder.conv_out.weight"]
    assert measures == json.loads((tmp_path / "second" / "measures.json").read_text())
    assert measures["pictures"] == 2 and measures["psnr_trivial"] > 10
    lines = [json.loads(line) for line in (tmp_path / "second" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "psnr" in line] == [3]


def test_a_gradient_that_is_none_stops_before_the_weights_change(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the sixth step, at whose end the weights are saved a second time."""
    distance, calls = autoencoder.edge_distance, []

    def spoiled(*pictures: torch.Tensor) -> torch.Tensor:
        value = distance(*pictures)
        calls.append(value)
        if len(calls) == 6:
            value.register_hook(lambda gradient: gradient * float("nan"))
        return value

    monkeypatch.setattr(autoencoder, "edge_distance", spoiled)
    with pytest.raises(AnyEditError, match="step 5: gradient is nan; the last checkpoint is kept"):
        train_part(vae_recipe(data, steps=9), tmp_path)
    saved = AutoencoderKL.from_pretrained(tmp_path).state_dict()
    assert all(torch.isfinite(value).all() for value in saved.values())


def test_contrast_is_least_for_the_right_pairs_and_skips_equal_texts() -> None:
    vectors = torch.nn.functional.normalize(
        torch.randn(6, 8, generator=torch.Generator().manual_seed(0)), dim=1
    )
    nothing, scale = torch.zeros(6, 6, dtype=torch.bool), torch.tensor(20.0)
    assert contrast(vectors, vectors, scale, nothing) < contrast(vectors, vectors.flip(0), scale, nothing)
    same = alike(["a", "b", "a"])
    assert same.tolist() == [[False, False, True], [False, False, False], [True, False, False]]
    double = vectors[[0, 1, 0]]
    assert contrast(double, double, scale, same) < contrast(double, double, scale, nothing[:3, :3]) - 0.2


def test_training_a_clip_lowers_its_loss_and_reports_chance(clip: Path) -> None:
    measures = json.loads((clip / "measures.json").read_text())
    assert measures["chance_r1"] == pytest.approx(1 / measures["captions"]) and measures["captions"] == 2
    assert 0 <= measures["image_to_text_r1"] <= 1
    model = CLIPModel.from_pretrained(clip)
    assert model.config.vision_config.image_size == 32


def test_a_sentence_means_the_same_in_any_batch(clip: Path) -> None:
    model, opened = CLIPModel.from_pretrained(clip), CLIPTokenizer.from_pretrained(clip)
    with torch.no_grad():
        alone = embed_texts(model, opened, ["Make the ball red"])
        beside = embed_texts(model, opened, ["A green ball beside a box", "Make the ball red"])[1:]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-5)


def test_the_text_tower_can_stay_while_the_other_learns(
    clip: Path, data: Path, tokenizer: Path, tmp_path: Path
) -> None:
    train_part(clip_recipe(data, tokenizer, start=str(clip), freeze_text=True, steps=2), tmp_path)
    before, after = (
        CLIPModel.from_pretrained(clip).state_dict(),
        CLIPModel.from_pretrained(tmp_path).state_dict(),
    )
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert not any(name.startswith("text") for name in moved)
    assert any(name.startswith("vision_model") for name in moved)


def test_the_base_holds_the_same_towers(clip: Path, data: Path, tmp_path: Path) -> None:
    train_part(vae_recipe(data, steps=1), tmp_path / "vae")
    recipe = {
        "kind": "base",
        "autoencoder": str(tmp_path / "vae"),
        "clip": str(clip),
        "prediction": "epsilon",
    }
    train_part(recipe, tmp_path / "base")
    whole = CLIPModel.from_pretrained(clip)
    text = CLIPTextModel.from_pretrained(tmp_path / "base", subfolder="text_encoder")
    vision = CLIPVisionModelWithProjection.from_pretrained(tmp_path / "base", subfolder="image_encoder")
    ids = CLIPTokenizer.from_pretrained(tmp_path / "base", subfolder="tokenizer")(
        ["red"], return_tensors="pt"
    ).input_ids
    x = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(
            text(ids).last_hidden_state, whole.text_model(input_ids=ids).last_hidden_state
        )
        expected = whole.visual_projection(whole.vision_model(x).pooler_output)
        torch.testing.assert_close(vision(x).image_embeds, expected)
    scheduler = json.loads((tmp_path / "base" / "scheduler" / "scheduler_config.json").read_text())
    assert scheduler["prediction_type"] == "epsilon"
    with pytest.raises(RecipeError, match="no trained part here"):
        assemble_base(tmp_path, clip, tmp_path / "other")


def test_recipes_name_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="steps: Input should be greater than or equal to 1"):
        load_part_recipe({"kind": "autoencoder", "data": ["x"], "steps": 0})
    with pytest.raises(RecipeError, match="chanels"):
        load_part_recipe({"kind": "autoencoder", "data": ["x"], "chanels": [1, 2, 3, 4]})
    with pytest.raises(RecipeError, match="kind"):
        load_part_recipe({"kind": "vae", "data": ["x"]})


def test_paths_in_a_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    file = tmp_path / "vae.yaml"
    file.write_text("kind: autoencoder\ndata: [here, ./later, elsewhere]\nstart: ../first\n")
    recipe = load_part_recipe(file)
    assert recipe.data == [str(tmp_path / "here"), str(tmp_path / "later"), "elsewhere"]  # type: ignore[union-attr]
    assert recipe.start == str(tmp_path.parent / "first")  # type: ignore[union-attr]


def test_the_shipped_recipes_are_valid() -> None:
    from anyedit.training import load_training_recipe

    folder = Path(__file__).parents[2] / "recipes" / "train"
    for name in ("tokenizer", "vae", "clip", "base"):
        assert is_part_recipe(folder / f"mini-{name}.yaml")
        load_part_recipe(folder / f"mini-{name}.yaml")
    for stage in (1, 2):
        assert not is_part_recipe(folder / f"mini-stage{stage}.yaml")
        assert load_training_recipe(folder / f"mini-stage{stage}.yaml").stage == stage


def pictures(count: int) -> np.ndarray:
    """Smooth colour fields with edges, uint8 (count, 64, 64, 3)."""
    rng = np.random.default_rng(0)
    coarse = torch.from_numpy(rng.integers(0, 256, (count, 3, 6, 6)).astype(np.float32))
    fields = interpolate(coarse, size=64, mode="bilinear")
    fields[:, :, 20:40, 24:48] = torch.from_numpy(rng.integers(0, 256, (count, 3, 1, 1)).astype(np.float32))
    return fields.permute(0, 2, 3, 1).numpy().astype(np.uint8)
