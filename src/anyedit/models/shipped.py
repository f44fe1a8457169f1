"""The small editor that comes with the package, learned from the procedural world at 128 px (docs/mini.md)."""

from __future__ import annotations

from pathlib import Path

from anyedit.models.faults import CheckpointError

SHIPPED = Path(__file__).parent / "mini"


def shipped_editor() -> Path:
    """The folder of the editor in this installation, for `load_editor`. Raises CheckpointError when it lacks."""
    if not (SHIPPED / "model_index.json").is_file():
        raise CheckpointError(
            f"{SHIPPED}: the small editor is not in this installation; name a checkpoint with --editor"
        )
    return SHIPPED
