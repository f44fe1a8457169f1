"""Which engine plays which role: the table of known engines, and `tools`, which builds what a recipe names."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from anyedit.engines.tools import ROLES, Tools
from anyedit.errors import RecipeError, nearest

CLASSICAL = "anyedit.engines.classical"
SMALL = "anyedit.engines.small"
# role -> engine -> where its class is; imported only when a recipe names it.
ENGINES: dict[str, dict[str, str]] = {
    "inpaint": {
        "classical": f"{CLASSICAL}.fill:PatchFill",
        "telea": f"{CLASSICAL}.fill:TeleaFill",
        "navier-stokes": f"{CLASSICAL}.fill:NavierStokesFill",
        "patchmatch": f"{CLASSICAL}.patchmatch:PatchMatchFill",
        "lama": "anyedit.engines.lama:LamaFill",
    },
    "recolour": {"classical": f"{CLASSICAL}.recolour:LabRecolour"},
    "cover": {"classical": f"{CLASSICAL}.cover:ShadedTexture"},
    "tone": {"classical": f"{CLASSICAL}.tone:PhotometricTone"},
    "stylise": {"gatys": f"{SMALL}.gatys:Gatys"},
    "paste": {
        "classical": f"{CLASSICAL}.paste:SoftPaste",
        "seamless": f"{CLASSICAL}.paste:SeamlessClone",
    },
    "letter": {"classical": f"{CLASSICAL}.letter:FontLetterer"},
    "refine": {"classical": f"{CLASSICAL}.refine:GrabCut"},
    "segment": {
        "classical": f"{CLASSICAL}.refine:GrabCutBox",
        "small": f"{SMALL}.box_mask:SalientInBox",
    },
    "ground": {
        "annotations": "anyedit.engines.annotations:Annotations",
        "ssd": f"{SMALL}.detector:SsdMobileNet",
    },
    "salient": {"small": f"{SMALL}.saliency:U2NetP"},
    "sketch": {"classical": f"{CLASSICAL}.edges:Canny"},
    "scribble": {"classical": f"{CLASSICAL}.edges:XDoG", "small": f"{SMALL}.hed:Hed"},
    "ocr": {"classical": "anyedit.engines.ocr:RapidReader"},
    "classify": {
        "small": f"{SMALL}.nouns:EfficientNetNouns",
        "imagenet": f"{SMALL}.efficientnet:EfficientNetClasses",
    },
    "features": {"small": f"{SMALL}.efficientnet:EfficientNetFeatures"},
    "sentences": {"small": f"{SMALL}.minilm:MiniLM"},
    "image_text": {"conse": f"{SMALL}.conse:Conse"},
    "perceptual": {"small": f"{SMALL}.vgg:PerceptualVGG"},
    "enlarge": {"small": f"{SMALL}.superres:RealEsrgan"},
}

# The two families that serve many roles: role -> where its class is.
OPENAI: dict[str, str] = {
    **dict.fromkeys(("write", "describe", "judge"), "anyedit.engines.openai.chat:Chat"),
    **dict.fromkeys(("generate", "follow"), "anyedit.engines.openai.pictures:Pictures"),
}
HUGGINGFACE: dict[str, str] = {
    "write": "anyedit.engines.huggingface.text:CausalWriter",
    **dict.fromkeys(("describe", "judge"), "anyedit.engines.huggingface.vision_language:VisionLanguage"),
    "generate": "anyedit.engines.huggingface.generation:TextToImage",
    "paint": "anyedit.engines.huggingface.painting:DiffusionPainter",
    "inpaint": "anyedit.engines.huggingface.painting:DiffusionFill",
    "paint_like": "anyedit.engines.huggingface.painting:ReferencePainting",
    "follow": "anyedit.engines.huggingface.editing:DiffusionEditor",
    "ground": "anyedit.engines.huggingface.grounding:ZeroShotDetector",
    "segment": "anyedit.engines.huggingface.segmentation:PromptedSegmenter",
    "divide": "anyedit.engines.huggingface.segmentation:UniversalSegmenter",
    "depth": "anyedit.engines.huggingface.depth:DepthEstimator",
    **dict.fromkeys(("image_text", "sentences"), "anyedit.engines.huggingface.clip:Clip"),
    "features": "anyedit.engines.huggingface.clip:ImageFeatures",
    "aesthetic": "anyedit.engines.huggingface.clip:Aesthetics",
}
for _family, _places in (("openai", OPENAI), ("huggingface", HUGGINGFACE)):
    for _role, _place in _places.items():
        ENGINES.setdefault(_role, {})[_family] = _place

# Roles played when a recipe does not name them: what needs no weights beyond those of the base packages.
DEFAULTS: dict[str, str] = {
    "ground": "annotations",
    **dict.fromkeys(
        (
            "inpaint",
            "recolour",
            "cover",
            "tone",
            "paste",
            "letter",
            "refine",
            "segment",
            "sketch",
            "scribble",
            "ocr",
        ),
        "classical",
    ),
}


def tools(engines: Mapping[str, Any] | None = None, placed: Mapping[str, Any] | None = None) -> Tools:
    """The tools that a recipe's `engines` names: role -> name, or a mapping with `engine` and its settings.

    Roles that are not named get their default, if they have one. Raises RecipeError for an unknown role, engine or setting;
    nothing is loaded before it is used. placed: role -> an engine that is there already (it runs elsewhere).
    """
    makers = {role: _maker(role, name, {}) for role, name in DEFAULTS.items()}
    for role, choice in (engines or {}).items():
        if role not in ROLES:
            raise RecipeError(f"engines: no role is named '{role}'{nearest(role, ROLES)}")
        settings = dict(choice) if isinstance(choice, Mapping) else {"engine": choice}
        name = settings.pop("engine", DEFAULTS.get(role))
        makers[role] = _maker(role, name, settings)
    for role, engine in (placed or {}).items():
        makers[role] = partial(_itself, engine)
    return Tools(makers)


def played(engines: Mapping[str, Any] | None = None) -> frozenset[str]:
    """The roles that have an engine under a recipe's `engines`."""
    return frozenset((*DEFAULTS, *(engines or {})))


def _itself(engine: Any) -> Any:
    return engine


def _maker(role: str, name: Any, settings: dict[str, Any]) -> Callable[[], Any]:
    known = ENGINES.get(role, {})
    if name not in known:
        raise RecipeError(f"engines.{role}: no engine is named '{name}'{nearest(str(name), known)}")
    if settings:
        possible = inspect.signature(_class(known[name])).parameters
        for key in settings:
            if key not in possible:
                raise RecipeError(f"engines.{role}: '{name}' has no setting '{key}'{nearest(key, possible)}")
    return partial(_make, known[name], settings)


def _class(place: str) -> Any:
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


# Engines of this process by class and settings: shards come and go, weights are loaded once. Engines hold no state
# that changes an answer, so sharing one changes no byte. Roles with the same engine and settings share it too.
_MADE: dict[str, Any] = {}


def _make(place: str, settings: dict[str, Any]) -> Any:
    key = f"{place} {sorted(settings.items())!r}"
    if key not in _MADE:
        _MADE[key] = _class(place)(**settings)
    return _MADE[key]
