"""The recipes of tokenizer, CLIP, autoencoder and of the base made of them, `kind` first; `train_part` runs one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from anyedit.errors import RecipeError
from anyedit.recipe import Section, put_key, read_yaml


class Learning(Section):
    """What every training of a part says."""

    name: str = "part"
    seed: int = 0
    data: list[str] = Field(min_length=1, description="datasets: build folders or dataset folders")
    size: int = Field(128, ge=32, le=1024, description="pixels; other pictures are resized to it")
    steps: int = Field(2000, ge=1)
    batch: int = Field(16, ge=1)
    lr: float = Field(1e-3, gt=0, description="AdamW: warm-up, constant, down to 0 over the last fifth")
    warmup: int = Field(100, ge=0, description="steps")
    ema: float = Field(0.999, ge=0, lt=1, description="decay of the averaged weights, which are those kept")
    every: int = Field(200, ge=1, description="steps between held-out measures, each with a checkpoint")


class TokenizerRecipe(Section):
    """Byte-pair encoding in CLIP's form over the dataset's instructions and captions."""

    kind: Literal["tokenizer"]
    name: str = "tokenizer"
    seed: int = 0
    data: list[str] = Field(min_length=1)
    vocabulary: int = Field(1536, ge=600, description="tokens at most, bytes and specials included")
    length: int = Field(64, ge=8, description="tokens that the text encoder reads")


class AutoencoderRecipe(Learning):
    """A KL autoencoder of factor 8 and 4 channels, latents of unit variance."""

    kind: Literal["autoencoder"]
    channels: list[int] = Field([16, 32, 64, 128], min_length=4, max_length=4)
    crop: int = Field(64, ge=32, multiple_of=8, description="pixels: square cut at random from each picture")
    kl: float = Field(1e-4, ge=0, description="weight of the mean KL divergence, against a mean pixel loss")
    edges: float = Field(0.5, ge=0, description="weight of the L1 distance of neighbour differences")
    start: str | None = Field(None, description="folder of an autoencoder to go on from")
    freeze_encoder: bool = Field(False, description="train the decoder only: latents stay what they start as")


class ClipRecipe(Learning):
    """Text and vision towers, contrastive over captions and, by direction, over instructions."""

    kind: Literal["clip"]
    tokenizer: str = Field(description="folder of the tokenizer")
    batch: int = Field(32, ge=2, description="pairs, each two pictures, two captions and an instruction")
    width: int = Field(128, ge=32, description="of both towers")
    layers: int = Field(4, ge=1)
    heads: int = Field(4, ge=1)
    patch: int = Field(16, ge=4, description="pixels")
    projection: int = Field(128, ge=8)
    direction: float = Field(0.5, ge=0, description="weight of instruction against edited minus source")
    start: str | None = Field(None, description="folder of a CLIP to go on from; the sizes are then its own")
    freeze_text: bool = Field(False, description="train the vision tower only: sentences keep their features")


class BaseRecipe(Section):
    """The parts in one folder in Stable Diffusion's layout, which a stage-1 recipe names as its base."""

    kind: Literal["base"]
    name: str = "base"
    autoencoder: str = Field(description="folder of the trained autoencoder")
    clip: str = Field(description="folder of the trained CLIP")
    prediction: Literal["epsilon", "v_prediction"] = "v_prediction"


PartRecipe = TokenizerRecipe | AutoencoderRecipe | ClipRecipe | BaseRecipe
PART_KINDS = ("tokenizer", "autoencoder", "clip", "base")


def is_part_recipe(file: str | Path) -> bool:
    """Whether a YAML file says one of these kinds; an editor's stage has none. Raises RecipeError when it is no
    mapping."""
    return read_yaml(Path(file)).get("kind") in PART_KINDS


def load_part_recipe(
    source: str | Path | Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> PartRecipe:
    """The recipe of a part from YAML or a mapping, `settings` on top. Raises RecipeError naming file and key.

    Paths in a file are relative to it, if they are there or start with a dot; else to where the command runs.
    """
    where = "recipe" if isinstance(source, Mapping) else str(source)
    data = (
        json.loads(json.dumps(dict(source), default=str))
        if isinstance(source, Mapping)
        else read_yaml(Path(source))
    )
    for key, value in (settings or {}).items():
        put_key(data, key, value, where)
    try:
        chosen: PartRecipe = TypeAdapter(Annotated[PartRecipe, Field(discriminator="kind")]).validate_python(
            data
        )
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            key = ".".join(str(part) for part in problem["loc"] if part not in PART_KINDS)
            value = problem.get("input")
            shown = "" if isinstance(value, dict) else f" (got {value!r})"
            lines.append(f"{where}: {key or 'recipe'}: {problem['msg']}{shown}")
        raise RecipeError("\n".join(lines)) from None
    return chosen if isinstance(source, Mapping) else _resolved(chosen, Path(source).parent)


def _resolved(recipe: PartRecipe, folder: Path) -> PartRecipe:
    def place(path: str) -> str:
        there = folder / path
        return str(there.resolve()) if there.exists() or path.startswith(".") else path

    told: dict[str, object] = {}
    for key in ("data", "tokenizer", "start", "autoencoder", "clip"):
        value = getattr(recipe, key, None)
        if isinstance(value, str):
            told[key] = place(value)
        elif isinstance(value, list):
            told[key] = [place(path) for path in value]
    return recipe.model_copy(update=told)


def train_part(
    recipe: str | Path | Mapping[str, Any], out: str | Path, settings: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """Trains one part and writes it to `out` as its library opens it; returns its held-out measures.

    Beside the weights: `log.jsonl` (loss by step) and `measures.json`. Raises RecipeError, StoreError.
    """
    chosen = load_part_recipe(recipe, settings)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(chosen, TokenizerRecipe):
        from anyedit.training.foundation.tokenizer import train_tokenizer

        return train_tokenizer(chosen, folder)
    if isinstance(chosen, AutoencoderRecipe):
        from anyedit.training.foundation.autoencoder import train_autoencoder

        return train_autoencoder(chosen, folder)
    if isinstance(chosen, BaseRecipe):
        from anyedit.training.foundation.assemble import assemble_base

        assemble_base(chosen.autoencoder, chosen.clip, folder, chosen.prediction)
        return {}
    from anyedit.training.foundation.clip import train_clip

    return train_clip(chosen, folder)
