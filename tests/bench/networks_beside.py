"""LPIPS, FID and KID, DreamSim by their own packages on random weights: run as a program, `python -m` by the test.

torchvision's wheel needs the torch that it was built with. Beside a CPU build of torch its compiled operators are not
there, and registering their shapes stops its import; the networks here use none of them, so that is passed over.
Arguments: what to run, a folder for its files. Prints what was scored and what was computed by hand, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import small_suites as small
import torch
from PIL import Image

from anyedit.bench.items import image_of
from anyedit.bench.protocol import Protocol
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score


def without_operators() -> None:
    register = torch.library.register_fake

    def passed_over(name: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(name, str) and name.startswith("torchvision::"):
            return lambda function: function
        return register(name, *rest, **more)

    torch.library.register_fake = passed_over  # type: ignore[assignment]


def pictures_of(folder: Path) -> list[tuple[Image.Image, Image.Image]]:
    """A suite and a run of `identity` on it; its (output, target) pairs."""
    suite = run_suite(str(small.magicbrush_folder(folder / "suite")), "identity", folder / "run").suite.open()
    return [(image_of(item.source), image_of(item.target)) for item in suite.items]  # type: ignore[arg-type]


def lpips_by_hand(trunk: torch.nn.Sequential, one: Image.Image, other: Image.Image) -> float:
    """Zhang et al. 2018, equation 1: unit-length channels, squared differences, the learned weights, means."""
    import lpips

    heads = torch.load(
        Path(lpips.__file__).parent / "weights/v0.1/alex.pth", map_location="cpu", weights_only=True
    )
    shift, scale = torch.tensor([-0.030, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.450])

    def layers(image: Image.Image) -> list[torch.Tensor]:
        x = torch.from_numpy(np.asarray(image, np.float32) / 127.5 - 1)
        x = ((x - shift) / scale).permute(2, 0, 1)[None]
        found = []
        for index, layer in enumerate(trunk[:12]):
            x = torch.relu(x) if isinstance(layer, torch.nn.ReLU) else layer(x)  # torchvision's is in place
            if index in (1, 4, 7, 9, 11):  # after each convolution's rectifier
                found.append(x / (x.norm(dim=1, keepdim=True) + 1e-10))
        return found

    return sum(
        float((heads[f"lin{k}.model.1.weight"] * (a - b) ** 2).sum(1).mean())
        for k, (a, b) in enumerate(zip(layers(one), layers(other), strict=True))
    )


@torch.no_grad()
def by_lpips(folder: Path) -> dict[str, float]:
    import torchvision

    from anyedit.bench.metrics.perceptual import ALEXNET, LearnedDistance

    torch.manual_seed(3)
    trunk = torchvision.models.alexnet(weights=None).features.eval()
    torch.save({f"features.{k}": v.clone() for k, v in trunk.state_dict().items()}, folder / "alexnet.pth")
    pairs = pictures_of(folder)
    told = score_by(folder, Protocol("p", "", (LearnedDistance("lpips"),)), {ALEXNET: folder / "alexnet.pth"})
    return {
        "scored": told["all"]["lpips"]["value"],
        "by_hand": float(np.mean([lpips_by_hand(trunk, a, b) for a, b in pairs])),
        "note": told["notes"]["LPIPS"],
        "label": told["columns"][0]["label"],
    }


@torch.no_grad()
def by_fidelity(folder: Path) -> dict[str, float]:
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    from anyedit.bench.metrics.sets import WEIGHTS, SetDistance

    class Random(FeatureExtractorInceptionV3):
        def load_state_dict(self, *_: Any, **__: Any) -> None:
            pass

    torch.manual_seed(4)
    torch.save({}, folder / "none.pth")
    network = Random("random", ["2048"], str(folder / "none.pth"))
    torch.save(network.state_dict(), folder / "inception.pth")
    pairs = pictures_of(folder)
    sets = (SetDistance("frechet"), SetDistance("kernel"))
    told = score_by(folder, Protocol("p", "", (), sets=sets), {WEIGHTS: folder / "inception.pth"})

    def centred(images: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        rows = torch.cat(
            [network(torch.from_numpy(np.asarray(i).copy()).permute(2, 0, 1)[None])[0] for i in images]
        )
        of = rows.double().numpy()
        return of.mean(0), (of - of.mean(0)) / np.sqrt(len(of) - 1)

    (m, a), (n, b) = (centred([pair[k] for pair in pairs]) for k in (0, 1))
    # trace of the root of both covariances' product = sum of the singular values of A B'
    shared = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    expected = ((m - n) ** 2).sum() + (a**2).sum() + (b**2).sum() - 2 * shared
    return {
        "scored": told["all"]["fid"]["value"],
        "by_hand": float(expected),
        "kid": told["all"]["kid"]["value"],
        "note": told["notes"]["Inception"],
        "n": told["all"]["fid"]["n"],
    }


def by_dreamsim(folder: Path) -> dict[str, Any]:
    """The single model on CLIP ViT-B/32 (DINO's code would be fetched), with two layers in place of twelve."""
    from dreamsim.config import dreamsim_args
    from dreamsim.feature_extraction import load_clip_as_dino as clip
    from dreamsim.model import PerceptualModel
    from peft import LoraConfig, get_peft_model

    from anyedit.bench.metrics.perceptual import DREAMSIM, LearnedDistance

    def small_vit(patch_size: int) -> torch.nn.Module:
        return clip.VisionTransformer(  # type: ignore[no-any-return]
            patch_size=patch_size, embed_dim=48, depth=2, num_heads=4, mlp_ratio=2, qkv_bias=True
        )

    clip.vit_base = small_vit
    torch.manual_seed(5)
    home = folder / "dreamsim"
    home.mkdir()
    network = small_vit(32)
    network.pos_drop = torch.nn.LayerNorm(48)
    state = {**network.state_dict(), "proj": torch.randn(48, 32)}
    torch.save({"state_dict": state}, home / "clip_vitb32_pretrain.pth.tar")
    settings = dreamsim_args["model_config"]["clip_vitb32"]
    bare = PerceptualModel(**settings, device="cpu", load_dir=str(home), normalize_embeds=True)
    config = LoraConfig(r=4, lora_alpha=8, lora_dropout=0.1, bias="none", target_modules=["qkv"])
    get_peft_model(bare, config).save_pretrained(str(home / "clip_vitb32_single_lora"))
    ((a, b), *_) = pictures_of(folder)
    metric = LearnedDistance("dreamsim", variant="clip_vitb32")
    told = score_by(folder, Protocol("p", "", (metric,)), {DREAMSIM: home})

    def unit(image: Image.Image) -> torch.Tensor:  # the adapter of a new LoRA adds nothing yet
        x = np.asarray(image.resize((224, 224), Image.Resampling.BICUBIC), np.float32) / 255
        mean, std = (
            np.float32([0.48145466, 0.4578275, 0.40821073]),
            np.float32([0.26862954, 0.26130258, 0.27577711]),
        )
        v = bare.extractor_list[0].forward(
            torch.from_numpy((x - mean) / std).permute(2, 0, 1)[None], is_proj=True
        )
        v = v.ravel()
        return (v - v.mean()) / (v - v.mean()).norm()

    with torch.no_grad():
        expected = 1 - float(unit(a) @ unit(b))
    first = json.loads((folder / "run" / "scores" / "p.jsonl").read_text().splitlines()[0])
    return {"scored": first["values"]["dreamsim"], "by_hand": expected, "label": told["columns"][0]["label"]}


def score_by(folder: Path, protocol: Protocol, weights: dict[str, Path]) -> dict[str, Any]:
    places = {name: str(place) for name, place in weights.items()}
    told: dict[str, Any] = score(folder / "run", [protocol], weights=places)["protocols"][protocol.name]
    return told


if __name__ == "__main__":
    ways: dict[str, Callable[[Path], dict[str, Any]]] = {
        "lpips": by_lpips,
        "torch_fidelity": by_fidelity,
        "dreamsim": by_dreamsim,
    }
    without_operators()
    print(json.dumps(ways[sys.argv[1]](Path(sys.argv[2]))))
