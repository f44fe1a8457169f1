"""The training loop, from a recipe to an editor. Read it from the top: it is all there is."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.state import AcceleratorState
from accelerate.utils import DistributedType, gather_object
from diffusers import DDPMScheduler
from diffusers.training_utils import EMAModel

from anyedit.errors import RecipeError
from anyedit.models.tasks import TaskClassifier
from anyedit.seeds import seed_of
from anyedit.training.chance import step_noise
from anyedit.training.checkpoint import Checkpoint, latest_checkpoint, load_checkpoint, save_checkpoint
from anyedit.training.classifier import train_classifier
from anyedit.training.journal import Journal, read_log, usable_trackers
from anyedit.training.loss import DiffusionLoss, Nulls
from anyedit.training.meter import LossNotFinite, Meter
from anyedit.training.optimizing import learning_rate, make_optimizer
from anyedit.training.order import Position
from anyedit.training.pairs import open_pairs, sizes_of
from anyedit.training.parts import Parts, load_parts, save_whole
from anyedit.training.recipe import TrainingRecipe, check_places, load_training_recipe
from anyedit.training.report import write_report
from anyedit.training.validation import Validator, averaged

MOST_OVERFLOWS = 32
"""Steps in a row that a loss scale (fp16) may leave out: it is halved at each, and 32 halvings leave nothing of it."""


@dataclass(frozen=True)
class TrainingResult:
    """step: steps done. loss: the mean of the last line of the log. editor: for `load_editor`. report: HTML."""

    step: int
    loss: float | None
    editor: Path
    report: Path


def train(
    recipe: str | Path | Mapping[str, Any] | TrainingRecipe,
    out: str | Path,
    settings: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> TrainingResult:
    """Trains one stage, or continues where the run in `out` stopped, and saves the editor in `out/editor`.

    Several GPUs or machines: `accelerate launch -m anyedit.cli train ...`. Raises RecipeError before any work for
    what cannot be trained, LossNotFinite (the last checkpoint is kept) and StoreError.
    """
    file = Path(recipe) if isinstance(recipe, (str, Path)) else None
    recipe = load_training_recipe(recipe, settings)
    check_places(recipe, file)
    out = Path(out)
    accelerator = _accelerator(recipe, out)
    try:
        return _train(recipe, out, accelerator, quiet)
    finally:
        accelerator.end_training()
        AcceleratorState._reset_state()  # so that a next training in this process may differ in precision


def _train(recipe: TrainingRecipe, out: Path, accelerator: Accelerator, quiet: bool) -> TrainingResult:
    # 1. The model, and where an earlier run stopped
    found = latest_checkpoint(out / "checkpoints")
    checkpoint = None if found is None else load_checkpoint(found)
    start = 0 if checkpoint is None else checkpoint.step
    if checkpoint is not None:
        check_same(checkpoint, recipe, accelerator.num_processes, out)
    parts = load_parts(recipe)  # before anything is written: most mistakes show here
    out.mkdir(parents=True, exist_ok=True)
    journal = Journal(out, accelerator, recipe, start, quiet)

    # 2. Model, optimizer, data
    place_parts(parts, recipe, accelerator)
    pairs = open_pairs(recipe, parts.pipeline, out, accelerator, journal.say)
    noising = DDPMScheduler.from_config(parts.pipeline.scheduler.config)
    factor = float(parts.pipeline.vae.config.scaling_factor)
    loss_of = DiffusionLoss(noising, factor, recipe.loss.min_snr, Nulls(pairs.null_text), recipe.loss.changed)
    parameters = list(parts.trained.values())
    optimizer = make_optimizer(parameters, recipe.optimizer)
    ema = None if recipe.ema is None else EMAModel(parameters, recipe.ema.decay, foreach=True)
    position = Position()
    if checkpoint is not None:
        position = restore(checkpoint, parts, optimizer, ema, accelerator)
    model, optimizer = accelerator.prepare(parts.model, optimizer)
    names = [] if parts.pipeline.experts is None else parts.pipeline.experts.names
    losses = Meter(0, accelerator.device)
    kinds = Meter(len(names), accelerator.device, _learned(parts))
    overflows = 0  # gradients in a row that were none: with a loss scale a few are usual

    # 3. Train
    validator = (
        Validator(recipe, pairs, sizes_of(recipe, parts.pipeline)) if accelerator.is_main_process else None
    )
    batches = pairs.batches(position)
    clock, seen = time.perf_counter(), 0
    for step in range(start, recipe.steps):
        torch.manual_seed(seed_of(recipe.seed, step, accelerator.process_index, "step") % 2**63)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, recipe.steps, recipe.optimizer)
        passes: list[torch.Tensor] = []
        for part in range(recipe.accumulation):
            batch, position = next(batches)
            key = (recipe.seed, step, part, accelerator.process_index, "noise")
            noise = step_noise(
                tuple(batch.mean.shape), noising.config.num_train_timesteps, key, recipe.dropout,
                recipe.trains_experts, recipe.experts.unknown if _learned(parts) else 0.0, accelerator.device,
                recipe.loss.logit_normal,
            )  # fmt: skip
            last = part == recipe.accumulation - 1
            with contextlib.nullcontext() if last else accelerator.no_sync(model):
                told = loss_of(model, batch, noise)
                loss = told.items.mean()
                passes.append(loss.detach())
                if told.router is not None:
                    loss = loss + recipe.experts.load_balance * told.router.load_balance
                    loss = loss + recipe.experts.z_loss * told.router.z_loss
                accelerator.backward(loss / recipe.accumulation)
            losses.add(told.items, batch.kind, None)
            kinds.add(told.items, batch.kind, told.router)
            seen += len(batch)
        norm = accelerator.clip_grad_norm_(parameters, recipe.optimizer.clip)
        overflows = 0 if check_finite(passes, norm, step + 1, found) else overflows + 1
        if overflows > (0 if accelerator.scaler is None else MOST_OVERFLOWS):
            raise not_finite(f"the norm of the gradient is {float(norm)}", step + 1, found)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if ema is not None:
            ema.step(parameters)

        # 4. Write down, save, look
        done = step + 1
        final = done == recipe.steps
        if done % recipe.log.every == 0 or final:
            measured = losses.read(accelerator.reduce)
            seconds = time.perf_counter() - clock
            numbers = {
                "loss": measured.loss,
                "rate": optimizer.param_groups[0]["lr"],
                "pairs_per_second": seen * accelerator.num_processes / seconds,
            }
            journal.write("loss", done, numbers)
            journal.say(f"step {done} of {recipe.steps}: loss {measured.loss:.4f}, "
                        f"{numbers['pairs_per_second']:.1f} pairs/s")  # fmt: skip
            losses.reset()
            clock, seen = time.perf_counter(), 0
        if done % recipe.log.types_every == 0 or final:
            log_kinds(kinds, names, done, journal, accelerator)
        paused = time.perf_counter()
        if done % recipe.checkpoints.every == 0 or final:
            positions = gather_object([position.to_json()])
            if accelerator.is_main_process:
                state = {
                    "recipe": recipe.hash,
                    "told": recipe.model_dump(mode="json"),
                    "positions": positions,
                }
                if accelerator.scaler is not None:
                    state["scaler"] = accelerator.scaler.state_dict()
                saved = checkpoint_of(done, parts, optimizer, ema, state)
                found = save_checkpoint(out / "checkpoints", saved, recipe.checkpoints.keep)
                write_report(recipe, out)
            accelerator.wait_for_everyone()
        if done % recipe.validation.every == 0 or final:
            if validator is not None:
                with accelerator.autocast(), averaged(ema, parameters):
                    validate(validator, parts, loss_of, done, journal, out)
            accelerator.wait_for_everyone()
        clock += time.perf_counter() - paused
    batches.close()  # type: ignore[attr-defined]

    # 5. The editor, with the averaged weights
    if accelerator.is_main_process:
        if recipe.classifier.steps and not (out / "task_classifier").exists():
            cache = Path(recipe.cache.folder or out / "cache") if recipe.cache.text else None
            classifier, accuracy = train_classifier(recipe, parts.pipeline, cache, journal.say)
            journal.write("classifier", recipe.steps, asdict(accuracy))
            save_whole(classifier, out / "task_classifier")
        write_editor(recipe, out)
        write_report(recipe, out)
    accelerator.wait_for_everyone()
    lines = [line for line in read_log(out) if line["what"] == "loss"]
    return TrainingResult(
        recipe.steps, lines[-1]["loss"] if lines else None, out / "editor", out / "report.html"
    )


def place_parts(parts: Parts, recipe: TrainingRecipe, accelerator: Accelerator) -> None:
    """Everything to the device; what is frozen in the training's precision, what is trained in float32."""
    half = {"no": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[recipe.precision]
    pipeline = parts.pipeline
    for frozen in (pipeline.vae, pipeline.text_encoder, pipeline.image_encoder):
        if frozen is not None:
            frozen.to(accelerator.device, half)
    parts.model.to(accelerator.device)
    if not recipe.trains_unet:
        pipeline.unet.to(dtype=half)
    if recipe.gradient_checkpointing:
        pipeline.unet.enable_gradient_checkpointing()
    if recipe.compile:
        pipeline.unet.compile()
    parts.model.train()


def checkpoint_of(
    step: int, parts: Parts, optimizer: Any, ema: EMAModel | None, state: dict[str, Any]
) -> Checkpoint:
    """The run as it stands."""
    averaged = {} if ema is None else dict(zip(parts.trained, ema.shadow_params, strict=True))
    return Checkpoint(step, dict(parts.trained), averaged, optimizer.state_dict(), state)


def restore(
    checkpoint: Checkpoint, parts: Parts, optimizer: torch.optim.Optimizer, ema: EMAModel | None,
    accelerator: Accelerator,
) -> Position:  # fmt: skip
    """Puts a checkpoint back in place; this process's position in the data."""
    with torch.no_grad():
        for name, value in parts.trained.items():
            value.copy_(checkpoint.model[name])
    optimizer.load_state_dict(checkpoint.optimizer)
    if ema is not None:
        ema.shadow_params = [checkpoint.ema[name].to(accelerator.device) for name in parts.trained]
        ema.optimization_step = checkpoint.step
    if accelerator.scaler is not None and "scaler" in checkpoint.state:
        accelerator.scaler.load_state_dict(checkpoint.state["scaler"])
    return Position.from_json(checkpoint.state["positions"][accelerator.process_index])


def check_same(checkpoint: Checkpoint, recipe: TrainingRecipe, processes: int, out: Path) -> None:
    """Raises RecipeError when the run in `out` was another one, naming the keys that differ."""
    if checkpoint.state["recipe"] != recipe.hash:
        before, now = checkpoint.state["told"], recipe.model_dump(mode="json")
        differ = [key for key in now if key not in recipe.free and before.get(key) != now[key]]
        why = f": under the {recipe.optimizer.schedule} schedule every step's rate hangs on them"
        raise RecipeError(
            f"{out} holds a training of another recipe (differs in {', '.join(differ)}"
            f"{why if differ == ['steps'] else ''}); choose another --out"
        )
    before = len(checkpoint.state["positions"])
    if before != processes:
        raise RecipeError(
            f"{out} was trained by {before} processes; continue it with as many, not {processes}"
        )


def check_finite(passes: list[torch.Tensor], norm: torch.Tensor, step: int, kept: Path | None) -> bool:
    """Whether the gradient's norm is finite. Raises LossNotFinite when a loss of the step's passes is not.

    Asked before each optimizer step, so that weights and checkpoints stay good; it waits for the device.
    """
    *losses, size = torch.stack([value.float() for value in (*passes, norm)]).tolist()
    for loss in losses:
        if not math.isfinite(loss):
            raise not_finite(f"the loss is {loss}", step, kept)
    return math.isfinite(size)


def not_finite(what: str, step: int, kept: Path | None) -> LossNotFinite:
    """The error that stops a run in this step."""
    advice = f"the last good checkpoint is {kept}" if kept else "no checkpoint was written yet"
    return LossNotFinite(
        f"{what} in step {step}; {advice}. A lower optimizer.rate, a longer warmup or precision bf16 instead of fp16"
        " may help"
    )


def validate(
    validator: Validator, parts: Parts, loss_of: DiffusionLoss, step: int, journal: Journal, out: Path
) -> None:
    """Writes the loss on the validation split and the pictures of the fixed set, with the weights as they are."""
    parts.model.eval()
    if validator.batches:
        measured = validator.loss(parts.model, loss_of)
        journal.write("validation", step, {"loss": measured.loss, "by_kind": measured.by_kind})
        journal.say(f"step {step}: validation loss {measured.loss:.4f}")
    grid = validator.grid(parts.pipeline)
    if grid is not None:
        file = out / "samples" / f"step-{step:08d}.png"
        file.parent.mkdir(exist_ok=True)
        partial = file.with_suffix(".partial")
        grid.save(partial, "PNG")
        partial.rename(file)
        journal.picture(step, grid)
    parts.model.train()


def log_kinds(kinds: Meter, names: list[str], step: int, journal: Journal, accelerator: Accelerator) -> None:
    """Loss per kind of edit and load per expert, and a warning for experts that get nothing."""
    measured = kinds.read(accelerator.reduce)
    kinds.reset()
    numbers: dict[str, Any] = {"loss": measured.by_kind}
    if measured.load is not None:
        numbers |= {"load": dict(zip(names, measured.load, strict=True))}
        numbers |= {"balance": measured.balance, "z": measured.z}
    journal.write("types", step, numbers)
    if dead := measured.dead(names):
        journal.write("warning", step, {"dead_experts": dead})
        advice = (
            "raise experts.load_balance" if kinds.learned else "their types are rare or missing in the data"
        )
        journal.say(f"step {step}: warning: hardly a row reaches the experts {', '.join(dead)}: {advice}")


def write_editor(recipe: TrainingRecipe, out: Path) -> Path:
    """The editor of the newest checkpoint: the parts in full precision, with the averaged weights if there are."""
    found = latest_checkpoint(out / "checkpoints")
    if found is None:
        raise RecipeError(f"{out} has no checkpoint yet")
    checkpoint = load_checkpoint(found)
    parts = load_parts(recipe)
    if (out / "task_classifier").exists():
        parts.pipeline.register_modules(
            task_classifier=TaskClassifier.from_pretrained(out / "task_classifier")
        )
    weights = checkpoint.ema or checkpoint.model
    with torch.no_grad():
        for name, value in parts.trained.items():
            value.copy_(weights[name])
    return save_whole(parts.pipeline, out / "editor")


def _accelerator(recipe: TrainingRecipe, out: Path) -> Accelerator:
    unused = DistributedDataParallelKwargs(find_unused_parameters=recipe.trains_experts)
    accelerator = Accelerator(
        mixed_precision=recipe.precision,
        log_with=usable_trackers(recipe),
        project_dir=str(out),
        kwargs_handlers=[unused],
    )
    known = (DistributedType.NO, DistributedType.MULTI_GPU, DistributedType.MULTI_CPU)
    if accelerator.distributed_type not in known:
        raise RecipeError(
            f"accelerate is set to {accelerator.distributed_type}; this trains on one device or data-parallel (DDP)"
        )
    return accelerator


def _learned(parts: Parts) -> bool:
    return parts.pipeline.experts is not None and parts.pipeline.experts.learns_routing
