"""Every preset against a literal, independent re-computation: one picture at a time, formula by formula."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_suites as small
import torch
from PIL import Image
from scipy import spatial
from skimage.metrics import structural_similarity
from transformers import AutoTokenizer, CLIPModel, ViTModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from anyedit.bench.items import BenchError, Item, Suite, image_of
from anyedit.bench.protocols import PRESETS, protocol_of
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score
from anyedit.bench.suites import open_suite

B32, L14, DINO = "openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14", "facebook/dino-vits16"


class Literal:
    """The published scripts' way: every feature anew, libraries' own preprocessing, cosine by SciPy."""

    def __init__(self, weights: dict[str, str]) -> None:
        self.clip = cache(lambda name: CLIPModel.from_pretrained(weights[name]).eval())
        self.tokens = AutoTokenizer.from_pretrained(weights[B32])
        self.vit = ViTModel.from_pretrained(weights[DINO]).eval()
        self.process = CLIPImageProcessorPil()  # OpenAI's: 224 bicubic, centre crop, CLIP mean and std

    @torch.no_grad()
    def picture(self, name: str, image: Image.Image) -> np.ndarray:
        if name == DINO:
            w, h = image.size
            scale = 256 / min(w, h)
            size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
            assert abs(size[0] - w * scale) < 1
            big = image.resize(size, Image.Resampling.BICUBIC)
            x, y = round((size[0] - 224) / 2), round((size[1] - 224) / 2)
            array = np.asarray(big.crop((x, y, x + 224, y + 224))).astype(np.float32) / 255
            array = (array - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225])
            return (
                self.vit(pixel_values=torch.tensor(array).permute(2, 0, 1)[None])
                .last_hidden_state[0, 0]
                .numpy()
            )
        pixels = self.process(images=image, return_tensors="pt")["pixel_values"]
        model = self.clip(name)
        return model.visual_projection(model.vision_model(pixels).pooler_output)[0].numpy()

    @torch.no_grad()
    def text(self, name: str, words: str) -> np.ndarray:
        model = self.clip(name)
        tokens = self.tokens(words, padding="max_length", max_length=20, truncation=True, return_tensors="pt")
        return model.text_projection(model.text_model(input_ids=tokens.input_ids).pooler_output)[0].numpy()

    def cos(self, a: np.ndarray, b: np.ndarray) -> float:
        return float(1 - spatial.distance.cosine(a.astype(np.float64), b.astype(np.float64)))


def l1(out: Image.Image, ref: Image.Image) -> float:
    a, b = np.asarray(out.resize(ref.size)).astype(float) / 255, np.asarray(ref).astype(float) / 255
    return float(np.abs(a - b).mean())


def l2(out: Image.Image, ref: Image.Image) -> float:
    a, b = np.asarray(out.resize(ref.size)).astype(float) / 255, np.asarray(ref).astype(float) / 255
    return float(((a - b) ** 2).mean())


def outputs_for(suite: Suite, folder: Path, black: str = "", missing: str = "") -> Path:
    """Finished outputs: of another size, one black, one missing."""
    folder.mkdir()
    for number, item in enumerate(suite.items):
        image = Image.new("RGB", (30, 30)) if item.id == black else small.picture(500 + number, (44, 52))
        if item.id != missing:
            image.save(folder / f"{item.id}.png")
    return folder


Made = Callable[..., tuple[Suite, dict[str, Any], dict[str, Image.Image]]]


@pytest.fixture
def scored(tmp_path: Path, weights: dict[str, str]) -> Made:
    """Run a folder of outputs on a suite, score it, and give suite, the preset's result and the outputs."""

    def make(place: Path, preset: str, black: str = "", missing: str = "") -> Any:
        suite = open_suite(place)
        made = outputs_for(suite, tmp_path / "made", black, missing)
        run_suite(str(place), f"folder:{made}", tmp_path / "run")
        results = score(tmp_path / "run", [preset], weights=weights)
        return (
            suite,
            results["protocols"][preset],
            {p.stem: Image.open(p).convert("RGB") for p in made.iterdir()},
        )

    return make


def means(rows: list[dict[str, float]]) -> dict[str, float]:
    return {
        key: float(np.mean([row[key] for row in rows if key in row]))
        for key in {k for row in rows for k in row}
    }


def agree(result: dict[str, Any], expected: dict[str, float]) -> None:
    found = {key: of["value"] for key, of in result["all"].items()}
    assert set(found) == set(expected)
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, abs=1e-5), key
    assert len({round(v, 3) for v in found.values()}) > 1  # not all the same by accident


def basic(
    lit: Literal, item: Item, out: Image.Image, ref: Image.Image, words: str, clip: str
) -> dict[str, float]:
    row = {"clip_im": lit.cos(lit.picture(clip, out), lit.picture(clip, ref))}
    row["dino"] = lit.cos(lit.picture(DINO, out), lit.picture(DINO, ref))
    if words:
        row["clip_out"] = lit.cos(lit.picture(clip, out), lit.text(clip, words))
    return row


def units(lit: Literal, out: Image.Image, source: Image.Image, item: Item) -> list[np.ndarray]:
    """Unit features of CLIP's direction: output, source, caption, source's caption."""
    found = (
        lit.picture(B32, out),
        lit.picture(B32, source),
        lit.text(B32, item.caption),
        lit.text(B32, item.source_caption),
    )
    return [v / np.linalg.norm(v) for v in found]


@pytest.mark.parametrize("preset", ["magicbrush-2023", "magicbrush-2023-as-released"])
def test_magicbrush(preset: str, scored: Made, weights: dict[str, str], tmp_path: Path) -> None:
    suite, result, outs = scored(small.magicbrush_folder(tmp_path / "test"), preset)
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        target = image_of(item.target)
        words = item.caption if preset.endswith("released") else item.local_caption
        row = basic(lit, item, outs[item.id], target, words, B32)
        rows.append({**row, "l1": l1(outs[item.id], target), "l2": l2(outs[item.id], target)})
    agree(result, means(rows))


def test_magicbrush_as_the_anysd_script_matches_by_directory_order(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(
        small.magicbrush_folder(tmp_path / "test"), "anyedit-2024-magicbrush-as-released"
    )
    lit = Literal(weights)
    rows, wrong = [], 0
    for session in ("139", "30", "7"):
        of = [item for item in suite.items if item.session == session]
        listed = sorted((item.id for item in of), key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        for item, name in zip(of, listed, strict=True):
            wrong += name != item.id
            target = image_of(item.target)
            row = basic(lit, item, outs[name], target, item.local_caption, B32)
            rows.append({**row, "l1": l1(outs[name], target), "l2": l2(outs[name], target)})
    assert wrong >= 2  # turns are really compared with the wrong targets
    agree(result, means(rows))


def test_ultraedit_on_emu_edit_compares_with_the_source(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "ultraedit-2024")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        out, source = outs[item.id], image_of(item.source)
        row = basic(lit, item, out, source, item.caption, B32)
        row.update(l1=l1(out, source), l2=l2(out, source))
        unit = units(lit, out, source, item)
        if item.caption != item.source_caption:
            row["clip_dir"] = lit.cos(unit[0] - unit[1], unit[2] - unit[3])
        rows.append(row)
    agree(result, means(rows))


def test_omnigen_squashes_to_512_and_uses_the_large_model(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "omnigen-2024")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        out = outs[item.id].resize((512, 512), Image.Resampling.BICUBIC)
        source = image_of(item.source).resize((512, 512), Image.Resampling.BICUBIC)
        rows.append({**basic(lit, item, out, source, item.caption, L14), "l1": l1(out, source)})
    agree(result, means(rows))


def test_icedit_drops_items_with_equal_captions(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "icedit-2025")
    lit = Literal(weights)
    kept = [item for item in suite.items if item.id != "validation-00002"]
    rows = []
    for item in kept:
        source = image_of(item.source)
        rows.append(
            {**basic(lit, item, outs[item.id], source, item.caption, L14), "l1": l1(outs[item.id], source)}
        )
    agree(result, means(rows))
    assert result["counts"]["dropped-caption"] == 1 and result["all"]["clip_im"]["n"] == 4


def test_anyedit_on_its_test_drops_black_and_missing(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    place = small.anyedit_test_folder(tmp_path / "test", per_type=1)
    suite, result, outs = scored(place, "anyedit-2024", black="add-0000", missing="remove-0000")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        if item.id in ("add-0000", "remove-0000"):
            continue
        target = image_of(item.target)
        rows.append(
            {**basic(lit, item, outs[item.id], target, item.caption, B32), "l1": l1(outs[item.id], target)}
        )
    agree(result, means(rows))
    assert result["counts"] == {
        "asked": 25,
        "scored": 23,
        "black": 1,
        "missing": 0,
        "failed": 1,
        "dropped-caption": 0,
        "earlier-turn": 0,
    }


def test_anyedit_test_as_released_resizes_the_target(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    place = small.anyedit_test_folder(tmp_path / "test", per_type=1)
    suite, result, outs = scored(place, "anyedit-2024-test-as-released")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        target, out = image_of(item.target), outs[item.id]
        assert target.size != out.size
        rows.append({**basic(lit, item, out, target, item.caption, B32), "l1": l1(target, out)})
    agree(result, means(rows))


def test_anyedit_test_as_released_leaves_out_clip_out_by_the_first_record(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    place = small.anyedit_test_folder(tmp_path / "test", per_type=2)
    lists = place / "remove" / "edit_result.json"
    told = json.loads(lists.read_text())
    assert told[1]["output"]
    del told[0]["output"]  # one caption of the type lacks, and the script drops all of them
    lists.write_text(json.dumps(told))
    suite, result, outs = scored(place, "anyedit-2024-test-as-released")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        target, out = image_of(item.target), outs[item.id]
        words = "" if item.edit_type == "remove" else item.caption
        rows.append({**basic(lit, item, out, target, words, B32), "l1": l1(target, out)})
    agree(result, means(rows))
    assert result["all"]["clip_out"]["n"] == 44 and result["all"]["clip_im"]["n"] == 50
    removed = result["by"]["type"]["remove"]["means"]
    assert removed["clip_out"]["n"] == 0 and removed["dino"]["n"] == 2
    run_by_each = score(tmp_path / "run", ["anyedit-2024"], weights=weights)["protocols"]["anyedit-2024"]
    assert run_by_each["all"]["clip_out"]["n"] == 45  # the right way: the record with a caption counts


def test_emu_edit_as_released_scores_the_wrong_picture(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "anyedit-2024-emu-as-released")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        rival = image_of(item.rival)
        row = basic(lit, item, outs[item.id], rival, "", B32)
        row["clip_out"] = lit.cos(lit.picture(B32, rival), lit.text(B32, item.caption))
        rows.append({**row, "l1": l1(outs[item.id], rival)})
    agree(result, means(rows))


def test_anyedit_on_emu_edit_falls_back_to_the_source(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "anyedit-2024")
    lit = Literal(weights)
    rows = []
    for item in suite.items:
        source = image_of(item.source)
        rows.append(
            {**basic(lit, item, outs[item.id], source, item.caption, B32), "l1": l1(outs[item.id], source)}
        )
    agree(result, means(rows))


def test_full_has_masked_pixels(scored: Made, weights: dict[str, str], tmp_path: Path) -> None:
    suite, result, outs = scored(small.magicbrush_folder(tmp_path / "test"), "full")
    rows = []
    for item in suite.items:
        target, source = image_of(item.target), image_of(item.source)
        a = np.asarray(outs[item.id].resize(target.size)).astype(np.float32) / 255
        b, s = (np.asarray(p).astype(np.float32) / 255 for p in (target, source))
        inside = np.asarray(image_of(item.mask).convert("L")) > 127
        mse = ((a - b)[inside] ** 2).mean()
        whole = ((a - b) ** 2).mean()
        _, smap = structural_similarity(a, s, channel_axis=2, data_range=1.0, full=True)
        rows.append(
            {
                "l1_inside": np.abs(a - b)[inside].mean(),
                "psnr_inside": -10 * np.log10(mse),
                "psnr": -10 * np.log10(whole),
                "ssim": structural_similarity(a, b, channel_axis=2, data_range=1.0),
                "kept_l1_outside": np.abs(a - s)[~inside].mean(),
                "kept_ssim_outside": smap.mean(-1)[~inside].mean(),
            }
        )
    for key, value in means(rows).items():
        assert result["all"][key]["value"] == pytest.approx(value, abs=2e-5), key


@pytest.mark.parametrize("preset", ["dino-v2", "dino-v3"])
def test_other_dinos_are_options(preset: str, scored: Made, weights: dict[str, str], tmp_path: Path) -> None:
    from transformers import AutoModel, Dinov2Config, Dinov2Model, DINOv3ViTConfig, DINOv3ViTModel

    torch.manual_seed(7)
    size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=224, patch_size=56)
    made = (
        Dinov2Model(Dinov2Config(**size))
        if preset == "dino-v2"
        else DINOv3ViTModel(DINOv3ViTConfig(**size, intermediate_size=24, num_register_tokens=4))
    )
    (model,) = PRESETS[preset].models
    made.save_pretrained(tmp_path / "weights")
    weights[model.id] = str(tmp_path / "weights")
    suite, result, outs = scored(small.magicbrush_folder(tmp_path / "test"), preset)
    lit = Literal(weights)
    lit.vit = AutoModel.from_pretrained(tmp_path / "weights").eval()
    values = [
        lit.cos(lit.picture(DINO, outs[item.id]), lit.picture(DINO, image_of(item.target)))
        for item in suite.items
    ]
    ((found,),) = [list(result["all"].values())]
    assert found["value"] == pytest.approx(float(np.mean(values)), abs=1e-5) and found["value"] < 0.99999


def test_masked_hides_the_rest_of_both_pictures(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.magicbrush_folder(tmp_path / "test"), "masked")
    lit = Literal(weights)

    def shown(image: Image.Image, mask: Image.Image, inside: bool) -> Image.Image:
        grey = Image.new("RGB", image.size, (127, 127, 127))
        where = (
            mask.convert("L").resize(image.size, Image.Resampling.NEAREST).point(lambda v: 255 * (v > 127))
        )
        return Image.composite(image, grey, where) if inside else Image.composite(grey, image, where)

    rows = []
    for item in suite.items:
        out, mask = outs[item.id], image_of(item.mask)
        source, target = (image_of(p) for p in (item.source, item.target))
        a, b, s = (shown(image, mask, True) for image in (out, target, source))
        row = {f"{k}_inside": v for k, v in basic(lit, item, a, b, item.local_caption, B32).items()}
        unit = units(lit, a, s, item)
        row["clip_dir_inside"] = lit.cos(unit[0] - unit[1], unit[2] - unit[3])
        a, s = (shown(image, mask, False) for image in (out, source))
        kept = basic(lit, item, a, s, "", B32)
        rows.append({**row, **{f"kept_{k}_outside": v for k, v in kept.items()}})
    agree(result, means(rows))


def test_the_reference_picture_is_a_field_that_can_be_changed(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "anyedit-2024")
    preset = PRESETS["anyedit-2024"]
    assert preset.settings()["reference"] == "target-else-source"
    changed = [preset.compared_with(name) for name in ("source", "rival", "target")]  # type: ignore[arg-type]
    told = score(tmp_path / "run", changed, weights=weights)["protocols"]
    lit = Literal(weights)
    rivals = [l1(outs[i.id], image_of(i.rival)) for i in suite.items]
    features = [lit.picture(B32, image_of(i.rival)) for i in suite.items]
    seen = [lit.cos(lit.picture(B32, outs[i.id]), v) for i, v in zip(suite.items, features, strict=True)]
    by_rival = told["anyedit-2024+rival"]["all"]
    assert by_rival["l1"]["value"] == pytest.approx(float(np.mean(rivals)), abs=1e-6)
    assert by_rival["clip_im"]["value"] == pytest.approx(float(np.mean(seen)), abs=1e-5)
    assert told["anyedit-2024+source"]["all"] == result["all"]  # Emu Edit has no targets
    assert told["anyedit-2024+target"]["all"]["l1"]["value"] is None  # no ground truth, so no number
    assert told["anyedit-2024+rival"]["settings"]["reference"] == "rival"
    with pytest.raises(BenchError, match="reference is rival, but ImageSimilarity compares with target"):
        replace(preset, reference="rival")
    with pytest.raises(BenchError, match="no reference is named 'sorce'; did you mean 'source'"):
        preset.compared_with("sorce")  # type: ignore[arg-type]


def test_another_reference_is_what_lies_in_the_mask_is_measured_against(
    weights: dict[str, str], tmp_path: Path
) -> None:
    run_suite(str(small.magicbrush_folder(tmp_path / "test")), "identity", tmp_path / "run")
    chosen = [PRESETS[name].compared_with("source") for name in ("masked", "pixels")]
    told = score(tmp_path / "run", ["masked", "pixels", *chosen], weights=weights)["protocols"]
    for name, kept in (("masked", "kept_dino_outside"), ("pixels", "kept_l1_outside")):
        before, after = told[name]["all"], told[f"{name}+source"]["all"]
        assert after[kept] == before[kept]  # what is kept is kept of the source, whatever the reference
    same = told["masked+source"]["all"]  # identity's outputs are the sources
    for key in ("clip_im_inside", "dino_inside"):
        assert same[key]["value"] == pytest.approx(1, abs=1e-6) != told["masked"]["all"][key]["value"]
    assert (
        told["pixels+source"]["all"]["l1_inside"]["value"] == 0 < told["pixels"]["all"]["l1_inside"]["value"]
    )
    with pytest.raises(BenchError, match="protocol aesthetic compares outputs with no reference picture"):
        protocol_of("aesthetic").compared_with("source")


def test_every_preset_is_proven_here() -> None:
    """A preset that no test above names would be unproven."""
    text = Path(__file__).read_text()
    unproven = {name for name in PRESETS if f'"{name}"' not in text} - {"pixels"}
    assert not unproven and os.environ.get("HF_HUB_OFFLINE", "1")
