"""Offline metrics from networks that come in packages (`anyedit[small]`): never called CLIP, DINO or LPIPS.

EfficientNet-Lite0 features (picture against picture), a distance in VGG16's space, ConSE (EfficientNet's classes in
MiniLM's space; picture against caption), and the picture tower of the package's own small editor, where that is here.
They rank alike pictures and nouns; no paper's numbers compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.encoders import weights_hash
from anyedit.bench.metrics import SHOWN, Against, Column, Pair, reference
from anyedit.bench.metrics.similarity import Caption, caption_of, cosine

if TYPE_CHECKING:
    from anyedit.bench.features import Features


@cache
def engine(name: str) -> Any:
    """The small engine of a name, one for the process."""
    if name == "efficientnet":
        from anyedit.engines.small.efficientnet import EfficientNetFeatures

        return EfficientNetFeatures()
    if name == "vgg16":
        from anyedit.engines.small.vgg import PerceptualVGG

        return PerceptualVGG()
    from anyedit.engines.small.conse import Conse

    return Conse()


@dataclass(frozen=True)
class EfficientNetSimilarity:
    """Cosine of EfficientNet-Lite0 features of output and reference."""

    against: Against = "target-else-source"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        about = f"cosine with the {SHOWN[self.against]}"
        return (Column("efficientnet_im", "EfficientNet-Lite0 cosine", "higher", about),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One cosine a pair; None where the item has no such reference."""
        used = engine("efficientnet")

        def one(image: Image.Image) -> npt.NDArray[np.float64]:
            return np.asarray(used.features([np.asarray(image)])[0], np.float64)

        return cosines("efficientnet_im", pairs, self.against, features, ("small", used.version), one)


def cosines(
    key: str,
    pairs: Sequence[Pair],
    against: Against,
    features: Features,
    version: tuple[str, ...],
    vector: Callable[[Image.Image], npt.NDArray[np.float64]],
) -> list[dict[str, float | None]]:
    """Under `key`, the cosine of `vector` of output and reference; `version` names the vectors in the cache."""
    known = [(i, ref) for i, pair in enumerate(pairs) if (ref := reference(pair.item, against)) is not None]
    pictures = [(pairs[i].output,) for i, _ in known] + [(ref,) for _, ref in known]
    made = features.numbers(version, pictures, vector)
    found: list[dict[str, float | None]] = [{key: None} for _ in pairs]
    for (i, _), a, b in zip(known, made[: len(known)], made[len(known) :], strict=True):
        found[i] = {key: cosine(a, b)}
    return found


@dataclass(frozen=True)
class VGGDistance:
    """Mean squared difference of VGG16's normalised feature maps (LPIPS' form without its learned weights)."""

    against: Against = "target-else-source"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        return (Column("vgg16_distance", "VGG16 distance", "lower", f"to the {SHOWN[self.against]}"),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One distance a pair; the output is resized to the reference's size."""
        used = engine("vgg16")
        known = [
            (i, ref)
            for i, pair in enumerate(pairs)
            if (ref := reference(pair.item, self.against)) is not None
        ]

        def one(output: Image.Image, ref: Image.Image) -> npt.NDArray[np.float64]:
            fitted = output if output.size == ref.size else output.resize(ref.size, Image.Resampling.BICUBIC)
            return np.array(used.distances([np.asarray(fitted)], [np.asarray(ref)]), np.float64)

        made = features.numbers(("small", used.version), [(pairs[i].output, ref) for i, ref in known], one)
        found: list[dict[str, float | None]] = [{"vgg16_distance": None} for _ in pairs]
        for (i, _), value in zip(known, made, strict=True):
            found[i] = {"vgg16_distance": float(value[0])}
        return found


@dataclass(frozen=True)
class ConseSimilarity:
    """ConSE score of output and caption (Norouzi et al. 2014): knows nouns, no colours, counts or relations."""

    caption: Caption = "local"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        return (Column("conse_out", "ConSE with the caption", "higher", f"{self.caption} caption"),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One score a pair; None where there is no caption."""
        used = engine("conse")
        found: list[dict[str, float | None]] = []
        for pair in pairs:
            words = caption_of(pair.item, self.caption)
            if not words:
                found.append({"conse_out": None})
                continue

            def one(image: Image.Image, words: str = words) -> npt.NDArray[np.float64]:
                return np.asarray(used.image_text([np.asarray(image)], [words]), np.float64)

            made = features.numbers(("small", used.version, words), [(pair.output,)], one)
            found.append({"conse_out": float(made[0][0])})
        return found


SMALL = (EfficientNetSimilarity(), VGGDistance(), ConseSimilarity())


@cache
def _tower(folder: Path) -> tuple[Any, Any, str]:
    """The picture tower in an editor's folder, its preprocessing, and the hash of both."""
    import torch
    from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

    network = CLIPVisionModelWithProjection.from_pretrained(
        folder / "image_encoder",
        dtype=torch.float32,  # it is shipped in half precision
        use_safetensors=True,
    )
    prepare = CLIPImageProcessor.from_pretrained(folder / "feature_extractor")
    told = [weights_hash(folder / part) for part in ("image_encoder", "feature_extractor")]
    return network.eval(), prepare, "-".join(told)


@dataclass(frozen=True)
class MiniTowerSimilarity:
    """Cosine of output and reference in the projected space of the small editor's picture tower (docs/mini.md).

    Captions are not measured: the folder of an editor holds its text tower without the projection into that space.
    """

    folder: str
    against: Against = "target-else-source"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        about = f"cosine with the {SHOWN[self.against]}; learned from the procedural world only"
        return (Column("mini_im", f"{Path(self.folder).name}'s picture tower cosine", "higher", about),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One cosine a pair; None where the item has no such reference."""
        network, prepare, version = _tower(Path(self.folder))

        def one(image: Image.Image) -> npt.NDArray[np.float64]:
            import torch

            with torch.inference_mode():
                pixels = prepare(images=image, return_tensors="pt").pixel_values
                return np.asarray(network(pixels).image_embeds[0].double().numpy(), np.float64)

        return cosines("mini_im", pairs, self.against, features, ("mini tower", version), one)


def mini_tower() -> tuple[MiniTowerSimilarity, ...]:
    """The metric of the small editor's tower, when this installation has one."""
    from anyedit.models.shipped import SHIPPED

    there = all((SHIPPED / part).is_dir() for part in ("image_encoder", "feature_extractor"))
    return (MiniTowerSimilarity(str(SHIPPED)),) if there else ()
