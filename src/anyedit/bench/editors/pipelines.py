"""Any diffusers editing pipeline, found by capability: `diffusers:ID` takes a prompt and a picture, whatever its class.

No class is listed. What a pipeline can do is read off its `__call__`: the name of its picture argument, whether it
takes lists, which sizes and scales it knows. Settings are passed on and must be arguments of that call.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from anyedit.bench.editors import Failure, Outcome, Request, failure_of
from anyedit.bench.encoders import quiet_loading
from anyedit.bench.items import BenchError
from anyedit.errors import nearest, require_extra

PICTURE = ("image", "input_images", "images")  # names of the source's argument, in order of trust
OPENING = (
    "custom_pipeline",
    "trust_remote_code",
    "dtype",
    "variant",
    "revision",
    "class",
)  # settings of opening, not of the call


@dataclass(frozen=True)
class Capability:
    """How a pipeline is called. picture: its argument. nested: one list of pictures for each prompt (OmniGen)."""

    picture: str
    nested: bool
    placeholder: bool  # the prompt has to name the picture
    arguments: frozenset[str]


def capability_of(pipeline: type | Any) -> Capability | None:
    """None: it cannot edit a picture by a prompt (no such arguments, or it needs a mask or more)."""
    kind = pipeline if inspect.isclass(pipeline) else type(pipeline)
    call = inspect.signature(kind.__call__).parameters
    if "prompt" not in call:
        return None
    picture = next((name for name in PICTURE if name in call), None)
    if picture is None or {"mask_image", "mask"} & set(call):
        return None
    needed = [
        n
        for n, p in call.items()
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and n != "self"
    ]
    if set(needed) - {"prompt", picture}:
        return None
    nested = picture == "input_images"
    return Capability(picture, nested, nested, frozenset(call) - {"self"})


def editing_classes() -> dict[str, Capability]:
    """The pipelines of the installed diffusers that can edit by a prompt, by class name."""
    import diffusers

    found: dict[str, Capability] = {}
    for name in dir(diffusers):
        if not name.endswith("Pipeline") or "Modular" in name:
            continue
        try:
            kind = getattr(diffusers, name)
        except (ImportError, RuntimeError):  # a class of a package that is not installed
            continue
        if inspect.isclass(kind) and (can := capability_of(kind)) is not None:
            found[name] = can
    return found


@dataclass(frozen=True)
class PipelineEditor:
    """An opened pipeline with the settings of its calls."""

    pipeline: Any
    place: str
    can: Capability
    call: Mapping[str, Any]
    told: Mapping[str, Any]

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> PipelineEditor:
        """settings: arguments of the call, and of opening: see OPENING. A custom pipeline needs trust_remote_code."""
        with require_extra("train", "diffusers pipelines"):
            import diffusers
            import torch
        quiet_loading("transformers", "diffusers")
        opening = {key: settings[key] for key in OPENING if key in settings}
        dtype = getattr(torch, str(opening.pop("dtype", "float32")), None)
        if not isinstance(dtype, torch.dtype):
            raise BenchError(f"dtype={settings['dtype']}: float32, float16 or bfloat16 is expected")
        if "custom_pipeline" in opening and opening.get("trust_remote_code") is not True:
            raise BenchError(
                f"custom_pipeline '{opening['custom_pipeline']}' is code that would run on this machine; read it, and "
                "add --set trust_remote_code=true if you trust it"
            )
        kind = getattr(diffusers, str(opening.pop("class", "DiffusionPipeline")), None)
        if kind is None:
            raise BenchError(f"diffusers {diffusers.__version__} has no class '{settings['class']}'")
        try:
            pipeline = kind.from_pretrained(place, dtype=dtype, **opening).to(device)
        except (OSError, ValueError) as error:
            raise BenchError(
                f"diffusers:{place} cannot be opened ({str(error).splitlines()[0][:200]})"
            ) from error
        can = capability_of(pipeline)
        if can is None:
            raise BenchError(
                f"diffusers:{place} is a {type(pipeline).__name__}, which takes no prompt with a picture; editing ones "
                f"here: {', '.join(sorted(editing_classes()))}"
            )
        call = {key: value for key, value in settings.items() if key not in OPENING}
        for key in call:
            if key not in can.arguments:
                raise BenchError(
                    f"{type(pipeline).__name__} has no argument '{key}'{nearest(key, can.arguments)}"
                )
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline, place, can, call, settings)

    @property
    def name(self) -> str:
        """The id's last part."""
        return self.place.rstrip("/").rsplit("/", 1)[-1]

    @property
    def facts(self) -> dict[str, Any]:
        """Class, place, settings."""
        return {"class": type(self.pipeline).__name__, "place": self.place, **self.told}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """One call an item: batches are not open to every pipeline, and one item's failure stays its own."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Outcome:
        import torch

        prompt: Any = request.instruction
        picture: Any = request.source
        if self.can.placeholder:  # OmniGen: the prompt names its pictures, one list for each prompt
            prompt, picture = [f"<img><|image_1|></img> {prompt}"], [[picture]]
        arguments = {"prompt": prompt, self.can.picture: picture, **self.call}
        if "mask_img" in self.can.arguments:  # UltraEdit's: all white is an edit of any place
            arguments.setdefault("mask_img", Image.new("RGB", request.source.size, "white"))
        if "generator" in self.can.arguments:
            arguments["generator"] = torch.Generator("cpu").manual_seed(request.seed)
        try:
            made = self.pipeline(**arguments).images[0]
        except Exception as error:  # whatever a pipeline of another package raises: the run goes on
            return failure_of(type(self.pipeline).__name__, error)
        return made if isinstance(made, Image.Image) else Failure("the pipeline gave no picture")
