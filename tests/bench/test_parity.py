"""Every preset against a literal, independent re-computation: one picture at a time, formula by formula."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_suites as small
import torch
from literal import B32, DINO, L14, Literal, l1, l2, pixels, shown
from PIL import Image

from anyedit.bench.items import BenchError, Suite, image_of
from anyedit.bench.protocols import PRESETS, protocol_of
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score
from anyedit.bench.suites import open_suite

Outputs = Mapping[str, Image.Image]
Rows = list[dict[str, float]]
Way = Callable[[Literal, Suite, Outputs], Rows]


def outputs_for(suite: Suite, folder: Path, black: str = "", missing: str = "") -> Path:
    """Finished outputs: of another size, one black, one missing."""
    folder.mkdir()
    for number, item in enumerate(suite.items):
        image = Image.new("RGB", (30, 30)) if item.id == black else small.picture(500 + number, (44, 52))
        if item.id != missing:
            image.save(folder / f"{item.id}.png")
    return folder


def random_dino(name: str, folder: Path) -> Path:
    from transformers import Dinov2Config, Dinov2Model, DINOv3ViTConfig, DINOv3ViTModel

    torch.manual_seed(7)
    size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=224, patch_size=56)
    made = (
        DINOv3ViTModel(DINOv3ViTConfig(**size, intermediate_size=24, num_register_tokens=4))
        if "dinov3" in name
        else Dinov2Model(Dinov2Config(**size))
    )
    made.save_pretrained(folder)
    return folder


Made = Callable[..., tuple[Suite, dict[str, Any], dict[str, Image.Image]]]


@pytest.fixture
def scored(tmp_path: Path, weights: dict[str, str]) -> Made:
    """Run a folder of outputs on a suite, score it, and give suite, the preset's result and the outputs."""

    def make(
        place: Path, preset: str, black: str = "", missing: str = "", more: dict[str, str] | None = None
    ) -> Any:
        suite = open_suite(place)
        made = outputs_for(suite, tmp_path / "made", black, missing)
        run_suite(str(place), f"folder:{made}", tmp_path / "run")
        results = score(tmp_path / "run", [preset], weights=more or weights)
        return (
            suite,
            results["protocols"][preset],
            {p.stem: Image.open(p).convert("RGB") for p in made.iterdir()},
        )

    return make


def means(rows: Rows) -> dict[str, float]:
    return {
        key: float(np.mean([row[key] for row in rows if key in row]))
        for key in {k for row in rows for k in row}
    }


def agree(result: dict[str, Any], expected: dict[str, float]) -> None:
    found = {key: of["value"] for key, of in result["all"].items()}
    assert set(found) == set(expected)
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, abs=1e-5), key
    assert all(
        abs(value) < 0.99999 or "psnr" in key for key, value in found.items()
    )  # no picture with itself


def magicbrush(captions: str) -> Way:
    def rows(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
        found = []
        for item in suite.items:
            out, target = outs[item.id], image_of(item.target)
            words = item.caption if captions == "global" else item.local_caption
            found.append({**lit.basic(out, target, words), "l1": l1(out, target), "l2": l2(out, target)})
        return found

    return rows


def by_directory_order(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found, wrong = [], 0
    for session in ("139", "30", "7"):
        of = [item for item in suite.items if item.session == session]
        listed = sorted((item.id for item in of), key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        for item, name in zip(of, listed, strict=True):
            wrong += name != item.id
            out, target = outs[name], image_of(item.target)
            found.append(
                {**lit.basic(out, target, item.local_caption), "l1": l1(out, target), "l2": l2(out, target)}
            )
    assert wrong >= 2  # turns are really compared with the wrong targets
    return found


def ultraedit(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        out, source = outs[item.id], image_of(item.source)
        row = {**lit.basic(out, source, item.caption), "l1": l1(out, source), "l2": l2(out, source)}
        if item.caption != item.source_caption:
            row["clip_dir"] = lit.direction(out, source, item)
        found.append(row)
    return found


def to_the_source(clip: str, size: int | None = None, without: tuple[str, ...] = ()) -> Way:
    def rows(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
        found = []
        for item in suite.items:
            if item.id in without:
                continue
            out, source = outs[item.id], image_of(item.source)
            if size is not None:
                out, source = (p.resize((size, size), Image.Resampling.BICUBIC) for p in (out, source))
            found.append({**lit.basic(out, source, item.caption, clip), "l1": l1(out, source)})
        return found

    return rows


def anyedit(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        if item.id in outs and np.asarray(outs[item.id]).any():
            out, target = outs[item.id], image_of(item.target)
            found.append({**lit.basic(out, target, item.caption), "l1": l1(out, target)})
    return found


def rival(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        out, other = outs[item.id], image_of(item.rival)
        row = lit.basic(out, other, "")
        row["clip_out"] = lit.cos(lit.picture(B32, other), lit.text(B32, item.caption))  # the wrong picture
        found.append({**row, "l1": l1(out, other)})
    return found


def target_resized(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        out, target = outs[item.id], image_of(item.target)
        assert target.size != out.size
        found.append({**lit.basic(out, target, item.caption), "l1": l1(target, out)})
    return found


def full(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        out = outs[item.id]
        row = lit.basic(out, image_of(item.target), item.local_caption)
        row["clip_dir"] = lit.direction(out, image_of(item.source), item)
        found.append({**row, **pixels(out, item)})
    return found


def masked(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
    found = []
    for item in suite.items:
        out, mask = outs[item.id], image_of(item.mask)
        source, target = (image_of(p) for p in (item.source, item.target))
        a, b, s = (shown(image, mask, True) for image in (out, target, source))
        row = {f"{k}_inside": v for k, v in lit.basic(a, b, item.local_caption).items()}
        row["clip_dir_inside"] = lit.direction(a, s, item)
        kept = lit.basic(shown(out, mask, False), shown(source, mask, False), "")
        found.append({**row, **{f"kept_{k}_outside": v for k, v in kept.items()}})
    return found


def another_dino(key: str) -> Way:
    def rows(lit: Literal, suite: Suite, outs: Outputs) -> Rows:
        seen = [(lit.picture(DINO, outs[i.id]), lit.picture(DINO, image_of(i.target))) for i in suite.items]
        return [{key: lit.cos(a, b)} for a, b in seen]

    return rows


@dataclass(frozen=True)
class Proof:
    """What a preset is held to: on which suite, the literal rows, and counts that must come out."""

    suite: Callable[[Path], Path]
    rows: Way
    black: str = ""  # the item whose output is black, and the one that has none
    missing: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def one_a_type(folder: Path) -> Path:
    return small.anyedit_test_folder(folder, per_type=1)


PROOFS = {
    "pixels": Proof(
        small.magicbrush_folder, lambda lit, suite, outs: [pixels(outs[i.id], i) for i in suite.items]
    ),
    "full": Proof(small.magicbrush_folder, full),
    "masked": Proof(small.magicbrush_folder, masked),
    "dino-v2": Proof(small.magicbrush_folder, another_dino("dinov2")),
    "dino-v3": Proof(small.magicbrush_folder, another_dino("dinov3")),
    "magicbrush-2023": Proof(small.magicbrush_folder, magicbrush("local")),
    "magicbrush-2023-as-released": Proof(small.magicbrush_folder, magicbrush("global")),
    "ultraedit-2024": Proof(small.emu_edit_hub, ultraedit),
    "omnigen-2024": Proof(small.emu_edit_hub, to_the_source(L14, 512)),
    "icedit-2025": Proof(
        small.emu_edit_hub,
        to_the_source(L14, without=("validation-00002",)),  # its captions are equal
        counts={"asked": 5, "scored": 4, "dropped-caption": 1},
    ),
    "anyedit-2024": Proof(
        one_a_type,
        anyedit,
        "add-0000",
        "remove-0000",
        {"asked": 25, "scored": 23, "black": 1, "missing": 0, "failed": 1, "dropped-caption": 0},
    ),
    "anyedit-2024-emu-as-released": Proof(small.emu_edit_hub, rival),
    "anyedit-2024-magicbrush-as-released": Proof(small.magicbrush_folder, by_directory_order),
    "anyedit-2024-test-as-released": Proof(one_a_type, target_resized),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_its_formula(preset: str, scored: Made, weights: dict[str, str], tmp_path: Path) -> None:
    assert preset in PROOFS, f"{preset} has no proof: write its formula above"
    proof = PROOFS[preset]
    dino = next((model.id for model in PRESETS[preset].models if "dino" in model.id), DINO)
    if dino not in weights:
        weights = {**weights, dino: str(random_dino(dino, tmp_path / "dino"))}
    place = proof.suite(tmp_path / "suite")
    suite, result, outs = scored(place, preset, proof.black, proof.missing, weights)
    agree(result, means(proof.rows(Literal(weights, dino), suite, outs)))
    assert {**result["counts"], **proof.counts} == result["counts"]


def test_anyedit_on_emu_edit_falls_back_to_the_source(
    scored: Made, weights: dict[str, str], tmp_path: Path
) -> None:
    suite, result, outs = scored(small.emu_edit_hub(tmp_path / "emu"), "anyedit-2024")
    agree(result, means(to_the_source(B32)(Literal(weights), suite, outs)))


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
        rows.append({**lit.basic(out, target, words), "l1": l1(target, out)})
    agree(result, means(rows))
    assert result["all"]["clip_out"]["n"] == 44 and result["all"]["clip_im"]["n"] == 50
    removed = result["by"]["type"]["remove"]["means"]
    assert removed["clip_out"]["n"] == 0 and removed["dino"]["n"] == 2
    run_by_each = score(tmp_path / "run", ["anyedit-2024"], weights=weights)["protocols"]["anyedit-2024"]
    assert run_by_each["all"]["clip_out"]["n"] == 45  # the right way: the record with a caption counts


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
