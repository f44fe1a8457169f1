"""A build described in YAML: validated before any work, every key with its meaning, all of it usable in Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from anyedit.errors import RecipeError, nearest
from anyedit.types import EDIT_TYPES, added_types, canonical_type


class Section(BaseModel):
    """A part of a recipe: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WorldSource(Section):
    """Scenes of the procedural world."""

    kind: Literal["world"] = "world"
    width: int = Field(256, ge=32, le=4096, description="pixels")
    height: int = Field(256, ge=32, le=4096, description="pixels")
    samples: int = Field(4, ge=1, le=4096, description="paths a pixel, before denoising")
    depth: int = Field(6, ge=2, le=64, description="longest path in segments")
    variant: str = Field("scalar_rgb", description="Mitsuba variant; cuda_ad_rgb on an NVIDIA GPU")
    counterfactual: float = Field(
        0.3, ge=0, le=1, description="share of scenes drawn against the concept bias"
    )
    models: str | None = Field(None, description="folder of your own glTF / OBJ models with a models.yaml")


class Columns(Section):
    """Which column (or JSON field) says what; None: the first of the usual names that there is."""

    image: str | None = None
    caption: str | None = None
    objects: str | None = None
    licence: str | None = None
    carry: tuple[str, ...] | None = Field(
        None, description="fields carried into the dataset; default: those that speak of safety"
    )


class Imagined(Section):
    """Counterfactual scenes: a concept in a context that it rarely meets in the source's captions."""

    concepts: tuple[str, ...] = Field((), description="nouns; empty: the world's kinds")
    contexts: tuple[str, ...] = Field((), description="places; empty: the world's environments")
    width: int = Field(512, ge=64, le=4096, description="pixels")
    height: int = Field(512, ge=64, le=4096, description="pixels")


Layout = Literal["folder", "coco", "huggingface", "webdataset", "llava", "multiview", "lettered"]
# Which of the layout's own keys each layout reads; a key that would do nothing is an error.
LAYOUT_KEYS: dict[str, frozenset[str]] = {
    "folder": frozenset({"captions", "annotations"}),
    "coco": frozenset({"captions", "annotations"}),
    "huggingface": frozenset({"subset", "split", "columns"}),
    "webdataset": frozenset({"columns"}),
    "llava": frozenset({"annotations"}),
    "multiview": frozenset({"captions"}),
    "lettered": frozenset({"annotations"}),
}
NEEDED_KEYS = {"coco": "annotations", "llava": "annotations", "lettered": "annotations"}


class PhotoSource(Section):
    """Photographs with what is known of them, in one of the common layouts; see docs/sources.md."""

    kind: Literal["photos"] = "photos"
    layout: Layout = Field("folder", description="how pictures and what is known of them lie in `path`")
    path: str = Field(
        description="folder, file or URL (s3://, hf://, memory://) of the pictures; relative to the recipe"
    )
    captions: str | None = Field(
        None, description="CSV, JSONL or COCO captions JSON; default: .txt beside each picture"
    )
    annotations: str | None = Field(None, description="COCO instances, LLaVA or AnyWord JSON")
    subset: str | None = Field(None, description="huggingface: configuration (a folder of the dataset)")
    split: str = Field("train", description="huggingface: split")
    columns: Columns = Columns()
    longest: int = Field(
        512, ge=64, le=4096, description="longer side in pixels after scaling down; aspect kept"
    )
    licence: str = Field("unknown", description="licence where the source itself tells none")
    recaption: Literal["never", "missing", "always"] = Field(
        "never", description="captions by the engine of the role `describe`"
    )
    distinct: int | None = Field(
        None,
        ge=0,
        le=7,
        description="leave out pictures whose perceptual hashes differ in at most so many bits",
    )
    counterfactual: float = Field(0.0, ge=0, le=1, description="share of sources that are imagined")
    imagined: Imagined = Imagined()

    @property
    def gives(self) -> str:
        """What its photographs bring that some types need: "views", or nothing more."""
        return "views" if self.layout == "multiview" else ""

    @model_validator(mode="after")
    def _only_keys_of_the_layout(self) -> PhotoSource:
        own = LAYOUT_KEYS[self.layout]
        useless = sorted(self.model_fields_set & frozenset().union(*LAYOUT_KEYS.values()) - own)
        # a key written out at its default (a recipe read back from JSON) says nothing
        useless = [key for key in useless if getattr(self, key) != type(self).model_fields[key].default]
        if useless:
            told = ", ".join(sorted(own)) or "none"
            raise ValueError(f"layout '{self.layout}' does not read {', '.join(useless)}; it reads {told}")
        needed = NEEDED_KEYS.get(self.layout)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"layout '{self.layout}' needs '{needed}'")
        return self


class Placement(Section):
    """Where an engine runs on a cluster: that many copies, each with its share of a GPU. Changes no byte."""

    replicas: int = Field(1, ge=1)
    gpus: float = Field(0.0, ge=0, description="of one GPU or several: 0.25, 1, 2")
    cpus: float = Field(1.0, ge=0)


class Chains(Section):
    """Multi-turn editing: each turn edits the previous result."""

    share: float = Field(0.0, ge=0, le=1, description="share of first-turn pairs that are continued")
    turns: int = Field(3, ge=2, le=5, description="longest chain")


class PairSource(Section):
    """Pairs that are there already, to be assessed: a dataset of ours (a build's folder, or what `import` wrote)."""

    kind: Literal["pairs"] = "pairs"
    path: str = Field(description="folder of the dataset (relative to the recipe)")


class Instructions(Section):
    """How instructions are written: by the types' grammar, or by the language model that plays the role `write`."""

    writer: Literal["grammar", "llm"] = "grammar"
    examples: int = Field(5, ge=0, le=20, description="in-context examples, shuffled for each item")
    enhance: float = Field(
        0.0, ge=0, le=1, description="share of the examples taken from accepted pairs of earlier rounds"
    )
    phrasings: int = Field(3, ge=0, le=8, description="other wordings kept beside the one chosen")
    check: bool = Field(
        True, description="ask the model whether its own instruction makes sense; drop it if not"
    )
    fallback: bool = Field(False, description="grammar where the model gives no usable answer")


class Candidates(Section):
    """Several tries at one edit; the best by the gates wins, the runner-up is kept as rejected, with its scores."""

    seeds: int = Field(1, ge=1, le=16, description="candidates with different seeds")
    engines: tuple[dict[str, Any], ...] = Field(
        (), description="further sets of engines (role -> engine), each tried with every seed"
    )
    retries: int = Field(
        0, ge=0, le=16, description="further tries when none passes: another seed, then wording"
    )
    rewrite: bool = Field(
        False, description="let the judge rewrite the instruction of a good edit that did something else"
    )


Route = Literal["pipeline", "instruct"]
Preset = Literal["published", "judge", "perceptual"]


class Splits(Section):
    """Shares of the splits; by source scene, so that no scene is in two."""

    train: float = Field(0.8, ge=0)
    validation: float = Field(0.1, ge=0)
    test: float = Field(0.1, ge=0)


class Recipe(Section):
    """Everything that a build's bytes depend on."""

    name: str = "build"
    seed: int = 0
    source: Annotated[WorldSource | PhotoSource | PairSource, Field(discriminator="kind")] = WorldSource()
    pairs: int = Field(225, ge=1, description="accepted pairs in all, shared out over the types by weight")
    types: dict[str, float] = Field(
        default_factory=dict, description="type -> weight; empty: all that the source can"
    )
    edits_per_source: int = Field(5, ge=1, le=32, description="instructions tried on one source picture")
    effort: float = Field(4.0, ge=1, description="give a type up after effort x quota tries")
    chains: Chains = Chains()
    inverse: float = Field(0.0, ge=0, le=1, description="share of accepted pairs whose inverse is added too")
    composition: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of sources with two edits that can be joined (about 6 in 10) that get them in one instruction",
    )
    splits: Splits = Splits()
    instructions: Instructions = Instructions()
    route: Route | dict[str, Route] = Field(
        "pipeline",
        description="how photographs are edited: the type's own pipeline, or an instruction editor; or type -> route",
    )
    candidates: Candidates = Candidates()
    presets: tuple[Preset, ...] = Field(
        (),
        description="rules beside the types' own: the published ones, the vision-language judge's, a perceptual distance",
    )
    gates: dict[str, tuple[float | None, float | None]] = Field(
        default_factory=dict, description="'type.rule' -> [low, high]; null = no limit"
    )
    engines: dict[str, Any] = Field(
        default_factory=dict, description="role -> engine name, or settings with 'engine'"
    )
    placement: dict[str, Placement] = Field(
        default_factory=dict, description="role -> where its engine runs with `--executor ray`"
    )
    shard: int = Field(4, ge=1, le=1000, description="sources in one shard, the unit of work and of resuming")

    def route_of(self, edit_type: str) -> Route:
        """How this type's edits of photographs are made."""
        if self.source.kind != "photos":
            return "pipeline" if self.source.kind == "world" else "instruct"
        return self.route if isinstance(self.route, str) else self.route.get(edit_type, "pipeline")

    @property
    def hash(self) -> str:
        """12 hex digits that change with anything that changes the bytes."""
        return digest(self.model_dump_json(exclude={"placement"}))

    def weights(self, possible: tuple[str, ...]) -> dict[str, float]:
        """Type -> share of the quota (sums to 1), over the asked types or all possible ones."""
        asked = {name: weight for name, weight in self.types.items() if weight > 0}
        if self.types and (not asked or min(self.types.values()) < 0):
            raise RecipeError(f"recipe '{self.name}': types: weights are 0 or more, and one at least is more")
        asked = asked or dict.fromkeys(possible, 1.0)
        impossible = [name for name in asked if name not in possible]
        if impossible:
            raise RecipeError(
                f"recipe '{self.name}': a {self.source.kind} source cannot serve {', '.join(impossible)}; "
                f"it can serve {', '.join(possible)}"
            )
        total = sum(asked.values())
        return {name: asked[name] / total for name in possible if name in asked}

    def quotas(self, possible: tuple[str, ...]) -> dict[str, int]:
        """Type -> number of accepted pairs wanted; sums to `pairs` (largest remainders first)."""
        exact = {name: weight * self.pairs for name, weight in self.weights(possible).items()}
        whole = {name: int(value) for name, value in exact.items()}
        left = self.pairs - sum(whole.values())
        for name in sorted(
            exact, key=lambda n: (whole[n] - exact[n], EDIT_TYPES.index(n) if n in EDIT_TYPES else 99)
        )[:left]:
            whole[name] += 1
        return whole


def digest(text: str) -> str:
    """12 hex digits of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_recipe(
    source: str | Path | Mapping[str, Any] | Recipe, settings: Mapping[str, Any] | None = None
) -> Recipe:
    """A recipe from a YAML file, a mapping or a recipe, with `settings` ("source.width": 128) put on top.

    Raises RecipeError that names the file, the key, the value and what would be right.
    """
    where = "recipe"
    if isinstance(source, Recipe):
        data: dict[str, Any] = source.model_dump()
    elif isinstance(source, Mapping):
        data = json.loads(json.dumps(dict(source), default=str))
    else:
        path = Path(source)
        where = str(path)
        data = read_yaml(path)
        if isinstance(data.get("source"), dict):
            for key in ("path", "captions", "annotations", "models"):
                value = data["source"].get(key)
                if isinstance(value, str) and not _elsewhere(value, data["source"], path.parent):
                    data["source"][key] = str((path.parent / value).resolve())
    for key, value in (settings or {}).items():
        put_key(data, key, value, where)
    if isinstance(data.get("types"), list):
        data["types"] = {str(name): 1.0 for name in data["types"]}
    if isinstance(data.get("types"), dict):
        data["types"] = {_canonical(str(name), where): weight for name, weight in data["types"].items()}
    if isinstance(data.get("source"), dict):
        data["source"] = {"kind": "world", **data["source"]}
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise RecipeError("\n".join(_explained(where, data, problem) for problem in error.errors())) from None


def _elsewhere(value: str, source: Mapping[str, Any], folder: Path) -> bool:
    """Whether a path is none of this machine: a URL, a sample, or a dataset's name on the Hub."""
    if value.startswith("sample:") or "://" in value:
        return True
    return source.get("layout") == "huggingface" and not (folder / value).exists()


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file. Raises RecipeError when there is none."""
    try:
        data = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise RecipeError(
            f"no recipe at {path}; the ready ones are in recipes/ (e.g. world.yaml), those of trainings in recipes/train/"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"cannot read the recipe {path}: {error}") from None
    except yaml.YAMLError as error:
        raise RecipeError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(data, dict):
        raise RecipeError(f"{path}: a recipe is a mapping of keys; this is {type(data).__name__}")
    return data


def put_key(data: dict[str, Any], key: str, value: Any, where: str) -> None:
    """Set "section.key" in nested mappings. Raises RecipeError when a section on the way is none."""
    *parents, last = key.split(".")
    if parents[:1] == ["gates"]:  # whose keys are 'type.rule' themselves
        parents, last = parents[:1], key.partition(".")[2]
    at = data
    for parent in parents:
        at = at.setdefault(parent, {})
        if not isinstance(at, dict):
            raise RecipeError(f"{where}: cannot set '{key}': '{parent}' is not a section")
    at[last] = value


def _canonical(name: str, where: str) -> str:
    found = canonical_type(name)
    if found is None:
        raise RecipeError(
            f"{where}: types: no edit type is named '{name}'{nearest(name, (*EDIT_TYPES, *added_types()))}"
        )
    return found


def _explained(where: str, data: Any, problem: Any) -> str:
    loc = problem["loc"]
    # pydantic puts the kind of source after "source"; a recipe has no such level
    location = [part for k, part in enumerate(loc) if not (k == 1 and loc[0] == "source")]
    key = ".".join(str(part) for part in location)
    if problem["type"] == "extra_forbidden":
        section: Any = Recipe
        source = data.get("source")
        kind = source.get("kind", "world") if isinstance(source, dict) else "world"
        for part in location[:-1]:
            if part == "source":
                section = {"photos": PhotoSource, "pairs": PairSource}.get(kind, WorldSource)
            elif isinstance(part, str) and part in section.model_fields:
                section = section.model_fields[part].annotation
        above = "".join(f"{part}." for part in location[:-1])
        return f"{where}: unknown key '{key}'{nearest(key, (above + name for name in section.model_fields))}"
    if location[:1] == ["gates"] and len(location) > 1:
        key = f"gates: '{location[1]}'"
        problem = {**problem, "msg": "limits are [low, high], null for none"}
    value = problem.get("input")
    shown = f" (got {value!r})" if not isinstance(value, dict) else ""
    return f"{where}: {key or 'recipe'}: {problem['msg']}{shown}"
