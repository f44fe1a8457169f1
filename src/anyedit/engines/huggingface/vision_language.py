"""Vision-language models: Qwen-VL, LLaVA, InternVL and others with a chat template; BLIP-2 for captions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from PIL import Image

from anyedit.engines.huggingface.network import Network
from anyedit.engines.huggingface.pictures_only import FAMILY, pictures_only
from anyedit.engines.huggingface.sampling import decoded
from anyedit.engines.roles import Or, Prompt, Written
from anyedit.engines.seeing import Seeing, short_answer
from anyedit.engines.structured import said_in_words, written
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EngineError
from anyedit.records import Pixels


@dataclass(frozen=True)
class VisionLanguage(Network, Seeing):
    """Roles describe, judge and write (with pictures). A model without chat template (BLIP-2) captions and answers.

    tries: how often an answer that does not satisfy its schema is asked for.
    """

    batch: int = 4
    tries: int = 3
    meter: Meter = field(default_factory=Meter, init=False, compare=False, repr=False)

    def _load(self) -> Any:
        from transformers import AutoModelForImageTextToText

        dtype = self.placement[1]
        return AutoModelForImageTextToText.from_pretrained(
            self.folder, dtype=dtype, use_safetensors=True, **self.where
        ).eval()

    @cached_property
    def _processor(self) -> Any:
        from transformers import AutoConfig, AutoProcessor
        from transformers.utils import is_torchvision_available

        kind = self.opened(lambda: AutoConfig.from_pretrained(self.folder, **self.where)).model_type
        processor: Any
        if kind in FAMILY and not is_torchvision_available():
            processor = self.opened(lambda: pictures_only(self.folder, self.where))
        else:
            processor = self.opened(lambda: AutoProcessor.from_pretrained(self.folder, **self.where))
        processor.tokenizer.padding_side = "left"
        if processor.tokenizer.pad_token_id is None:
            processor.tokenizer.pad_token = processor.tokenizer.eos_token
        return processor

    @property
    def _talks(self) -> bool:
        """Whether the model has a chat template."""
        return getattr(self._processor, "chat_template", None) is not None

    def write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        """See roles.TextWriter."""
        return written(
            lambda some: self.in_batches(self._write, some), prompts, tries=self.tries, meter=self.meter
        )

    def caption(self, pictures: Sequence[Pixels]) -> list[Or[str]]:
        """See roles.Describer."""
        if self._talks:
            return Seeing.caption(self, pictures)
        asked = [Prompt("", pictures=(p,), most=40, temperature=0) for p in pictures]
        return [_said(answer) for answer in self.write(asked)]

    def answer(self, pictures: Sequence[Pixels], questions: Sequence[str]) -> list[Or[str]]:
        """See roles.Describer."""
        if self._talks:
            return Seeing.answer(self, pictures, questions)
        asked = [
            # BLIP-2's own form (Li et al. 2023, section 4.2).
            Prompt(f"Question: {question} Answer:", pictures=(picture,), most=16, temperature=0)
            for picture, question in zip(pictures, questions, strict=True)
        ]
        return [short_answer(_said(answer)) for answer in self.write(asked)]

    def _write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        if not self._talks and any(prompt.schema or len(prompt.pictures) != 1 for prompt in prompts):
            return [EngineError(f"{self.version}: has no chat template: it captions and answers only")] * len(
                prompts
            )
        device, dtype = self.placement
        pictures = [[Image.fromarray(picture) for picture in prompt.pictures] for prompt in prompts]
        flat = [picture for some in pictures for picture in some]
        nested: Any = pictures if self._talks and flat else flat or None
        inputs = self._processor(
            images=nested, text=[self._text(prompt) for prompt in prompts], padding=True, return_tensors="pt"
        ).to(device)
        for name, value in inputs.items():
            if value.is_floating_point():
                inputs[name] = value.to(dtype)
        with self.running() as network:
            answers = decoded(network, self._processor.tokenizer, inputs, prompts)
        for _, (read, wrote) in answers:
            self.meter.add(Usage(requests=1, input_tokens=read, output_tokens=wrote))
        return [Written(text, None, tokens) for text, tokens in answers]

    def _text(self, prompt: Prompt) -> str:
        if not self._talks:
            return prompt.text
        content = [
            *({"type": "image"} for _ in prompt.pictures),
            {"type": "text", "text": said_in_words(prompt)},
        ]
        system = (
            [{"role": "system", "content": [{"type": "text", "text": prompt.system}]}]
            if prompt.system
            else []
        )
        return str(
            self._processor.apply_chat_template(
                [*system, {"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
            )
        )


def _said(answer: Or[Written]) -> Or[str]:
    return answer if isinstance(answer, EngineError) else " ".join(answer.text.split())
