"""The canonical names of the 25 edit types, their groups, and the aliases met in published data.

Source: AnyEdit (arXiv 2411.15738) Table 1 and the `edit_type` strings of the published dataset. What a type
*does* is in its own file under `anyedit.edits`; a test holds this table and those files together.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Literal, get_args

Group = Literal["local", "global", "camera", "implicit", "visual"]
GROUPS: tuple[Group, ...] = get_args(Group)

TYPES_BY_GROUP: dict[Group, tuple[str, ...]] = {
    "local": (
        "add",
        "remove",
        "replace",
        "color_alter",
        "appearance_alter",
        "material_change",
        "action_change",
        "textual_change",
        "counting",
    ),
    "global": ("background_change", "tone_transfer", "style_change"),
    "camera": ("movement", "resize", "outpaint", "rotation_change"),
    "implicit": ("implicit_change", "relation"),
    "visual": (
        "visual_reference",
        "visual_material_transfer",
        "visual_bbox",
        "visual_segment",
        "visual_scribble",
        "visual_sketch",
        "visual_depth",
    ),
}
EDIT_TYPES: tuple[str, ...] = tuple(name for names in TYPES_BY_GROUP.values() for name in names)
GROUP_OF: dict[str, Group] = {name: group for group, names in TYPES_BY_GROUP.items() for name in names}

ALIASES: dict[str, str] = {
    "tune_transfer": "tone_transfer",
    "outpainting": "outpaint",
    "visual_layout": "visual_bbox",
    "visual_material": "visual_material_transfer",
    "material_transfer": "visual_material_transfer",
    "visual_mat": "visual_material_transfer",
    "image_reference": "visual_reference",
    "visual_ref": "visual_reference",
    "visual_dep": "visual_depth",
    "visual_scr": "visual_scribble",
    "visual_seg": "visual_segment",
    "visual_ske": "visual_sketch",
    "color_alter_ip2p": "color_alter",
    "textual": "textual_change",
    "implicit": "implicit_change",
    "background": "background_change",
    "rotation": "rotation_change",
}


ENTRY_POINTS = "anyedit.edit_types"  # other packages add a type: name = "their_module:TheirType"


@cache
def added_types() -> tuple[str, ...]:
    """The names of the edit types that other installed packages add, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINTS)} - set(EDIT_TYPES)))


def canonical_type(name: str) -> str | None:
    """The canonical name for a published spelling (alias, case, or underscores left out), else None."""
    wanted = name.strip().lower().replace("-", "_")
    if wanted in GROUP_OF or wanted in added_types():
        return wanted
    if wanted in ALIASES:
        return ALIASES[wanted]
    bare = wanted.replace("_", "")
    for known in (*EDIT_TYPES, *ALIASES):
        if known.replace("_", "") == bare:
            return ALIASES.get(known, known)
    return None
