"""A processor of Qwen-VL's pictures without its videos, for machines without torchvision (whose video half needs it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FAMILY = ("qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe")
PLACE = "<|image_pad|>"


@dataclass
class PicturesOnly:
    """Pictures by the family's image processor, words by its tokenizer; each picture's place is as long as its patches.

    Source: the family's own processors (one token for merge_size x merge_size patches).
    """

    images: Any
    tokenizer: Any
    chat_template: Any

    def __call__(
        self, images: Sequence[Sequence[Any]] | None, text: Sequence[str], padding: bool, return_tensors: str
    ) -> Any:
        """The network's inputs, as its own processor gives them."""
        from transformers import BatchFeature

        flat = [picture for some in images or () for picture in some]
        seen = dict(self.images(images=flat, return_tensors=return_tensors)) if flat else {}
        lengths = [int(grid.prod()) // self.images.merge_size**2 for grid in seen.get("image_grid_thw", ())]
        said = []
        for words in text:
            parts = words.split(PLACE)
            places = [PLACE * lengths.pop(0) for _ in parts[1:]]
            said.append("".join(part + place for part, place in zip(parts, [*places, ""], strict=True)))
        inputs = dict(self.tokenizer(said, padding=padding, return_tensors=return_tensors))
        inputs.pop("token_type_ids", None)
        here = self.tokenizer.convert_tokens_to_ids(PLACE)
        inputs["mm_token_type_ids"] = (inputs["input_ids"] == here).int()
        return BatchFeature({**inputs, **seen})

    def apply_chat_template(self, messages: Any, **settings: Any) -> Any:
        """See transformers' processors."""
        return self.tokenizer.apply_chat_template(messages, chat_template=self.chat_template, **settings)


def pictures_only(folder: str, where: dict[str, Any]) -> PicturesOnly:
    """The processor of a checkpoint of the family."""
    from transformers import AutoImageProcessor, AutoTokenizer
    from transformers.utils import cached_file

    tokenizer = AutoTokenizer.from_pretrained(folder, **where)
    template = tokenizer.chat_template
    if template is None:
        with open(str(cached_file(folder, "chat_template.jinja", **where))) as file:
            template = file.read()
    return PicturesOnly(AutoImageProcessor.from_pretrained(folder, **where), tokenizer, template)
