"""Tiny checkpoints in SD layout and small datasets in our schema."""

# ruff: noqa: E402 (environment and availability of torch come first)

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("accelerate")
torch.set_num_threads(1)
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from small_dataset import row, write_shard

from anyedit.models.tiny import tiny_image_encoder, tiny_unet, write_tiny_base
from anyedit.store.dataset import write_dataset

TYPES = ("color_alter", "add", "tone_transfer", "movement", "visual_bbox", "visual_reference")


def write_pairs(folder: Path, types: tuple[str, ...], count: int, size: int = 32, **cells: Any) -> Path:
    """A build folder whose dataset has `count` train pairs and 6 of validation, types in turn."""
    rows = [
        row(number, types[number % len(types)], "train" if number < count else "validation", size) | cells
        for number in range(count + 6)
    ]
    write_dataset(folder, [write_shard(folder / "05-pairs" / "a.parquet", rows)], lambda _: True, "card")
    return folder


@pytest.fixture(scope="session")
def pairs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 pairs of six types, 32 px."""
    return write_pairs(tmp_path_factory.mktemp("pairs"), TYPES, 40)


@pytest.fixture(scope="session")
def base_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny text-to-image checkpoint in SD layout (4 input channels), with an image encoder."""
    folder = write_tiny_base(tmp_path_factory.mktemp("base"), tiny_unet(in_channels=4))
    tiny_image_encoder().save_pretrained(folder / "image_encoder")
    return folder


@pytest.fixture
def recipe(base_dir: Path, pairs_dir: Path) -> Callable[..., dict[str, Any]]:
    """recipe(stage=1, **settings): a training of six steps on the small pairs."""

    def make(stage: int | str = 1, **settings: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "stage": stage,
            "base": str(base_dir),
            "data": {"sources": [str(pairs_dir)], "resolution": 32, "longest_aspect": 1, "window": 16},
            "experts": {"depth": 1, "queries": 4},
            "steps": 6,
            "batch": 4,
            "optimizer": {"rate": 1e-3, "warmup": 2},
            "log": {"every": 2, "types_every": 3, "trackers": []},
            "checkpoints": {"every": 2, "keep": 2},
            "validation": {"every": 3, "pairs": 4, "pictures": 2, "steps": 2},
        }
        for key, value in settings.items():
            part, _, name = key.partition("__")
            if name:
                told.setdefault(part, {})[name] = value
            else:
                told[part] = value
        return told

    return make
