"""A training described in YAML: validated before any work, every key with its meaning, all of it usable in Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator

from anyedit.errors import RecipeError, nearest
from anyedit.recipe import Section, digest, put_key, read_yaml
from anyedit.types import EDIT_TYPES, canonical_type

COMPOSITION = "composition"
"""What rows are called whose edit_type is two types joined by "+"."""
Stage = Literal[1, 2, "joint"]
FREE = ("name", "steps", "checkpoints", "validation", "log", "classifier")
"""Keys that may change when a run goes on: the weights do not depend on them, or only on how far it goes. Under a
schedule that ends with the run, `steps` is not free: every step's rate hangs on it (see `TrainingRecipe.free`)."""


class DataSource(Section):
    """One dataset in our schema: a build's folder, its `dataset/`, a hub id `owner/name`, or any fsspec URL."""

    path: str = Field(description="folder (relative to the recipe), hub id, or URL such as s3://...")
    weight: float = Field(1.0, gt=0, description="multiplies the chance of each of its rows")


class Data(Section):
    """Which pairs are seen, how often, and how their pictures are brought to size."""

    sources: tuple[DataSource, ...] = Field(min_length=1)
    resolution: int = Field(256, ge=32, le=4096, description="a picture has about resolution² pixels")
    longest_aspect: float = Field(
        2.0, ge=1, le=4, description="1: all squares; else buckets up to this ratio"
    )
    types: dict[str, float] = Field(
        default_factory=dict, description="type -> factor on the chance of its rows (0: left out; default 1)"
    )
    balance: float = Field(
        0.0, ge=0, le=1, description="0: types as often as they occur; 1: all types equally often"
    )
    flip: float = Field(0.5, ge=0, le=0.5, description="chance of a mirrored pair, where words allow it")
    phrasings: bool = Field(True, description="draw among the wordings of an edit, not the first only")
    window: int = Field(1024, ge=1, description="rows shuffled together while streaming (without a cache)")
    workers: int = Field(2, ge=1, le=64, description="decoding threads, beside the training's")
    train_split: str = "train"
    validation_split: str = "validation"


class Cache(Section):
    """Frozen encoders' outputs kept on disk, keyed by content; what is there is not computed again."""

    latents: bool = Field(True, description="latents, and CLIP's states of visual prompts")
    text: bool = True
    folder: str | None = Field(None, description="where; default: cache/ in the run's folder")
    dtype: Literal["float16", "float32"] = "float16"
    batch: int = Field(16, ge=1, description="pictures encoded at once")


class Unet(Section):
    """Where the UNet starts: a pretrained one (from `base` when nothing is said), or a config with random weights."""

    path: str | None = Field(None, description="folder or hub id of a UNet or of a pipeline that has one")
    config: dict[str, Any] | None = Field(None, description="UNet2DConditionModel's arguments: random start")

    @model_validator(mode="after")
    def _one_start(self) -> Unet:
        if self.path is not None and self.config is not None:
            raise ValueError("give path or config, not both")
        return self


class Experts(Section):
    """The experts of stage 2 and of the joint stage (as `AnySDExperts` takes them)."""

    path: str | None = Field(None, description="folder of an editor whose experts are trained on")
    names: tuple[str, ...] | None = Field(None, min_length=1, description="default: the nine published ones")
    table: dict[str, str] | None = Field(None, description="type -> expert; default: the published table")
    routing: Literal["table", "learned"] = "table"
    top_k: int = Field(1, ge=1)
    shared_resampler: bool = Field(False, description="one resampler for all experts instead of one each")
    queries: int = Field(16, ge=1)
    depth: int = Field(4, ge=1)
    head_width: int = Field(64, ge=1)
    expansion: int = Field(4, ge=1)
    router_hidden: int = Field(256, ge=1)
    load_balance: float = Field(0.01, ge=0, description="weight of the load-balancing loss (Switch: 0.01)")
    z_loss: float = Field(0.001, ge=0, description="weight of the router's z-loss (ST-MoE: 0.001)")
    unknown: float = Field(0.1, ge=0, le=1, description="learned routing: chance that the type is hidden")
    task_embeddings: bool = Field(True, description="false: task tokens stay zero, as an ablation")
    zero_values: bool = Field(
        False,
        description="V' start at zero instead of the text's V: the stage starts as the editor it goes on from",
    )


class Dropout(Section):
    """Chance that a condition is replaced by its null (REFERENCE section 4: 5% each)."""

    text: float = Field(0.05, ge=0, le=1)
    picture: float = Field(0.05, ge=0, le=1)
    both: float = Field(0.05, ge=0, le=1)
    visual: float = Field(0.05, ge=0, le=1, description="the visual prompt and task token; stage 2 and joint")


class Loss(Section):
    """What is predicted, and how timesteps and places are weighed."""

    prediction: Literal["epsilon", "v_prediction"] | None = Field(None, description="null: as the base's")
    min_snr: float | None = Field(None, gt=0, description="gamma of min-SNR weighting (arXiv 2303.09556: 5)")
    logit_normal: tuple[float, float] | None = Field(
        None, description="mean and deviation of the timesteps' logit (arXiv 2403.03206); null: uniform"
    )
    changed: float = Field(
        1.0, ge=1, description="weight of latents that the edit changes over those that it leaves; 1: alike"
    )


class Optimizer(Section):
    """AdamW and its learning rate: linear warmup, then the schedule down to `last` x rate."""

    rate: float = Field(1e-4, gt=0)
    schedule: Literal["constant", "cosine", "linear"] = "constant"
    warmup: int = Field(0, ge=0, description="steps")
    last: float = Field(0.0, ge=0, le=1, description="share of the rate that cosine and linear end at")
    weight_decay: float = Field(0.01, ge=0)
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = Field(1e-8, gt=0)
    clip: float = Field(1.0, gt=0, description="largest norm of the gradient")
    eight_bit: bool = Field(False, description="Adam's states in 8 bits; needs bitsandbytes")


class Ema(Section):
    """Moving average of the trained weights, with the usual warmup; it is what the editor is saved with."""

    decay: float = Field(0.9999, ge=0, lt=1)


class Checkpoints(Section):
    """The run's state on disk, from which it continues to the bit."""

    every: int = Field(1000, ge=1, description="steps")
    keep: int = Field(2, ge=1, description="how many of the latest are kept")


class Validation(Section):
    """Loss on the validation split with fixed noise, and pictures of a fixed set."""

    every: int = Field(1000, ge=1, description="steps")
    pairs: int = Field(256, ge=0, description="pairs that the loss is measured on")
    pictures: int = Field(8, ge=0, le=64, description="edits shown, types in turn")
    steps: int = Field(20, ge=1, description="of denoising, for the pictures")


class Log(Section):
    """What is written down, and how often."""

    every: int = Field(10, ge=1, description="steps between lines of loss")
    types_every: int = Field(100, ge=1, description="steps between loss per type and expert load")
    trackers: tuple[Literal["tensorboard", "wandb"], ...] = ("tensorboard",)


class Classifier(Section):
    """The task classifier, trained on the instructions' features when the stage is done."""

    steps: int = Field(0, ge=0, description="0: none is trained (one of the base is kept)")
    rate: float = Field(1e-3, gt=0)
    batch: int = Field(128, ge=1)
    hidden: int = Field(256, ge=1)


class TrainingRecipe(Section):
    """Everything that a training's weights depend on."""

    name: str = "training"
    seed: int = 0
    stage: Stage = 1
    base: str = Field(
        "stable-diffusion-v1-5/stable-diffusion-v1-5",
        description="folder or hub id in SD layout: vae, text_encoder, tokenizer, scheduler, unet, and for "
        "experts image_encoder and feature_extractor; an editor that an earlier stage saved is one",
    )
    image_encoder: str | None = Field(None, description="CLIP vision tower, when `base` has none")
    unet: Unet = Unet()
    data: Data
    cache: Cache = Cache()
    experts: Experts = Experts()
    dropout: Dropout = Dropout()
    loss: Loss = Loss()
    steps: int = Field(10_000, ge=1, description="of the optimizer")
    batch: int = Field(16, ge=1, description="pairs per process and forward pass")
    accumulation: int = Field(1, ge=1, description="forward passes per step")
    precision: Literal["no", "fp16", "bf16"] = "no"
    gradient_checkpointing: bool = False
    compile: bool = Field(False, description="torch.compile the UNet")
    optimizer: Optimizer = Optimizer()
    ema: Ema | None = Ema()
    checkpoints: Checkpoints = Checkpoints()
    validation: Validation = Validation()
    log: Log = Log()
    classifier: Classifier = Classifier()

    @model_validator(mode="after")
    def _drops_are_exclusive(self) -> TrainingRecipe:
        drop = self.dropout
        if drop.text + drop.picture + drop.both + drop.visual > 1:
            raise ValueError("dropout: text + picture + both + visual is more than 1")
        return self

    @property
    def trains_unet(self) -> bool:
        """Whether this stage changes the UNet."""
        return self.stage in (1, "joint")

    @property
    def trains_experts(self) -> bool:
        """Whether this stage changes experts."""
        return self.stage in (2, "joint")

    @property
    def free(self) -> tuple[str, ...]:
        """Keys that may change when a run of this recipe goes on: `FREE`, `steps` only at a constant rate."""
        return tuple(key for key in FREE if key != "steps" or self.optimizer.schedule == "constant")

    @property
    def hash(self) -> str:
        """12 hex digits that change with anything that changes the weights; not with how long (at a constant rate),
        where or how often something is saved or shown."""
        free: dict[str, Any] = dict.fromkeys(self.free, True)
        free |= {"cache": {"folder", "batch"}, "data": {"workers": True}}
        return digest(self.model_dump_json(exclude=free))


def load_training_recipe(
    source: str | Path | Mapping[str, Any] | TrainingRecipe, settings: Mapping[str, Any] | None = None
) -> TrainingRecipe:
    """A training recipe from a YAML file, a mapping or a recipe, with `settings` ("optimizer.rate": 1e-5) on top.

    Paths in a file are relative to it. Raises RecipeError that names the file, the key, the value and what would
    be right.
    """
    where = "training recipe"
    folder: Path | None = None
    if isinstance(source, TrainingRecipe):
        data: dict[str, Any] = source.model_dump()
    elif isinstance(source, Mapping):
        data = json.loads(json.dumps(dict(source), default=str))
    else:
        path = Path(source)
        where, folder = str(path), path.parent
        data = read_yaml(path)
    for key, value in (settings or {}).items():
        put_key(data, key, value, where)
    _fill(data, where)
    try:
        recipe = TrainingRecipe.model_validate(data)
    except ValidationError as error:
        raise RecipeError("\n".join(_explained(where, data, problem) for problem in error.errors())) from None
    return recipe if folder is None else _resolved(recipe, folder)


def check_places(recipe: TrainingRecipe, file: Path | None = None) -> None:
    """Raises RecipeError for a folder of weights that is not there, with the recipe that makes it where one is known.

    Known is a recipe beside `file` named by the convention of `recipes/train`: what mini-stage1.yaml starts from in
    `.../base` or `.../base/editor` is made by mini-base.yaml. A name like owner/name may be a hub id and is let pass.
    """
    told = {
        "base": recipe.base,
        "image_encoder": recipe.image_encoder,
        "unet.path": recipe.unet.path,
        "experts.path": recipe.experts.path,
    }
    for key, path in told.items():
        if path is None or Path(path).exists() or (not path.startswith((".", "/")) and path.count("/") == 1):
            continue
        place = Path(path)
        run = place.parent if place.name == "editor" else place
        makes = None if file is None else file.with_name(f"{file.stem.rpartition('-')[0]}-{run.name}.yaml")
        advice = "make it first, or name another"
        if makes is not None and makes.is_file() and makes != file:
            advice = f"make it first: anyedit train {makes} --out {run}"
        raise RecipeError(f"{file or 'training recipe'}: {key}: no such folder: {path}; {advice}")


def _fill(data: dict[str, Any], where: str) -> None:
    section = data.get("data")
    if not isinstance(section, dict):
        return
    sources = section.get("sources")
    listed = [sources] if isinstance(sources, (str, dict)) else sources
    if isinstance(listed, (list, tuple)):
        section["sources"] = [{"path": item} if isinstance(item, str) else item for item in listed]
    if isinstance(section.get("types"), dict):
        section["types"] = {_canonical(str(name), where): w for name, w in section["types"].items()}


def _canonical(name: str, where: str) -> str:
    found = COMPOSITION if name == COMPOSITION else canonical_type(name)
    if found is None:
        known = (*EDIT_TYPES, COMPOSITION)
        raise RecipeError(f"{where}: data.types: no edit type is named '{name}'{nearest(name, known)}")
    return found


def _resolved(recipe: TrainingRecipe, folder: Path) -> TrainingRecipe:
    """Paths that exist relative to the recipe's folder become absolute; others are left (hub ids, URLs)."""

    def place(path: str | None) -> str | None:
        if path is None or "://" in path:
            return path
        found = folder / path
        return str(found.resolve()) if found.exists() or path.startswith((".", "/")) else path

    sources = tuple(s.model_copy(update={"path": place(s.path)}) for s in recipe.data.sources)
    return recipe.model_copy(
        update={
            "base": place(recipe.base),
            "image_encoder": place(recipe.image_encoder),
            "unet": recipe.unet.model_copy(update={"path": place(recipe.unet.path)}),
            "experts": recipe.experts.model_copy(update={"path": place(recipe.experts.path)}),
            "data": recipe.data.model_copy(update={"sources": sources}),
        }
    )


def _explained(where: str, data: Any, problem: Any) -> str:
    location = list(problem["loc"])
    key = ".".join(str(part) for part in location)
    if problem["type"] == "extra_forbidden":
        section = _section_at(location[:-1])
        return f"{where}: unknown key '{key}'{nearest(str(location[-1]), section.model_fields)}"
    if problem["type"] == "missing":
        return f"{where}: the key '{key}' is missing"
    value = problem.get("input")
    shown = f" (got {value!r})" if not isinstance(value, dict) else ""
    return f"{where}: {key or 'recipe'}: {problem['msg']}{shown}"


def _section_at(location: list[Any]) -> type[BaseModel]:
    section: type[BaseModel] = TrainingRecipe
    for part in location:
        if isinstance(part, str) and part in section.model_fields:
            section = _section_in(section.model_fields[part].annotation) or section
    return section


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section in an annotation like `Ema | None` or `tuple[DataSource, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)
