"""The protocols by name, `...-as-released` beside the right one.

The field's numbers differ by the CLIP model, by what an output is compared with, by caption and by what happens
to black outputs. Each preset says what a publication *says* it measures; `-as-released` repeats what its script
does where that is something else (docs/bench.md explains each).
"""

from __future__ import annotations

from typing import Literal

from anyedit.bench.encoders import CLIP_B32, CLIP_L14, DINO_S16, DINO_V2, DINO_V3, Model
from anyedit.bench.items import BenchError
from anyedit.bench.metrics import Against, Metric
from anyedit.bench.metrics.masked import Masked
from anyedit.bench.metrics.pixels import PixelDistance
from anyedit.bench.metrics.sets import SetDistance
from anyedit.bench.metrics.similarity import DirectionSimilarity, ImageSimilarity, TextSimilarity
from anyedit.bench.protocol import Protocol
from anyedit.errors import nearest


def _similarities(
    clip: Model, dino: Model, against: Against, caption: Literal["local", "global"]
) -> tuple[Metric, ...]:
    return (
        ImageSimilarity("clip_im", "CLIPim", clip, against),
        TextSimilarity("clip_out", "CLIPout", clip, caption),
        ImageSimilarity("dino", "DINO", dino, against),
    )


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
            reference="target-else-source",
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
            reference="target-else-source",
            source="anyedit",
        ),
        Protocol(
            "masked",
            "CLIP and DINO with the rest painted grey: inside the mask against the target, outside against the source",
            (
                *(Masked(metric) for metric in _similarities(CLIP_B32, DINO_S16, "target", "local")),
                Masked(DirectionSimilarity("clip_dir", "CLIPdir", CLIP_B32)),
                Masked(ImageSimilarity("kept_clip_im", "CLIPim", CLIP_B32, "source"), "outside"),
                Masked(ImageSimilarity("kept_dino", "DINO", DINO_S16, "source"), "outside"),
            ),
            source="anyedit",
        ),
        Protocol(
            "dino-v2",
            "DINOv2 in place of DINO",
            (ImageSimilarity("dinov2", "DINO", DINO_V2, "target-else-source"),),
            reference="target-else-source",
            source="anyedit",
        ),
        Protocol(
            "dino-v3",
            "DINOv3 in place of DINO",
            (ImageSimilarity("dinov3", "DINO", DINO_V3, "target-else-source"),),
            reference="target-else-source",
            source="anyedit",
        ),
        Protocol(
            "magicbrush-2023",
            "MagicBrush paper: ViT-B/32, DINO ViT-S/16, local captions, against the target, native size",
            (*_similarities(CLIP_B32, DINO_S16, "target", "local"), PixelDistance(("l1", "l2"), "target")),
            missing="fail",
            reference="target",
            source="arXiv 2306.10012, section 4; evaluation/image_eval.py",
        ),
        Protocol(
            "magicbrush-2023-as-released",
            "its script's default caption file: global captions",
            (*_similarities(CLIP_B32, DINO_S16, "target", "global"), PixelDistance(("l1", "l2"), "target")),
            missing="fail",
            reference="target",
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
            reference="source",
            source="arXiv 2407.05282; its author in issue 18",
        ),
        Protocol(
            "omnigen-2024",
            "OmniGen: ViT-L/14, pictures at 512, captions untouched, against the source",
            (*_similarities(CLIP_L14, DINO_S16, "source", "global"), PixelDistance(("l1",), "source")),
            size=512,
            split="test",
            reference="source",
            source="arXiv 2409.11340, Emu Edit table",
        ),
        Protocol(
            "icedit-2025",
            "ICEdit: ViT-L/14, items with equal captions dropped, against the source",
            (*_similarities(CLIP_L14, DINO_S16, "source", "global"), PixelDistance(("l1",), "source")),
            captions="drop-same",
            split="test",
            reference="source",
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
            reference="target-else-source",
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
            reference="rival",
            source="weichow23/AnySD anybench/eval/emu_gen_eval.py at eaea4bb",
        ),
        Protocol(
            "anyedit-2024-magicbrush-as-released",
            "its MagicBrush script: outputs and targets matched by directory order",
            (*_similarities(CLIP_B32, DINO_S16, "target", "local"), PixelDistance(("l1", "l2"), "target")),
            black="drop",
            missing="drop",
            matching="unordered",
            reference="target",
            source="weichow23/AnySD anybench/eval/utils.py:159,198,271 at eaea4bb",
        ),
        Protocol(
            "anyedit-2024-test-as-released",
            "its AnyEdit-Test script: target resized to the output's size; no CLIPout for a type whose first record "
            "has no caption",
            (
                *_similarities(CLIP_B32, DINO_S16, "target", "global"),
                PixelDistance(("l1",), "target", resized="reference"),
            ),
            black="drop",
            missing="drop",
            captioned="first-of-type",
            reference="target",
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


def _distances(kind: Literal["lpips", "dreamsim"]) -> tuple[Metric, ...]:
    from anyedit.bench.metrics.perceptual import LearnedDistance

    whole = LearnedDistance(kind)
    return whole, Masked(whole), Masked(LearnedDistance(kind, "source"), "outside")


def _more() -> tuple[Protocol, ...]:
    """Presets whose metrics build on these modules."""
    from anyedit.bench.metrics.perceptual import Aesthetic
    from anyedit.bench.metrics.small import SMALL, mini_tower
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
            "FID and KID of all outputs against all targets, on torch-fidelity's Inception",
            (),
            sets=(SetDistance("frechet"), SetDistance("kernel")),
            source="arXiv 1706.08500, 1801.01401",
        ),
        Protocol(
            "perceptual",
            "LPIPS to the target (else the source), whole, inside and outside the mask",
            _distances("lpips"),
            source="arXiv 1801.03924",
        ),
        Protocol(
            "dreamsim",
            "DreamSim to the target (else the source), whole, inside and outside the mask",
            _distances("dreamsim"),
            source="arXiv 2306.09344",
        ),
        Protocol("aesthetic", "LAION's aesthetic score of the output", (Aesthetic(),), source="LAION"),
        Protocol(
            "small",
            "offline: networks that come in packages, in columns of their own names; pixels",
            (*SMALL, *mini_tower(), *_PIXELS),
            sets=(SetDistance("frechet", "efficientnet"), SetDistance("kernel", "efficientnet")),
            source="anyedit",
        ),
    )
