"""Training the task classifier: from an instruction's frozen text features to its edit type.

It is small and knows nothing of pictures, so it is trained by itself when a stage is done, on the instructions of all
types whatever the stage's own types are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tasks import TaskClassifier, is_visual
from anyedit.seeds import rng_of
from anyedit.training.features import FrozenEncoders
from anyedit.training.filling import Say, TextFeatures
from anyedit.training.recipe import TrainingRecipe
from anyedit.training.table import PairTable, read_table
from anyedit.types import EDIT_TYPES

MEASURED = 2000
"""Validation instructions that the accuracy is measured on."""


@dataclass(frozen=True)
class Accuracy:
    """Share of right types on the validation split (None when it has no rows), and how often the commonest type
    alone would be right, given whether there is a visual prompt."""

    right: float | None
    commonest: float | None
    rows: int


def train_classifier(
    recipe: TrainingRecipe, pipeline: AnySDPipeline, cache: Path | None, say: Say
) -> tuple[TaskClassifier, Accuracy]:
    """Trains one, and measures it. The types weigh the same however often they occur."""
    told = recipe.classifier
    encoders = FrozenEncoders(pipeline)
    device = encoders.device
    kinds = set(EDIT_TYPES)
    table = read_table(recipe.data, recipe.data.train_split, kinds)
    features = TextFeatures(encoders, cache, recipe.cache.dtype)
    if features.store is not None:
        every = dict.fromkeys(s for row in range(len(table)) for s in table.sentences(row))
        features.fill(list(every), 4 * recipe.cache.batch, say)
        features.refresh()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed + 2)
        classifier = TaskClassifier(int(pipeline.text_encoder.config.hidden_size), told.hidden).to(device)
    optimizer = torch.optim.AdamW(classifier.parameters(), told.rate)
    visual = torch.tensor([is_visual(name) for name in EDIT_TYPES], device=device)
    members = [np.flatnonzero(table.kind == number) for number in np.unique(table.kind)]
    for step in range(told.steps):
        rng = rng_of(recipe.seed, step, "classifier")
        rows = [int(rng.choice(members[int(rng.integers(len(members)))])) for _ in range(told.batch)]
        sentences = [str(rng.choice(table.sentences(row))) for row in rows]
        kind = torch.from_numpy(table.kind[rows]).to(device)
        logits = _logits(classifier, features, encoders, sentences, visual[kind], visual)
        loss = cross_entropy(logits, kind)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 200 == 0 or step + 1 == told.steps:
            say(f"task classifier, step {step + 1} of {told.steps}: cross-entropy {loss.item():.3f}")
    held_out = read_table(recipe.data, recipe.data.validation_split, kinds)
    return classifier, _accuracy(classifier, features, encoders, held_out, table, visual)


def _logits(
    classifier: TaskClassifier,
    features: TextFeatures,
    encoders: FrozenEncoders,
    sentences: Sequence[str],
    given: torch.Tensor,
    visual: torch.Tensor,
) -> torch.Tensor:
    """Logits (B, types), those of types that a visual prompt rules in or out at -inf, as in `predict_types`."""
    tokenizer = encoders.pipeline.tokenizer
    tokens = tokenizer(
        list(sentences), padding="max_length", max_length=tokenizer.model_max_length, truncation=True,
        return_tensors="pt",
    )  # fmt: skip
    known = features.cached(sentences)
    text = encoders.text(sentences) if known is None else torch.from_numpy(known).to(given.device)
    logits = classifier(text[:, :-1], tokens.attention_mask.to(given.device))
    return logits.masked_fill(visual[None] != given[:, None], -torch.inf)


@torch.no_grad()
def _accuracy(
    classifier: TaskClassifier, features: TextFeatures, encoders: FrozenEncoders, held_out: PairTable,
    table: PairTable, visual: torch.Tensor,
) -> Accuracy:  # fmt: skip
    rows = rng_of("classifier", "validation").permutation(len(held_out))[:MEASURED].tolist()
    if not rows:
        return Accuracy(None, None, 0)
    plain = TextFeatures(encoders, None, "float32")
    right = 0
    for start in range(0, len(rows), 64):
        part = rows[start : start + 64]
        kind = torch.from_numpy(held_out.kind[part]).to(visual.device)
        sentences = [held_out.sentences(row)[0] for row in part]
        logits = _logits(classifier, plain, encoders, sentences, visual[kind], visual)
        right += int((logits.argmax(dim=1) == kind).sum())
    counts = np.bincount(table.kind, minlength=len(EDIT_TYPES)).astype(float)
    shown = visual.cpu().numpy()
    common = {bool(has): int(np.where(shown == has, counts, -1).argmax()) for has in (False, True)}
    guess = sum(common[bool(shown[kind])] == kind for kind in held_out.kind[rows].tolist())
    return Accuracy(right / len(rows), guess / len(rows), len(rows))
