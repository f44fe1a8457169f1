"""What a scene is asked to provide."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anyedit.errors import AnyEditError, nearest
from anyedit.world.environments import ENVIRONMENTS, SCALES
from anyedit.world.kinds import Kind, kind_of

NEEDS = ("effects", "repeats", "rolls", "states", "surface_of", "text", "topples", "wears")


@dataclass(frozen=True)
class Wishes:
    """What a scene should provide.

    environment: a name or a tag ("kitchen", "outdoor"). scale: tabletop, room or outdoor. kinds: each is there,
    the largest is the subject. needs: facts of `Kind`, each true of some item, the first of the subject.
    counterfactual: drawn against the concept bias. items: least and most items. aspect: width / height.
    """

    environment: str | None = None
    scale: str | None = None
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    counterfactual: bool = False
    items: tuple[int, int] = (3, 6)
    aspect: float = 1.0

    def __post_init__(self) -> None:
        if self.scale is not None and self.scale not in SCALES:
            raise AnyEditError(f"wishes: no scale '{self.scale}'{nearest(self.scale, SCALES)}")
        for need in self.needs:
            if need not in NEEDS:
                raise AnyEditError(f"wishes: kinds say nothing of '{need}'{nearest(need, NEEDS)}")
        if not 1 <= self.items[0] <= self.items[1]:
            raise AnyEditError(
                f"wishes: items {self.items}: the least must be 1 or more, and no more than the most"
            )
        known = {*ENVIRONMENTS, *(tag for place in ENVIRONMENTS.values() for tag in place.tags)}
        if self.environment is not None and self.environment not in known:
            raise AnyEditError(
                f"wishes: no environment or tag '{self.environment}'{nearest(self.environment, known)}"
            )
        for name in self.kinds:
            kind_of(name)

    def but(self, **changes: object) -> Wishes:
        """The wishes with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def has(kind: Kind, need: str) -> bool:
    """Whether a need is met by this kind."""
    if need == "states":
        return len(kind.states) > 1 and bool(kind.verbs)
    value = getattr(kind, need)
    return value is not None and bool(value)
