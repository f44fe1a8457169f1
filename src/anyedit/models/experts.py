"""The experts: for each, a resampler of visual prompts and a second key/value set in every cross-attention
block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from diffusers import ConfigMixin, ModelMixin, UNet2DConditionModel
from diffusers.configuration_utils import register_to_config
from diffusers.utils.accelerate_utils import apply_forward_hook
from torch import nn

from anyedit.models.attention import ExpertKeyValue, KeyValues, cross_attention_names
from anyedit.models.dispatch import group
from anyedit.models.faults import CheckpointError
from anyedit.models.resampler import ResamplerBank
from anyedit.models.router import (
    PUBLISHED_EXPERTS,
    LearnedRouter,
    RouterOutput,
    Routing,
    TableRouter,
    published_table,
)
from anyedit.models.tasks import NULL_TASK, TASKS, TaskEmbeddings


class AnySDExperts(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """E experts beside one frozen UNet, with task embeddings and routing.

    expert_names: E names. block_channels: the hidden size of each cross-attention of the UNet, in the order
    of `cross_attention_names`. text_width: the UNet's cross-attention width, also that of all tokens.
    image_width: CLIP's hidden size. resampler_of_expert: which resampler each expert uses (None: one each;
    all zeros: one shared). routing: "table" by `expert_of_type`, or "learned" with `top_k` experts per item.
    The rest is the resampler's shape.
    """

    config_name = "config.json"
    _supports_gradient_checkpointing = False

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        block_channels: Sequence[int],
        text_width: int = 768,
        image_width: int = 1280,
        expert_names: Sequence[str] = PUBLISHED_EXPERTS,
        expert_of_type: Mapping[str, str] | None = None,
        routing: Routing = "table",
        top_k: int = 1,
        pooled_width: int | None = None,
        router_hidden: int = 256,
        resampler_of_expert: Sequence[int] | None = None,
        resampler_queries: int = 16,
        resampler_depth: int = 4,
        resampler_head_width: int = 64,
        resampler_expansion: int = 4,
    ) -> None:
        super().__init__()
        count = len(expert_names)
        own = list(range(count)) if resampler_of_expert is None else list(resampler_of_expert)
        if not 1 <= top_k <= count:
            raise CheckpointError(
                f"experts: top_k is {top_k}, with {count} experts it must be from 1 to {count}"
            )
        if len(own) != count or sorted(set(own)) != list(range(len(set(own)))):
            raise CheckpointError(
                f"experts: resampler_of_expert is {own}; it needs {count} numbers that start at 0"
                " and leave none out"
            )
        table = expert_of_type
        if table is None:
            table = {task: expert for task, expert in published_table().items() if expert in expert_names}
        self.tasks = TaskEmbeddings(text_width)
        self.router: TableRouter | LearnedRouter
        if routing == "learned":
            self.router = LearnedRouter(text_width, pooled_width or text_width, count, top_k, router_hidden)
        else:
            self.router = TableRouter(expert_names, table)
        self.resampler = ResamplerBank(
            len(set(own)), image_width, text_width, resampler_queries, resampler_depth, resampler_head_width,
            resampler_expansion,
        )  # fmt: skip
        self.blocks = nn.ModuleList(ExpertKeyValue(count, text_width, hidden) for hidden in block_channels)
        self.register_buffer("resampler_number", torch.tensor(own), persistent=False)

    @classmethod
    def for_unet(cls, unet: UNet2DConditionModel, image_width: int, **settings: Any) -> AnySDExperts:
        """Fresh experts for a UNet: K' and V' start as copies of its text K and V (AnySD layout, section
        2)."""
        attentions = [unet.get_submodule(name) for name in cross_attention_names(unet)]
        experts: AnySDExperts = cls(*unet_widths(unet), image_width, **settings)
        with torch.no_grad():
            for block, attn in zip(experts.blocks, attentions, strict=True):
                cast(ExpertKeyValue, block).key.weight.copy_(attn.to_k.weight)
                cast(ExpertKeyValue, block).value.weight.copy_(attn.to_v.weight)
        return experts

    @property
    def names(self) -> list[str]:
        """Names of the experts, in the order of their weights."""
        return list(cast(Any, self.config).expert_names)

    @property
    def learns_routing(self) -> bool:
        """Whether expert weights come from the learned router (which reads the instruction) or from the
        table."""
        return isinstance(self.router, LearnedRouter)

    @apply_forward_hook  # type: ignore[untyped-decorator]
    def route(self, task: torch.Tensor, pooled: torch.Tensor | None = None) -> RouterOutput:
        """Expert weights: task int (B,) in the order of `TASKS`, pooled float (B, pooled width) the
        instruction's."""
        if isinstance(self.router, TableRouter):
            return cast(RouterOutput, self.router(task))
        return cast(RouterOutput, self.router(self.tasks(task), pooled))

    def forward(
        self, visual: torch.Tensor, visual_of: torch.Tensor, task: torch.Tensor, weights: torch.Tensor
    ) -> KeyValues | None:
        """K' and V' of every cross-attention block for N rows; None when no row has an expert.

        visual: CLIP's penultimate hidden states of V distinct pictures (V, L, image width); picture 0 is the
        null one (zeros after normalisation). visual_of: int (N,), the picture of each row. task: int (N,),
        `NULL_TASK` for a zero token. weights: float (N, E), the router's times the visual scale; they end up
        in V'. Only distinct (expert, picture) pairs are resampled and only distinct (expert, picture, task)
        projected.
        """
        slots = int((weights != 0).sum(dim=1).max())
        if slots == 0:
            return None
        expert = weights.abs().topk(slots, dim=1).indices  # (N, k)
        weight = weights.gather(1, expert)
        expert = torch.where(weight == 0, expert.flatten()[weight.abs().argmax()], expert)

        # 1. tokens: resampled picture, task first
        pictures = visual.shape[0]
        pair = expert * pictures + visual_of[:, None]
        pair, pair_of = torch.unique(pair, return_inverse=True)
        resamplers = group(cast(torch.Tensor, self.resampler_number)[pair // pictures])
        image_tokens = resamplers.put_back(
            self.resampler(resamplers.take(visual[pair % pictures]), resamplers.members)
        )
        count = len(TASKS) + 1
        triple = pair_of * count + (task[:, None] - NULL_TASK)
        triple, triple_of = torch.unique(triple, return_inverse=True)
        task_token = self.tasks(triple % count + NULL_TASK).to(image_tokens.dtype).unsqueeze(1)
        tokens = torch.cat([task_token, image_tokens[triple // count]], dim=1)  # (M, 1 + queries, width)

        # 2. keys and values, expert by expert in one product, then back to the rows
        groups = group(pair[triple // count] // pictures)
        grouped = groups.take(tokens)
        scale = weight[..., None, None].to(tokens.dtype)  # (N, k, 1, 1)
        projected = (cast(ExpertKeyValue, block)(grouped, groups) for block in self.blocks)
        return [(key[triple_of], value[triple_of] * scale) for key, value in projected]


def unet_widths(unet: UNet2DConditionModel) -> tuple[list[int], int]:
    """Hidden size of each cross-attention, in the order of `cross_attention_names`, and the width of the
    text."""
    weights = [unet.get_submodule(name).to_k.weight for name in cross_attention_names(unet)]
    return [int(weight.shape[0]) for weight in weights], int(weights[0].shape[1])
