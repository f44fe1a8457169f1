"""Time for CLIPim + CLIPout + DINO + L1 on the same pairs, against a loop that works as the published script does.

The published way (anybench/eval/utils.py, after MagicBrush's image_eval.py): for each metric in turn, every pair is
opened from disk, its output is looked at for being black, output and reference are encoded one at a time, and CLIPout
encodes both pictures again beside the caption. Same weights (random ones in the real sizes: ViT-B/32, ViT-S/16), same
pictures (512 px PNG), one process, one run.

--edits-per-reference N: how many pairs share a reference picture. 1: every output has a reference of its own
(MagicBrush, AnyEdit-Test). 7: Emu Edit's seven tasks on each source picture, which outputs are compared with.
Start with: OMP_NUM_THREADS=2 python benchmarks/metrics.py --pairs 500
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import spatial
from transformers import AutoTokenizer, CLIPConfig, CLIPModel, ViTConfig, ViTModel

from anyedit.bench import encoders
from anyedit.bench.encoders import CLIP_B32, DINO_S16, Encoder, prepared
from anyedit.bench.metrics.pixels import PixelDistance
from anyedit.bench.metrics.similarity import ImageSimilarity, TextSimilarity
from anyedit.bench.protocol import Protocol
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score
from anyedit.models.tiny import tiny_tokenizer

PROTOCOL = Protocol(
    "timed",
    "CLIPim, CLIPout, DINO, L1",
    (
        ImageSimilarity("clip_im", "CLIPim", CLIP_B32, "target"),
        TextSimilarity("clip_out", "CLIPout", CLIP_B32, "global"),
        ImageSimilarity("dino", "DINO", DINO_S16, "target"),
        PixelDistance(("l1",), "target"),
    ),
    black="drop",
)


def photograph(seed: int, size: int) -> Image.Image:
    """A picture whose PNG is about as heavy as a photograph's: smooth shapes with grain."""
    rng = np.random.default_rng(seed)
    ground = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize(
        (size, size), Image.Resampling.BICUBIC
    )
    grain = rng.normal(0, 6, (size, size, 1))
    return Image.fromarray(np.clip(np.asarray(ground) + grain, 0, 255).astype(np.uint8))


def write_suite(folder: Path, pairs: int, size: int, shared: int) -> tuple[Path, Path]:
    """A suite in AnyEdit-Test's layout, `shared` pairs a reference picture, and a folder of outputs."""
    home, outputs = folder / "suite" / "add", folder / "outputs"
    home.mkdir(parents=True)
    outputs.mkdir()
    told = []
    for number in range(pairs):
        of = number // shared
        if number % shared == 0:
            photograph(10_000 + of, size).save(home / f"{of}-reference.png")
        photograph(20_000 + number, size).save(outputs / f"add-{number:04d}.png")
        told.append(
            {
                "edit": f"edit {number}",
                "edit_type": "add",
                "input": "before",
                "output": f"a picture of thing {number}",
                "image_file": f"{of}-reference.png",  # only what is compared with is read
                "edited_file": f"{of}-reference.png",
            }
        )
    (home / "edit_result.json").write_text(json.dumps(told))
    return folder / "suite", outputs


def write_weights(folder: Path) -> dict[str, str]:
    """Random weights in the real sizes."""
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    text = dict(vocab_size=49408, eos_token_id=tokenizer.eos_token_id, bos_token_id=tokenizer.bos_token_id)
    CLIPModel(CLIPConfig(text_config=text)).save_pretrained(folder / "clip")  # the defaults are ViT-B/32's
    tokenizer.model_max_length = 77
    tokenizer.save_pretrained(folder / "clip")
    small = ViTConfig(hidden_size=384, intermediate_size=1536, num_hidden_layers=12, num_attention_heads=6)
    ViTModel(small).save_pretrained(folder / "dino")
    return {CLIP_B32.id: str(folder / "clip"), DINO_S16.id: str(folder / "dino")}


class Counted:
    """How many pictures and texts went through networks."""

    def __init__(self) -> None:
        self.clip = self.dino = self.texts = 0

    def __str__(self) -> str:
        return f"forwards: {self.clip} CLIP, {self.dino} DINO, {self.texts} captions"


@torch.no_grad()
def published_way(suite: Path, outputs: Path, weights: dict[str, str], counted: Counted) -> dict[str, float]:
    """One picture at a time, references and captions again for every metric."""
    clip = CLIPModel.from_pretrained(weights[CLIP_B32.id]).eval()
    dino = ViTModel.from_pretrained(weights[DINO_S16.id]).eval()
    tokenizer = AutoTokenizer.from_pretrained(weights[CLIP_B32.id])
    told = json.loads((suite / "add" / "edit_result.json").read_text())
    pairs = [
        (outputs / f"add-{n:04d}.png", suite / "add" / e["edited_file"], e["output"])
        for n, e in enumerate(told)
    ]

    def black(path: Path) -> bool:
        return bool(np.all(np.array(Image.open(path)) == [0, 0, 0]))

    def by_clip(path: Path) -> np.ndarray:
        counted.clip += 1
        pixels = torch.from_numpy(prepared(Image.open(path).convert("RGB"), CLIP_B32))[None]
        return clip.visual_projection(clip.vision_model(pixels).pooler_output)[0].numpy()

    def by_dino(path: Path) -> np.ndarray:
        counted.dino += 1
        pixels = torch.from_numpy(prepared(Image.open(path).convert("RGB"), DINO_S16))[None]
        return dino(pixels).last_hidden_state[0, 0].numpy()

    def by_text(words: str) -> np.ndarray:
        counted.texts += 1
        tokens = tokenizer(words, padding="max_length", max_length=77, truncation=True, return_tensors="pt")
        return clip.text_projection(clip.text_model(input_ids=tokens.input_ids).pooler_output)[0].numpy()

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(1 - spatial.distance.cosine(a.astype(np.float64), b.astype(np.float64)))

    found = {"clip_im": 0.0, "clip_out": 0.0, "dino": 0.0, "l1": 0.0}
    for out, target, _ in pairs:
        if not black(out):
            a = np.asarray(Image.open(out).convert("RGB").resize(Image.open(target).size), np.float32) / 255
            b = np.asarray(Image.open(target).convert("RGB"), np.float32) / 255
            found["l1"] += float(np.abs(a - b).mean(dtype=np.float64))
    for out, target, _ in pairs:
        if not black(out):
            found["clip_im"] += cosine(by_clip(out), by_clip(target))
    for out, target, _ in pairs:
        if not black(out):
            found["dino"] += cosine(by_dino(out), by_dino(target))
    for out, target, words in pairs:
        if not black(out):
            made, other = by_clip(out), by_clip(target)
            text = by_text(words)
            found["clip_out"] += cosine(made, text)
            cosine(other, text)  # the script also scores the target, to print it beside
    return {key: value / len(pairs) for key, value in found.items()}


def counting(counted: Counted) -> None:
    """Count what our encoders are given."""
    images, texts = Encoder.images, Encoder.texts

    def seen(self: Encoder, batch: np.ndarray) -> np.ndarray:
        if self.model.family == "clip":
            counted.clip += len(batch)
        else:
            counted.dino += len(batch)
        return images(self, batch)

    def read(self: Encoder, batch: list[str]) -> np.ndarray:
        counted.texts += len(batch)
        return texts(self, batch)

    Encoder.images, Encoder.texts = seen, read  # type: ignore[method-assign,assignment]


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    """Seconds on the wall, and of CPU of all threads: what other work on the machine does not lengthen."""
    return time.perf_counter() - start[0], time.process_time() - start[1]


def main() -> None:
    """Print the times, the forwards, and how far the means are apart."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=500)
    asked.add_argument("--size", type=int, default=512)
    asked.add_argument("--edits-per-reference", type=int, default=1)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        suite, outputs = write_suite(folder, told.pairs, told.size, told.edits_per_reference)
        weights = write_weights(folder / "weights")
        run_suite(str(suite), f"folder:{outputs}", folder / "runs" / "a")
        counts = {name: Counted() for name in ("published way", "cold cache", "warm cache")}
        start = _now()
        published = published_way(suite, outputs, weights, counts["published way"])
        seconds = {"published way": _since(start)}
        ours = Counted()
        counting(ours)
        for name in ("cold cache", "warm cache"):
            ours.clip = ours.dino = ours.texts = 0
            encoders._HASHED.clear()  # as in a new process: the weights are hashed again
            start = _now()
            made = score(folder / "runs" / "a", [PROTOCOL], weights=weights)["protocols"]["timed"]["all"]
            seconds[name] = _since(start)
            counts[name].clip, counts[name].dino, counts[name].texts = ours.clip, ours.dino, ours.texts
    apart = max(abs(made[key]["value"] - value) for key, value in published.items())
    print(
        f"{told.pairs} pairs of {told.size} px, {told.edits_per_reference} a reference, "
        f"{torch.get_num_threads()} threads"
    )
    for name, (wall, cpu) in seconds.items():
        faster = [first / value for first, value in zip(seconds["published way"], (wall, cpu), strict=True)]
        print(
            f"{name:14} {wall:8.2f} s {faster[0]:7.1f}x   {cpu:8.2f} s of CPU {faster[1]:7.1f}x   {counts[name]}"
        )
    print(f"largest difference of the means: {apart:.1e}")


if __name__ == "__main__":
    main()
