"""Learned distances and the aesthetic score, where their packages or weights are: LPIPS, DreamSim, LAION aesthetics."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.items import BenchError
from anyedit.bench.metrics import SHOWN, Against, Column, Pair, reference
from anyedit.bench.metrics.files import say, torchvision_for, weight_file
from anyedit.errors import MissingExtra, pip_install

if TYPE_CHECKING:
    from anyedit.bench.features import Features

Distance = Callable[[Image.Image, Image.Image], float]
ALEXNET = "lpips/alexnet"  # what --weights calls LPIPS' trunk: torchvision's file of AlexNet
DREAMSIM = "dreamsim"  # what --weights calls the folder of DreamSim's checkpoints


@cache
def _lpips(trunk: Path) -> Distance:
    """LPIPS v0.1 with its own linear layers (in the package) on a trunk's weights."""
    import lpips
    import torch

    net = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False).eval()
    weights = torch.load(trunk, map_location="cpu", weights_only=True)
    for number in range(1, net.net.N_slices + 1):
        for index, layer in getattr(net.net, f"slice{number}").named_children():
            try:
                own = {name: weights[f"features.{index}.{name}"] for name, _ in layer.named_parameters()}
                layer.load_state_dict(own)
            except (KeyError, RuntimeError) as error:
                raise BenchError(f"{trunk} is no AlexNet as torchvision keeps it ({error})") from None

    def measured(one: Image.Image, other: Image.Image) -> float:
        a, b = (
            torch.from_numpy(np.asarray(i).copy()).permute(2, 0, 1)[None] / 127.5 - 1 for i in (one, other)
        )
        with torch.inference_mode():
            return float(net(a, b))

    return measured


@cache
def _dreamsim(folder: Path, variant: str) -> Distance:
    """DreamSim from the checkpoints in a folder; the package fetches them there when they lack."""
    import torch
    from dreamsim import dreamsim

    folder.mkdir(parents=True, exist_ok=True)
    hub = torch.hub.get_dir()
    try:
        net, prepare = dreamsim(pretrained=True, device="cpu", cache_dir=str(folder), dreamsim_type=variant)
    except OSError as error:
        raise BenchError(
            f"DreamSim's checkpoints, or the code of DINO that its package takes from torch hub, are not in {folder} and "
            f"cannot be fetched ({error}); run it once with a network and name the folder: --weights {DREAMSIM}=FOLDER"
        ) from None
    finally:
        torch.hub.set_dir(hub)  # the package moves it

    def measured(one: Image.Image, other: Image.Image) -> float:
        with torch.inference_mode():
            return float(net(prepare(one), prepare(other)))

    return measured


@dataclass(frozen=True)
class LearnedDistance:
    """LPIPS (Zhang et al. 2018) or DreamSim (Fu et al. 2023) of output and reference."""

    kind: Literal["lpips", "dreamsim"] = "lpips"
    against: Against = "target-else-source"
    variant: str = "ensemble"  # of DreamSim, as its package names them

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        label = "LPIPS (AlexNet)" if self.kind == "lpips" else f"DreamSim ({self.variant})"
        return (Column(self.kind, label, "lower", f"to the {SHOWN[self.against]}"),)

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One distance a pair; the output is resized to the reference's size."""
        measure, named = self._opened(features)
        known = [
            (i, ref)
            for i, pair in enumerate(pairs)
            if (ref := reference(pair.item, self.against)) is not None
        ]

        def one(output: Image.Image, ref: Image.Image) -> npt.NDArray[np.float64]:
            if size is not None:
                ref = ref.resize((size, size), Image.Resampling.BICUBIC)
            fitted = output if output.size == ref.size else output.resize(ref.size, Image.Resampling.BICUBIC)
            return np.array([measure(fitted, ref)], np.float64)

        made = features.numbers((self.kind, *named, size), [(pairs[i].output, ref) for i, ref in known], one)
        found: list[dict[str, float | None]] = [{self.kind: None} for _ in pairs]
        for (i, _), value in zip(known, made, strict=True):
            found[i] = {self.kind: float(value[0])}
        return found

    def _opened(self, features: Features) -> tuple[Distance, tuple[str, ...]]:
        """The measure, and what names it in the cache. Raises MissingExtra without its packages."""
        vision = torchvision_for(self.columns[0].label)
        try:
            package = version(self.kind)
        except PackageNotFoundError:
            raise MissingExtra(f"{self.kind} is not installed: {pip_install('metrics')}") from None
        if self.kind == "lpips":
            file = weight_file(features, ALEXNET, vision.models.AlexNet_Weights.IMAGENET1K_V1.url)
            say(features, "LPIPS", file)
            return _lpips(file.path), (package, file.sha256)
        import torch

        folder = Path(features.place(DREAMSIM) or Path(torch.hub.get_dir()) / "dreamsim")
        measure = _dreamsim(folder, self.variant)
        told = _contents(folder)
        features.journal.facts["DreamSim"] = {"variant": self.variant, "checkpoints": told}
        return measure, (package, self.variant, told)


def _contents(folder: Path) -> str:
    """What a folder of checkpoints holds: SHA-256 over names and contents."""
    whole = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".zip"):
        with file.open("rb") as handle:
            whole.update(
                f"{file.relative_to(folder)}={hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode()
            )
    return whole.hexdigest()[:16]


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
        if not Path(head).is_file():
            raise BenchError(f"--weights {HEAD}={head}: there is no such file")
        from anyedit.engines.huggingface.clip import Aesthetics

        scorer = Aesthetics(model=features.place(self.clip) or self.clip, head=head, device=features.device)

        def one(image: Image.Image) -> npt.NDArray[np.float64]:
            return np.asarray(scorer.aesthetic([np.asarray(image)]), np.float64)

        with open(head, "rb") as handle:
            own = hashlib.file_digest(handle, "sha256").hexdigest()
        made = features.numbers(("aesthetic", scorer.version, own), [(pair.output,) for pair in pairs], one)
        return [{"aesthetic": float(value[0])} for value in made]
