"""A reviewer who decides as fast as the disk allows and tells each decision that is saved, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from anyedit.studio.decisions import Decisions

decisions = Decisions(Path(sys.argv[1]))
for number in range(1_000_000):
    decisions.decide("ann", f"pair-{number}", "accept" if number % 3 else "reject", note="x" * 200)
    print(number, flush=True)
