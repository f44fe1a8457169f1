"""Whole trainings of a few steps on tiny models: what they change, save, survive and refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import TYPES, write_pairs
from PIL import Image
from safetensors.torch import load_file
from typer.testing import CliRunner

from anyedit.errors import MissingExtra, RecipeError, StoreError
from anyedit.models import load_editor
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tasks import TaskClassifier
from anyedit.models.tiny import tiny_unet
from anyedit.training import LossNotFinite, loop, train
from anyedit.training.checkpoint import latest_checkpoint, load_checkpoint
from anyedit.training.features import FrozenEncoders
from anyedit.training.journal import read_log
from anyedit.training.parts import load_parts, widened
from anyedit.training.recipe import load_training_recipe

Make = Callable[..., dict[str, Any]]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """All tensors of an editor, by file and name."""
    return {
        f"{file.relative_to(folder)}:{name}": value
        for file in sorted(folder.rglob("*.safetensors"))
        for name, value in load_file(file).items()
    }


def same(first: Path, second: Path) -> None:
    """The same tensors, to the bit."""
    a, b = weights(first), weights(second)
    assert a.keys() == b.keys()
    assert a
    for name in a:
        assert torch.equal(a[name], b[name]), name


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Runs that several tests look at."""
    return {"folder": tmp_path_factory.mktemp("runs")}


@pytest.fixture
def first_stage(recipe: Make, shared: dict[str, Any]) -> Path:
    """A finished stage 1."""
    out = shared["folder"] / "stage1"
    if not out.exists():
        train(recipe(1, classifier={"steps": 40, "batch": 16, "hidden": 16}), out, quiet=True)
    return out


@pytest.fixture
def second_stage(recipe: Make, first_stage: Path, shared: dict[str, Any]) -> Path:
    """A finished stage 2 on it, streamed, with a learned router."""
    out = shared["folder"] / "stage2"
    if not out.exists():
        told = recipe(2, base=str(first_stage / "editor"), cache={"latents": False, "text": False})
        told["experts"] |= {"routing": "learned", "names": ["a", "b", "c"], "top_k": 2}
        train(told, out, quiet=True)
    return out


def test_stage_1_trains_the_unet_and_saves_the_control(first_stage: Path, base_dir: Path) -> None:
    """An editor without experts: plain InstructPix2Pix, the paper's "SD-1.5 with AnyEdit"."""
    editor = load_editor(first_stage / "editor")
    assert editor.experts is None
    assert editor.unet.config.in_channels == 8
    before, after = weights(base_dir), weights(first_stage / "editor")
    for name, value in before.items():
        if name.startswith(("vae/", "text_encoder/", "image_encoder/")):
            assert torch.equal(value, after[name]), name
        elif name.endswith("mid_block.resnets.0.conv1.weight"):
            assert not torch.equal(value, after[name])
    assert after["unet/diffusion_pytorch_model.safetensors:conv_in.weight"][:, 4:].abs().max() > 0
    editor.set_progress_bar_config(disable=True)
    output = editor("make it red", Image.new("RGB", (32, 32), "blue"), num_inference_steps=2)
    assert output.images[0].size == (32, 32)
    assert output.edit_types[0] in TYPES


def test_stage_2_trains_the_experts_and_leaves_the_unet(first_stage: Path, second_stage: Path) -> None:
    before, after = weights(first_stage / "editor"), weights(second_stage / "editor")
    for name, value in before.items():
        assert torch.equal(value, after[name]), name
    editor = load_editor(second_stage / "editor")
    assert editor.experts is not None
    assert editor.experts.names == ["a", "b", "c"]
    started = load_parts(
        load_training_recipe(json.loads((latest(second_stage) / "state.json").read_text())["told"])
    ).pipeline.experts
    assert started is not None
    moved = {
        name.split(".")[0]
        for (name, a), b in zip(started.named_parameters(), editor.experts.parameters(), strict=True)
        if not torch.equal(a, b)
    }
    assert moved == {"tasks", "router", "resampler", "blocks"}


def latest(out: Path) -> Path:
    found = latest_checkpoint(out / "checkpoints")
    assert found is not None
    return found


def test_the_editor_has_the_averaged_weights(first_stage: Path) -> None:
    checkpoint = load_checkpoint(latest(first_stage))
    saved = load_file(first_stage / "editor" / "unet" / "diffusion_pytorch_model.safetensors")
    key = "mid_block.resnets.0.conv1.weight"
    assert torch.equal(saved[key], checkpoint.ema[f"unet.{key}"])
    assert not torch.equal(saved[key], checkpoint.model[f"unet.{key}"])


def test_the_joint_stage_trains_both(recipe: Make, tmp_path: Path, base_dir: Path) -> None:
    train(recipe("joint", steps=2, validation__pairs=0, validation__pictures=0), tmp_path, quiet=True)
    trained = load_checkpoint(latest(tmp_path)).model
    assert {name.split(".")[0] for name in trained} == {"unet", "experts"}
    before = load_file(base_dir / "unet" / "diffusion_pytorch_model.safetensors")
    key = "mid_block.resnets.0.conv1.weight"
    assert not torch.equal(trained[f"unet.{key}"], before[key])


def test_the_widened_unet_starts_as_the_old_one() -> None:
    old, new = tiny_unet(in_channels=4), widened(tiny_unet(in_channels=4), 8)
    g = torch.Generator().manual_seed(1)
    latents, text = torch.randn(2, 4, 8, 8, generator=g), torch.randn(2, 20, 128, generator=g)
    picture = torch.randn(2, 4, 8, 8, generator=g)
    t = torch.tensor([5, 700])
    with torch.no_grad():
        torch.testing.assert_close(
            new(torch.cat([latents, picture], 1), t, text).sample, old(latents, t, text).sample
        )
    assert new.config.in_channels == 8
    with pytest.raises(RecipeError, match="has 9 input channels"):
        widened(tiny_unet(in_channels=9), 8)


@pytest.mark.parametrize(
    ("stage", "where", "cached"), [(2, "step", False), (1, "checkpoint", True)], ids=["streamed", "cached"]
)
def test_kill_9_and_resume_gives_the_same_weights_to_the_bit(
    recipe: Make, tmp_path: Path, stage: int, where: str, cached: bool
) -> None:
    told = recipe(
        stage, cache={"latents": cached, "text": cached}, validation__pairs=0, validation__pictures=0, steps=7
    )
    if cached:
        told["accumulation"] = 2
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    train(told, whole, quiet=True)
    (tmp_path / "recipe.json").write_text(json.dumps(told))
    script = Path(__file__).with_name("killed_run.py")
    source = str(Path(__file__).parents[2] / "src")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "recipe.json"), str(broken), where],
        env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == -9, run.stderr
    stopped = load_checkpoint(latest(broken)).step
    assert stopped == (4 if where == "step" else 2)
    assert (broken / "checkpoints" / "step-00000004.partial").exists() is (where == "checkpoint")
    train(told, broken, quiet=True)
    same(whole / "editor", broken / "editor")
    same(latest(whole), latest(broken))
    a, b = (json.loads((latest(out) / "state.json").read_text())["positions"] for out in (whole, broken))
    assert a == b
    first, second = (
        [line["step"] for line in read_log(out) if line["what"] == "loss"] for out in (whole, broken)
    )
    assert first == second == [2, 4, 6, 7]


@pytest.mark.parametrize("writing", ["classifier", "samples", "editor"])
def test_a_kill_while_something_beside_the_checkpoints_is_written_does_not_block_a_rerun(
    recipe: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: str
) -> None:
    """What is there of it at the kill: the first of two files, or half of one."""
    told = recipe(1, steps=3, classifier={"steps": 5, "batch": 4, "hidden": 8})

    def cut(_: Any, folder: Path, **__: Any) -> None:
        Path(folder).mkdir()
        (Path(folder) / "config.json").write_text("{}")
        raise KeyboardInterrupt

    def cut_picture(_: Any, file: Path, *__: Any) -> None:
        Path(file).write_bytes(b"\x89PNG")
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        if writing == "samples":
            stopped.setattr(Image.Image, "save", cut_picture)
        else:
            stopped.setattr(
                TaskClassifier if writing == "classifier" else AnySDPipeline, "save_pretrained", cut
            )
        with pytest.raises(KeyboardInterrupt):
            train(told, tmp_path, quiet=True)
    train(told, tmp_path, quiet=True)
    editor = load_editor(tmp_path / "editor")
    assert editor.task_classifier is not None
    assert [line["rows"] for line in read_log(tmp_path) if line["what"] == "classifier"][-1] == 6


def test_a_stopped_training_continues_with_more_steps(recipe: Make, tmp_path: Path) -> None:
    plain = {"validation__pairs": 0, "validation__pictures": 0}
    train(recipe(1, steps=6, **plain), tmp_path / "whole", quiet=True)
    train(recipe(1, steps=3, **plain), tmp_path / "parts", quiet=True)
    train(recipe(1, steps=6, **plain), tmp_path / "parts", quiet=True)
    same(tmp_path / "whole" / "editor", tmp_path / "parts" / "editor")
    kept = sorted(path.name for path in (tmp_path / "parts" / "checkpoints").iterdir())
    assert kept == ["step-00000004", "step-00000006"]


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_another_length_is_another_training_where_the_rate_hangs_on_it(
    recipe: Make, tmp_path: Path, schedule: str
) -> None:
    """Four steps and then two more have other rates than six: refused, and what is there stays as it is."""
    optimizer = {"rate": 1e-3, "warmup": 2, "schedule": schedule}
    told = recipe(1, steps=4, optimizer=optimizer, validation__pairs=0, validation__pictures=0)
    train(told, tmp_path, quiet=True)
    before = weights(tmp_path / "editor")
    with pytest.raises(
        RecipeError, match=rf"differs in steps: under the {schedule} schedule every step's rate hangs on them"
    ):
        train(told | {"steps": 6}, tmp_path, quiet=True)
    train(told, tmp_path, quiet=True)  # the same again has nothing to do
    after = weights(tmp_path / "editor")
    assert all(torch.equal(value, after[name]) for name, value in before.items())


@pytest.mark.parametrize(
    ("spoiled", "said"), [("noise", "the loss is nan"), ("gradient", "the norm of the gradient is nan")]
)
def test_a_loss_or_gradient_that_is_none_stops_and_keeps_the_last_good_checkpoint(
    recipe: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoiled: str, said: str
) -> None:
    """In step 6, at whose end a checkpoint is due. A gradient can be none though the loss is a number."""
    draw, backward, steps = loop.step_noise, loop.Accelerator.backward, []

    def noise_of(shape: Any, timesteps: int, key: tuple[Any, ...], *rest: Any) -> Any:
        noise = draw(shape, timesteps, key, *rest)
        steps.append(key[1])
        if key[1] == 5 and spoiled == "noise":
            noise.noise[0, 0, 0, 0] = float("nan")
        return noise

    def backward_of(self: Any, loss: torch.Tensor, **rest: Any) -> None:
        if steps[-1] == 5 and spoiled == "gradient":
            loss.register_hook(lambda gradient: gradient * float("nan"))
        backward(self, loss, **rest)

    monkeypatch.setattr(loop, "step_noise", noise_of)
    monkeypatch.setattr(loop.Accelerator, "backward", backward_of)
    told = recipe(1, validation__pairs=0, validation__pictures=0, checkpoints={"every": 2, "keep": 1})
    for _ in range(2):  # and the same command again stops there again
        with pytest.raises(
            LossNotFinite, match=rf"{said} in step 6; the last good checkpoint is .*step-00000004"
        ):
            train(told, tmp_path, quiet=True)
        checkpoint = load_checkpoint(latest(tmp_path))
        assert checkpoint.step == 4
        for held in (checkpoint.model, checkpoint.ema):
            assert all(torch.isfinite(value).all() for value in held.values())


def test_accumulated_passes_are_averaged(
    recipe: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two passes over the same batch with the same noise are one pass."""
    draw, open_pairs = loop.step_noise, loop.open_pairs

    def still(shape: Any, timesteps: int, key: tuple[Any, ...], *rest: Any) -> Any:
        return draw(shape, timesteps, ("same",), *rest)

    def opened(*arguments: Any) -> Any:
        pairs = open_pairs(*arguments)
        batch = next(pairs.batches(loop.Position()))

        def repeated(_: Any) -> Any:
            while True:
                yield batch

        object.__setattr__(pairs, "batches", repeated)
        return pairs

    monkeypatch.setattr(loop, "step_noise", still)
    monkeypatch.setattr(loop, "open_pairs", opened)
    for passes in (1, 2):
        told = recipe(1, steps=2, accumulation=passes, validation__pairs=0, validation__pictures=0)
        train(told, tmp_path / str(passes), quiet=True)
    one, two = (load_checkpoint(latest(tmp_path / str(passes))).model for passes in (1, 2))
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=1e-4, atol=1e-6)


def test_a_full_cache_is_not_computed_again(
    recipe: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = recipe(
        2, steps=1, validation__pairs=0, validation__pictures=0, cache__folder=str(tmp_path / "cache")
    )
    train(told, tmp_path / "a", quiet=True)

    def refuse(*_: Any) -> Any:
        raise AssertionError("encoded again")

    monkeypatch.setattr(FrozenEncoders, "latents", refuse)
    monkeypatch.setattr(FrozenEncoders, "visual", refuse)
    train(told, tmp_path / "b", quiet=True)
    same(tmp_path / "a" / "editor", tmp_path / "b" / "editor")
    with pytest.raises(AssertionError, match="encoded again"):
        train(told | {"data": told["data"] | {"resolution": 64}}, tmp_path / "c", quiet=True)


def test_cached_batches_are_those_that_encoding_gives(recipe: Make, tmp_path: Path) -> None:
    from accelerate import Accelerator

    from anyedit.training.loader import RawBatch
    from anyedit.training.order import Position
    from anyedit.training.pairs import open_pairs, sizes_of
    from anyedit.training.reading import GroupReader, pair_of

    told = load_training_recipe(recipe(2, cache__dtype="float32"))
    pipeline = load_parts(told).pipeline
    pairs = open_pairs(told, pipeline, tmp_path, Accelerator(), lambda _: None)
    seen = set()
    for _, (raw, _) in zip(range(8), pairs.loader(Position()), strict=False):
        cells = GroupReader(pairs.table, True).rows(raw.rows)
        again = tuple(
            pair_of(cells[row], pairs.table.edit_type[row].as_py(), sizes_of(told, pipeline), view.flip, True)
            for row, view in zip(raw.rows, raw.views, strict=True)
        )
        fresh = pairs.finish(RawBatch(raw.rows, raw.views, raw.kind, again), cached=False)
        cached = pairs.finish(raw)
        for name in ("source", "mean", "std", "text", "pooled", "kind"):
            torch.testing.assert_close(getattr(cached, name), getattr(fresh, name), rtol=1e-4, atol=1e-5)
        for n in range(len(cached)):
            shown = [
                batch.visual[batch.visual_of[n]] for batch in (cached, fresh) if batch.visual is not None
            ]
            torch.testing.assert_close(*shown, rtol=1e-4, atol=1e-5)
        seen |= {view.flip for view in raw.views}
    assert seen == {True, False}


def test_the_log_the_samples_and_the_report(second_stage: Path, first_stage: Path) -> None:
    lines = read_log(second_stage)
    assert [line["step"] for line in lines if line["what"] == "loss"] == [2, 4, 6]
    types = [line for line in lines if line["what"] == "types"]
    assert [line["step"] for line in types] == [3, 6]
    assert set(types[-1]["loss"]) <= set(TYPES)
    assert sum(types[-1]["load"].values()) == pytest.approx(1)
    validation = [line for line in lines if line["what"] == "validation"]
    assert [line["step"] for line in validation] == [3, 6]
    assert len(validation[0]["by_kind"]) == 4
    with Image.open(second_stage / "samples" / "step-00000006.png") as grid:
        assert np.asarray(grid).std() > 10
    report = (second_stage / "report.html").read_text()
    for part in ("<polyline", "data:image/jpeg;base64,", "Load of the experts", "Validation loss, step 6"):
        assert part in report
    told = [line for line in read_log(first_stage) if line["what"] == "classifier"]
    assert told[0]["rows"] == 6


def test_an_expert_that_nothing_reaches_is_warned_of(recipe: Make, tmp_path: Path) -> None:
    told = recipe(2, steps=3, validation__pairs=0, validation__pictures=0)
    told["experts"] |= {"names": ["used", "idle"], "table": {"movement": "used", "relation": "idle"}}
    train(told, tmp_path, quiet=True)
    warnings = [line for line in read_log(tmp_path) if line["what"] == "warning"]
    assert [line["dead_experts"] for line in warnings] == [["idle"]]
    assert "hardly a row reaches the experts idle" in (tmp_path / "report.html").read_text()


def test_what_cannot_be_trained_is_refused_before_any_work(
    recipe: Make, tmp_path: Path, base_dir: Path, first_stage: Path
) -> None:
    with pytest.raises(
        RecipeError, match=r"has no text_encoder/ \(it has no folders\); a base is a folder in SD"
    ):
        train(recipe(1, base=str(tmp_path)), tmp_path / "run", quiet=True)
    with pytest.raises(
        RecipeError, match=r"attends to text of width 64, but the text encoder of .* gives 128"
    ):
        tiny_unet(text_width=64).save_pretrained(tmp_path / "other")
        train(recipe(1, unet={"path": str(tmp_path / "other")}), tmp_path / "run", quiet=True)
    only_text = write_pairs(tmp_path / "visual", ("visual_bbox",), 4)
    with pytest.raises(
        RecipeError, match=r"no row of split 'train' .*visual_bbox: not a type of this stage: 4"
    ):
        train(recipe(1, data__sources=[str(only_text)]), tmp_path / "run", quiet=True)
    with pytest.raises(RecipeError, match=r"another recipe \(differs in seed, batch\)"):
        train(recipe(1, seed=9, batch=2), first_stage, quiet=True)
    with pytest.raises(MissingExtra, match="pip install wandb"):
        train(recipe(1, log__trackers=["wandb"]), tmp_path / "run")


def test_a_broken_checkpoint_is_named(recipe: Make, tmp_path: Path) -> None:
    told = recipe(1, steps=2, validation__pairs=0, validation__pictures=0)
    train(told, tmp_path, quiet=True)
    (latest(tmp_path) / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(StoreError, match=r"step-00000002 cannot be read .*delete it to continue"):
        train(told, tmp_path, quiet=True)


def test_the_command_trains(recipe: Make, tmp_path: Path) -> None:
    import yaml

    from anyedit.cli.app import app

    told = recipe(
        1, validation__pairs=0, validation__pictures=0, precision="bf16", gradient_checkpointing=True
    )
    told["unet"] = {"config": dict(tiny_unet().config)}
    told["log"]["trackers"] = ["tensorboard"]
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(told))))
    done = CliRunner().invoke(
        app, ["train", str(tmp_path / "r.yaml"), "-o", str(tmp_path / "run"), "--set", "steps=2"]
    )
    assert done.exit_code == 0, done.output
    assert "2 steps" in done.output
    assert load_editor(tmp_path / "run" / "editor").unet.config.in_channels == 8
    assert list((tmp_path / "run").rglob("events.out.tfevents*"))
