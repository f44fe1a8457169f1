"""Engines without a neural network, on OpenCV and SciPy, one file for each thing that they do."""

from anyedit.engines.classical.fill import NavierStokesFill, PatchFill, TeleaFill, membrane
from anyedit.engines.classical.masks import dilated, softened
from anyedit.engines.classical.paste import SeamlessClone, SoftPaste
from anyedit.engines.classical.recolour import LabRecolour
from anyedit.engines.classical.refine import GrabCut, GrabCutBox

__all__ = [
    "GrabCut",
    "GrabCutBox",
    "LabRecolour",
    "NavierStokesFill",
    "PatchFill",
    "SeamlessClone",
    "SoftPaste",
    "TeleaFill",
    "dilated",
    "membrane",
    "softened",
]
