"""How far a cover goes towards the exact picture: `python benchmarks/covers.py [PAIRS]` prints a line a pair and the means.

Things of world scenes (seed 7001, 112 px, exact masks) are covered with materials that photographs are offered; the exact
picture is the scene rendered with that material. way: 1 - distance from the exact picture / distance of the source from
it, CIE Lab, where the exact edit is seen. "flat" is the material's mean colour, without texture or shading.
"""

from __future__ import annotations

import sys

import numpy as np

from anyedit.edits import type_of
from anyedit.edits.covering import COVERINGS, across
from anyedit.edits.evidence import calm_lab
from anyedit.edits.views import WorldView
from anyedit.engines.classical.cover import ShadedTexture
from anyedit.pipeline.plan import Draw
from anyedit.pipeline.prepare import wishes_of
from anyedit.seeds import rng_of
from anyedit.world.layout import sample_scene
from anyedit.world.render import RenderSettings, render

SETTINGS = RenderSettings(112, 112)


def way(made: np.ndarray, source: np.ndarray, exact: np.ndarray, mask: np.ndarray) -> float:
    """Share of the way from the source to the exact picture."""
    a, b, c = calm_lab(source), calm_lab(exact), calm_lab(made)
    edit, miss = np.linalg.norm(a - b, axis=-1), np.linalg.norm(c - b, axis=-1)
    where = mask & (edit > 4)
    return 1 - float(miss[where].mean() / edit[where].mean()) if where.sum() >= 12 else float("nan")


def measured(pairs: int) -> list[tuple[float, float]]:
    """(way of the cover, way of the flat colour) of each pair."""
    kind, index = type_of("material_change"), 0
    found: list[tuple[float, float]] = []
    while len(found) < pairs:
        wishes = wishes_of(Draw(index, ("material_change",)), SETTINGS)
        frame = render(sample_scene(7001, index, wishes), SETTINGS)
        view = WorldView(frame, frame.picture, "", SETTINGS)
        index += 1
        rng = rng_of("mat", index)
        known = [
            item
            for item in view.visible
            if item.finish is None and view.kind(item).colours and 0.02 < view.shares[item.id] < 0.6
        ]
        for item in sorted(known, key=lambda item: -view.shares[item.id])[:2]:
            material = str(rng.choice([name for name in COVERINGS if name != item.material]))
            exact = kind.edit_world(view, kind.Params(target=item.id, material=material))
            mask = frame.mask(item.id)
            tile = across(mask, material)
            covered = ShadedTexture().cover(frame.picture, mask, tile)
            flat = np.where(mask[..., None], tile.mean((0, 1)).astype(np.uint8), frame.picture)
            ways = [way(made, frame.picture, exact.picture, exact.mask) for made in (covered, flat)]
            found.append((ways[0], ways[1]))
            print(
                f"{item.kind}: {item.material} to {material}: {ways[0]:.2f}, flat {ways[1]:.2f}", flush=True
            )
    return found[:pairs]


if __name__ == "__main__":
    ways = np.array(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 14))
    print("mean", np.nanmean(ways, 0).round(2))
