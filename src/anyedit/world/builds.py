"""Measure the build of every built-in kind again: `python -m anyedit.world.builds` after a kind has changed."""

from __future__ import annotations

import json
from dataclasses import astuple

from anyedit.world.kinds import kinds
from anyedit.world.layout import BUILDS, measured_build


def table() -> dict[str, list[float]]:
    """Kind -> the fields of its `Build`, to six digits."""
    return {name: [float(f"{value:.6g}") for value in astuple(measured_build(name))] for name in kinds()}


def main() -> None:
    """Write the table beside the code."""
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in table().items())
    BUILDS.write_text(f"{{\n{rows}\n}}\n")


if __name__ == "__main__":
    main()
