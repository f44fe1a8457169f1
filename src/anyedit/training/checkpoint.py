"""Checkpoints: all that a run needs to go on to the bit, written beside and renamed, the last k kept.

`step-00001000/` holds `model.safetensors` (the trained parameters), `ema.safetensors`, `optimizer.safetensors`
(`NUMBER.NAME`) and `state.json`. Random numbers need no state: they follow from the step.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from anyedit.errors import StoreError


@dataclass(frozen=True)
class Checkpoint:
    """step: optimizer steps done. model, ema: tensors by parameter name. optimizer: its `state_dict`. state: the
    rest as JSON (positions in the data per process, the loss scaler, the recipe's hash)."""

    step: int
    model: Mapping[str, torch.Tensor]
    ema: Mapping[str, torch.Tensor]
    optimizer: dict[str, Any]
    state: dict[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint, keep: int) -> Path:
    """Write it, whole or not at all, then remove all but the last `keep`. Raises StoreError."""
    final = folder / f"step-{checkpoint.step:08d}"
    partial = folder / f"{final.name}.partial"
    tensors, plain = _flat(checkpoint.optimizer)
    state = {**checkpoint.state, "step": checkpoint.step, "optimizer": plain}
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        parts = (("model", checkpoint.model), ("ema", checkpoint.ema), ("optimizer", tensors))
        for name, values in parts:
            save_file(
                {k: v.detach().cpu().contiguous() for k, v in values.items()}, partial / f"{name}.safetensors"
            )
        (partial / "state.json").write_text(json.dumps(state))
        for file in partial.iterdir():
            _to_disk(file)
        if final.exists():
            shutil.rmtree(final)
        partial.rename(final)
        _to_disk(folder)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StoreError(
            f"cannot write the checkpoint {final}: {error}; the earlier ones are kept"
        ) from error
    for old in _all(folder)[:-keep]:
        shutil.rmtree(old)
    return final


def latest_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint."""
    found = _all(folder)
    return found[-1] if found else None


def load_checkpoint(path: Path) -> Checkpoint:
    """Read one. Raises StoreError that names the file."""
    try:
        model, ema, tensors = (
            load_file(path / f"{name}.safetensors") for name in ("model", "ema", "optimizer")
        )
        state = json.loads((path / "state.json").read_text())
    except (OSError, ValueError, SafetensorError) as error:
        raise StoreError(
            f"{path} cannot be read ({error}); delete it to continue from the checkpoint before"
        ) from error
    optimizer = _unflat(tensors, state.pop("optimizer"))
    return Checkpoint(int(state.pop("step")), model, ema, optimizer, state)


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*") if path.suffix == "" and path.is_dir())


def _flat(state: dict[str, Any]) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """An optimizer's state as tensors `NUMBER.NAME` and JSON."""
    tensors: dict[str, torch.Tensor] = {}
    values: dict[str, dict[str, Any]] = {}
    for number, held in state["state"].items():
        for name, value in held.items():
            if isinstance(value, torch.Tensor):
                tensors[f"{number}.{name}"] = value
            else:
                values.setdefault(str(number), {})[name] = value
    return tensors, {"values": values, "param_groups": state["param_groups"]}


def _unflat(tensors: Mapping[str, torch.Tensor], plain: dict[str, Any]) -> dict[str, Any]:
    state: dict[int, dict[str, Any]] = {int(number): dict(held) for number, held in plain["values"].items()}
    for key, value in tensors.items():
        number, name = key.split(".", 1)
        state.setdefault(int(number), {})[name] = value
    return {"state": state, "param_groups": plain["param_groups"]}


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
