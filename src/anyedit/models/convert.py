"""Import of the published AnySD layout, and export back to it. Every key and shape is checked before it is
used."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from safetensors import SafetensorError, safe_open
from transformers import CLIPVisionModelWithProjection

from anyedit.models.experts import AnySDExperts
from anyedit.models.faults import CheckpointError
from anyedit.models.layout import EXPERT_FILES, RESAMPLER, TASK_ROWS, check_shapes, expert_keys, expert_shapes
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.router import published_table
from anyedit.models.tasks import TASKS

SD15 = "stable-diffusion-v1-5/stable-diffusion-v1-5"
"""Where VAE, text encoder, tokenizer, scheduler, safety checker and feature extractor of the released model
come from."""


def import_anysd(path: str | Path, out: str | Path, base: str | Path | None = None) -> Path:
    """Turns a published AnySD (folder or hub id) into a pipeline folder that `load_editor` opens; returns the
    folder.

    base: where the parts come from that the layout lacks (default: `path` if it has them, else SD-1.5 from
    the hub). Raises CheckpointError, naming file and key, when the layout is not kept or `out` exists.
    """
    target = _new_folder(out)
    pipeline = read_anysd(path, base)
    return _write(target, pipeline.save_pretrained)


def export_anysd(pipe_dir: str | Path, out: str | Path) -> Path:
    """Writes a pipeline folder's `unet/`, `image_encoder/` and `experts/*.bin` in the published layout.

    Raises CheckpointError when the pipeline holds what that layout cannot say (a learned router, another
    assignment of types, shared resamplers or another resampler shape).
    """
    target = _new_folder(out)
    pipeline = AnySDPipeline.from_pretrained(pipe_dir)
    experts = pipeline.experts
    _check_exportable(experts, Path(pipe_dir))
    state = experts.state_dict()

    def write(folder: Path) -> None:
        pipeline.unet.save_pretrained(folder / "unet")
        pipeline.image_encoder.save_pretrained(folder / "image_encoder")
        (folder / "experts").mkdir(parents=True)
        for number, name in enumerate(experts.names):
            flat: dict[str, dict[str, torch.Tensor]] = {"image_proj": {}, "ip_adapter": {}}
            for key, ours in expert_keys(pipeline.unet).items():
                part, inner = key.split(".", 1)
                value = state[ours][number].clone()
                flat[part][inner] = value.unsqueeze(0) if inner == "latents" else value
            torch.save(flat, folder / "experts" / f"{EXPERT_FILES[name]}.bin")
        rows = state["tasks.weight"][[TASKS.index(name) for name in TASK_ROWS]]
        torch.save(rows[:, None, None].clone(), folder / "experts" / "task_embs.bin")

    return _write(target, write)


def read_anysd(
    path: str | Path, base: str | Path | None = None, dtype: torch.dtype = torch.float32
) -> AnySDPipeline:
    """A published AnySD as a pipeline in memory, all nine experts at once. Raises CheckpointError."""
    folder = _local_folder(path)
    unet = read_unet(folder / "unet", dtype)
    image_encoder = _read_image_encoder(folder / "image_encoder", dtype)
    experts = read_experts(folder / "experts", unet, int(image_encoder.config.hidden_size))
    torch.nn.Module.to(experts, dtype)
    source = base if base is not None else (folder if (folder / "model_index.json").is_file() else SD15)
    pipeline: AnySDPipeline = AnySDPipeline.from_pretrained(
        source, unet=unet, image_encoder=image_encoder, experts=experts, dtype=dtype
    )
    return pipeline


def read_unet(folder: Path, dtype: torch.dtype = torch.float32) -> UNet2DConditionModel:
    """A UNet whose stored keys and shapes are exactly those of its config, with the editor's doubled input
    channels."""
    _require(folder / "config.json")
    config = json.loads((folder / "config.json").read_text())
    with torch.device("meta"):
        expected = {
            key: tuple(value.shape)
            for key, value in UNet2DConditionModel.from_config(config).state_dict().items()
        }
    check_shapes(folder, _stored_shapes(folder), expected)
    inputs, outputs = config["in_channels"], config["out_channels"]
    if inputs != 2 * outputs:
        shape = expected["conv_in.weight"]
        raise CheckpointError(
            f"{folder}: key 'conv_in.weight' has shape {shape}, an editor's has {2 * outputs} input channels"
            " (noisy latents || source latents)"
        )
    return UNet2DConditionModel.from_pretrained(folder, dtype=dtype)


def read_experts(folder: Path, unet: UNet2DConditionModel, image_width: int) -> AnySDExperts:
    """The nine expert files and the task embeddings, float32. Types without a row get zeros: no expert serves
    them."""
    experts: AnySDExperts = AnySDExperts.for_unet(
        unet, image_width, expert_names=list(EXPERT_FILES), **RESAMPLER
    )
    keys, shapes = expert_keys(unet), expert_shapes(unet, image_width)
    state = experts.state_dict()
    for number, name in enumerate(EXPERT_FILES):
        file = folder / f"{EXPERT_FILES[name]}.bin"
        stored = _read_bin(file)
        if not isinstance(stored, dict):
            raise CheckpointError(
                f"{file}: holds a {type(stored).__name__}, expected a dict of image_proj and ip_adapter"
            )
        flat = {f"{part}.{key}": value for part in stored for key, value in _part(file, stored, part).items()}
        check_shapes(file, {key: tuple(value.shape) for key, value in flat.items()}, shapes)
        for key, ours in keys.items():
            state[ours][number] = flat[key].reshape(state[ours][number].shape).to(state[ours].dtype)
    file = folder / "task_embs.bin"
    rows = _read_bin(file)
    expected = (len(TASK_ROWS), 1, 1, state["tasks.weight"].shape[1])
    if not isinstance(rows, torch.Tensor):
        raise CheckpointError(
            f"{file}: holds a {type(rows).__name__}, expected one bare tensor of shape {expected}"
        )
    if tuple(rows.shape) != expected:
        raise CheckpointError(f"{file}: the tensor has shape {tuple(rows.shape)}, expected {expected}")
    state["tasks.weight"].zero_()
    state["tasks.weight"][[TASKS.index(name) for name in TASK_ROWS]] = rows[:, 0, 0].to(
        state["tasks.weight"].dtype
    )
    return experts


def _part(file: Path, stored: dict[str, Any], part: str) -> dict[str, torch.Tensor]:
    values = stored[part]
    if not isinstance(values, dict) or not all(isinstance(value, torch.Tensor) for value in values.values()):
        raise CheckpointError(f"{file}: key '{part}' is not in the layout, or is no dict of tensors")
    return values


def _read_image_encoder(folder: Path, dtype: torch.dtype) -> CLIPVisionModelWithProjection:
    _require(folder / "config.json")
    try:
        model, loading = CLIPVisionModelWithProjection.from_pretrained(
            folder, dtype=dtype, output_loading_info=True
        )
    except (RuntimeError, OSError, SafetensorError) as error:
        raise CheckpointError(f"{folder}: {error}") from error
    for problem in ("missing_keys", "mismatched_keys", "unexpected_keys"):
        keys = [key for key in sorted(map(str, loading[problem])) if not key.endswith("position_ids")]
        if keys:
            raise CheckpointError(f"{folder}: {problem.replace('_', ' ')}, first: '{keys[0]}'")
    return model


def _read_bin(file: Path) -> Any:
    """A published `.bin`, tensors only: `weights_only` refuses any file that would run code."""
    _require(file)
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise CheckpointError(
            f"{file}: cannot be read as a file of tensors ({str(error).splitlines()[0]})"
        ) from error


def _stored_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Key -> shape over all weight files of a folder, read from the headers (safetensors) or the file
    (.bin)."""
    shapes: dict[str, tuple[int, ...]] = {}
    plain = re.compile(r"diffusion_pytorch_model(-\d+-of-\d+)?\.(safetensors|bin)")
    files = sorted(file for file in folder.iterdir() if plain.fullmatch(file.name))
    kinds = [file for file in files if file.suffix == ".safetensors"] or files
    if not kinds:
        raise CheckpointError(f"{folder}: no diffusion_pytorch_model.safetensors (nor .bin)")
    for file in kinds:
        if file.suffix == ".bin":
            shapes |= {key: tuple(value.shape) for key, value in _read_bin(file).items()}
            continue
        try:
            with safe_open(file, framework="pt") as stored:
                shapes |= {key: tuple(stored.get_slice(key).get_shape()) for key in stored.keys()}  # noqa: SIM118
        except SafetensorError as error:
            raise CheckpointError(f"{file}: cannot be read ({error})") from error
    return shapes


def _check_exportable(experts: AnySDExperts | None, folder: Path) -> None:
    if experts is None:
        raise CheckpointError(f"{folder}: has no experts; the published layout is that of nine")
    config: Any = experts.config
    if experts.learns_routing:
        raise CheckpointError(
            f"{folder}/experts: has a learned router, which the published layout cannot hold"
        )
    if sorted(experts.names) != sorted(EXPERT_FILES):
        raise CheckpointError(
            f"{folder}/experts: holds {experts.names}, the published layout has {list(EXPERT_FILES)}"
        )
    if config.expert_of_type is not None and dict(config.expert_of_type) != published_table():
        raise CheckpointError(f"{folder}/experts: expert_of_type is not the published assignment")
    if config.resampler_of_expert is not None and list(config.resampler_of_expert) != list(
        range(len(experts.names))
    ):
        raise CheckpointError(
            f"{folder}/experts: experts share resamplers; in the published layout each has its own"
        )
    for name, value in RESAMPLER.items():
        if config[name] != value:
            raise CheckpointError(
                f"{folder}/experts: {name} is {config[name]}, in the published layout {value}"
            )


def _local_folder(path: str | Path) -> Path:
    if Path(path).is_dir():
        return Path(path)
    if not re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", str(path)):
        raise CheckpointError(f"{path}: no such folder (nor a hub id like WeiChow/AnySD)")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(str(path), allow_patterns=["unet/*", "image_encoder/*", "experts/*.bin"])
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointError(f"{path}: no such folder, and the hub does not give it ({error})") from error


def _require(file: Path) -> None:
    if not file.is_file():
        raise CheckpointError(f"{file}: missing from the checkpoint")


def _new_folder(out: str | Path) -> Path:
    target = Path(out)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CheckpointError(f"{target}: exists already; choose a new folder")
    return target


def _write(target: Path, write: Any) -> Path:
    """Writes beside the target and renames, so that a half-written folder is never taken for a checkpoint."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    write(partial)
    if target.exists():
        target.rmdir()
    partial.rename(target)
    return target
