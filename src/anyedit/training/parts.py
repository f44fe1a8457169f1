"""Putting the model of a stage together: frozen parts from the base, the UNet, the experts; and saving the editor."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers import UNet2DConditionModel
from torch import nn

from anyedit.errors import RecipeError
from anyedit.models.experts import AnySDExperts
from anyedit.models.noise import AnySDModel
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.router import PUBLISHED_EXPERTS
from anyedit.models.tasks import TaskClassifier
from anyedit.training.recipe import Experts, TrainingRecipe


@dataclass(frozen=True)
class Parts:
    """`pipeline` holds everything; `model` is its UNet and experts as one module; `trained` their parameters that
    this stage changes, by name."""

    pipeline: AnySDPipeline
    model: AnySDModel
    trained: dict[str, nn.Parameter]


def load_parts(recipe: TrainingRecipe) -> Parts:
    """Loads or makes everything that the stage needs, on the CPU, in float32. Raises RecipeError."""
    base = recipe.base
    text_encoder = _load(base, "text_encoder", transformers.CLIPTextModel)
    vae = _load(base, "vae", diffusers.AutoencoderKL)
    scheduler = _load(base, "scheduler", diffusers.DDIMScheduler)
    if recipe.loss.prediction is not None:
        config = {**scheduler.config, "prediction_type": recipe.loss.prediction}
        scheduler = type(scheduler).from_config(config)
    width = int(text_encoder.config.hidden_size)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        unet = widened(_unet(recipe, width), 2 * int(vae.config.latent_channels))
    image_encoder = extractor = experts = None
    place = recipe.image_encoder or base
    if recipe.trains_experts or (Path(place) / "image_encoder").is_dir():  # stage 1 hands it on to stage 2
        image_encoder = _load(place, "image_encoder", transformers.CLIPVisionModelWithProjection)
        extractor = _extractor(place, int(image_encoder.config.image_size))
    if recipe.trains_experts and image_encoder is not None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed + 1)
            experts = _experts(recipe.experts, unet, int(image_encoder.config.hidden_size), width)
    pipeline = AnySDPipeline(
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=_load(base, "tokenizer", transformers.AutoTokenizer),
        unet=unet,
        scheduler=scheduler,
        feature_extractor=extractor,
        image_encoder=image_encoder,
        experts=experts,
        task_classifier=_base_classifier(base),
    )
    for part in (pipeline.vae, pipeline.text_encoder, pipeline.image_encoder, pipeline.task_classifier):
        if part is not None:
            part.requires_grad_(False).eval()
    unet.requires_grad_(recipe.trains_unet)
    model = AnySDModel(unet, experts)
    trained = {name: value for name, value in model.named_parameters() if value.requires_grad}
    return Parts(pipeline, model, trained)


def widened(unet: UNet2DConditionModel, channels: int) -> UNet2DConditionModel:
    """The UNet with `conv_in` of so many input channels: those it has keep their weights, new ones start at zero.

    So at first the picture changes nothing (InstructPix2Pix, arXiv 2211.09800, section 3.2). Raises RecipeError
    for a UNet with more.
    """
    has = int(unet.config.in_channels)
    if has == channels:
        return unet
    if has > channels:
        raise RecipeError(
            f"unet: has {has} input channels, an editor has {channels}; is it an inpainting UNet?"
        )
    old = unet.conv_in
    new = nn.Conv2d(channels, old.out_channels, old.kernel_size, old.stride, old.padding)  # type: ignore[arg-type]
    with torch.no_grad():
        new.weight.zero_()
        new.weight[:, :has] = old.weight
        new.bias.copy_(old.bias)  # type: ignore[union-attr, arg-type]
    unet.conv_in = new
    unet.register_to_config(in_channels=channels)
    return unet


def save_whole(part: Any, folder: Path) -> Path:
    """Writes what has a `save_pretrained`, an editor or a part of one; the folder appears whole, in place of an older
    one."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    part.save_pretrained(partial, safe_serialization=True)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder


def _unet(recipe: TrainingRecipe, text_width: int) -> UNet2DConditionModel:
    if recipe.unet.config is not None:
        config = {
            "in_channels": 8,
            "out_channels": 4,
            "cross_attention_dim": text_width,
            **recipe.unet.config,
        }
        try:
            return UNet2DConditionModel(**config)
        except (TypeError, ValueError) as error:
            raise RecipeError(f"unet.config: {error}") from error
    place = recipe.unet.path or recipe.base
    if (Path(place) / "config.json").is_file() and not (Path(place) / "unet").is_dir():
        unet = _load(place, None, UNet2DConditionModel)
    else:
        unet = _load(place, "unet", UNet2DConditionModel)
    if int(unet.config.cross_attention_dim) != text_width:
        raise RecipeError(
            f"unet: {place} attends to text of width {unet.config.cross_attention_dim}, but the text encoder of"
            f" {recipe.base} gives {text_width}"
        )
    return unet


def _experts(told: Experts, unet: UNet2DConditionModel, image_width: int, pooled_width: int) -> AnySDExperts:
    if told.path is not None:
        return _load(told.path, "experts", AnySDExperts)  # type: ignore[no-any-return]
    names = list(told.names or PUBLISHED_EXPERTS)
    experts = AnySDExperts.for_unet(
        unet,
        image_width,
        expert_names=names,
        expert_of_type=told.table,
        routing=told.routing,
        top_k=told.top_k,
        pooled_width=pooled_width,
        router_hidden=told.router_hidden,
        resampler_of_expert=[0] * len(names) if told.shared_resampler else None,
        resampler_queries=told.queries,
        resampler_depth=told.depth,
        resampler_head_width=told.head_width,
        resampler_expansion=told.expansion,
    )
    with torch.no_grad():
        if not told.task_embeddings:
            experts.tasks.weight.zero_()
            experts.tasks.requires_grad_(False)
        if told.zero_values:
            for block in experts.blocks:
                block.value.weight.zero_()  # type: ignore[union-attr, operator]
    return experts


def _extractor(place: str, size: int) -> Any:
    """The checkpoint's preparation of pictures for CLIP; CLIP's own at the encoder's size where it has none, as the
    published AnySD does not."""
    if Path(place).is_dir() and not (Path(place) / "feature_extractor").is_dir():
        side = {"height": size, "width": size}
        return transformers.CLIPImageProcessor(size={"shortest_edge": size}, crop_size=side)
    return _load(place, "feature_extractor", transformers.CLIPImageProcessor)


def _base_classifier(base: str) -> TaskClassifier | None:
    if not (Path(base) / "task_classifier" / "config.json").is_file():
        return None
    return _load(base, "task_classifier", TaskClassifier)  # type: ignore[no-any-return]


def _load(place: str, part: str | None, kind: Any) -> Any:
    """One part of a checkpoint in SD layout. A scheduler is loaded as the class that its config names."""
    if part == "scheduler":
        file = Path(place) / part / "scheduler_config.json"
        if file.is_file():
            kind = getattr(diffusers, json.loads(file.read_text()).get("_class_name", ""), kind)
    folder = Path(place)
    if folder.is_dir() and part is not None and not (folder / part).is_dir():
        held = ", ".join(sorted(child.name for child in folder.iterdir() if child.is_dir())) or "no folders"
        raise RecipeError(f"{place} has no {part}/ (it has {held}); a base is a folder in SD layout")
    try:
        return kind.from_pretrained(place, **({} if part is None else {"subfolder": part}))
    except (OSError, ValueError, RuntimeError) as error:
        where = place if part is None else f"{place}, {part}/"
        raise RecipeError(f"{where}: cannot be loaded: {error}") from error
