"""Learned distances and the aesthetic score, where their packages or weights are: LPIPS, DreamSim, LAION aesthetics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.items import BenchError
from anyedit.bench.metrics import SHOWN, Against, Column, Pair, reference
from anyedit.errors import MissingExtra

if TYPE_CHECKING:
    from anyedit.bench.features import Features


@cache
def _network(kind: str) -> Any:
    """(callable on two PIL pictures, version)."""
    from importlib.metadata import version

    try:
        import torch

        if kind == "lpips":
            import lpips

            net = lpips.LPIPS(net="alex", verbose=False).eval()

            def by_lpips(one: Image.Image, other: Image.Image) -> float:
                a, b = (
                    torch.from_numpy(np.asarray(i).copy()).permute(2, 0, 1)[None] / 127.5 - 1
                    for i in (one, other)
                )
                with torch.inference_mode():
                    return float(net(a, b))

            return by_lpips, f"lpips {version('lpips')} (AlexNet)"
        from dreamsim import dreamsim

        net, prepare = dreamsim(pretrained=True, device="cpu")

        def by_dreamsim(one: Image.Image, other: Image.Image) -> float:
            with torch.inference_mode():
                return float(net(prepare(one), prepare(other)))

        return by_dreamsim, f"dreamsim {version('dreamsim')}"
    except ImportError as error:
        raise MissingExtra(f"{kind} is not installed ({error}): pip install {kind}") from None


@dataclass(frozen=True)
class LearnedDistance:
    """LPIPS (Zhang et al. 2018) or DreamSim (Fu et al. 2023) of output and reference."""

    kind: Literal["lpips", "dreamsim"] = "lpips"
    against: Against = "target-else-source"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        label = {"lpips": "LPIPS (AlexNet)", "dreamsim": "DreamSim"}[self.kind]
        return (Column(self.kind, label, "lower", f"to the {SHOWN[self.against]}"),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One distance a pair; the output is resized to the reference's size."""
        measure, version = _network(self.kind)
        known = [
            (i, ref)
            for i, pair in enumerate(pairs)
            if (ref := reference(pair.item, self.against)) is not None
        ]

        def one(output: Image.Image, ref: Image.Image) -> npt.NDArray[np.float64]:
            fitted = output if output.size == ref.size else output.resize(ref.size, Image.Resampling.BICUBIC)
            return np.array([measure(fitted, ref)], np.float64)

        made = features.numbers((self.kind, version), [(pairs[i].output, ref) for i, ref in known], one)
        found: list[dict[str, float | None]] = [{self.kind: None} for _ in pairs]
        for (i, _), value in zip(known, made, strict=True):
            found[i] = {self.kind: float(value[0])}
        return found


HEAD = "laion/aesthetic-head"  # what --weights calls the predictor's file


@dataclass(frozen=True)
class Aesthetic:
    """The LAION aesthetic score of the output (about 1 to 10), by the engine that builds use (CLIP ViT-L/14)."""

    clip: str = "openai/clip-vit-large-patch14"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        return (Column("aesthetic", "aesthetic (LAION predictor)", "higher", "of the output alone"),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One score a pair. Raises BenchError when the predictor's file was not named."""
        head = features.place(HEAD)
        if head is None:
            raise BenchError(f"the aesthetic score needs the predictor's weights: --weights {HEAD}=FILE")
        from anyedit.engines.huggingface.clip import Aesthetics

        scorer = Aesthetics(model=features.place(self.clip) or self.clip, head=head, device=features.device)

        def one(image: Image.Image) -> npt.NDArray[np.float64]:
            return np.asarray(scorer.aesthetic([np.asarray(image)]), np.float64)

        made = features.numbers(("aesthetic", scorer.version, head), [(pair.output,) for pair in pairs], one)
        return [{"aesthetic": float(value[0])} for value in made]
