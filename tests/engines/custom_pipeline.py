"""A pipeline class outside diffusers, as a user's folder holds one: UltraEdit's way to name and to need a mask."""

from __future__ import annotations

from pathlib import Path

CODE = """
from diffusers import StableDiffusionInstructPix2PixPipeline


class Masked(StableDiffusionInstructPix2PixPipeline):
    def __call__(self, prompt=None, image=None, mask_img=None, num_inference_steps=2, guidance_scale=7.5,
                 image_guidance_scale=1.5, negative_prompt=None, generator=None, output_type="pil"):
        if mask_img is None:
            raise ValueError("this pipeline needs a mask")
        return super().__call__(
            prompt=prompt, image=image, num_inference_steps=num_inference_steps, guidance_scale=guidance_scale,
            image_guidance_scale=image_guidance_scale, generator=generator, output_type=output_type,
        )
"""


def write_code(folder: Path) -> str:
    """A folder for `custom_pipeline`, with that class in it."""
    folder.mkdir(parents=True)
    (folder / "pipeline.py").write_text(CODE)
    return str(folder)
