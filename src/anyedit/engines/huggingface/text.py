"""Causal language models: Llama, Qwen, SmolLM and others, also from GGUF files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from anyedit.engines.huggingface.network import Network
from anyedit.engines.huggingface.sampling import decoded
from anyedit.engines.roles import Or, Prompt, Written
from anyedit.engines.structured import said_in_words, written
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EngineError


@dataclass(frozen=True)
class CausalWriter(Network):
    """Role write. gguf: name of a GGUF file in the model's folder or repository (read into full weights).

    tries: how often an answer that does not satisfy its schema is asked for. The decoder is not constrained: for
    that, serve the model with vLLM or llama.cpp and use the openai family.
    """

    gguf: str | None = None
    tries: int = 3
    meter: Meter = field(default_factory=Meter, init=False, compare=False, repr=False)

    def _load(self) -> Any:
        from transformers import AutoModelForCausalLM

        file = {"gguf_file": self.gguf} if self.gguf else {"use_safetensors": True}
        dtype = self.placement[1]
        return AutoModelForCausalLM.from_pretrained(self.folder, dtype=dtype, **file, **self.where).eval()

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        file = {"gguf_file": self.gguf} if self.gguf else {}
        tokenizer = self.opened(
            lambda: AutoTokenizer.from_pretrained(self.folder, padding_side="left", **file, **self.where)
        )
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        return tokenizer

    def write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        """See roles.TextWriter."""
        return written(
            lambda some: self.in_batches(self._write, some), prompts, tries=self.tries, meter=self.meter
        )

    def _write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        if any(prompt.pictures for prompt in prompts):
            return [EngineError(f"{self.version}: a language model sees no pictures") for _ in prompts]
        texts = [self._said(prompt) for prompt in prompts]
        device, _ = self.placement
        special = self._tokenizer.chat_template is None  # a template writes its own
        inputs = self._tokenizer(texts, padding=True, add_special_tokens=special, return_tensors="pt").to(
            device
        )
        inputs.pop("token_type_ids", None)
        with self.running() as network:
            answers = decoded(network, self._tokenizer, inputs, prompts)
        for _, (read, wrote) in answers:
            self.meter.add(Usage(requests=1, input_tokens=read, output_tokens=wrote))
        return [Written(text, None, tokens) for text, tokens in answers]

    def _said(self, prompt: Prompt) -> str:
        asked = said_in_words(prompt)
        if self._tokenizer.chat_template is None:
            return f"{prompt.system}\n\n{asked}\n".lstrip()
        system = [{"role": "system", "content": prompt.system}] if prompt.system else []
        return str(
            self._tokenizer.apply_chat_template(
                [*system, {"role": "user", "content": asked}], tokenize=False, add_generation_prompt=True
            )
        )
