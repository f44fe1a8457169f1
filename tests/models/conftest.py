"""Tiny randomly initialised checkpoints, made with the libraries' own classes and loaded as real ones are."""

# ruff: noqa: E402 (environment and availability of torch come first)

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
torch.set_num_threads(1)

from anyedit.models.experts import AnySDExperts
from anyedit.models.layout import EXPERT_FILES, RESAMPLER, TASK_ROWS
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tiny import IMAGE_WIDTH, TEXT_WIDTH, tiny_image_encoder, tiny_unet, write_tiny_base


@pytest.fixture(scope="session")
def base_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny InstructPix2Pix checkpoint in SD-1.5's layout."""
    return write_tiny_base(tmp_path_factory.mktemp("base"))


def random_expert_file(seed: int) -> dict[str, dict[str, torch.Tensor]]:
    """One expert in the published layout, its keys and shapes written out as the layout document lists
    them."""
    g = torch.Generator().manual_seed(seed)

    def rand(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=g) * 0.2

    width, image = TEXT_WIDTH, IMAGE_WIDTH
    proj = {"latents": rand(1, 16, width), "proj_in.weight": rand(width, image), "proj_in.bias": rand(width)}
    for d in range(4):
        for norm in ("0.norm1", "0.norm2", "1.0"):
            proj[f"layers.{d}.{norm}.weight"] = 1 + rand(width)
            proj[f"layers.{d}.{norm}.bias"] = rand(width)
        proj[f"layers.{d}.0.to_q.weight"] = rand(width, width)
        proj[f"layers.{d}.0.to_kv.weight"] = rand(2 * width, width)
        proj[f"layers.{d}.0.to_out.weight"] = rand(width, width)
        proj[f"layers.{d}.1.1.weight"] = rand(4 * width, width)
        proj[f"layers.{d}.1.3.weight"] = rand(width, 4 * width)
    proj |= {"proj_out.weight": rand(width, width), "proj_out.bias": rand(width)}
    proj |= {"norm_out.weight": 1 + rand(width), "norm_out.bias": rand(width)}
    hidden = {1: 8, 3: 8, 5: 8, 7: 16}  # down 0, up 1 twice, then mid
    adapter = {}
    for index, size in hidden.items():
        adapter[f"{index}.to_k_ip.weight"] = rand(size, width)
        adapter[f"{index}.to_v_ip.weight"] = rand(size, width)
    return {"image_proj": proj, "ip_adapter": adapter}


@pytest.fixture(scope="session")
def published_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random checkpoint in the exact published AnySD layout."""
    folder = tmp_path_factory.mktemp("published")
    tiny_unet().save_pretrained(folder / "unet")
    tiny_image_encoder().save_pretrained(folder / "image_encoder")
    (folder / "experts").mkdir()
    for seed, file in enumerate(EXPERT_FILES.values()):
        torch.save(random_expert_file(seed), folder / "experts" / f"{file}.bin")
    rows = torch.randn(len(TASK_ROWS), 1, 1, TEXT_WIDTH, generator=torch.Generator().manual_seed(99))
    torch.save(rows, folder / "experts" / "task_embs.bin")
    return folder


@pytest.fixture
def learned_experts() -> AnySDExperts:
    """Three experts with a learned router (two per item), one resampler shared by the first two."""
    torch.manual_seed(7)
    experts = AnySDExperts.for_unet(
        tiny_unet(), IMAGE_WIDTH, expert_names=["a", "b", "c"], routing="learned", top_k=2,
        resampler_of_expert=[0, 0, 1], **RESAMPLER,
    )  # fmt: skip
    for parameter in experts.blocks.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return experts


@pytest.fixture(scope="session")
def pipe_dir(base_dir: Path, published_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published checkpoint, imported."""
    from anyedit.models import import_anysd

    return import_anysd(published_dir, tmp_path_factory.mktemp("imported") / "pipe", base=base_dir)


@pytest.fixture(scope="session")
def editor(pipe_dir: Path) -> AnySDPipeline:
    """The imported checkpoint, opened. Tests must not change it."""
    from anyedit.models import load_editor

    pipeline = load_editor(pipe_dir)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.fixture(scope="session")
def picture() -> Callable[..., Image.Image]:
    """picture(seed, height=32, width=32): a picture of noise."""

    def make(seed: int, height: int = 32, width: int = 32) -> Image.Image:
        return Image.fromarray(
            np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
        )

    return make
