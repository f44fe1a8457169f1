"""What a cause is, and the table of all: what may happen, to what, and how the scene is afterwards.

A cause that befalls one thing has `{object}` in its wording; the others befall the whole scene.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.scene import Item, Scene

Applies = Callable[[Scene, Item], bool]
Follows = Callable[[Scene, Item], Scene]


@dataclass(frozen=True)
class Cause:
    """event: "the sun sets", after "What will happen if". past: "the sun has set", after "now that"."""

    name: str
    event: str
    past: str
    applies: Callable[[Scene, Item | None], bool]
    consequence: Callable[[Scene, Item | None], Scene]

    @property
    def targeted(self) -> bool:
        """Whether it befalls one thing."""
        return "{object}" in self.event


CAUSES: dict[str, Cause] = {}


def befalling(name: str, event: str, past: str, applies: Applies, consequence: Follows) -> None:
    """A cause that befalls one thing."""
    CAUSES[name] = Cause(
        name,
        event,
        past,
        lambda scene, item: item is not None and applies(scene, item),
        lambda scene, item: consequence(scene, item) if item is not None else scene,
    )


def everywhere(name: str, event: str, past: str, applies: Callable[[Scene], bool], **changes: object) -> None:
    """A cause that changes the light or the weather of the whole scene; brightness is measured anew."""
    CAUSES[name] = Cause(
        name,
        event,
        past,
        lambda scene, item: applies(scene),
        lambda scene, item: scene.but(**{"exposure": None, **changes}),
    )


def outdoors(scene: Scene) -> bool:
    """Whether there is weather."""
    return not ENVIRONMENTS[scene.environment].indoor


def natural(scene: Scene) -> bool:
    """Whether weather and seasons leave their mark here: outdoors, and no studio."""
    return outdoors(scene) and "studio" not in ENVIRONMENTS[scene.environment].tags
