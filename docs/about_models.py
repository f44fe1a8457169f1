"""AnySD and its training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marking import PageError
from words import table, worded


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
    raise PageError("docs: another shape is no error any more")


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
