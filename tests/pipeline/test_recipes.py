"""The ready recipes end to end: the same YAML, model ids replaced by settings with small checkpoints or a local server.

Random weights write no JSON and judge nothing, so what is asserted is that the machinery ran: what was asked of which
engine, which rules were met, what was put aside with which reason, what was stored.
"""

# ruff: noqa: E402 (environment and availability of torch come first)

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("httpx2")
torch.set_num_threads(1)
sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))

import cv2
import tiny_checkpoints
from bad_server import Seen, said, serving
from PIL import Image

from anyedit.errors import RecipeError
from anyedit.pipeline.build import build
from anyedit.pipeline.shards import existing, read_table
from anyedit.seeds import rng_of
from anyedit.store.dataset import iter_rows

RECIPES = Path(__file__).parents[2] / "recipes"
Settings = dict[str, Any]
PAINTED = ("replace", "visual_reference", "visual_depth")  # by the diffusion painters and the depth network


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    root = tmp_path_factory.mktemp("tiny")

    def get(name: str) -> str:
        if not (root / name).exists():
            getattr(tiny_checkpoints, f"write_{name}")(root / name)
        return str(root / name)

    return get


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two photographs of a ball on an even ground, with captions and annotations; as settings of a recipe."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "pictures").mkdir()
    lines, images, notes = ["file,caption"], [], []
    for k in range(2):
        ground = 120 + rng_of("ground", k).normal(0, 6, (96, 128, 3))
        picture = np.clip(ground, 0, 255).astype(np.uint8)
        cv2.circle(picture, (40 + 30 * k, 50), 12, (200, 40, 40), -1)
        Image.fromarray(picture).save(folder / "pictures" / f"{k}.png")
        lines.append(f"{k}.png,A red ball on a meadow under the sky")
        images.append({"id": k, "file_name": f"{k}.png", "width": 128, "height": 96})
        box = [28 + 30 * k, 38, 24, 24]
        notes.append({"id": k, "image_id": k, "category_id": 1, "bbox": box, "segmentation": []})
    (folder / "captions.csv").write_text("\n".join(lines))
    coco = {"images": images, "annotations": notes, "categories": [{"id": 1, "name": "ball"}]}
    (folder / "notes.json").write_text(json.dumps(coco))
    return {
        "source.path": str(folder / "pictures"),
        "source.captions": str(folder / "captions.csv"),
        "source.layout": "coco",
        "source.annotations": str(folder / "notes.json"),
        "source.longest": 128,
        "pairs": 2,
        "effort": 2,
    }


def rejected(out: Path) -> list[dict[str, Any]]:
    return [row for path in existing(out, "rejected") for row in read_table(path).to_pylist()]


def huggingface(**models: str) -> Settings:
    return {f"engines.{role}.model": model for role, model in models.items()}


def head(clip: str, folder: Path) -> str:
    """An aesthetic head for a small CLIP that finds every picture a 5."""
    from safetensors.torch import save_file
    from transformers import CLIPConfig

    width = CLIPConfig.from_pretrained(clip).projection_dim
    weights = {"layers.0.weight": torch.zeros(1, width), "layers.0.bias": torch.full((1,), 5.0)}
    save_file(weights, folder / "head.safetensors")
    return str(folder / "head.safetensors")


def writes(number: int, request: Seen) -> Any:
    """A server that writes instructions, checks them, and judges pairs, by what it is asked."""
    schema = request.body["response_format"]["json_schema"]["schema"]["properties"]
    if "sensible" in schema:
        return said('{"reason": "fine", "sensible": "yes"}', (50, 10))
    if "follows" in schema:
        return said(
            '{"said": "all is noise", "follows": 8, "keeps": 9, "looks": 7, "rewritten": ""}', (300, 40)
        )
    words = "Give the whole picture the look of a sunny morning"
    return said(
        json.dumps(
            {
                "params": {"object": "picture", "result": "a sunny morning"},
                "instruction": words,
                "phrasings": [f"{words} please"] * 3,
                "vague": "Make it sunny",
                "detailed": f"{words}, everywhere",
                "edited_object": "the picture",
                "caption_after": "A red ball on a meadow under the sky on a sunny morning",
            }
        ),
        (200, 100),
    )


def test_paper_on_small_checkpoints(tiny: Callable[[str], str], photos: Settings, tmp_path: Path) -> None:
    clip = tiny("clip")
    sd = tiny("stable_diffusion")
    models = huggingface(
        write=tiny("language_model"), describe=tiny("blip2"), ground=tiny("grounding_dino"), segment=tiny("sam2"),
        divide=tiny("oneformer"), depth=tiny("depth_anything"), paint=sd, paint_like=sd,
        follow=tiny("instruct_pix2pix"), generate=sd, image_text=clip, features=clip, sentences=clip, aesthetic=clip,
    )  # fmt: skip
    settings = {
        **photos, **models, "types": ["remove", "style_change", *PAINTED], "pairs": 5, "instructions.fallback": True,
        "engines.paint.variant": None, "engines.paint.dtype": "float32", "engines.paint_like.adapter": tiny("ip_adapter"),
        **{f"engines.{role}.steps": 2 for role in ("paint", "paint_like", "generate")},
        "engines.paint_like.controlnet": tiny("controlnet"), "engines.paint_like.depth_model": tiny("depth_anything"),
        "engines.follow.steps": 2, "engines.write.tries": 1, "engines.aesthetic.head": head(clip, tmp_path),
        "candidates.engines": [{"inpaint": {"engine": "huggingface", "model": sd, "steps": 2}}],
        "gates": {
            "remove.CLIP": [-1, None], "remove.CLIP of the source": [-1, None],
            "remove.old object detected in mask": [None, None],
            **{f"{name}.CLIP of the source": [-1, None] for name in PAINTED},
            # captions of a random BLIP-2 name nothing
            **{f"{name}.object in the caption": [None, None] for name in ("remove", "replace")},
            "style_change.CLIP": [-1, None], "style_change.CLIP of the source": [-1, None],
            "style_change.L1": [0, 1],
        },
    }  # fmt: skip
    out = tmp_path / "out"
    summary = build(RECIPES / "paper.yaml", out=out, workers=1, settings=settings)
    rows = list(iter_rows(out))
    assert summary["accepted"].get("remove", 0) >= 1
    assert "not_applied" not in summary  # every published rule has its engine
    assert {row["source_caption"] for row in rows} != {
        "A red ball on a meadow under the sky"
    }  # captioned anew
    # Random weights paint noise, which the gates put aside: it was painted, looked at, and kept with its scores.
    judged = [
        row for row in rejected(out) if row["step"] == "assess" and row["image"] and row["scores"]
    ] + rows
    assert set(PAINTED) <= {row["edit_type"] for row in judged}, [
        (row["edit_type"], row["step"], row["rule"], row["note"]) for row in rejected(out)
    ]
    kept = next(row for row in rows if row["edit_type"] == "remove")
    scores = {score["name"]: score for score in kept["scores"]}
    assert scores["aesthetic score"]["value"] == pytest.approx(5, abs=1e-4)
    assert scores["CLIP"]["passed"] and -1 <= scores["CLIP"]["value"] <= 1
    assert scores["old object detected in mask"]["value"] is not None  # GroundingDINO and SAM were asked
    asked = [row for row in rejected(out) if row["instead"] and row["edit_type"] == "remove"]
    assert asked and asked[0]["scores"] and asked[0]["image"]  # the other engine's fill, kept with its scores
    usage = summary["types"]["remove"].get("usage", {}) | summary["types"]["style_change"].get("usage", {})
    assert usage["write"]["rejected_answers"] >= 1 and usage["write"]["output_tokens"] > 0


def test_modern_with_a_server_that_writes_and_judges(
    tiny: Callable[[str], str], photos: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYEDIT_TEST_KEY", "sk-test-never-stored-123")
    counted: list[int] = []

    def counts(number: int, request: Seen) -> Any:
        status, answer = writes(number, request)
        counted.append(answer["usage"]["prompt_tokens"])
        return status, answer

    with serving(counts) as server:
        asked = {
            "engine": "openai",
            "model": "m",
            "base_url": server.url,
            "key": "ANYEDIT_TEST_KEY",
            "input_price": 1.0,
        }
        settings = {
            **photos, "types": ["tone_transfer", "style_change"], "candidates.seeds": 2, "candidates.retries": 1,
            "engines.write": asked, "engines.judge": asked, "engines.describe": asked,
            "engines.follow": {"engine": "huggingface", "model": tiny("instruct_pix2pix"), "steps": 2},
            "instructions.enhance": 0.0,
        }  # fmt: skip
        out = tmp_path / "out"
        summary = build(RECIPES / "modern.yaml", out=out, workers=1, settings=settings)
        seen = [json.dumps(request.body) for request in server.seen]
    rows = list(iter_rows(out))
    assert summary["total"] == 2, [(r["step"], r["rule"], r["note"][:300]) for r in rejected(out)]
    assert {row["edit_type"] for row in rows} == {"tone_transfer", "style_change"}
    for row in rows:
        made_of = json.loads(row["provenance"])
        assert row["instruction"].startswith("Give the whole picture") and made_of["writer"].startswith(
            "m (127.0.0.1"
        )
        assert {"Make it sunny"} < set(row["phrasings"])
        scores = {score["name"]: score["value"] for score in row["scores"]}
        assert scores["judge: follows"] == 0.8 and scores["judge: looks real"] == 0.7
    lost = [row for row in rejected(out) if row["instead"]]
    assert len(lost) == summary["total"] + summary["surplus"]
    assert all(row["scores"] and row["image"] for row in lost)
    of_types = [of["usage"].values() for of in summary["types"].values() if "usage" in of]
    # Each answer is counted once, whatever plays several roles.
    assert sum(of["input_tokens"] for some in of_types for of in some) == sum(counted)
    assert sum(of["cost"] for some in of_types for of in some) == pytest.approx(sum(counted) / 1e6, rel=0.01)
    assert any("Examples" in body for body in seen)
    for path in out.rglob("*"):
        assert not path.is_file() or b"sk-test-never-stored-123" not in path.read_bytes(), path


def test_modern_on_random_weights_rejects_with_reasons(
    tiny: Callable[[str], str], photos: Settings, tmp_path: Path
) -> None:
    vision = tiny("qwen_vl")
    models = huggingface(
        write=tiny("language_model"), describe=vision, judge=vision, follow=tiny("instruct_pix2pix")
    )
    settings = {
        **photos, **models, "pairs": 1, "effort": 1, "types": ["style_change"], "instructions.fallback": True,
        "candidates.seeds": 1, "candidates.retries": 0, "engines.follow.steps": 2, "engines.follow.options": {},
        "engines.write.tries": 1, "engines.judge.tries": 1,
    }  # fmt: skip
    out = tmp_path / "out"
    summary = build(RECIPES / "modern.yaml", out=out, workers=1, settings=settings)
    assert summary["total"] == 0 and summary["short"] == {"style_change": 1}
    (row,) = [row for row in rejected(out) if row["step"] == "assess"]
    assert row["rule"] == "judge: follows" and "no JSON object" in row["note"] and row["image"]


def test_a_recipe_without_the_engine_it_needs_stops_before_any_work(photos: Settings, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"'judge'; name one: engines\.judge"):
        build(
            RECIPES / "modern.yaml",
            out=tmp_path / "o",
            settings={
                **photos,
                "engines": {
                    "write": {"engine": "huggingface", "model": "m"},
                    "follow": {"engine": "huggingface", "model": "m"},
                },
            },
        )
    assert not (tmp_path / "o").exists()


def test_a_published_rule_without_its_engine_is_named_in_the_summary_the_card_and_the_scores(
    photos: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    recipe = {"name": "bare", "seed": 1, "pairs": 2, "types": ["tone_transfer"], "presets": ["published"]}
    source = {"source": {"kind": "photos", "path": "x"}, "gates": {"tone_transfer.L1": [0, 1]}}
    summary = build(recipe | source, out=out, workers=1, settings={**photos, "effort": 3})
    clip = ["image_text"]
    assert summary["not_applied"] == {
        "CLIP": clip, "CLIP of the source": clip, "aesthetic score": ["aesthetic"],
    }  # fmt: skip
    card = (out / "dataset" / "README.md").read_text()
    assert "The rule `aesthetic score` was not applied: no engine for `aesthetic`." in card
    row = next(iter_rows(out))
    notes = {s["name"]: (s["passed"], s["note"]) for s in row["scores"]}
    assert notes["aesthetic score"] == (None, "no engine for aesthetic")
    assert notes["CLIP"] == (None, "no engine for image_text")


def test_judge_only_assesses_what_is_there(
    tiny: Callable[[str], str], photos: Settings, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    build(
        {"name": "made", "seed": 1, "pairs": 3, "effort": 3, "types": ["tone_transfer"], "source": {"kind": "photos", "path": "x"}},
        out=made, workers=1, settings={**photos, "pairs": 3, "effort": 3},
    )  # fmt: skip
    before = list(iter_rows(made))
    assert before

    def judges(number: int, request: Seen) -> Any:
        follows = 2 if number == 0 else 9
        return said(json.dumps({"said": "x", "follows": follows, "keeps": 9, "looks": 9, "rewritten": ""}))

    clip = tiny("clip")
    with serving(judges) as server:
        asked = {"engine": "openai", "model": "m", "base_url": server.url, "concurrency": 1}
        settings = {
            "source.path": str(made), "engines.judge": asked, "engines.describe": asked,
            **huggingface(image_text=clip, features=clip, sentences=clip, aesthetic=clip),
            "engines.aesthetic.head": head(clip, tmp_path),
            "gates": {"tone_transfer.CLIP": [-1, 1], "tone_transfer.CLIP of the source": [-1, 1], "tone_transfer.L1": [0, 1]},
        }  # fmt: skip
        out = tmp_path / "judged"
        summary = build(RECIPES / "judge-only.yaml", out=out, settings=settings)
        questions = len(server.seen)
        again = build(RECIPES / "judge-only.yaml", out=out, settings=settings)
        assert len(server.seen) == questions  # what is judged is not judged again
    rows = list(iter_rows(out))
    assert summary["total"] == len(before) - 1 == len(rows) == again["total"]
    (lost,) = rejected(out)
    assert lost["id"] == before[0]["id"] and lost["rule"] == "judge: follows" and lost["value"] == 0.2
    assert rows[0]["edited"]["bytes"] == before[1]["edited"]["bytes"]
    scores = {score["name"]: score["value"] for score in rows[0]["scores"]}
    assert scores["judge: follows"] == 0.9 and scores["CLIP"] is not None
    assert scores["aesthetic score"] == pytest.approx(5, abs=1e-4)
    assert json.loads(rows[0]["provenance"])["assessed"]["engines"]
