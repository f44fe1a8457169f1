"""Our own checkpoints: AnySD with experts, SD-1.5 editors without, the published AnySD layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.editors import Outcome, Request, failure_of
from anyedit.bench.encoders import quiet_loading
from anyedit.bench.items import BenchError
from anyedit.errors import nearest, require_extra
from anyedit.types import canonical_type

SETTINGS: dict[str, Any] = {
    "num_inference_steps": 100,
    "size": 512,
    "guidance": "published",
    "image_guidance_scale": None,
    "text_guidance_scale": None,
    "visual_guidance_scale": None,
    "tell_type": True,
    "base": None,
    "dtype": "float32",
}
SCALES = ("image_guidance_scale", "text_guidance_scale", "visual_guidance_scale")
STEP = 8  # pixels: the autoencoder's factor


@dataclass(frozen=True)
class CheckpointEditor:
    """`anyedit.models.load_editor` under test. size: longer side in pixels, aspect kept (None: as the source is)."""

    pipeline: Any
    place: str
    settings: dict[str, Any]
    name: str

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> CheckpointEditor:
        """settings: see SETTINGS. tell_type: the suite's edit type is given to the editor, not predicted."""
        for key in settings:
            if key not in SETTINGS:
                raise BenchError(f"a checkpoint has no setting '{key}'{nearest(key, SETTINGS)}")
        chosen = {**SETTINGS, **settings}
        with require_extra("train", "editing"):
            import torch

            from anyedit.models import load_editor
        dtype = getattr(torch, str(chosen["dtype"]), None)
        if not isinstance(dtype, torch.dtype):
            raise BenchError(f"dtype={chosen['dtype']}: float32, float16 or bfloat16 is expected")
        quiet_loading("transformers", "diffusers")
        pipeline = load_editor(place, dtype, device, chosen["base"])
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline, place, chosen, Path(place).name)

    @property
    def facts(self) -> dict[str, Any]:
        """Where the weights are and how it samples."""
        from anyedit.bench.encoders import weights_hash

        folder = Path(self.place)
        return {
            "checkpoint": self.place,
            "weights": weights_hash(folder) if folder.is_dir() else "hub",
            **self.settings,
        }

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """Requests of one size go through the pipeline together, each with its own generator."""
        import torch

        sized: dict[tuple[int, int], list[int]] = {}
        pictures = [self._sized(request) for request in requests]
        for index, picture in enumerate(pictures):
            sized.setdefault(picture.size, []).append(index)
        made: dict[int, Outcome] = {}
        for indices in sized.values():
            of = [requests[i] for i in indices]
            types = [canonical_type(r.item.edit_type) if self.settings["tell_type"] else None for r in of]
            try:
                result = self.pipeline(
                    [request.instruction for request in of],
                    [pictures[i] for i in indices],
                    visual_prompt=[request.visual_prompt for request in of],
                    edit_type=types if any(types) else None,
                    num_inference_steps=int(self.settings["num_inference_steps"]),
                    guidance=self.settings["guidance"],
                    image_guidance_scale=self.settings["image_guidance_scale"],
                    text_guidance_scale=self.settings["text_guidance_scale"],
                    visual_guidance_scale=self.settings["visual_guidance_scale"],
                    generator=[torch.Generator("cpu").manual_seed(request.seed) for request in of],
                )
            except Exception as error:  # out of memory, a size or text that the networks cannot take
                if len(requests) == 1:
                    return [failure_of(self.name, error)]
                # asked again one at a time, so that one request takes no other along
                raise BenchError(f"{self.name}: {type(error).__name__}: {str(error)[:300]}") from error
            made.update(zip(indices, result.images, strict=True))
        return [made[index] for index in range(len(requests))]

    def _sized(self, request: Request):  # type: ignore[no-untyped-def]
        width, height = request.source.size
        longest = self.settings["size"]
        scale = 1.0 if longest is None else int(longest) / max(width, height)
        size = tuple(max(STEP, round(side * scale / STEP) * STEP) for side in (width, height))
        return request.source if size == (width, height) else request.source.resize(size)
