"""Edit types: what a class says, which rules all have, how each edits photographs."""

from __future__ import annotations

import inspect
import re
from typing import Any

from marking import PageError
from words import ROOT, table, worded


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
                raise PageError(f"docs: EditType says no {name}")
    methods = ("propose", "words", "caption_after", "rewrite", "edit", "mask_of", "inverse")
    rows = [[key, text] for key, text in words.items()]
    for name in methods:
        method = getattr(EditType, name)
        taken = ", ".join(list(inspect.signature(method).parameters)[1:])
        told = (inspect.getdoc(method) or "").splitlines()[0].rstrip(".")
        rows.append([f"`{name}({taken})`" + (" (needed)" if is_needed(method) else ""), told])
    return table(["part", "what it is"], rows)


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
            "curves, haze, leaves, a gradient for the sky; constants fitted to exact pairs of the world",
            "structure lost, too little change, light that did not change as its name says"),
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


def types_without_fidelity() -> str:
    """Types whose pixels have no exact picture to be held against, and why."""
    from anyedit.pipeline.fidelity import LEFT_OUT

    by_reason: dict[str, list[str]] = {}
    for name, reason in LEFT_OUT.items():
        by_reason.setdefault(reason, []).append(name)
    return table(["not compared", "why"], [[", ".join(names), why] for why, names in by_reason.items()])
