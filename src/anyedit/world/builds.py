"""How large kinds of objects are and how they fill a picture, from a table beside the code.

`python -m anyedit.world.builds` measures every built-in kind again, after one has changed.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from anyedit.world.kinds import kind_of, kinds
from anyedit.world.mesh import Array


@dataclass(frozen=True)
class Build:
    """How a kind is built, with middling parameters in its usual state. Lengths in metres.

    stature: how large it looks, the square root of its width (seen from anywhere) times its height. solidity:
    roughly the share of its bounding box, seen from the front, that it covers.
    """

    width: float
    depth: float
    height: float
    stature: float
    solidity: float


BUILDS = Path(__file__).with_name("builds.json")


@cache
def build_of(name: str) -> Build:
    """The build of a kind: of a built-in one from `builds.json`, else measured."""
    stored = _stored().get(name)
    return Build(*stored) if stored else measured_build(name)


@cache
def _stored() -> dict[str, list[float]]:
    """Builds of the built-in kinds. Measuring them all takes seconds in every process, so they are kept."""
    found: dict[str, list[float]] = json.loads(BUILDS.read_text())
    return found


def measured_build(name: str) -> Build:
    """The build of a kind, from a mesh made apart from the cached parts: these are not the ones that scenes show."""
    kind = kind_of(name)
    params = {key: (low + high) / 2 for key, (low, high) in kind.params.items()}
    parts = kind.build(params, kind.states[0] if kind.states else None)
    corners = np.concatenate([part.mesh.vertices[part.mesh.faces] for part in parts])  # (F, 3, 3)
    width, depth, height = (corners.max((0, 1)) - corners.min((0, 1))).tolist()
    stature = float(np.sqrt((width + depth) / 2 * max(height, 0.3 * max(width, depth))))
    return Build(width, depth, height, stature, _solidity(corners[:, :, (0, 2)]))


def _solidity(triangles: Array, coarse: int = 6, fine: int = 4) -> float:
    """Share of their bounding box that triangles, float (F, 3, 2), cover, from areas in a coarse grid."""
    low, high = triangles.min((0, 1)), triangles.max((0, 1))
    side = coarse * fine
    cells = ((triangles.mean(1) - low) / np.maximum(high - low, 1e-9) * (side - 0.01)).astype(int)
    (ax, ay), (bx, by) = (triangles[:, 1] - triangles[:, 0]).T, (triangles[:, 2] - triangles[:, 0]).T
    area = np.bincount(cells[:, 0] * side + cells[:, 1], np.abs(ax * by - ay * bx) / 2, side**2)
    blocks = area.reshape(coarse, fine, coarse, fine).sum((1, 3)) / 2  # front and back: each half
    box = float(np.prod(high - low))
    return float(np.clip(np.minimum(blocks, box / coarse**2).sum() / max(box, 1e-12), 0.15, 0.9))


def table() -> dict[str, list[float]]:
    """Kind -> the fields of its `Build`, to six digits."""
    return {name: [float(f"{value:.6g}") for value in astuple(measured_build(name))] for name in kinds()}


def main() -> None:
    """Write the table beside the code."""
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in table().items())
    BUILDS.write_text(f"{{\n{rows}\n}}\n")


if __name__ == "__main__":
    main()
