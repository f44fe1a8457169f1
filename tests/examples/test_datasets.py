"""The examples that read: `datasets` alone on a build, diffusers' InstructPix2Pix recipe on an export."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from anyedit.store.export import export

EXAMPLES = Path(__file__).parents[2] / "examples"
GUIDE = EXAMPLES.parent / "docs" / "guides" / "train-and-edit.md"


def run(script: str, *arguments: object, code: int = 0) -> str:
    """An example as a reader runs it, with no code of anyedit's in reach."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, str(EXAMPLES / script), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_a_build_opens_with_datasets_alone(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    told = run("load_dataset.py", small / "dataset", tmp_path / "pair.png")
    assert "train: 6 pairs, 3 kinds of edit" in told and "test: 2 pairs, 2 kinds of edit" in told
    page = Image.open(tmp_path / "pair.png")
    assert page.size == (3 * 64, 64)
    source, edited = (np.asarray(page.crop((at, 0, at + 64, 64)), int) for at in (0, 64))
    assert np.abs(source - edited).max() > 30  # two pictures, not one twice


def test_diffusers_recipe_trains_on_an_export(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anyedit.models import load_editor
    from anyedit.models.tiny import tiny_unet, write_tiny_base

    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    assert export(small, "instructpix2pix", tmp_path / "export") == 8
    base = write_tiny_base(
        tmp_path / "base", tiny_unet(in_channels=4)
    )  # a text-to-image UNet, as SD-1.5's is
    settings = ["--steps", 4, "--batch", 2, "--resolution", 32, "--rate", 0.01, "--flip", "--dropout", 0.3]
    told = run(
        "train_instruct_pix2pix.py",
        tmp_path / "export",
        "--base",
        base,
        "--out",
        tmp_path / "editor",
        *settings,
    )
    assert "step 4: loss" in told
    losses = [json.loads(line)["loss"] for line in (tmp_path / "editor/log.jsonl").read_text().splitlines()]
    assert len(losses) == 4 and np.isfinite(losses).all() and len(set(losses)) == 4
    editor = load_editor(str(tmp_path / "editor"))
    first = editor.unet.conv_in.weight
    assert (
        first.shape[1] == 8 and first[:, 4:].abs().max() > 0
    )  # the channels that started at zero have learned
    made = editor(["make it red"], [Image.new("RGB", (32, 32), "blue")], num_inference_steps=1)
    assert made.images[0].size == (32, 32)
    wrong = run(
        "train_instruct_pix2pix.py", small / "dataset", "--base", base, "--out", tmp_path / "x", code=1
    )
    assert "has no column original_image, edit_prompt" in wrong


def test_the_export_is_what_diffusers_own_script_reads(small: Path, tmp_path: Path) -> None:
    """The script's contract, read in huggingface/diffusers at 58eb52c, examples/instruct_pix2pix: `load_dataset(NAME)` has
    a split `train`; the columns named by three options are there (the default of the first is not ours, so it must be
    named); pictures decode by `.convert("RGB")`; the instruction is a string."""
    from datasets import Image as ImageFeature
    from datasets import load_dataset

    export(small, "instructpix2pix", tmp_path / "export")
    opened = load_dataset(str(tmp_path / "export"), None, cache_dir=str(tmp_path / "cache"))
    words = GUIDE.read_text().replace("\\\n", " ").split()
    named = {
        o: words[words.index(f"--{o}_column") + 1] for o in ("original_image", "edit_prompt", "edited_image")
    }
    assert set(named.values()) <= set(opened["train"].column_names)
    for option in ("original_image", "edited_image"):
        assert isinstance(opened["train"].features[named[option]], ImageFeature)
        assert opened["train"][0][named[option]].convert("RGB").resize((32, 32)).size == (32, 32)
    assert isinstance(opened["train"][0][named["edit_prompt"]], str)
    assert words[words.index("--dataset_name") + 1] == "export"
