"""Named surfaces that many kinds of object share: tyres, chrome, window panes, stone."""

from __future__ import annotations

from anyedit.world.kinds import Surface

BEAM = Surface((1.0, 0.93, 0.72), "plastic", glow=9.0)
BLACK = Surface((0.06, 0.06, 0.065), "plastic")
BRASS = Surface((0.88, 0.68, 0.3), "gold")
CHROME = Surface((0.85, 0.86, 0.88), "chrome")
CORD = Surface((0.9, 0.88, 0.82), "fabric")
DARK = Surface((0.13, 0.08, 0.06), "dark wood")
DRUMHEAD = Surface((0.94, 0.92, 0.86), "paper")
FRAME = Surface("white", "matte paint")
GILT = Surface((0.9, 0.68, 0.25), "gold")
IRON = Surface((0.15, 0.15, 0.16), "iron")
IVORY = Surface((0.96, 0.95, 0.9), "ceramic")
LAMP = Surface((0.95, 0.94, 0.86), "ceramic")
LEATHER = Surface((0.22, 0.12, 0.07), "leather")
LIT_PANE = Surface((1.0, 0.78, 0.42), "plastic", glow=1.8)
PANE = Surface((0.16, 0.21, 0.27), "car paint")
PLANK = Surface((0.42, 0.27, 0.16), "wood")
RED_LAMP = Surface((0.75, 0.05, 0.04), "plastic")
RIM = Surface((0.72, 0.73, 0.75), "brushed metal")
RUBBER = Surface((0.07, 0.07, 0.075), "rubber")
SAIL = Surface((0.95, 0.93, 0.87), "fabric")
SLATE = Surface((0.27, 0.29, 0.33), "stone")
STEEL = Surface((0.68, 0.69, 0.71), "brushed metal")
STICK = Surface((0.78, 0.6, 0.36), "wood")
STONE = Surface((0.62, 0.59, 0.54), "stone")
TILES = Surface((0.60, 0.26, 0.17), "clay")
TIMBER = Surface((0.55, 0.36, 0.2), "wood")
TRIM = Surface("charcoal", "plastic")
WATER = Surface((0.45, 0.68, 0.8), "water")
WHITE = Surface("white", "plastic")
WINDOW = Surface((0.13, 0.18, 0.23), "car paint")  # tinted panes: dark and shining, nothing to see inside
WOOD = Surface((0.76, 0.57, 0.34), "wood")
