"""Engines, their settings, the packages that carry weights, the layouts of sources."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import fields, is_dataclass
from typing import Any

from words import table, worded


def class_at(place: str) -> Any:
    """The class of a place `module:Class`."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def engines_by_role() -> str:
    """Every role with what can play it; the default in bold."""
    from anyedit.engines.toolbox import DEFAULTS, ENGINES
    from anyedit.engines.tools import ROLES

    rows = []
    for role, (_, what) in ROLES.items():
        names = [f"**{name}**" if DEFAULTS.get(role) == name else name for name in ENGINES.get(role, {})]
        rows.append([f"`{role}`", what, ", ".join(names)])
    return table(["role", "what it does", "engines"], rows)


def settings_of(cls: Any, without: Any = None) -> list[str]:
    """The fields of an engine that a recipe may set, less those of another class."""
    assert is_dataclass(cls)
    known = {f.name for f in fields(without)} if without else set()
    return [f.name for f in fields(cls) if f.init and f.name not in known]


def huggingface_engines() -> str:
    """The adapters of one library, their roles and own settings."""
    from anyedit.engines.huggingface.diffusion import Diffusion
    from anyedit.engines.huggingface.network import Network
    from anyedit.engines.toolbox import HUGGINGFACE

    words = {
        "CausalWriter": "any causal language model, GGUF files too",
        "VisionLanguage": "Qwen-VL, LLaVA, InternVL and others with a chat template; BLIP-2 describes only",
        "TextToImage": "what AutoPipelineForText2Image opens",
        "DiffusionPainter": "what AutoPipelineForInpainting opens, with a depth or Canny ControlNet",
        "DiffusionFill": "the same, with a caption of its own for an empty place",
        "ReferencePainting": "the same with an IP-Adapter",
        "DiffusionEditor": "every pipeline that takes a picture and a prompt: InstructPix2Pix, FLUX.1 Kontext, FLUX.2, "
        "Qwen-Image-Edit, UltraEdit by `custom_pipeline`...",
        "ZeroShotDetector": "GroundingDINO, OWLv2 and their interface; SAM 3's concepts",
        "PromptedSegmenter": "SAM 2, SAM 3",
        "UniversalSegmenter": "Mask2Former, OneFormer",
        "DepthEstimator": "DepthAnything and the depth interface",
        "Clip": "CLIP, SigLIP",
        "ImageFeatures": "CLIP, SigLIP, DINO, DINOv2, ViT",
        "Aesthetics": "LAION's predictor on CLIP ViT-L/14",
    }
    by_place: dict[str, list[str]] = {}
    for role, place in HUGGINGFACE.items():
        by_place.setdefault(place, []).append(role)
    worded("huggingface", [place.split(":")[1] for place in by_place], words)
    rows = []
    for place, roles in by_place.items():
        cls = class_at(place)
        common = (
            Network if cls.__name__ == "TextToImage" else Diffusion if issubclass(cls, Diffusion) else Network
        )
        own = ", ".join(f"`{name}`" for name in settings_of(cls, common))
        if issubclass(cls, Diffusion) and common is Diffusion:
            own = f"those of generate; {own}"
        rows.append([", ".join(roles), words[cls.__name__], own])
    return table(["roles", "opens", "own settings"], rows)


def openai_settings() -> str:
    """The settings of the engines that ask a server."""
    words = {
        "model": "the model's name there",
        "base_url": "where",
        "key": "the NAME of the environment variable with the API key; never the key",
        "timeout": "seconds that a request may take",
        "retries": "tries after the first",
        "wait": "seconds before the first of them; doubled each time, with jitter, or what the server asks for",
        "concurrency": "requests in flight at once, of one worker process",
        "input_price": "US dollars per million tokens sent: the ledger's `usage` counts requests, retries, tokens, "
        "pictures and cost for each type and role",
        "output_price": "the same for tokens received",
        "picture_price": "US dollars per picture",
        "structured": "how a form is asked for: `json_schema`, `json_object`, `words`",
        "tries": "how often an answer that does not satisfy its schema is asked for",
        "sizes": "what sizes the server makes",
        "extra": "further fields of the request",
    }
    from anyedit.engines.toolbox import OPENAI

    rows, seen = [], {}
    for role, place in OPENAI.items():
        for field in fields(class_at(place)):
            if field.init:
                seen.setdefault(field.name, (field, []))[1].append(role)
    for name in worded("openai", seen, words):
        field, roles = seen[name]
        default = (
            ""
            if isinstance(field.default, type(...)) or not is_plain(field.default)
            else f"`{field.default}`"
        )
        rows.append(
            [f"`{name}`", "all" if len(roles) == len(OPENAI) else ", ".join(roles), default, words[name]]
        )
    return table(["setting", "roles", "default", "what it is"], rows)


def is_plain(value: Any) -> bool:
    """Whether a default can be shown in a word."""
    return isinstance(value, (int, float, str)) and value != ""


def small_networks() -> str:
    """The networks whose weights packages carry, by the role that they play."""
    from anyedit.engines.toolbox import ENGINES, SMALL
    from anyedit.engines.tools import ROLES

    rows = []
    for role, known in ENGINES.items():
        for name, place in known.items():
            if place.startswith(SMALL):
                cls = class_at(place)
                told = (inspect.getdoc(cls) or "").splitlines()[0].rstrip(".")
                rows.append(
                    [f"`{role}: {name}`", told, ROLES[role][1], getattr(cls, "stands_in_for", "") or ""]
                )
    return table(["engine", "network", "role", "stands in for"], rows)


def weight_carriers() -> str:
    """The packages that carry weights, with their licences."""
    from anyedit.engines.small.carriers import CARRIERS

    rows = [[c.what, f"`{c.package}=={c.version}`", f"{c.megabytes:g}",
             c.licence if c.stated else f"**{c.licence}**"] for c in CARRIERS.values()]  # fmt: skip
    return table(["network: for", "package", "MB", "licence of the weights"], rows)


def source_layouts() -> str:
    """The layouts of photographs that a recipe can name, with the keys that each reads."""
    from anyedit.pipeline.sources import READERS
    from anyedit.recipe import LAYOUT_KEYS, NEEDED_KEYS

    words = {
        "folder": ("pictures, in folders too", "captions (CSV, JSONL, COCO JSON; default `.txt` beside each), boxes, "
                   "masks (COCO instances)"),
        "coco": ("pictures", "boxes, masks, captions, each picture's licence"),
        "huggingface": ("`owner/name` on the Hub, a folder or URL of Parquet, a saved dataset",
                        "captions, boxes (`objects`), licence, safety fields"),
        "webdataset": ("folder of `.tar`, one tar, `x-{000..099}.tar`",
                       "captions (`.txt`, `.json`), licence, safety fields"),
        "llava": ("pictures", "captions (LLaVA JSON: the first answer)"),
        "multiview": ("captures: `transforms.json`, or COLMAP `images.bin` / `images.txt`; `label.txt`, `caption.txt` in a "
                      "capture", "second views: `rotation_change`"),
        "lettered": ("pictures", "lines of text (AnyWord JSON: polygons and texts): `textual_change`"),
    }  # fmt: skip
    worded("layouts", READERS, words)
    rows = []
    for name in worded("layouts", LAYOUT_KEYS, words):
        keys = [
            f"`{key}` (needed)" if NEEDED_KEYS.get(name) == key else f"`{key}`"
            for key in sorted(LAYOUT_KEYS[name])
        ]
        rows.append([f"`{name}`", words[name][0], ", ".join(keys), words[name][1]])
    return table(["layout", "path", "own keys", "brings"], rows)
