"""Where kinds are usual, and in which colours: lists that several families share."""

from __future__ import annotations

PLAYROOM = ("indoor", "living room", "bedroom", "playground", "classroom", "studio")
DESK = ("indoor", "office", "classroom", "living room", "bedroom", "studio")
DINING = ("kitchen", "living room", "cafe", "indoor", "studio")
BRIGHT = ("red", "blue", "green", "yellow", "purple", "orange", "black")  # what sports gear is sold in
