"""Causes that leave a cover on things: moss, rust, dust, frost."""

from __future__ import annotations

from anyedit.edits.implicit.cause import befalling, outdoors


def _covered(
    name: str, event: str, past: str, finish: str, materials: tuple[str, ...], outside: bool
) -> None:
    befalling(
        name,
        event,
        past,
        lambda scene, item: (
            item.finish is None
            and outdoors(scene) is outside
            and scene.weather != "snow"
            and (not materials or any(word in item.material for word in materials))
        ),
        lambda scene, item: scene.changed(item.id, finish=finish),
    )


_STONY = ("stone", "marble", "granite", "brick", "concrete", "clay", "wood")
_IRON = ("iron", "steel", "metal", "copper", "car paint")
_covered(
    "moss",
    "{object} stands here for a hundred years",
    "{object} has stood here for a hundred years",
    "moss",
    _STONY,
    True,
)
_covered(
    "rust",
    "{object} is left out in the rain for years",
    "{object} has been left out in the rain for years",
    "rust",
    _IRON,
    True,
)
_covered(
    "dust", "nobody cleans {object} for years", "nobody has cleaned {object} for years", "dust", (), False
)
_covered(
    "frost",
    "frost settles on {object} overnight",
    "frost has settled on {object} overnight",
    "frost",
    (),
    True,
)
