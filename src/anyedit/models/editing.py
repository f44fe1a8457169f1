"""One edit from a picture of any size: fitted to the size the editor learned at, edited, and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from anyedit.errors import SourceError
from anyedit.models.detail import keep_detail
from anyedit.models.editor import load_editor
from anyedit.models.faults import InputError
from anyedit.models.guidance import Form
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.shipped import shipped_editor
from anyedit.models.tasks import is_aligned
from anyedit.seeds import seed_of


@dataclass(frozen=True)
class EditResult:
    """image: RGB of the source's size. edit_type: given or predicted, with the classifier's probability (None
    when given). worked_at: (width, height) in pixels that the editor saw, before padding. size: its square. experts: the router's weights.
    flagged: whether the safety checker flagged the edit, whose picture is then black; None when nothing was checked."""

    image: Image.Image
    edit_type: str
    probability: float | None
    worked_at: tuple[int, int]
    size: int
    experts: tuple[tuple[str, float], ...] = ()
    flagged: bool | None = None


def edit(
    picture: str | Path | Image.Image,
    instruction: str,
    editor: str | Path | AnySDPipeline | None = None,
    edit_type: str | None = None,
    visual_prompt: str | Path | Image.Image | None = None,
    steps: int | None = None,
    scales: tuple[float | None, float | None, float | None] = (None, None, None),
    guidance: Form = "published",
    seed: int = 0,
    size: int | None = None,
    detail: bool = True,
) -> EditResult:
    """Edits one picture as the sentence says; the same arguments give the same picture.

    editor: a folder or hub id for `load_editor`, one already open, or None for the small one in the package.
    steps: of denoising; None for 20, or for what suits the small one. scales: of picture, text and visual prompt;
    None for the editor's defaults. size: pixels of the square the
    editor works in, divisible by 8; None for the one it learned at. A picture is scaled down or up to fit it,
    padded by repeating its border, and its edit is scaled back; a visual prompt that lies over the picture (a box, a
    scribble, a depth map) goes the same way. detail: where the edit changed little, keep the
    source's own detail (`keep_detail`), which the editor's size and autoencoder lose. Raises SourceError for a file that is no
    picture, InputError and CheckpointError.
    """
    source = open_picture(picture)
    prompt = None if visual_prompt is None else open_picture(visual_prompt)
    pipeline = editor if isinstance(editor, AnySDPipeline) else load_editor(editor or shipped_editor())
    square = size or trained_size(pipeline)
    if square % pipeline.vae_scale_factor:
        raise InputError(f"size {square} must be divisible by {pipeline.vae_scale_factor}")
    if editor is None:
        steps = SHIPPED_STEPS if steps is None else steps
        scales = SHIPPED_SCALES if scales == (None, None, None) else scales
    fitted, box = fit(source, square)
    if prompt is not None and is_aligned(pipeline.edit_type_of(instruction, edit_type)):
        prompt, _ = fit(prompt.resize(source.size, Image.Resampling.BICUBIC), square)
    made = pipeline(
        instruction,
        fitted,
        visual_prompt=prompt,
        edit_type=edit_type,
        num_inference_steps=STEPS if steps is None else steps,
        guidance=guidance,
        image_guidance_scale=scales[0],
        text_guidance_scale=scales[1],
        visual_guidance_scale=scales[2],
        generator=torch.Generator().manual_seed(seed_of(seed, "edit") % 2**63),
    )
    small = made.images[0].crop(box)
    flagged = None if made.nsfw is None else made.nsfw[0]
    if detail and not flagged:  # a flagged picture stays black
        restored = Image.fromarray(restore(pipeline, [np.asarray(fitted)])[0]).crop(box)
        back = Image.fromarray(keep_detail(*(np.asarray(p) for p in (source, small, restored))))
    else:
        back = small.resize(source.size, Image.Resampling.BICUBIC)
    worked_at = (box[2] - box[0], box[3] - box[1])
    names = [] if pipeline.experts is None else pipeline.experts.names
    experts = tuple(zip(names, made.expert_weights[0].tolist(), strict=True))
    return EditResult(
        back, made.edit_types[0], made.edit_type_probability[0], worked_at, square, experts, flagged
    )


STEPS = 20
SHIPPED_STEPS = 1
SHIPPED_SCALES: tuple[float | None, float | None, float | None] = (1.0, 2.0, 1.0)
"""Picture, text and visual scales of the shipped editor, and its steps: on the validation split one step, which is
the network's best guess of the target from noise alone, was nearer the target than ten (docs/mini.md)."""


@torch.no_grad()
def restore(
    pipeline: AnySDPipeline, pictures: Sequence[npt.NDArray[np.uint8]], batch: int = 16
) -> list[npt.NDArray[np.uint8]]:
    """Pictures uint8 (S, S, 3) of one size, encoded and decoded by the editor's autoencoder."""
    done: list[npt.NDArray[np.uint8]] = []
    for start in range(0, len(pictures), batch):
        part = [Image.fromarray(picture) for picture in pictures[start : start + batch]]
        x = pipeline.image_processor.preprocess(part).to(pipeline.vae.device, pipeline.vae.dtype)
        y = pipeline.vae.decode(pipeline.vae.encode(x).latent_dist.mode()).sample.float()
        done += list(
            np.rint(pipeline.image_processor.postprocess(y, output_type="np") * 255).astype(np.uint8)
        )
    return done


def open_picture(picture: str | Path | Image.Image) -> Image.Image:
    """An upright RGB picture; transparency is laid on white. Raises SourceError."""
    if not isinstance(picture, Image.Image):
        try:
            picture = Image.open(picture)
            picture.load()
        except FileNotFoundError:
            raise SourceError(f"{picture}: no such file") from None
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            raise SourceError(f"{picture}: cannot be read as a picture ({error})") from None
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return upright.convert("RGB")


def trained_size(pipeline: AnySDPipeline) -> int:
    """Pixels of the square that the editor's UNet learned at."""
    return int(pipeline.unet.config.sample_size) * int(pipeline.vae_scale_factor)


def fit(picture: Image.Image, square: int) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The picture scaled so that its longer side is `square` px, centred in a square whose rest repeats its
    border; and the box (left, top, right, bottom) that it takes up there."""
    scale = square / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    filtering = Image.Resampling.BOX if scale <= 0.5 else Image.Resampling.BICUBIC
    small = np.asarray(picture.resize((width, height), filtering))
    left, top = (square - width) // 2, (square - height) // 2
    margins = ((top, square - height - top), (left, square - width - left), (0, 0))
    return Image.fromarray(np.pad(small, margins, mode="edge")), (left, top, left + width, top + height)
