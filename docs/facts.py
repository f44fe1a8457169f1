"""Tables that follow from the code. What code cannot say (what a thing is good for) stands here in words, keyed by the
code's own names: a name without words, or words without a name, is an error, so neither can go stale unseen.
"""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from marking import PageError
from measured import all_measured

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "src" / "anyedit" / "studio" / "page"


def worded(what: str, names: Iterable[str], words: Mapping[str, Any]) -> list[str]:
    """The names, each of which has words and no word is left over. Raises PageError."""
    known = list(names)
    lacking, extra = [n for n in known if n not in words], [w for w in words if w not in known]
    if lacking or extra:
        raise PageError(f"docs/facts.py, {what}: no words for {lacking}, words for nothing: {extra}")
    return known


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, as generate.py writes it."""
    import generate

    return generate.table(header, rows)


# Edit types.


def parts_of_a_type() -> str:
    """What a class that adds an edit type says."""
    from anyedit.edits.base import EditType

    words = {
        "`name`, `of_group`, `summary`, `needs`, `example`": "facts for people and for the list of types",
        "`Params`": "the typed parameters of one edit; unknown fields are errors",
        "`phrases`": "at least twelve ways to say it, with slots that `words` fills",
        "`checks`, `gates`": "rules before and after the edit: a measurement and its limits",
    }
    for key in words:
        for name in re.findall(r"`(\w+)`", key):
            if name not in EditType.__annotations__:
                raise PageError(f"docs/facts.py: EditType says no {name}")
    methods = ("propose", "words", "caption_after", "rewrite", "edit", "mask_of", "inverse")
    rows = [[key, text] for key, text in words.items()]
    for name in methods:
        method = getattr(EditType, name)
        taken = ", ".join(list(inspect.signature(method).parameters)[1:])
        told = (inspect.getdoc(method) or "").splitlines()[0].rstrip(".")
        rows.append([f"`{name}({taken})`" + (" (needed)" if is_needed(method) else ""), told])
    return table(["part", "what it is"], rows)


def part_of_a_file(path: str, name: str, language: str) -> str:
    """What stands between a file's lines `# --8<-- [start:NAME]` and `[end:NAME]`, as a block."""
    found = re.search(
        rf"# --8<-- \[start:{name}\]\n(.*?)\n*# --8<-- \[end:{name}\]", (ROOT / path).read_text(), re.S
    )
    if found is None:
        raise PageError(f"docs/facts.py: {path} marks no part '{name}'")
    return f"```{language}\n{found[1]}\n```"


def is_needed(method: Any) -> bool:
    """Whether a class without it cannot be made."""
    return bool(getattr(method, "__isabstractmethod__", False))


def gates_of_all_types() -> str:
    """The rules that every type has, with limits and what they measure."""
    from generate import rules_table

    from anyedit.edits.rules import EVERY

    return rules_table(EVERY)


def photograph_types() -> str:
    """How each type edits photographs with classical engines and small networks."""
    from anyedit.edits import edit_types
    from anyedit.engines.toolbox import played
    from anyedit.recipe import load_recipe

    words = {
        "remove, movement, resize, counting, relation": (
            "cut out by the mask, fill, set down elsewhere", "fill unlike its surroundings, seam, smear"),
        "color_alter": ("main hue turned in Lab", "not nearer to the colour asked for than to another name"),
        "appearance_alter": (
            "a printed pattern with the thing's shading", "mask off the outline, pattern that hardly shows"),
        "material_change, visual_material_transfer": (
            "a procedural texture bent and shaded by the thing's own light",
            "shading lost, wrong colour, mask off the outline"),
        "background_change": (
            "soft cut-out before a studio backdrop or a rendered place out of focus",
            "unsure subject, outline off the edges, old background in the rim"),
        "textual_change": (
            "the font that lies best on the old letters, their colour and softness",
            "OCR must read the old word before and the new one after"),
        "tone_transfer, implicit_change": (
            "curves, haze, leaves, a gradient for the sky", "structure lost, too little change"),
        "style_change, outpaint": ("procedural styles; the source is a crop of the whole", "see the type's file"),
        "visual_bbox, visual_segment, visual_scribble, visual_sketch": (
            "a picture drawn from the target of an inner edit", "the inner edit's gates, an empty picture"),
        "rotation_change": (
            "two views of one capture (`layout: multiview`)", "the views do not show one rigid scene"),
    }  # fmt: skip
    roles = played(load_recipe(ROOT / "recipes" / "photos.yaml").engines)
    names = [name for name, kind in edit_types().items() if kind.serves_photographs(roles)]
    worded("photograph types", names, {name: 1 for key in words for name in key.split(", ")})
    rows = [[key, how, stops] for key, (how, stops) in words.items()]
    rows.insert(1, ["add", "the way back from a removal: the photograph as taken is the target",
                    "the removal's own gates"])  # fmt: skip
    return table(["type", "how", "what stops a bad one"], rows)


def photograph_types_with_weights() -> str:
    """Types that need an engine which the recipe for laptops does not name."""
    from anyedit.edits import edit_types
    from anyedit.engines.toolbox import played
    from anyedit.recipe import load_recipe

    words = {
        "replace": "the hull of the thing painted to the target caption, pasted back; the new thing is kin of the old in "
        "sort and size",
        "add": "the evenest free place painted",
        "visual_reference": "as replace, after the picture; `generate` makes the reference, else it is rendered",
        "visual_depth": "the depth of the target beside an inner edit",
        "action_change": "an instruction editor, judged like any edit",
    }
    roles = played(load_recipe(ROOT / "recipes" / "photos.yaml").engines)
    kinds = {name: kind for name, kind in edit_types().items() if not kind.serves_photographs(roles)}
    worded("types with weights", kinds, words)
    rows = [[name, ", ".join(f"`{role}`" for role in kinds[name].asks), how] for name, how in words.items()]
    rows.append(["background_change", "`generate` (if named)", "painted places instead of rendered ones"])
    return table(["type", "engine", "how"], rows)


# Engines.


def class_at(place: str) -> Any:
    """The class of a place `module:Class`."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def engines_by_role() -> str:
    """Every role with what can play it; the default in bold."""
    from anyedit.engines.toolbox import DEFAULTS, ENGINES
    from anyedit.engines.tools import ROLES

    rows = []
    for role, (_, what) in ROLES.items():
        names = [f"**{name}**" if DEFAULTS.get(role) == name else name for name in ENGINES.get(role, {})]
        rows.append([f"`{role}`", what, ", ".join(names)])
    return table(["role", "what it does", "engines"], rows)


def settings_of(cls: Any, without: Any = None) -> list[str]:
    """The fields of an engine that a recipe may set, less those of another class."""
    assert is_dataclass(cls)
    known = {f.name for f in fields(without)} if without else set()
    return [f.name for f in fields(cls) if f.init and f.name not in known]


def huggingface_engines() -> str:
    """The adapters of one library, their roles and own settings."""
    from anyedit.engines.huggingface.diffusion import Diffusion
    from anyedit.engines.huggingface.network import Network
    from anyedit.engines.toolbox import HUGGINGFACE

    words = {
        "CausalWriter": "any causal language model, GGUF files too",
        "VisionLanguage": "Qwen-VL, LLaVA, InternVL and others with a chat template; BLIP-2 describes only",
        "TextToImage": "what AutoPipelineForText2Image opens",
        "DiffusionPainter": "what AutoPipelineForInpainting opens, with a depth or Canny ControlNet",
        "DiffusionFill": "the same, with a caption of its own for an empty place",
        "ReferencePainting": "the same with an IP-Adapter",
        "DiffusionEditor": "every pipeline that takes a picture and a prompt: InstructPix2Pix, FLUX.1 Kontext, FLUX.2, "
        "Qwen-Image-Edit, UltraEdit by `custom_pipeline`...",
        "ZeroShotDetector": "GroundingDINO, OWLv2 and their interface; SAM 3's concepts",
        "PromptedSegmenter": "SAM 2, SAM 3",
        "UniversalSegmenter": "Mask2Former, OneFormer",
        "DepthEstimator": "DepthAnything and the depth interface",
        "Clip": "CLIP, SigLIP",
        "ImageFeatures": "CLIP, SigLIP, DINO, DINOv2, ViT",
        "Aesthetics": "LAION's predictor on CLIP ViT-L/14",
    }
    by_place: dict[str, list[str]] = {}
    for role, place in HUGGINGFACE.items():
        by_place.setdefault(place, []).append(role)
    worded("huggingface", [place.split(":")[1] for place in by_place], words)
    rows = []
    for place, roles in by_place.items():
        cls = class_at(place)
        common = (
            Network if cls.__name__ == "TextToImage" else Diffusion if issubclass(cls, Diffusion) else Network
        )
        own = ", ".join(f"`{name}`" for name in settings_of(cls, common))
        if issubclass(cls, Diffusion) and common is Diffusion:
            own = f"those of generate; {own}"
        rows.append([", ".join(roles), words[cls.__name__], own])
    return table(["roles", "opens", "own settings"], rows)


def openai_settings() -> str:
    """The settings of the engines that ask a server."""
    words = {
        "model": "the model's name there",
        "base_url": "where",
        "key": "the NAME of the environment variable with the API key; never the key",
        "timeout": "seconds that a request may take",
        "retries": "tries after the first",
        "wait": "seconds before the first of them; doubled each time, with jitter, or what the server asks for",
        "concurrency": "requests in flight at once, of one worker process",
        "input_price": "US dollars per million tokens sent: the ledger's `usage` counts requests, retries, tokens, "
        "pictures and cost for each type and role",
        "output_price": "the same for tokens received",
        "picture_price": "US dollars per picture",
        "structured": "how a form is asked for: `json_schema`, `json_object`, `words`",
        "tries": "how often an answer that does not satisfy its schema is asked for",
        "sizes": "what sizes the server makes",
        "extra": "further fields of the request",
    }
    from anyedit.engines.toolbox import OPENAI

    rows, seen = [], {}
    for role, place in OPENAI.items():
        for field in fields(class_at(place)):
            if field.init:
                seen.setdefault(field.name, (field, []))[1].append(role)
    for name in worded("openai", seen, words):
        field, roles = seen[name]
        default = (
            ""
            if isinstance(field.default, type(...)) or not is_plain(field.default)
            else f"`{field.default}`"
        )
        rows.append(
            [f"`{name}`", "all" if len(roles) == len(OPENAI) else ", ".join(roles), default, words[name]]
        )
    return table(["setting", "roles", "default", "what it is"], rows)


def is_plain(value: Any) -> bool:
    """Whether a default can be shown in a word."""
    return isinstance(value, (int, float, str)) and value != ""


def small_networks() -> str:
    """The networks whose weights packages carry, by the role that they play."""
    from anyedit.engines.toolbox import ENGINES, SMALL
    from anyedit.engines.tools import ROLES

    rows = []
    for role, known in ENGINES.items():
        for name, place in known.items():
            if place.startswith(SMALL):
                cls = class_at(place)
                told = (inspect.getdoc(cls) or "").splitlines()[0].rstrip(".")
                rows.append(
                    [f"`{role}: {name}`", told, ROLES[role][1], getattr(cls, "stands_in_for", "") or ""]
                )
    return table(["engine", "network", "role", "stands in for"], rows)


def weight_carriers() -> str:
    """The packages that carry weights, with their licences."""
    from anyedit.engines.small.carriers import CARRIERS

    rows = [[c.what, f"`{c.package}=={c.version}`", f"{c.megabytes:g}",
             c.licence if c.stated else f"**{c.licence}**"] for c in CARRIERS.values()]  # fmt: skip
    return table(["network: for", "package", "MB", "licence of the weights"], rows)


def source_layouts() -> str:
    """The layouts of photographs that a recipe can name, with the keys that each reads."""
    from anyedit.pipeline.sources import READERS
    from anyedit.recipe import LAYOUT_KEYS, NEEDED_KEYS

    words = {
        "folder": ("pictures, in folders too", "captions (CSV, JSONL, COCO JSON; default `.txt` beside each), boxes, "
                   "masks (COCO instances)"),
        "coco": ("pictures", "boxes, masks, captions, each picture's licence"),
        "huggingface": ("`owner/name` on the Hub, a folder or URL of Parquet, a saved dataset",
                        "captions, boxes (`objects`), licence, safety fields"),
        "webdataset": ("folder of `.tar`, one tar, `x-{000..099}.tar`",
                       "captions (`.txt`, `.json`), licence, safety fields"),
        "llava": ("pictures", "captions (LLaVA JSON: the first answer)"),
        "multiview": ("captures: `transforms.json`, or COLMAP `images.bin` / `images.txt`; `label.txt`, `caption.txt` in a "
                      "capture", "second views: `rotation_change`"),
        "lettered": ("pictures", "lines of text (AnyWord JSON: polygons and texts): `textual_change`"),
    }  # fmt: skip
    worded("layouts", READERS, words)
    rows = []
    for name in worded("layouts", LAYOUT_KEYS, words):
        keys = [
            f"`{key}` (needed)" if NEEDED_KEYS.get(name) == key else f"`{key}`"
            for key in sorted(LAYOUT_KEYS[name])
        ]
        rows.append([f"`{name}`", words[name][0], ", ".join(keys), words[name][1]])
    return table(["layout", "path", "own keys", "brings"], rows)


# The model.


def guidance_scales() -> str:
    """The default scales."""
    from anyedit.models.guidance import EXPERT_SCALES, GENERAL_SCALES

    def told(name: str, scales: Any, visual: str) -> list[str]:
        return [name, f"{scales.image:g}", f"{scales.text:g}", visual]

    rows = [told("no expert", GENERAL_SCALES, "-")]
    rows += [told(f"with an expert, {form} form", s, f"{s.visual:g}") for form, s in EXPERT_SCALES.items()]
    return table(["default", "picture s_I", "text s_T", "visual s_V"], rows)


def unet_items() -> str:
    """Branches and UNet items of one step for some scales, as the plan makes them."""
    from anyedit.models.guidance import GuidanceScales, plan_branches

    names = ["e(0)", "e(I)", "e(I,T)", "e(I,T,V)"]
    asked = [("published", 2, 1.5, 0.8, True), ("published", 1, 1.5, 0.8, True), ("published", 1.5, 1.5, 0.8, True),
             ("published", 1, 1, 0.8, True), ("published", 2, 0, 0.8, True), ("published", 3, 3, 0, False),
             ("published", 2, 3, 0, False), ("paper", 2, 1.5, 3, True), ("paper", 2, 1.5, 1.5, True),
             ("paper", 1, 1, 2, True), ("paper", 1, 1, 1, True), ("paper", 2, 1.5, 7, False)]  # fmt: skip
    rows = []
    for form, image, text, visual, expert in asked:
        plan = plan_branches(form, [GuidanceScales(image, text, visual)], [expert])  # type: ignore[arg-type]
        branches = " ".join(names[branch] for _, branch in plan.rows)
        rows.append([form, f"{image:g}", f"{text:g}", f"{visual:g}", "yes" if expert else "no", branches,
                     str(len(plan.rows))])  # fmt: skip
    return table(["form", "s_I", "s_T", "s_V", "expert", "branches", "items"], rows)


def checkpoint_error() -> str:
    """What is said of an expert's file in which one key has another shape."""
    from anyedit.errors import AnyEditError
    from anyedit.models.layout import check_shapes

    key = "ip_adapter.7.to_v_ip.weight"
    try:
        check_shapes(Path("experts/visual_mat.bin"), {key: (8, 128)}, {key: (16, 128)})
    except AnyEditError as error:
        return f"```text\n{type(error).__name__}: {error}\n```"
    raise PageError("docs/facts.py: another shape is no error any more")


def training_stages() -> str:
    """What each stage trains."""
    from typing import get_args

    from anyedit.training.recipe import Stage

    words = {
        "1": ("the UNet", "`base`, or `unet: {path}` or `{config}` (random)", "types without a visual prompt"),
        "2": ("experts, resamplers, router, task embeddings", "an editor of stage 1 as `base`; the UNet is frozen",
              "types that an expert serves; with `routing: learned` all"),
        "joint": ("both", "either", "all"),
    }  # fmt: skip
    names = worded("stages", [str(name) for name in get_args(Stage)], words)
    return table(["`stage:`", "learns", "from", "rows"], [[f"`{name}`", *words[name]] for name in names])


# Benchmarks.


def suites() -> str:
    """The suites that are known by name."""
    from anyedit.bench.suites import KINDS

    words = {
        "magicbrush": ("test zip unpacked; hub Parquet", "CC-BY-4.0"),
        "emu-edit": ("hub Parquet", "CC-BY-NC-4.0"),
        "anyedit-test": ("zip, unpacked folder, hub Parquet", "CC-BY-4.0"),
        "gedit-bench": ("hub Parquet; `fullset/` folder with `metadata.jsonl`", "see its card"),
        "imgedit-bench": ("folder with `basic_edit.json`", "see its card"),
        "world-test": ("rendered from the package's manifest", "CC0-1.0"),
        "ours": ("a build's folder, or its `dataset/`; the test split when it has one", "the dataset's"),
    }
    rows = []
    for name in worded("suites", KINDS, words):
        kind = KINDS[name]
        options = ", ".join(f"`{option}`" for option in kind.options)
        rows.append([f"`{name}`", kind.about, kind.hub or "-", options or "-", *words[name]])
    return table(["name", "what", "hub id", "`--option`", "layouts", "licence"], rows)


def editors() -> str:
    """The editors that can be measured, by how `--editor` names them."""
    from anyedit.bench.editors import PREFIXES
    from anyedit.bench.editors.command import PLACES

    more = ", ".join(f"`{{{place}}}`" for place in PLACES[3:])
    words = {
        "identity": ("`identity`", "the source unchanged"),
        "oracle": ("`oracle`", "the target"),
        "mini": ("`mini`", "the small editor that comes with the package, as `anyedit edit` uses it; where an installation "
                 'lacks it, `untrained` stands in, under the name "untrained (no mini here)" and with a note in every table'),
        "untrained": ("`untrained`", "a tiny editor with random weights: what the machinery gives without training"),
        "anysd": ("a folder or hub id", "AnySD, SD-1.5 editors, the published AnySD layout (`anyedit.models.load_editor`)"),
        "diffusers": ("`diffusers:ID`", "any pipeline whose call takes a prompt and a picture, found by capability; "
                      "`--set custom_pipeline=...`, `--set class=...`"),
        "openai": ("`openai:MODEL`", "an image-edit endpoint; `--set base_url=http://localhost:8000/v1`"),
        "python": ("`python:MODULE:NAME`", "a function of yours, `edit(picture, instruction) -> picture`; may also take "
                   "`visual_prompt`, `seed`, `edit_type`, `id` and what `--set` says"),
        "cmd": ("`cmd:PROGRAM {source} {instruction} {out}`", f"an external program; also {more}"),
        "folder": ("`folder:DIR`", "finished outputs, by item id or by MagicBrush's and GEdit-Bench's names"),
    }  # fmt: skip
    worded("editors", sorted(PREFIXES), {name: words.get(name) for name in sorted(words)})
    return table(["`--editor`", "what"], [list(pair) for pair in words.values()])


AGAINST = {
    "target": "target",
    "source": "source",
    "target-else-source": "target, else source",
    "rival": "rival",
}


def protocols() -> str:
    """The presets of publications beside ours: what exactly they compare."""
    from anyedit.bench.metrics.similarity import ImageSimilarity, TextSimilarity
    from anyedit.bench.protocols import PRESETS

    rows = []
    for name, preset in PRESETS.items():
        image = next(
            (m for m in preset.metrics if isinstance(m, ImageSimilarity) and m.key == "clip_im"), None
        )
        if image is None:
            continue
        text = next(m for m in preset.metrics if isinstance(m, TextSimilarity))
        odd = [] if preset.matching == "id" else ["outputs matched by directory order"]
        odd += [] if preset.captioned == "each" else ["caption of a type's first record only"]
        odd += [] if text.scores == "output" else ["CLIPout scores Emu Edit's picture"]
        captions = text.caption if preset.captions == "keep" else f"{text.caption}, equal ones dropped"
        rows.append([f"`{name}`", image.model.label.removeprefix("CLIP "), AGAINST[image.against], captions,
                     str(preset.size or "native"), f"{preset.black}, {preset.missing}", "; ".join(odd)])  # fmt: skip
    return table(
        ["protocol", "CLIP", "compared with", "captions", "size", "black, missing", "peculiar"], rows
    )


def released_scripts() -> str:
    """Where a released script does something else than its paper says."""
    from anyedit.bench.protocols import PRESETS

    words = {
        "magicbrush-2023-as-released": "its default caption file holds the global descriptions; the paper uses local ones",
        "anyedit-2024-emu-as-released": "compares with Emu Edit's own output, and its CLIP-T scores *that* picture, so it "
        "is the same for every editor",
        "anyedit-2024-magicbrush-as-released": "matches outputs and targets by directory order: turns meet the wrong "
        "targets. A hash of the names stands for that order, so that the number is the same on every machine",
        "anyedit-2024-test-as-released": "resizes the target to the output's size; looks for a caption in a type's first "
        "record only, and where that has none gives the whole type no CLIPout (it prints -100)",
    }
    names = worded("released scripts", [n for n in PRESETS if n.endswith("-as-released")], words)
    return table(["preset", "what the script does"], [[f"`{name}`", words[name]] for name in names])


# Builds, the command, the studio.


def recipe_keys() -> str:
    """The keys that most builds set, with what the recipe's own model says of them."""
    from anyedit.recipe import Recipe

    keys = ("pairs", "types", "effort", "edits_per_source", "shard", "chains", "inverse", "composition", "gates",
            "splits", "source", "candidates", "engines")  # fmt: skip
    rows = []
    for key in keys:
        field = Recipe.model_fields[key]
        told = field.description
        if key == "source":
            from typing import get_args

            kinds = [get_args(one.model_fields["kind"].annotation)[0] for one in get_args(field.annotation)]
            told = f"where sources come from: kind {', '.join(f'`{kind}`' for kind in kinds)}, each with keys of its own"
        elif not told:
            told = (inspect.getdoc(field.default.__class__) or "").splitlines()[0].rstrip(".")
        rows.append([f"`{key}`", told])
    return table(["key", "meaning"], rows)


def exit_codes() -> str:
    """What the command's exit codes mean."""
    from anyedit.cli.app import EXIT_CODES

    return table(["exit code", "meaning"], [[str(code), told] for code, told in EXIT_CODES.items()])


def extras() -> str:
    """The extras of the package, with what they bring."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    words = {
        "train": "AnySD: editing, training, export of checkpoints",
        "small": "photographs on a laptop: small networks; their weights by `anyedit doctor --install small`",
        "gpu": "engines of the hub for photographs",
        "openai": "engines behind servers that speak the OpenAI interface",
        "ray": "builds and benchmarks on a cluster",
        "bench": "metrics of `anyedit bench`",
        "metrics": "further published metrics of `anyedit bench`: LPIPS, DreamSim, FID",
        "studio": "the studio",
        "docs": "these pages (`make docs`)",
        "test": "the tests (`make test`)",
        "dev": "lint and types (`make lint`)",
    }
    rows = []
    for name in worded("extras", told, words):
        packages = [re.split(r"[<>=\[ ]", package)[0] for package in told[name]]
        rows.append([f"`{name}`", words[name], ", ".join(packages)])
    return table(["extra", "for", "packages"], rows)


def studio_keys() -> str:
    """The keys of one pair's page, out of the page's own script."""
    stage, item, review = ((PAGE / name).read_text() for name in ("stage.js", "item.js", "review.js"))
    named = {"ArrowRight": "→", "ArrowLeft": "←", "Escape": "Esc", "Backspace": "⌫"}
    rows = [[f"`{key}`", "one pair, review", words.lower()]
            for _, words, key in re.findall(r'\["(\w+)", "([^"]+)", "(\w)"\]', stage)]  # fmt: skip
    rows += [
        [f"`{name[0]}`", "one pair, review", f"{name} overlay"]
        for name in re.findall(r"(\w+): \[\d+, ", stage)
    ]
    rows += [[f"`{named.get(key, key)}`", "one pair", words]
             for key, words in re.findall(r'\b(\w+): \["([^"]+)", (?:\(\) =>|back)', item)]  # fmt: skip
    verdicts = re.findall(r'\["(accept|reject|flag|skip)", "(\w)"', review)
    rows += [[f"`{key}`", "review", verdict] for verdict, key in verdicts]
    rows += [[f"`{named.get(key, key)}`", "review", words]
             for key, words in re.findall(r'^\s+(\w+): \["([^"]+)", ', review, re.M)]  # fmt: skip
    from anyedit.studio.decisions import REASONS

    rows.append([f"`1`-`{len(REASONS)}`", "review", f"reasons: {', '.join(REASONS)}"])
    if len(verdicts) != 4 or len(rows) < 14:
        raise PageError(f"docs/facts.py: the studio's keys were not found in its scripts ({len(rows)})")
    return table(["key", "where", "what it does"], rows)


def numbers() -> str:
    """Every recorded figure with the command that makes it."""
    from pages import REMADE

    rows = []
    for one in all_measured():
        page, what = one.facts.get("page", ""), one.facts.get("what", "")
        if not page or not what:
            raise PageError(f"docs/measured/{one.name}.csv: '# page:' and '# what:' say where and what it is")
        rows.append([what, f"[{page}]({page})", f"`{one.facts['command']}`"])
    rows += [[what, f"[{page}]({page})", f"`{command}`"] for page, (what, command) in REMADE.items()]
    return table(["what", "where", "command"], sorted(rows, key=lambda row: row[1]))


def what_runs_where() -> str:
    """What was run where, and what was not."""
    from anyedit.edits import edit_types
    from anyedit.engines.toolbox import played
    from anyedit.recipe import load_recipe

    roles = played(load_recipe(ROOT / "recipes" / "photos.yaml").engines)
    world = len(edit_types())
    photos = len(load_recipe(ROOT / "recipes" / "photos.yaml").types)
    engines = sum(kind.serves_photographs(roles) for kind in edit_types().values())
    rows = [
        [f"world builds, all {world} types", "yes", "`--set source.variant=cuda_ad_rgb`: not tried",
         "`--executor ray` ([docs/cluster.md](docs/cluster.md)): tried on one machine"],
        [f"photographs, {photos} types in the recipe ({engines} possible), classical engines and small networks", "yes",
         "no use for one", "Ray: tried on one machine"],
        ["neural engines and servers for photographs ([docs/engines.md](docs/engines.md))",
         "adapters tested on small random checkpoints", "not tried", "not tried"],
        ["AnySD, import and export of published checkpoints ([docs/anysd.md](docs/anysd.md))", "small models",
         "not tried", "-"],
        ["`anyedit train`, both stages ([docs/training.md](docs/training.md))", "small models", "not tried",
         "`accelerate launch`: not tried"],
        ["`anyedit bench` ([docs/bench.md](docs/bench.md))", "yes", "not tried", "Ray: tried on one machine"],
        ["the studio ([docs/studio.md](docs/studio.md))", "yes", "-", "-"],
    ]  # fmt: skip
    return table(["", "laptop, no GPU", "one GPU", "cluster"], rows)


FACTS: dict[str, Callable[[], str]] = {
    "parts of a type": parts_of_a_type,
    "rule of the example": lambda: part_of_a_file(
        "examples/focus_change/anyedit_focus_change.py", "rule", "python"
    ),
    "entry point of the example": lambda: part_of_a_file(
        "examples/focus_change/pyproject.toml", "entry", "toml"
    ),
    "gates of all types": gates_of_all_types,
    "photograph types": photograph_types,
    "photograph types with weights": photograph_types_with_weights,
    "engines by role": engines_by_role,
    "huggingface engines": huggingface_engines,
    "openai settings": openai_settings,
    "small networks": small_networks,
    "weight carriers": weight_carriers,
    "source layouts": source_layouts,
    "checkpoint error": checkpoint_error,
    "guidance scales": guidance_scales,
    "UNet items": unet_items,
    "training stages": training_stages,
    "suites": suites,
    "editors": editors,
    "protocols": protocols,
    "released scripts": released_scripts,
    "recipe keys": recipe_keys,
    "extras": extras,
    "studio keys": studio_keys,
    "numbers": numbers,
    "what runs where": what_runs_where,
}
