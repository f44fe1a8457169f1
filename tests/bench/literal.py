"""The published scripts' way, written anew: one picture at a time, libraries' own preprocessing, cosine by SciPy."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from PIL import Image
from scipy import spatial
from skimage.metrics import structural_similarity
from transformers import AutoModel, AutoTokenizer, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from anyedit.bench.items import Item, image_of

B32, L14, DINO = "openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14", "facebook/dino-vits16"


class Literal:
    """Features, every one computed again. dino: the id of the ViT that stands for DINO."""

    def __init__(self, weights: dict[str, str], dino: str = DINO) -> None:
        self.clip = cache(lambda name: CLIPModel.from_pretrained(weights[name]).eval())
        self.tokens = AutoTokenizer.from_pretrained(weights[B32])
        self.vit = AutoModel.from_pretrained(weights[dino]).eval()
        self.process = CLIPImageProcessorPil()  # OpenAI's: 224 bicubic, centre crop, CLIP mean and std

    @torch.no_grad()
    def picture(self, name: str, image: Image.Image) -> np.ndarray:
        if name == DINO:
            w, h = image.size
            scale = 256 / min(w, h)
            size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
            assert abs(size[0] - w * scale) < 1
            big = image.resize(size, Image.Resampling.BICUBIC)
            x, y = round((size[0] - 224) / 2), round((size[1] - 224) / 2)
            array = np.asarray(big.crop((x, y, x + 224, y + 224))).astype(np.float32) / 255
            array = (array - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225])
            pixels = torch.tensor(array).permute(2, 0, 1)[None]
            return self.vit(pixel_values=pixels).last_hidden_state[0, 0].numpy()
        pixels = self.process(images=image, return_tensors="pt")["pixel_values"]
        model = self.clip(name)
        return model.visual_projection(model.vision_model(pixels).pooler_output)[0].numpy()

    @torch.no_grad()
    def text(self, name: str, words: str) -> np.ndarray:
        model = self.clip(name)
        tokens = self.tokens(words, padding="max_length", max_length=20, truncation=True, return_tensors="pt")
        return model.text_projection(model.text_model(input_ids=tokens.input_ids).pooler_output)[0].numpy()

    def cos(self, a: np.ndarray, b: np.ndarray) -> float:
        return float(1 - spatial.distance.cosine(a.astype(np.float64), b.astype(np.float64)))

    def basic(self, out: Image.Image, ref: Image.Image, words: str, clip: str = B32) -> dict[str, float]:
        """CLIPim, DINO and, where there is a caption, CLIPout."""
        row = {"clip_im": self.cos(self.picture(clip, out), self.picture(clip, ref))}
        row["dino"] = self.cos(self.picture(DINO, out), self.picture(DINO, ref))
        if words:
            row["clip_out"] = self.cos(self.picture(clip, out), self.text(clip, words))
        return row

    def direction(self, out: Image.Image, source: Image.Image, item: Item) -> float:
        """CLIPdir: the change of the unit picture against that of the unit caption."""
        found = (
            self.picture(B32, out),
            self.picture(B32, source),
            self.text(B32, item.caption),
            self.text(B32, item.source_caption),
        )
        unit = [v / np.linalg.norm(v) for v in found]
        return self.cos(unit[0] - unit[1], unit[2] - unit[3])


def l1(out: Image.Image, ref: Image.Image) -> float:
    return float(np.abs(step(out, ref)).mean())


def l2(out: Image.Image, ref: Image.Image) -> float:
    return float((step(out, ref) ** 2).mean())


def step(out: Image.Image, ref: Image.Image) -> np.ndarray:
    """What differs on [0, 1], the first brought to the other's size by PIL's default."""
    return np.asarray(out.resize(ref.size)).astype(float) / 255 - np.asarray(ref).astype(float) / 255


def pixels(out: Image.Image, item: Item) -> dict[str, float]:
    """All of the protocol `pixels`, of an item with target and mask."""
    assert item.target is not None and item.mask is not None
    target, source = image_of(item.target), image_of(item.source)
    inside = np.asarray(image_of(item.mask).convert("L")) > 127
    a, b, s = (np.asarray(p.resize(target.size)).astype(np.float32) / 255 for p in (out, target, source))
    whole, to_target = structural_similarity(a, b, channel_axis=2, data_range=1.0, full=True)
    _, to_source = structural_similarity(a, s, channel_axis=2, data_range=1.0, full=True)
    edit, kept = step(out, target), step(out, source)[~inside]
    return {
        "l1": l1(out, target),
        "l2": l2(out, target),
        "psnr": -10 * np.log10((edit**2).mean()),
        "ssim": float(whole),
        "kept_l1_outside": np.abs(kept).mean(),
        "kept_psnr_outside": -10 * np.log10((kept**2).mean()),
        "kept_ssim_outside": to_source.mean(-1)[~inside].mean(),
        "l1_inside": np.abs(edit[inside]).mean(),
        "l2_inside": (edit[inside] ** 2).mean(),
        "psnr_inside": -10 * np.log10((edit[inside] ** 2).mean()),
        "ssim_inside": to_target.mean(-1)[inside].mean(),
    }


def shown(image: Image.Image, mask: Image.Image, inside: bool) -> Image.Image:
    """The part in the mask, or out of it, on grey."""
    grey = Image.new("RGB", image.size, (127, 127, 127))
    where = mask.convert("L").resize(image.size, Image.Resampling.NEAREST).point(lambda v: 255 * (v > 127))
    return Image.composite(image, grey, where) if inside else Image.composite(grey, image, where)
