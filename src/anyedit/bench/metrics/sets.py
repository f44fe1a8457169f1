"""Distances between two sets of pictures: FID and KID, by torchmetrics' formulas on torch-fidelity's Inception.

Heusel et al. 2017; Binkowski et al. 2018. On other features the same formulas are a Frechet or kernel distance
and carry those features' name: they are not FID. Small sets bias both; the number of pictures is in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.metrics import SHOWN, Against, Column, Pair, reference
from anyedit.bench.metrics.files import say, torchvision_for, weight_file
from anyedit.errors import MissingExtra, pip_install, require_extra
from anyedit.seeds import seed_of

if TYPE_CHECKING:
    from anyedit.bench.features import Features
    from anyedit.bench.items import Picture

INCEPTION = 2048  # features of the pool3 layer, as FID is defined
WEIGHTS = "torch-fidelity/inception"  # what --weights calls its file
SUBSETS, SUBSET = 50, 100  # KID: so many draws of so many pictures (fewer where the set is smaller)


@dataclass(frozen=True)
class SetDistance:
    """FID or KID of all outputs against all references. features: "inception" or "efficientnet"."""

    kind: Literal["frechet", "kernel"]
    features: Literal["inception", "efficientnet"] = "inception"
    against: Against = "target"

    @property
    def column(self) -> Column:
        """Its column."""
        about = f"the set of outputs against the set of references ({SHOWN[self.against]})"
        if self.features == "inception":
            name = "FID" if self.kind == "frechet" else "KID"
            return Column(name.lower(), f"{name} (Inception v3, torch-fidelity)", "lower", about)
        name = f"{self.kind.capitalize()} distance"
        return Column(f"{self.kind}_efficientnet", f"{name} (EfficientNet-Lite0)", "lower", about)

    def measure(self, pairs: Sequence[Pair], features: Features) -> tuple[float | None, int]:
        """The distance and the number of pictures; None for fewer than two."""
        known = [
            (pair.output, ref) for pair in pairs if (ref := reference(pair.item, self.against)) is not None
        ]
        if len(known) < 2:
            return None, len(known)
        of = [self._vectors([pair[k] for pair in known], features) for k in (0, 1)]
        return (frechet(of[1], of[0]) if self.kind == "frechet" else kernel(of[1], of[0])), len(known)

    def _vectors(self, pictures: Sequence[Picture], features: Features) -> npt.NDArray[np.float64]:
        if self.features == "efficientnet":
            from anyedit.bench.metrics.small import engine

            small = engine("efficientnet")

            def one(image: Image.Image) -> npt.NDArray[np.float64]:
                return np.asarray(small.features([np.asarray(image)])[0], np.float64)

            return np.stack(features.numbers(("small", small.version), [(p,) for p in pictures], one))
        network, weights = _inception(features)

        def seen(image: Image.Image) -> npt.NDArray[np.float64]:
            import torch

            pixels = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)[None]
            with torch.inference_mode():
                return np.asarray(network(pixels)[0].double().numpy().ravel(), np.float64)

        return np.stack(features.numbers(("inception", INCEPTION, weights), [(p,) for p in pictures], seen))


def _inception(features: Features) -> tuple[Any, str]:
    """torch-fidelity's own Inception with its own resizing (TensorFlow's), and the hash of its weights.

    torchmetrics wraps the same network, but resizes with antialiasing: its numbers are another quantity.
    """
    torchvision_for("FID and KID")
    try:
        from torch_fidelity import feature_extractor_inceptionv3 as source
    except ImportError as error:
        raise MissingExtra(
            f"FID and KID need torch-fidelity ({error}): {pip_install('metrics')}; the protocol 'small' has set distances on "
            "EfficientNet features"
        ) from None
    file = weight_file(features, WEIGHTS, source.URL_INCEPTION_V3)
    say(features, "Inception", file)
    return _network(source, file.path), file.sha256


@cache
def _network(source: Any, path: Path) -> Any:
    return source.FeatureExtractorInceptionV3("inception-v3-compat", [str(INCEPTION)], str(path))


def _given(width: int) -> Any:
    """A module that passes ready features through: torchmetrics' formulas, our cache."""
    import torch

    class Given(torch.nn.Module):
        num_features = width

        def forward(self, rows: Any) -> Any:
            return rows

    return Given()


def frechet(real: npt.NDArray[np.float64], made: npt.NDArray[np.float64]) -> float:
    """The Frechet distance of two Gaussians fitted to features (N, D), by torchmetrics."""
    import torch

    metric = _torchmetrics("fid").FrechetInceptionDistance(feature=_given(real.shape[1]))
    metric.set_dtype(torch.float64)
    metric.update(torch.from_numpy(real), real=True)
    metric.update(torch.from_numpy(made), real=False)
    return float(metric.compute())


def kernel(real: npt.NDArray[np.float64], made: npt.NDArray[np.float64]) -> float:
    """The kernel distance (unbiased MMD, cubic kernel) of features (N, D): the mean over subsets, by torchmetrics."""
    import torch

    size = min(SUBSET, len(real), len(made))
    metric = _torchmetrics("kid").KernelInceptionDistance(
        feature=_given(real.shape[1]), subsets=SUBSETS, subset_size=size
    )
    metric.update(torch.from_numpy(real).float(), real=True)
    metric.update(torch.from_numpy(made).float(), real=False)
    with torch.random.fork_rng(devices=[]):  # torchmetrics draws its subsets from torch's global generator
        torch.manual_seed(seed_of("bench", "kid", len(real)) >> 1)
        return float(metric.compute()[0])


def _torchmetrics(name: str) -> Any:
    with require_extra("bench", "set distances"):
        import importlib

        return importlib.import_module(f"torchmetrics.image.{name}")
