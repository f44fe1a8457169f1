"""Text and vision by chat completions: write (with a JSON schema where one is asked for), caption, answer, judge."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anyedit.engines.openai.client import Server
from anyedit.engines.roles import Or, Prompt, Written
from anyedit.engines.seeing import Seeing
from anyedit.engines.structured import closed, said_in_words, written
from anyedit.errors import EngineError
from anyedit.records import png


@dataclass(frozen=True)
class Chat(Server, Seeing):
    """Roles write, describe and judge.

    structured: how a form is asked for: "json_schema" (the server's decoder keeps to the schema), "json_object"
    (it keeps to JSON), or "words" (only the prompt says it). Whatever is chosen, the answer is checked here.
    tries: how often an answer that does not satisfy its schema is asked for.
    """

    structured: Literal["json_schema", "json_object", "words"] = "json_schema"
    tries: int = 3

    def write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        """See roles.TextWriter."""
        return written(lambda some: self.each(self._one, some), prompts, tries=self.tries, meter=self.meter)

    def _one(self, prompt: Prompt) -> Or[Written]:
        strict = prompt.schema is not None and self.structured == "json_schema"
        text = prompt.text if strict else said_in_words(prompt)
        content: list[dict[str, Any]] = [
            {"type": "image_url", "image_url": {"url": data_url(png(picture))}} for picture in prompt.pictures
        ]
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [
                *([{"role": "system", "content": prompt.system}] if prompt.system else []),
                {"role": "user", "content": [*content, {"type": "text", "text": text}] if content else text},
            ],
            "max_tokens": prompt.most,
            "temperature": prompt.temperature,
            "seed": prompt.seed % 2**31,
        }
        if prompt.schema is not None and self.structured != "words":
            body["response_format"] = (
                {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "strict": True, "schema": closed(prompt.schema)},
                }
                if strict
                else {"type": "json_object"}
            )
        try:
            return self._read(self.post("chat/completions", body))
        except EngineError as error:
            return error

    def _read(self, answer: dict[str, Any]) -> Written:
        try:
            said = answer["choices"][0]["message"]
            text = said.get("content") or said.get("refusal") or ""
            if not isinstance(text, str):  # a list of parts
                text = "".join(part.get("text", "") for part in text)
        except (KeyError, IndexError, TypeError, AttributeError):
            raise EngineError(f"{self.version}: the answer holds no message: {str(answer)[:200]}") from None
        used = answer.get("usage")
        used = used if isinstance(used, dict) else {}
        return Written(
            text, None, (int(used.get("prompt_tokens") or 0), int(used.get("completion_tokens") or 0))
        )


def data_url(data: bytes) -> str:
    """A PNG as a data: address."""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"
