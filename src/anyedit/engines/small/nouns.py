"""Everyday nouns for the 1000 ImageNet classes: a hundred breeds are a dog, and their probabilities add up.

Groups are ours: ranges of class numbers, checked against the class names in the tests. A class in no group keeps
its own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from anyedit.engines.roles import Floats
from anyedit.engines.small.efficientnet import EfficientNetClasses
from anyedit.records import Pixels

# noun -> class numbers: (first, last) ranges and single ones.
GROUPS: dict[str, tuple[tuple[int, int] | int, ...]] = {
    "fish": ((0, 4), (389, 397)),
    "ray": (5, 6),
    "bird": (7, 8, (10, 24), (80, 100), (127, 144), 146),
    "newt": (25, 26, 27, 28, 29),
    "frog": ((30, 32),),
    "turtle": ((33, 37),),
    "lizard": ((38, 48),),
    "crocodile": (49, 50),
    "snake": ((52, 68),),
    "spider": ((72, 77),),
    "crab": ((118, 121), 125),
    "lobster": (122, 123, 124),
    "dog": ((151, 268),),
    "wolf": ((269, 275),),
    "fox": ((277, 280),),
    "cat": ((281, 285),),
    "bear": ((294, 297),),
    "beetle": ((300, 307),),
    "butterfly": ((321, 326),),
    "dragonfly": (319, 320),
    "rabbit": ((330, 332),),
    "pig": ((341, 343),),
    "antelope": ((351, 353),),
    "monkey": ((370, 382),),
    "ape": ((365, 369),),
    "elephant": (101, 385, 386),
    "airplane": (404, 895),
    "ship": (510, 628, 724, 780, 914, 871, 484),
    "boat": (472, 554, 576, 625, 814),
    "car": (436, 468, 511, 609, 627, 656, 661, 751, 817),
    "truck": (555, 569, 675, 717, 864, 867),
    "bus": (654, 779, 874),
    "train": (466, 547, 565, 705, 820, 829),
    "bicycle": (444, 671),
    "motorcycle": (665, 670),
    "building": (
        425,
        442,
        449,
        483,
        497,
        498,
        500,
        538,
        580,
        624,
        634,
        660,
        663,
        668,
        698,
        727,
        743,
        832,
        853,
        915,
    ),
    "bridge": (821, 839, 888),
    "rocket": (657, 744, 812),
    "cup": (504, 967, 968, 572, 647),
    "bowl": (659, 809, 925),
    "bottle": (440, 720, 737, 898, 907, 711),
    "jug": (899, 901, 725),
    "pot": (469, 505, 521, 544, 738),
    "ball": (429, 430, 522, 574, 722, 768, 805, 852, 890),
    "clock": (409, 530, 892),
    "watch": (531, 826),
    "guitar": (402, 546),
    "chair": (423, 559, 765, 857),
    "lamp": (619, 846),
    "telephone": (487, 528, 707),
    "computer": (527, 590, 620, 681),
    "screen": (664, 782, 851),
    "camera": (732, 759),
    "hat": (439, 515, 793, 808),
    "helmet": (518, 560, 715),
    "shoe": (502, 514, 630, 770, 774),
    "glasses": (836, 837),
    "gun": (413, 763, 764),
    "flower": (985, 986),
    "mushroom": (947, (991, 997)),
    "squash": (940, 941, 942),
    "apple": (948,),
    "loaf of bread": (930,),
    "bagel": (931,),
}


@cache
def nouns() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The nouns, and for each of the 1000 classes the number of its noun."""
    own = EfficientNetClasses().classes
    names: list[str] = list(GROUPS)
    at: dict[int, int] = {}
    for number, spans in enumerate(GROUPS.values()):
        for span in spans:
            first, last = span if isinstance(span, tuple) else (span, span)
            at.update(dict.fromkeys(range(first, last + 1), number))
    for index, name in enumerate(own):
        if index not in at:
            if name not in names:
                names.append(name)
            at[index] = names.index(name)
    return tuple(names), tuple(at[index] for index in range(len(own)))


@dataclass(frozen=True)
class EfficientNetNouns:
    """See roles.Classifier: EfficientNet-Lite0's classes added up to everyday nouns."""

    @property
    def version(self) -> str:
        """Name and version."""
        return EfficientNetClasses().version

    @property
    def classes(self) -> tuple[str, ...]:
        """See roles.Classifier."""
        return nouns()[0]

    def probabilities(self, pictures: Sequence[Pixels]) -> Floats:
        """See roles.Classifier."""
        names, at = nouns()
        known = EfficientNetClasses().probabilities(pictures)
        result = np.zeros((len(pictures), len(names)), np.float32)
        np.add.at(result.T, np.array(at), known.T)
        return result
