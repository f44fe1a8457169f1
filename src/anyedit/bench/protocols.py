"""Protocols: what exactly a number means. Frozen objects; presets by name, `...-as-released` beside the right one.

The field's numbers differ by the CLIP model, by what an output is compared with, by caption and by what happens
to black outputs. Each preset says what a publication *says* it measures; `-as-released` repeats what its script
does where that is something else (docs/bench.md explains each).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from anyedit.bench.encoders import CLIP_B32, CLIP_L14, DINO_S16, DINO_V2, Model
from anyedit.bench.items import BenchError, Item
from anyedit.bench.metrics import Against, Column, Metric
from anyedit.bench.metrics.pixels import PixelDistance
from anyedit.bench.metrics.sets import SetDistance
from anyedit.bench.metrics.similarity import DirectionSimilarity, ImageSimilarity, TextSimilarity
from anyedit.bench.suites.captions import FOREIGN, SAME
from anyedit.errors import nearest

Policy = Literal["keep", "drop", "fail"]


@dataclass(frozen=True)
class Protocol:
    """How outputs become numbers.

    size: pixels that both pictures are squashed to first (None: as they are). black, missing: `keep` scores a
    black output as it is and a missing one as black; `drop` leaves it out of the means; `fail` stops. The counts
    are always in the table. captions: items with faulty captions kept, or those with equal captions dropped, or all
    faulty ones. matching: "id"; "unordered" pairs the outputs and targets of a session in an order that is none,
    as a script does that lists directories. split: what the publication used (said, not enforced).
    """

    name: str
    about: str
    metrics: tuple[Metric, ...]
    size: int | None = None
    black: Policy = "keep"
    missing: Policy = "keep"
    captions: Literal["keep", "drop-same", "drop-faulty"] = "keep"
    matching: Literal["id", "unordered"] = "id"
    sets: tuple[SetDistance, ...] = ()
    split: str = ""
    source: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of all metrics. Raises BenchError when two have one key."""
        found = tuple(column for metric in self.metrics for column in metric.columns)
        found += tuple(one.column for one in self.sets)
        if len({column.key for column in found}) != len(found):
            raise BenchError(
                f"protocol {self.name}: two metrics have a column of one name; set `prefix` or `key`"
            )
        return found

    @property
    def models(self) -> tuple[Model, ...]:
        """The networks that it needs."""
        return tuple(
            dict.fromkeys(
                model for m in self.metrics if isinstance(model := getattr(m, "model", None), Model)
            )
        )

    def drops(self, item: Item, faults: Sequence[str]) -> bool:
        """Whether an item is left out for its captions. faults: the rules that the item breaks."""
        if self.captions == "drop-same":
            return SAME in faults
        return self.captions == "drop-faulty" and bool({SAME, FOREIGN} & set(faults))

    def settings(self) -> dict[str, Any]:
        """The whole protocol as plain data, for results and for `anyedit bench protocols`."""
        told = asdict(self)
        told["sets"] = [asdict(one) for one in self.sets]
        told["metrics"] = [{"metric": type(m).__name__, **asdict(m)} for m in self.metrics]  # type: ignore[call-overload]
        return told


def _similarities(
    clip: Model, dino: Model, against: Against, caption: Literal["local", "global"]
) -> tuple[Metric, ...]:
    return (
        ImageSimilarity("clip_im", "CLIPim", clip, against),
        TextSimilarity("clip_out", "CLIPout", clip, caption),
        ImageSimilarity("dino", "DINO", dino, against),
    )


_WITH = {"clip": CLIP_B32, "dino": DINO_S16}
_PIXELS: tuple[Metric, ...] = (
    PixelDistance(("l1", "l2", "psnr", "ssim"), "target-else-source"),
    PixelDistance(("l1", "psnr", "ssim"), "source", "outside", prefix="kept_"),
    PixelDistance(("l1", "l2", "psnr", "ssim"), "target", "inside"),
)
PRESETS: dict[str, Protocol] = {
    preset.name: preset
    for preset in (
        Protocol(
            "pixels",
            "no network: L1, L2, PSNR, SSIM, preservation outside and error inside the mask",
            _PIXELS,
            source="anyedit",
        ),
        Protocol(
            "full",
            "ours: ViT-B/32 and DINO ViT-S/16 against the target (else the source), CLIPdir, pixels, masked",
            (
                *_similarities(CLIP_B32, DINO_S16, "target-else-source", "local"),
                DirectionSimilarity("clip_dir", "CLIPdir", CLIP_B32),
                *_PIXELS,
            ),
            source="anyedit",
        ),
        Protocol(
            "dino-v2",
            "full with DINOv2 in place of DINO",
            (ImageSimilarity("dinov2", "DINO", DINO_V2, "target-else-source"),),
            source="anyedit",
        ),
        Protocol(
            "magicbrush-2023",
            "MagicBrush paper: ViT-B/32, DINO ViT-S/16, local captions, against the target, native size",
            (*_similarities(CLIP_B32, DINO_S16, "target", "local"), PixelDistance(("l1", "l2"), "target")),
            missing="fail",
            source="arXiv 2306.10012, section 4; evaluation/image_eval.py",
        ),
        Protocol(
            "magicbrush-2023-as-released",
            "its script's default caption file: global captions",
            (*_similarities(CLIP_B32, DINO_S16, "target", "global"), PixelDistance(("l1", "l2"), "target")),
            missing="fail",
            source="OSU-NLP-Group/MagicBrush evaluation/image_eval.py (--caption_path default)",
        ),
        Protocol(
            "ultraedit-2024",
            "UltraEdit: ViT-B/32, DINO ViT-S/16; Emu Edit validation split of the generations set, against the source",
            (
                *_similarities(CLIP_B32, DINO_S16, "source", "global"),
                DirectionSimilarity("clip_dir", "CLIPdir", CLIP_B32),
                PixelDistance(("l1", "l2"), "source"),
            ),
            split="validation",
            source="arXiv 2407.05282; its author in issue 18",
        ),
        Protocol(
            "omnigen-2024",
            "OmniGen: ViT-L/14, pictures at 512, captions untouched, against the source",
            (*_similarities(CLIP_L14, DINO_S16, "source", "global"), PixelDistance(("l1",), "source")),
            size=512,
            split="test",
            source="arXiv 2409.11340, Emu Edit table",
        ),
        Protocol(
            "icedit-2025",
            "ICEdit: ViT-L/14, items with equal captions dropped, against the source",
            (*_similarities(CLIP_L14, DINO_S16, "source", "global"), PixelDistance(("l1",), "source")),
            captions="drop-same",
            split="test",
            source="arXiv 2504.20690; its authors in issue 69",
        ),
        Protocol(
            "anyedit-2024",
            "AnyEdit: ViT-B/32, DINO ViT-S/16, against the target (Emu Edit, which has none: the source), local captions",
            (
                *_similarities(CLIP_B32, DINO_S16, "target-else-source", "local"),
                PixelDistance(("l1",), "target-else-source"),
            ),
            black="drop",
            missing="drop",
            split="validation",
            source="arXiv 2411.15738, App. G.7",
        ),
        Protocol(
            "anyedit-2024-emu-as-released",
            "its Emu Edit script: everything against Emu Edit's output, and CLIPout scores Emu Edit's output",
            (
                ImageSimilarity("clip_im", "CLIPim", CLIP_B32, "rival"),
                TextSimilarity("clip_out", "CLIPout", CLIP_B32, "global", scores="rival"),
                ImageSimilarity("dino", "DINO", DINO_S16, "rival"),
                PixelDistance(("l1",), "rival"),
            ),
            black="drop",
            missing="drop",
            split="validation",
            source="weichow23/AnySD anybench/eval/emu_gen_eval.py at eaea4bb",
        ),
        Protocol(
            "anyedit-2024-magicbrush-as-released",
            "its MagicBrush script: outputs and targets matched by directory order",
            (*_similarities(CLIP_B32, DINO_S16, "target", "local"), PixelDistance(("l1", "l2"), "target")),
            black="drop",
            missing="drop",
            matching="unordered",
            source="weichow23/AnySD anybench/eval/utils.py:159,198,271 at eaea4bb",
        ),
        Protocol(
            "anyedit-2024-test-as-released",
            "its AnyEdit-Test script: the target is resized to the output's size",
            (
                *_similarities(CLIP_B32, DINO_S16, "target", "global"),
                PixelDistance(("l1",), "target", resized="reference"),
            ),
            black="drop",
            missing="drop",
            source="weichow23/AnySD anybench/eval/anybench_gen_eval.py at eaea4bb",
        ),
    )
}


def protocol_of(name: str) -> Protocol:
    """A preset by name. Judged ones need a judge: `judging.judged`. Raises BenchError for an unknown name."""
    if name in PRESETS:
        return PRESETS[name]
    for made in _more():
        if made.name == name:
            return made
    raise BenchError(f"no protocol is named '{name}'{nearest(name, protocol_names())}")


def protocol_names() -> tuple[str, ...]:
    """All presets' names, without the judged ones."""
    return (*PRESETS, *(made.name for made in _more()))


def _more() -> tuple[Protocol, ...]:
    """Presets whose metrics build on these modules."""
    from anyedit.bench.metrics.perceptual import Aesthetic, LearnedDistance
    from anyedit.bench.metrics.small import SMALL
    from anyedit.bench.metrics.world import WORLD

    return (
        Protocol(
            "world",
            "World-Test: the type's own gates on the edited picture, progress, preservation",
            (WORLD, *_PIXELS),
            source="anyedit",
        ),
        Protocol(
            "fid",
            "FID and KID of all outputs against all targets (torchmetrics on torch-fidelity's Inception)",
            (),
            sets=(SetDistance("frechet"), SetDistance("kernel")),
            source="arXiv 1706.08500, 1801.01401",
        ),
        Protocol(
            "perceptual",
            "LPIPS and DreamSim to the target (else the source), where they are installed",
            (LearnedDistance("lpips"), LearnedDistance("dreamsim")),
            source="arXiv 1801.03924, 2306.09344",
        ),
        Protocol("aesthetic", "LAION's aesthetic score of the output", (Aesthetic(),), source="LAION"),
        Protocol(
            "small",
            "offline: networks that come in packages, in columns of their own names; pixels",
            (*SMALL, *_PIXELS),
            sets=(SetDistance("frechet", "efficientnet"), SetDistance("kernel", "efficientnet")),
            source="anyedit",
        ),
    )
