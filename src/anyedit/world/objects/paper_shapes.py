"""The paper of books, boxes and signs."""

from __future__ import annotations

from anyedit.world.kinds import Surface

PAPER = Surface((0.97, 0.95, 0.9), "paper", second=(0.08, 0.08, 0.1))
