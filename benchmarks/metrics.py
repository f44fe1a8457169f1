"""Time for CLIPim + CLIPout + DINO + L1 on the same pairs, against a loop that works as the published script does.

The published way: for each metric in turn, every pair is opened from disk, output and target are encoded one at a
time, and the caption again for every pair. Same weights (random ones in the real sizes: ViT-B/32, ViT-S/16), same
pictures (512 px PNG), one run. Start with: OMP_NUM_THREADS=2 python benchmarks/metrics.py --pairs 500
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
from anyedit.bench.encoders import CLIP_B32, DINO_S16, prepared
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
)


def photograph(seed: int, size: int) -> Image.Image:
    """A picture whose PNG is about as heavy as a photograph's: smooth shapes with grain."""
    rng = np.random.default_rng(seed)
    ground = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize(
        (size, size), Image.Resampling.BICUBIC
    )
    grain = rng.normal(0, 6, (size, size, 1))
    return Image.fromarray(np.clip(np.asarray(ground) + grain, 0, 255).astype(np.uint8))


def write_suite(folder: Path, pairs: int, size: int) -> tuple[Path, Path]:
    """A suite in AnyEdit-Test's layout and a folder of outputs."""
    home, outputs = folder / "suite" / "add", folder / "outputs"
    home.mkdir(parents=True)
    outputs.mkdir()
    told = []
    for number in range(pairs):
        source = photograph(number, size)
        source.save(home / f"{number}-source.png")
        photograph(10_000 + number, size).save(home / f"{number}-target.png")
        photograph(20_000 + number, size).save(outputs / f"add-{number:04d}.png")
        told.append(
            {
                "edit": f"edit {number}",
                "edit_type": "add",
                "input": "before",
                "output": f"a picture of thing {number}",
                "image_file": f"{number}-source.png",
                "edited_file": f"{number}-target.png",
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


@torch.no_grad()
def published_way(suite: Path, outputs: Path, weights: dict[str, str]) -> dict[str, float]:
    """One picture at a time, targets and captions again for every metric."""
    clip = CLIPModel.from_pretrained(weights[CLIP_B32.id]).eval()
    dino = ViTModel.from_pretrained(weights[DINO_S16.id]).eval()
    tokenizer = AutoTokenizer.from_pretrained(weights[CLIP_B32.id])
    told = json.loads((suite / "add" / "edit_result.json").read_text())
    pairs = [
        (outputs / f"add-{n:04d}.png", suite / "add" / e["edited_file"], e["output"])
        for n, e in enumerate(told)
    ]

    def by_clip(path: Path) -> np.ndarray:
        pixels = torch.from_numpy(prepared(Image.open(path).convert("RGB"), CLIP_B32))[None]
        return clip.visual_projection(clip.vision_model(pixels).pooler_output)[0].numpy()

    def by_dino(path: Path) -> np.ndarray:
        pixels = torch.from_numpy(prepared(Image.open(path).convert("RGB"), DINO_S16))[None]
        return dino(pixels).last_hidden_state[0, 0].numpy()

    def by_text(words: str) -> np.ndarray:
        tokens = tokenizer(words, padding="max_length", max_length=77, truncation=True, return_tensors="pt")
        return clip.text_projection(clip.text_model(input_ids=tokens.input_ids).pooler_output)[0].numpy()

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(1 - spatial.distance.cosine(a.astype(np.float64), b.astype(np.float64)))

    found = {"clip_im": 0.0, "clip_out": 0.0, "dino": 0.0, "l1": 0.0}
    for out, target, _ in pairs:
        a = np.asarray(Image.open(out).convert("RGB").resize(Image.open(target).size), np.float32) / 255
        b = np.asarray(Image.open(target).convert("RGB"), np.float32) / 255
        found["l1"] += float(np.abs(a - b).mean(dtype=np.float64))
    for out, target, _ in pairs:
        found["clip_im"] += cosine(by_clip(out), by_clip(target))
    for out, target, _ in pairs:
        found["dino"] += cosine(by_dino(out), by_dino(target))
    for out, target, words in pairs:
        text = by_text(words)
        found["clip_out"] += cosine(by_clip(out), text)
        cosine(by_clip(target), text)  # the script also scores the target, to print it beside
    return {key: value / len(pairs) for key, value in found.items()}


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    """Seconds on the wall, and of CPU of all threads: what other work on the machine does not lengthen."""
    return time.perf_counter() - start[0], time.process_time() - start[1]


def main() -> None:
    """Print the times and how far the means are apart."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=500)
    asked.add_argument("--size", type=int, default=512)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        suite, outputs = write_suite(folder, told.pairs, told.size)
        weights = write_weights(folder / "weights")
        run_suite(str(suite), f"folder:{outputs}", folder / "runs" / "a")
        start = _now()
        published = published_way(suite, outputs, weights)
        seconds = {"published way": _since(start)}
        for name in ("cold cache", "warm cache"):
            encoders._HASHED.clear()  # as in a new process: the weights are hashed again
            start = _now()
            made = score(folder / "runs" / "a", [PROTOCOL], weights=weights)["protocols"]["timed"]["all"]
            seconds[name] = _since(start)
    apart = max(abs(made[key]["value"] - value) for key, value in published.items())
    print(f"{told.pairs} pairs of {told.size} px, {torch.get_num_threads()} threads")
    for name, (wall, cpu) in seconds.items():
        faster = [first / value for first, value in zip(seconds["published way"], (wall, cpu), strict=True)]
        print(f"{name:14} {wall:8.2f} s {faster[0]:7.1f}x   {cpu:8.2f} s of CPU {faster[1]:7.1f}x")
    print(f"largest difference of the means: {apart:.1e}")


if __name__ == "__main__":
    main()
