"""Putting the trained parts into one folder in Stable Diffusion's layout: the base that a stage-1 training names."""

from __future__ import annotations

from pathlib import Path

from diffusers import AutoencoderKL, DDIMScheduler
from transformers import (
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionModelWithProjection,
)

from anyedit.errors import RecipeError


def assemble_base(
    autoencoder: str | Path, clip: str | Path, out: str | Path, prediction: str = "v_prediction"
) -> Path:
    """Writes `out/` with vae, text_encoder, tokenizer, image_encoder, feature_extractor and scheduler.

    The scheduler has SD-1.5's noise (scaled-linear 0.00085 to 0.012, 1000 steps); `prediction` is what the UNet
    will say: "epsilon" or "v_prediction". Raises RecipeError for a folder that lacks its part.
    """
    for place in (autoencoder, clip):
        if not (Path(place) / "config.json").is_file():
            raise RecipeError(f"{place}: no trained part here (config.json is missing); train it first")
    folder = Path(out)
    model = CLIPModel.from_pretrained(clip)
    text = CLIPTextModel(model.config.text_config)
    text.load_state_dict(_under(model.text_model, text))
    vision = CLIPVisionModelWithProjection(model.config.vision_config)
    vision.vision_model.load_state_dict(model.vision_model.state_dict())
    vision.visual_projection.load_state_dict(model.visual_projection.state_dict())
    AutoencoderKL.from_pretrained(autoencoder).save_pretrained(folder / "vae")
    text.save_pretrained(folder / "text_encoder")
    vision.save_pretrained(folder / "image_encoder")
    CLIPTokenizer.from_pretrained(clip).save_pretrained(folder / "tokenizer")
    CLIPImageProcessor.from_pretrained(clip).save_pretrained(folder / "feature_extractor")
    DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="trailing",
        prediction_type=prediction,
    ).save_pretrained(folder / "scheduler")
    return folder


def _under(tower: object, whole: object) -> dict[str, object]:
    """The tower's weights under the names that the stand-alone text model gives them."""
    state = tower.state_dict()  # type: ignore[attr-defined]
    names = set(whole.state_dict())  # type: ignore[attr-defined]
    prefix = "" if set(state) <= names else "text_model."
    return {prefix + name: value for name, value in state.items()}
