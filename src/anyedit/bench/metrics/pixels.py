"""Pixel metrics on [0, 1]: L1, L2, PSNR, SSIM (scikit-image), over the picture, outside and inside the mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.encoders import FILTERS
from anyedit.bench.metrics import SHOWN, Against, Column, Direction, Pair, reference
from anyedit.errors import require_extra

if TYPE_CHECKING:
    from anyedit.bench.features import Features
    from anyedit.bench.items import Picture

Kind = Literal["l1", "l2", "psnr", "ssim"]
Region = Literal["whole", "outside", "inside"]
NAMES: dict[str, tuple[str, Direction]] = {
    "l1": ("L1", "lower"),
    "l2": ("L2", "lower"),
    "psnr": ("PSNR", "higher"),
    "ssim": ("SSIM", "higher"),
}
WHERE = {"whole": "", "outside": " outside the mask", "inside": " inside the mask"}
PSNR_MOST = 100.0  # dB; equal pictures have no finite PSNR, and a mean needs one
WINDOW = (
    7  # SSIM's default window (Wang et al. 2004 use 11 with Gaussian weights; scikit-image's default is 7)
)


@dataclass(frozen=True)
class PixelDistance:
    """L1 / L2 / PSNR / SSIM of output and reference.

    against: the picture compared with. region: of the item's mask. resized: which of the two is brought to the
    other's size, by `resample` (the published scripts: PIL's default, bicubic). prefix: before the column's key.
    """

    kinds: tuple[Kind, ...] = ("l1", "l2")
    against: Against = "target"
    region: Region = "whole"
    resized: Literal["output", "reference"] = "output"
    resample: str = "bicubic"
    prefix: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column a kind."""
        suffix = "" if self.region == "whole" else f"_{self.region}"
        return tuple(
            Column(
                f"{self.prefix}{kind}{suffix}",
                f"{NAMES[kind][0]}{WHERE[self.region]}",
                NAMES[kind][1],
                f"against the {SHOWN[self.against]}; the {self.resized} resized ({self.resample})",
            )
            for kind in self.kinds
        )

    def ready(self) -> None:
        """Raises MissingExtra where SSIM is asked for and scikit-image is not installed."""
        if "ssim" in self.kinds:
            _ssim()

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """The values of every pair; None without reference, or without mask where one is needed."""
        masked = self.region != "whole"
        groups: list[tuple[Picture, ...]] = []
        index: list[int] = []
        for i, pair in enumerate(pairs):
            ref = reference(pair.item, self.against)
            if ref is None or (masked and pair.item.mask is None):
                continue
            index.append(i)
            groups.append(
                (pair.output, ref, pair.item.mask) if masked and pair.item.mask else (pair.output, ref)
            )
        made = features.numbers(
            ("pixels", self.kinds, self.region, self.resized, self.resample, size, 1),
            groups,
            self._distances(size),
        )
        keys = [column.key for column in self.columns]
        found: list[dict[str, float | None]] = [dict.fromkeys(keys) for _ in pairs]
        for i, values in zip(index, made, strict=True):
            found[i] = {key: None if np.isnan(v) else float(v) for key, v in zip(keys, values, strict=True)}
        return found

    def _distances(self, size: int | None):  # type: ignore[no-untyped-def]
        def measured(
            output: Image.Image, ref: Image.Image, mask: Image.Image | None = None
        ) -> npt.NDArray[np.float64]:
            chosen = FILTERS[self.resample]
            if size is not None:
                output, ref = (image.resize((size, size), chosen) for image in (output, ref))
            if self.resized == "output" and output.size != ref.size:
                output = output.resize(ref.size, chosen)
            elif output.size != ref.size:
                ref = ref.resize(output.size, chosen)
            a, b = (np.asarray(image, np.float32) / np.float32(255) for image in (output, ref))
            where = None if mask is None else self._inside(mask, output.size)
            return np.array([distance(kind, a, b, where) for kind in self.kinds], np.float64)

        return measured

    def _inside(self, mask: Image.Image, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
        grey = mask.convert("L")
        if grey.size != size:
            grey = grey.resize(size, Image.Resampling.NEAREST)
        edited = np.asarray(grey) > 127
        return edited if self.region == "inside" else ~edited


def _ssim() -> Any:
    with require_extra("bench", "SSIM"):
        from skimage.metrics import structural_similarity
    return structural_similarity


def distance(
    kind: Kind, a: npt.NDArray[np.float32], b: npt.NDArray[np.float32], where: npt.NDArray[np.bool_] | None
) -> float:
    """One measure of two float pictures (H, W, 3) on [0, 1], over the pixels of `where` (None: all).

    NaN where no pixel is chosen. PSNR of equal pictures is 100 dB. SSIM of a region is the mean of the SSIM map
    there.
    """
    if where is not None and not where.any():
        return float("nan")
    if kind == "ssim":
        ssim = _ssim()
        window = min(WINDOW, min(a.shape[:2]) // 2 * 2 - 1)
        whole, smap = ssim(a, b, channel_axis=2, data_range=1.0, full=True, win_size=window)
        return float(whole) if where is None else float(smap.mean(-1)[where].mean())
    step = a - b if where is None else a[where] - b[where]
    if kind == "l1":
        return float(np.abs(step, dtype=np.float32).mean(dtype=np.float64))
    squared = float(np.square(step, dtype=np.float32).mean(dtype=np.float64))
    if kind == "l2":
        return squared
    return PSNR_MOST if squared <= 10 ** (-PSNR_MOST / 10) else float(-10 * np.log10(squared))
