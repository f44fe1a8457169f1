"""Opening an editor, whatever layout its checkpoint has."""

from __future__ import annotations

from pathlib import Path

import torch

from anyedit.models.convert import read_anysd
from anyedit.models.faults import CheckpointError
from anyedit.models.pipeline import AnySDPipeline


def load_editor(
    path: str | Path,
    dtype: torch.dtype = torch.float32,
    device: str | torch.device | None = None,
    base: str | Path | None = None,
) -> AnySDPipeline:
    """An editor from a folder or a hub id.

    Three layouts are understood: ours (`AnySDPipeline.save_pretrained`), InstructPix2Pix's (any such
    diffusers pipeline: an editor without experts), and the published AnySD (`unet/`, `image_encoder/`,
    `experts/*.bin`), whose other parts come from `base` (default SD-1.5). device: None leaves it on the CPU.
    Raises CheckpointError.
    """
    folder = Path(path)
    published = (folder / "experts" / "task_embs.bin").is_file() or str(path) == "WeiChow/AnySD"
    if published:
        pipeline = read_anysd(path, base, dtype)
    elif folder.is_dir() and not (folder / "model_index.json").is_file():
        raise CheckpointError(
            f"{folder}: no editor here: neither model_index.json (a pipeline) nor"
            " experts/task_embs.bin (published AnySD)"
        )
    elif not folder.is_dir() and str(path).count("/") != 1:
        raise CheckpointError(f"{folder}: no such folder (nor a hub id like owner/name)")
    else:
        try:
            pipeline = AnySDPipeline.from_pretrained(path, dtype=dtype)
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be opened as a pipeline ({error})") from error
    return pipeline if device is None else pipeline.to(device)
