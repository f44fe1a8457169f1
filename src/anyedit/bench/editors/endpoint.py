"""Image-edit endpoints that speak the OpenAI interface, hosted or self-served: `openai:MODEL`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from PIL import Image

from anyedit.bench.editors import Failure, Outcome, Request
from anyedit.bench.items import BenchError
from anyedit.engines.openai.pictures import Pictures
from anyedit.engines.roles import Instructed
from anyedit.errors import EngineError, nearest


@dataclass(frozen=True)
class EndpointEditor:
    """The engine that builds use, under test. A visual prompt cannot be sent and is left out, which facts say."""

    engine: Pictures
    settings: dict[str, Any]

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> EndpointEditor:
        """settings: base_url, key (the NAME of the environment variable), timeout, retries, concurrency, prices,
        sizes, extra."""
        known = {f.name for f in fields(Pictures) if f.init} - {"model"}
        for key in settings:
            if key not in known:
                raise BenchError(f"editor openai has no setting '{key}'{nearest(key, known)}")
        chosen = dict(settings)
        if "sizes" in chosen:
            chosen["sizes"] = tuple(chosen["sizes"])
        return cls(Pictures(model=place, **chosen), settings)

    @property
    def name(self) -> str:
        """The model."""
        return self.engine.model

    @property
    def facts(self) -> dict[str, Any]:
        """Model, server and settings; the key is not among them."""
        return {"engine": self.engine.version, "visual_prompt": "not sent", **self.settings}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """As many at once as `concurrency` says; an error of the server is a failure of its item."""
        jobs = [Instructed(np.asarray(r.source, np.uint8), r.instruction, r.seed % 2**31) for r in requests]
        return [
            Failure(str(made)) if isinstance(made, EngineError) else Image.fromarray(made)
            for made in self.engine.follow(jobs)
        ]
