"""A small CLIP: the text tower an editor reads with, the vision tower that sees its visual prompts, and a score.

Two contrastive losses over a batch of pairs. Captions against pictures, source and edited together, so that
the nearest wrong answer is often the same scene before its edit. And by direction: the instruction against
the difference of the two pictures' embeddings, so that the text tower also reads instructions, whose verbs no
caption has. Source of the first: CLIP (arXiv 2103.00020, figure 3); of directions in CLIP's space:
StyleGAN-NADA (arXiv 2108.00946, equation 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy, normalize
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextConfig,
    CLIPTokenizer,
    CLIPVisionConfig,
)

from anyedit.seeds import rng_of, seed_of
from anyedit.training.foundation.pairs import CaptionedPairs, read_pairs
from anyedit.training.foundation.progress import LossLog, WithAveraged, averaged, rate, write_json
from anyedit.training.foundation.recipe import ClipRecipe

MEAN, STD = (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)


def small_clip(recipe: ClipRecipe, tokenizer: CLIPTokenizer) -> CLIPModel:
    """The two towers, of one width and depth."""
    tower = dict(
        hidden_size=recipe.width,
        intermediate_size=4 * recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
    )
    text = CLIPTextConfig(
        **tower,
        vocab_size=len(tokenizer),
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        projection_dim=recipe.projection,
    )
    vision = CLIPVisionConfig(
        **tower, image_size=recipe.size, patch_size=recipe.patch, projection_dim=recipe.projection
    )
    return CLIPModel(
        CLIPConfig(
            text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=recipe.projection
        )
    )


def train_clip(recipe: ClipRecipe, out: Path) -> dict[str, float]:
    """Trains on the train split; writes CLIPModel, tokenizer and image processor; returns the test's measures."""
    tokenizer = CLIPTokenizer.from_pretrained(recipe.tokenizer)
    pairs = read_pairs(recipe.data, "train", recipe.size)
    held_out = read_pairs(recipe.data, "validation", recipe.size)
    torch.manual_seed(seed_of(recipe.seed, "clip") % 2**63)
    model = small_clip(recipe, tokenizer) if recipe.start is None else CLIPModel.from_pretrained(recipe.start)
    if recipe.freeze_text:
        model.text_model.requires_grad_(False)
        model.text_projection.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.lr, weight_decay=0.1, betas=(0.9, 0.98))
    ema = averaged(model, recipe.ema)
    direction_scale = torch.nn.Parameter(torch.tensor(2.6592))
    optimizer.add_param_group({"params": [direction_scale], "weight_decay": 0.0})
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate(step, recipe.steps, recipe.warmup)
    )
    log = LossLog(out / "log.jsonl")
    rng = rng_of(recipe.seed, "clip", "batches")
    for step in range(recipe.steps):
        model.train()
        chosen = rng.choice(len(pairs), min(recipe.batch, len(pairs)), replace=False)
        pictures, captions, instructions = batch_of(pairs, chosen, rng)
        seen = embed_pictures(model, pictures)
        half = len(chosen)
        caption = contrast(
            seen,
            embed_texts(model, tokenizer, captions),
            model.logit_scale.exp().clamp(max=100),
            alike(captions),
        )
        change = normalize(seen[half:] - seen[:half], dim=-1)
        direction = contrast(
            change,
            embed_texts(model, tokenizer, instructions),
            direction_scale.exp().clamp(max=100),
            alike(instructions),
        )
        optimizer.zero_grad()
        (caption + recipe.direction * direction).backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
        log.add(step, {"caption": caption, "direction": direction, "gradient": norm})
        optimizer.step()
        schedule.step()
        ema.step(trained)
        if (step + 1) % recipe.every == 0 and step + 1 < recipe.steps:
            with WithAveraged(model, ema):
                log.write({"step": step + 1, **measure(model, tokenizer, held_out)})
                save(model, tokenizer, out)
    ema.copy_to(trained)
    save(model, tokenizer, out)
    measures = measure(model, tokenizer, read_pairs(recipe.data, "test", recipe.size))
    write_json(out / "measures.json", measures)
    return measures


def batch_of(
    pairs: CaptionedPairs, chosen: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[torch.Tensor, list[str], list[str]]:
    """Pictures (2B, 3, H, W), sources then edited; their captions; and one wording of each instruction.

    Brightness and contrast vary a little per pair (the same for both); nothing is mirrored, as captions say
    left and right.
    """
    index = np.concatenate([pairs.source[chosen], pairs.edited[chosen]])
    gain = torch.from_numpy(np.tile(rng.uniform(0.9, 1.1, len(chosen)), 2)).float()
    pictures = pixel_values(pairs.pictures[index]) * gain[:, None, None, None]
    captions = [pairs.source_captions[i] for i in chosen] + [pairs.edited_captions[i] for i in chosen]
    instructions = [pairs.wordings[i][rng.integers(len(pairs.wordings[i]))] for i in chosen]
    return pictures, captions, instructions


def pixel_values(pictures: npt.NDArray[np.uint8]) -> torch.Tensor:
    """uint8 (N, H, W, 3) of the tower's size -> float (N, 3, H, W), as the saved image processor makes them."""
    scaled = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255
    return (scaled - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def embed_pictures(model: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """float (N, 3, H, W) -> unit vectors (N, projection)."""
    pooled = model.vision_model(pixel_values=pixels).pooler_output
    return normalize(model.visual_projection(pooled), dim=-1)


def embed_texts(model: CLIPModel, tokenizer: CLIPTokenizer, texts: Sequence[str]) -> torch.Tensor:
    """N sentences -> unit vectors (N, projection). Padded to the longest only: what follows the end is not seen
    by the end, whose state is the sentence's."""
    ids = tokenizer(list(texts), padding="longest", truncation=True, return_tensors="pt").input_ids
    pooled = model.text_model(input_ids=ids).pooler_output
    return normalize(model.text_projection(pooled), dim=-1)


def alike(texts: Sequence[str]) -> torch.Tensor:
    """bool (N, N): pairs of different rows that say the same, which are neither right nor wrong answers."""
    number = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    ids = torch.tensor([number[text] for text in texts])
    return (ids[:, None] == ids[None]) & ~torch.eye(len(ids), dtype=torch.bool)


def contrast(a: torch.Tensor, b: torch.Tensor, scale: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of unit vectors a, b (N, D), row i of one belonging to row i of the other."""
    logits = (scale * a @ b.T).masked_fill(same, -torch.inf)
    target = torch.arange(len(a))
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2


@torch.no_grad()
def measure(model: CLIPModel, tokenizer: CLIPTokenizer, pairs: CaptionedPairs) -> dict[str, float]:
    """R@1 over the distinct captions of a split, both ways; of them chance is 1 / captions. Also how often the
    edited picture is nearer its own caption than the source's is (chance 0.5)."""
    model.eval()
    listed = pairs.captioned()
    seen = _pictures(model, pairs.pictures)
    read = torch.cat(
        [
            embed_texts(model, tokenizer, [caption for _, caption in listed[i : i + 64]])
            for i in range(0, len(listed), 64)
        ]
    )
    shown = seen[[picture for picture, _ in listed]]
    likeness = shown @ read.T
    target = torch.arange(len(listed))
    row = {caption: n for n, (_, caption) in enumerate(listed)}
    own = read[[row[caption] for caption in pairs.edited_captions]]
    other = read[[row[caption] for caption in pairs.source_captions]]
    differs = torch.tensor(
        [a != b for a, b in zip(pairs.source_captions, pairs.edited_captions, strict=True)]
    )
    edited = seen[torch.from_numpy(pairs.edited)]
    nearer = ((edited * own).sum(1) > (edited * other).sum(1))[differs]
    return {
        "image_to_text_r1": float((likeness.argmax(1) == target).float().mean()),
        "text_to_image_r1": float((likeness.argmax(0) == target).float().mean()),
        "chance_r1": 1 / len(listed),
        "captions": float(len(listed)),
        "edited_nearer_own_caption": float(nearer.float().mean()),
    }


def _pictures(model: CLIPModel, pictures: npt.NDArray[np.uint8]) -> torch.Tensor:
    return torch.cat(
        [embed_pictures(model, pixel_values(pictures[i : i + 64])) for i in range(0, len(pictures), 64)]
    )


def save(model: CLIPModel, tokenizer: CLIPTokenizer, out: Path) -> None:
    """Model, tokenizer and image processor in one folder, each opened by its class's `from_pretrained`."""
    size = model.config.vision_config.image_size
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    CLIPImageProcessor(
        size={"height": size, "width": size},
        crop_size={"height": size, "width": size},
        do_center_crop=False,
        image_mean=list(MEAN),
        image_std=list(STD),
    ).save_pretrained(out)
