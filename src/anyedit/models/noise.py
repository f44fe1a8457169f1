"""The model that training sees: a UNet and its experts as one module, from latents and conditions to
predicted noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from diffusers import UNet2DConditionModel
from torch import nn

from anyedit.models.attention import install_expert_attention
from anyedit.models.experts import AnySDExperts
from anyedit.models.faults import InputError
from anyedit.models.router import RouterOutput
from anyedit.models.tasks import NULL_TASK


@dataclass(frozen=True)
class AnySDNoise:
    """`sample` float (B, 4, h, w), the UNet's prediction; `router` None without experts or with weights
    given."""

    sample: torch.Tensor
    router: RouterOutput | None


class AnySDModel(nn.Module):
    """UNet (8 input channels: noisy latents || source latents) with experts, or without: then it is
    InstructPix2Pix.

    Holds no state of its own; save `model.unet` and `model.experts` with their `save_pretrained`.
    """

    def __init__(self, unet: UNet2DConditionModel, experts: AnySDExperts | None = None) -> None:
        super().__init__()
        install_expert_attention(unet)
        self.unet = unet
        self.experts = experts

    def forward(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        text: torch.Tensor,
        visual: torch.Tensor | None = None,
        visual_of: torch.Tensor | None = None,
        task: torch.Tensor | None = None,
        pooled: torch.Tensor | None = None,
        expert_weights: torch.Tensor | None = None,
        drop_visual: torch.Tensor | None = None,
    ) -> AnySDNoise:
        """One forward pass of a batch that may mix types, visual prompts and none.

        latents: (B, 8, h, w), noisy target latents (scaled) joined with the source's (mode of the VAE, not
        scaled). timestep: int (B,) or scalar. text: (B, 77, width). With experts also visual: (V, L, image
        width), CLIP's hidden states [-2] of distinct pictures, picture 0 the null one; visual_of: int (B,), 0
        for items without; task: int (B,) as `task_ids`; pooled: (B, width), the undropped instruction's
        pooled features, for the learned router; expert_weights: (B, E) instead of the router's; drop_visual:
        bool (B,) items trained with the null visual prompt and no task token (their expert stays). Raises
        InputError when a condition is missing.
        """
        if self.experts is None:
            return AnySDNoise(self.unet(latents, timestep, text, return_dict=False)[0], None)
        if visual is None or visual_of is None or task is None:
            raise InputError(
                "a model with experts needs `visual`, `visual_of` and `task` (picture 0 = no visual prompt)"
            )
        router = None
        if expert_weights is None:
            if pooled is None and self.experts.learns_routing:
                raise InputError("a learned router needs `pooled`, the instruction's pooled text features")
            router = self.experts.route(task, pooled)
            expert_weights = router.weights
        if drop_visual is not None:
            visual_of = visual_of.masked_fill(drop_visual, 0)
            task = task.masked_fill(drop_visual, NULL_TASK)
        key_values = self.experts(visual, visual_of, task, expert_weights)
        sample = self.unet(
            latents, timestep, text, cross_attention_kwargs={"experts": key_values}, return_dict=False
        )[0]
        return AnySDNoise(cast(torch.Tensor, sample), router)
