"""All causes with visible consequences, in one table. Their order counts: what a seed draws depends on it.

Kinds say in `effects` which state they take after a cause ("light" -> "lit"), in `topples` and `rolls` how loose
they are.
"""

# isort: off
from __future__ import annotations

from anyedit.edits.implicit.cause import CAUSES, Cause
from anyedit.edits.implicit import states_after as states_after  # each module registers its own
from anyedit.edits.implicit import falling as falling
from anyedit.edits.implicit import weathering as weathering
from anyedit.edits.implicit import daylight as daylight

__all__ = ["CAUSES", "Cause"]
