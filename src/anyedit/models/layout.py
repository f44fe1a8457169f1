"""The published AnySD files: their names, keys and shapes, beside the names that the same weights have
here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

from anyedit.models.experts import AnySDExperts, unet_widths
from anyedit.models.faults import CheckpointError

EXPERT_FILES: dict[str, str] = {
    "global": "global",
    "viewpoint": "viewpoint",
    "visual_bbox": "visual_bbox",
    "visual_depth": "visual_dep",
    "visual_material_transfer": "visual_mat",
    "visual_reference": "visual_ref",
    "visual_scribble": "visual_scr",
    "visual_segment": "visual_seg",
    "visual_sketch": "visual_ske",
}
"""Expert -> file name in `experts/`, without `.bin` (weichow23/AnySD `infer.py`; AnySD layout, section 1)."""

TASK_ROWS: tuple[str, ...] = (
    "background_change",
    "tone_transfer",
    "style_change",
    "movement",
    "resize",
    "outpaint",
    "rotation_change",
    "visual_bbox",
    "visual_depth",
    "visual_material_transfer",
    "visual_reference",
    "visual_scribble",
    "visual_segment",
    "visual_sketch",
)
"""Rows of `experts/task_embs.bin`, a bare tensor (14, 1, 1, width) (AnySD layout, section 3)."""

RESAMPLER = {
    "resampler_queries": 16,
    "resampler_depth": 4,
    "resampler_head_width": 64,
    "resampler_expansion": 4,
}
"""The resampler's shape in the published files (AnySD layout, section 2)."""

_LAYER = {
    "0.norm1.weight": "norm_image.weight",
    "0.norm1.bias": "norm_image.bias",
    "0.norm2.weight": "norm_latents.weight",
    "0.norm2.bias": "norm_latents.bias",
    "0.to_q.weight": "to_q.weight",
    "0.to_kv.weight": "to_kv.weight",
    "0.to_out.weight": "to_out.weight",
    "1.0.weight": "norm_ff.weight",
    "1.0.bias": "norm_ff.bias",
    "1.1.weight": "ff_in.weight",
    "1.3.weight": "ff_out.weight",
}


def expert_keys(unet: UNet2DConditionModel) -> dict[str, str]:
    """Key in an expert's file (as `image_proj.<key>` or `ip_adapter.<key>`) -> name in `AnySDExperts`.

    The number in `ip_adapter.{i}` counts all attention processors of the UNet, self-attention included, in
    the order down, up, mid: cross-attention number n is 2n + 1 where each transformer has one block (layout,
    section 2).
    """
    keys = {"image_proj.latents": "resampler.latents"}
    for name in ("proj_in.weight", "proj_in.bias"):
        keys[f"image_proj.{name}"] = f"resampler.{name}"
    for depth in range(RESAMPLER["resampler_depth"]):
        for published, ours in _LAYER.items():
            keys[f"image_proj.layers.{depth}.{published}"] = f"resampler.layers.{depth}.{ours}"
    for name in ("proj_out.weight", "proj_out.bias", "norm_out.weight", "norm_out.bias"):
        keys[f"image_proj.{name}"] = f"resampler.{name}"
    number = 0
    for index, name in enumerate(unet.attn_processors):
        if name.endswith(".attn2.processor"):
            keys[f"ip_adapter.{index}.to_k_ip.weight"] = f"blocks.{number}.key.weight"
            keys[f"ip_adapter.{index}.to_v_ip.weight"] = f"blocks.{number}.value.weight"
            number += 1
    return keys


def expert_shapes(unet: UNet2DConditionModel, image_width: int) -> dict[str, tuple[int, ...]]:
    """Key in an expert's file -> shape, for this UNet and this hidden size of the image encoder."""
    with torch.device("meta"):
        one = AnySDExperts(*unet_widths(unet), image_width, ["one"], **RESAMPLER)
    state = one.state_dict()
    shapes = {key: tuple(state[ours].shape[1:]) for key, ours in expert_keys(unet).items()}
    return shapes | {"image_proj.latents": (1, *shapes["image_proj.latents"])}


def check_shapes(
    file: Path, found: Mapping[str, tuple[int, ...]], expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Raises CheckpointError with the file and the first key that is missing, of another shape, or too
    many."""
    for key, shape in expected.items():
        if key not in found:
            raise CheckpointError(f"{file}: key '{key}' is missing; expected with shape {shape}")
        if tuple(found[key]) != shape:
            raise CheckpointError(f"{file}: key '{key}' has shape {tuple(found[key])}, expected {shape}")
    for key in found:
        if key not in expected:
            raise CheckpointError(f"{file}: key '{key}' is not in the layout")
