"""Does an editor do better than nothing? Its edits of held-out pairs beside three answers that need no editing.

The true target is known, so each answer has a mean absolute difference to it inside the edited mask and
outside, and a likeness in the small CLIP's space. "edit" is what the editor's network gives, "detailed" the same with
the source's detail kept (`anyedit.models.detail`), as `anyedit edit` writes it. The trivial answers: the source
unchanged; the source through the autoencoder (what a network that changes nothing can reach at best); the same editor
without the instruction (text guidance 0), plain and detailed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from anyedit.errors import StoreError
from anyedit.models.pipeline import AnySDPipeline
from anyedit.records import pixels_of
from anyedit.seeds import seed_of
from anyedit.store.dataset import iter_rows
from anyedit.types import EDIT_TYPES, GROUP_OF

Pixels = npt.NDArray[np.uint8]
ANSWERS = ("edit", "detailed", "source", "autoencoder", "no_instruction", "no_instruction_detailed")
COLUMNS = (
    "id", "source", "edited", "mask", "visual_prompt", "instruction", "edit_type", "turn", "relation",
)  # fmt: skip


@dataclass(frozen=True)
class HeldOutPair:
    """One test pair: pictures uint8 (S, S, 3), mask bool (S, S) true where edited, prompt a picture or None."""

    id: str
    edit_type: str
    instruction: str
    source: Pixels
    target: Pixels
    mask: npt.NDArray[np.bool_]
    prompt: Pixels | None


@dataclass(frozen=True)
class Score:
    """One answer to one pair. inside, outside: mean |answer - target| in [0, 1] where the mask is and is not
    (nan where there is no such pixel). likeness: cosine of the small CLIP's embeddings of answer and target."""

    id: str
    edit_type: str
    answer: str
    inside: float
    outside: float
    likeness: float


@dataclass(frozen=True)
class Settings:
    """How an editor is asked. The three scales as in `AnySDPipeline`; seeds are by pair, from `seed`."""

    steps: int = 1
    image: float = 1.0
    text: float = 2.0
    visual: float = 1.0
    seed: int = 0
    batch: int = 16
    types_given: bool = True
    """Whether the editor is told the edit type, as training told it; else it predicts it."""


def read_heldout(folders: Sequence[str | Path], per_type: int, split: str = "test") -> list[HeldOutPair]:
    """The first `per_type` pairs of each of the 25 types, in the datasets' order; compositions are left out.

    Raises StoreError when the split is empty.
    """
    taken: dict[str, list[HeldOutPair]] = {name: [] for name in EDIT_TYPES}
    for folder in folders:
        for row in iter_rows(Path(folder), COLUMNS, split):
            held = taken.get(row["edit_type"])
            if held is not None and len(held) < per_type:
                held.append(_pair(row))
    pairs = [pair for name in EDIT_TYPES for pair in taken[name]]
    if not pairs:
        raise StoreError(f"{', '.join(map(str, folders))}: no pair in the split '{split}'")
    return pairs


def _pair(row: dict[str, Any]) -> HeldOutPair:
    prompt = row["visual_prompt"]
    return HeldOutPair(
        row["id"],
        row["edit_type"],
        row["instruction"],
        pixels_of(row["source"]["bytes"]),
        pixels_of(row["edited"]["bytes"]),
        pixels_of(row["mask"]["bytes"]) > 127,
        None if prompt is None else _rgb(pixels_of(prompt["bytes"])),
    )


def _rgb(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def edit_pairs(
    editor: AnySDPipeline,
    pairs: Sequence[HeldOutPair],
    settings: Settings,
    with_instruction: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> list[Pixels]:
    """The editor's answers, uint8 (S, S, 3) each. Each pair has noise of its own: batches change nothing."""
    editor.set_progress_bar_config(disable=True)
    reads_prompts = editor.experts is not None
    answers: list[Pixels] = []
    for start in range(0, len(pairs), settings.batch):
        part = pairs[start : start + settings.batch]
        shown = [Image.fromarray(p.prompt) if p.prompt is not None and reads_prompts else None for p in part]
        made = editor(
            [p.instruction for p in part],
            [Image.fromarray(p.source) for p in part],
            visual_prompt=shown,
            edit_type=[p.edit_type for p in part] if settings.types_given and reads_prompts else None,
            num_inference_steps=settings.steps,
            image_guidance_scale=settings.image,
            text_guidance_scale=settings.text if with_instruction else 0.0,
            visual_guidance_scale=settings.visual,
            generator=[_noise(settings.seed, p.id) for p in part],
            output_type="np",
        ).images
        answers += [np.asarray(np.rint(picture * 255), np.uint8) for picture in np.asarray(made)]
        say(f"{start + len(part)} of {len(pairs)} edits")
    return answers


def _noise(seed: int, name: str) -> torch.Generator:
    return torch.Generator().manual_seed(seed_of(seed, name, "edit") % 2**63)


@torch.no_grad()
def embeddings(editor: AnySDPipeline, pictures: Sequence[Pixels], batch: int = 64) -> torch.Tensor:
    """Unit vectors (N, D) of pictures in the space of the editor's image encoder."""
    rows = []
    for start in range(0, len(pictures), batch):
        shown = [Image.fromarray(picture) for picture in pictures[start : start + batch]]
        pixels = editor.feature_extractor(images=shown, return_tensors="pt").pixel_values
        rows.append(editor.image_encoder(pixels).image_embeds)
    return torch.nn.functional.normalize(torch.cat(rows).float(), dim=-1)


def score_answers(
    pairs: Sequence[HeldOutPair], answer: str, pictures: Sequence[Pixels], scorer: AnySDPipeline
) -> list[Score]:
    """One Score per pair. scorer: the editor whose image encoder measures likeness (the same for all answers)."""
    own = embeddings(scorer, pictures)
    wanted = embeddings(scorer, [pair.target for pair in pairs])
    likeness = (own * wanted).sum(dim=1).tolist()
    return [
        Score(pair.id, pair.edit_type, answer, *differences(picture, pair.target, pair.mask), alike)
        for pair, picture, alike in zip(pairs, pictures, likeness, strict=True)
    ]


def differences(picture: Pixels, target: Pixels, mask: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Mean |picture - target| over all channels in [0, 1], inside and outside the mask; nan of no pixel."""
    off = np.abs(picture.astype(np.float64) - target).mean(axis=2) / 255
    inside = float(off[mask].mean()) if mask.any() else float("nan")
    return inside, float(off[~mask].mean()) if (~mask).any() else float("nan")


@dataclass(frozen=True)
class Line:
    """One line of the table: a type, a group or "all", over `pairs` pairs; answer -> (inside, outside,
    likeness) means. better: answer -> share of pairs whose answer is nearer the target inside the mask than the source."""

    name: str
    pairs: int
    means: dict[str, tuple[float, float, float]]
    better: dict[str, float]


def table(scores: Sequence[Score]) -> list[Line]:
    """Lines by type, then by group, then of all."""
    lines = []
    for name in (*EDIT_TYPES, *dict.fromkeys(GROUP_OF.values()), "all"):
        own = [s for s in scores if name in (s.edit_type, GROUP_OF[s.edit_type], "all")]
        if own:
            lines.append(_line(name, own))
    return lines


def _line(name: str, scores: Sequence[Score]) -> Line:
    by_answer: dict[str, list[Score]] = {}
    for score in scores:
        by_answer.setdefault(score.answer, []).append(score)
    means = {
        answer: (
            float(np.mean([s.inside for s in own])),
            _mean([s.outside for s in own]),
            float(np.mean([s.likeness for s in own])),
        )
        for answer, own in by_answer.items()
    }
    source = {s.id: s.inside for s in by_answer.get("source", [])}
    better = {
        answer: float(np.mean([s.inside < source[s.id] for s in own])) if source else float("nan")
        for answer, own in by_answer.items()
        if answer in ("edit", "detailed")
    }
    return Line(name, len(next(iter(by_answer.values()))), means, better)


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if value == value]
    return float(np.mean(known)) if known else float("nan")


def markdown(lines: Sequence[Line]) -> dict[str, str]:
    """Three tables in Markdown: L1 "inside" the mask with the shares of pairs better than the source, L1 "outside",
    and "likeness"."""
    answers = [name for name in ANSWERS if name in lines[0].means]
    tables = {}
    for number, measure in enumerate(("inside", "outside", "likeness")):
        shares = [name for name in lines[0].better if measure == "inside"]
        head = ["", "pairs", *answers, *(f"{name} better than source" for name in shares)]
        rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        for line in lines:
            cells = [_number(line.means[answer][number]) for answer in answers]
            cells += [f"{line.better[name]:.0%}" for name in shares]
            rows.append("| " + " | ".join([line.name, str(line.pairs), *cells]) + " |")
        tables[measure] = "\n".join(rows) + "\n"
    return tables


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"


def write_scores(scores: Sequence[Score], file: Path) -> None:
    """One CSV row per answer and pair."""
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "edit_type", "answer", "inside", "outside", "likeness"])
        for s in scores:
            writer.writerow(
                [s.id, s.edit_type, s.answer, f"{s.inside:.5f}", f"{s.outside:.5f}", f"{s.likeness:.5f}"]
            )


def read_scores(file: Path) -> list[Score]:
    """What `write_scores` wrote."""
    with file.open(newline="") as text:
        return [
            Score(
                row["id"],
                row["edit_type"],
                row["answer"],
                *(float(row[k]) for k in ("inside", "outside", "likeness")),
            )
            for row in csv.DictReader(text)
        ]
