"""What an edit type must say of itself, and the registry that finds the types.

A type is one file with one class. It proposes parameters that make sense for a source, says them in words,
carries the edit out (`rewrite` on a world scene: exact; `edit` on pixels: by engines), and declares the rules
that its instructions (`checks`) and its results (`gates`) must meet.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from anyedit.errors import AnyEditError, EditNotPossible, nearest
from anyedit.records import Pixels, Verdict
from anyedit.types import EDIT_TYPES, ENTRY_POINTS, GROUP_OF, GROUPS, Group, canonical_type

if TYPE_CHECKING:
    from anyedit.edits.views import PhotoView, View, WorldView
    from anyedit.engines.tools import Tools
    from anyedit.world.render import Frame
    from anyedit.world.scene import Scene

Mask = npt.NDArray[np.bool_]


class Params(BaseModel):
    """Typed parameters of one edit; each type has its own subclass. Unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Outcome:
    """What an edit made. picture: uint8 (H, W, 3). mask: bool (H, W), what was to change.

    influence: uint8 (H, W), 0 where the picture is bit-identical to the source (None: not known).
    visual_prompt: uint8 (h, w, 3) or None. scene and after: the world's state after the edit.
    """

    picture: Pixels
    mask: Mask
    influence: npt.NDArray[np.uint8] | None = None
    visual_prompt: Pixels | None = None
    scene: Scene | None = None
    after: Frame | None = None
    engines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """An edit under judgement: what the rules measure. `outcome` is None before the edit is made (step 3)."""

    kind: EditType
    view: View
    params: Any
    text: str
    edited_caption: str
    edited_object: str
    outcome: Outcome | None = None
    tools: Tools | None = None
    notes: dict[str, Any] = field(default_factory=dict)  # measurements shared between the rules of one case

    @property
    def done(self) -> Outcome:
        """The outcome; asking before the edit is made is a bug of the rule."""
        if self.outcome is None:
            raise AnyEditError(f"a rule of {self.kind.name} looked at the result before the edit was made")
        return self.outcome


Measure = Callable[[Case], float | None]


@dataclass(frozen=True)
class Rule:
    """A named measurement with limits: passes when low <= value <= high. None measured: not applicable.

    roles: the engines without which it measures nothing; a verdict that lacks one says so.
    """

    name: str
    measure: Measure
    low: float | None = None
    high: float | None = None
    roles: tuple[str, ...] = ()

    def lacking(self, played: Container[str]) -> tuple[str, ...]:
        """The roles that it needs and nobody plays."""
        return tuple(role for role in self.roles if role not in played)

    def judge(
        self, case: Case, limits: Mapping[str, tuple[float | None, float | None]] | None = None
    ) -> Verdict:
        """Measure and compare; `limits` may replace this rule's own (recipe key `gates`)."""
        low, high = (limits or {}).get(self.name, (self.low, self.high))
        if case.tools is not None:
            case.tools.met.clear()
        value = self.measure(case)
        if value is None or np.isnan(value):
            return Verdict(self.name, None, low, high, None, _without_engine(self, case))
        value = float(value)
        passed = (low is None or value >= low) and (high is None or value <= high)
        return Verdict(self.name, value, low, high, passed, _substitutes(case))


def _without_engine(rule: Rule, case: Case) -> str:
    """ "no engine for aesthetic" where that is why a rule does not apply."""
    if not rule.roles:
        return ""
    lacking = rule.lacking(case.tools.measuring if case.tools is not None else ())
    return f"no engine for {', '.join(lacking)}" if lacking else ""


def _substitutes(case: Case) -> str:
    """ "by conse ... (a substitute for CLIP)" for a figure that a substitute took part in."""
    if case.tools is None:
        return ""
    from anyedit.engines.roles import stands_in_for

    running = case.tools.running()
    said = [case.tools.version(role) for role in sorted(case.tools.met) if stands_in_for(running[role])]
    return f"by {', '.join(said)}" if said else ""


Inverse = tuple["EditType", Any]  # the type and parameters that undo an edit


class EditType(ABC):
    """One of the 25. Subclasses fill the class facts and the methods; see `local/remove.py` for the shape."""

    name: ClassVar[str]
    summary: ClassVar[str]  # one line
    needs: ClassVar[str] = "an object"  # what a source must have
    example: ClassVar[str]  # an instruction as published
    phrases: ClassVar[tuple[str, ...]]  # >= 12 wordings with {slots} that `words` fills
    weight: ClassVar[float] = 1.0  # default share of the quota
    of_group: ClassVar[Group | None] = None  # the group of a type that another package adds
    wishes: ClassVar[Mapping[str, Any]] = {}  # what the world's layout should provide, see wishes.Wishes
    checks: ClassVar[tuple[Rule, ...]] = ()
    said: ClassVar[
        tuple[Rule, ...]
    ] = ()  # those of `checks` that look at words alone: they hold on every route
    gates: ClassVar[tuple[Rule, ...]] = ()
    asks: ClassVar[
        tuple[str, ...]
    ] = ()  # roles that `edit` cannot do without and that have no default engine
    Params: ClassVar[type[Params]]

    @property
    def group(self) -> Group:
        """local, global, camera, implicit or visual."""
        return GROUP_OF.get(self.name) or self.of_group or "local"

    # Step 2: what could be done with this source, and how people say it.
    @abstractmethod
    def propose(self, view: View, rng: np.random.Generator) -> Any | None:
        """Parameters that make sense for this source, or None when there are none."""

    @abstractmethod
    def words(self, view: View, params: Any) -> dict[str, str]:
        """Values for the slots of `phrases`; must hold "object": the edited object's noun phrase."""

    @abstractmethod
    def caption_after(self, view: View, params: Any) -> str:
        """A truthful caption of the edited picture."""

    def usable_phrases(self, view: View, params: Any) -> tuple[str, ...]:
        """The phrases that fit these parameters (all, unless a type says otherwise)."""
        return self.phrases

    # Step 4: doing it.
    def rewrite(self, scene: Scene, params: Any) -> Scene:
        """The scene after the edit: only what was named changes."""
        raise EditNotPossible(f"{self.name} does not rewrite scenes")

    def edit_world(self, view: WorldView, params: Any) -> Outcome:
        """The exact edit of a world source; the default renders `rewrite` and joins the two states."""
        from anyedit.edits.exact import rewritten

        return rewritten(self, view, params)

    def edit(self, view: PhotoView, params: Any, tools: Tools) -> Outcome:
        """The pixel pipeline for photographs, written against roles. Types without one do not serve photographs."""
        raise EditNotPossible(f"{self.name} does not serve photographs")

    def mask_of(self, before: Frame, after: Frame, params: Any) -> Mask:
        """What the edit was to change: by default every item that differs, where it is seen before or after."""
        from anyedit.edits.exact import changed_mask

        return changed_mask(before, after)

    def joined(self, view: WorldView, after: Frame, params: Any) -> Pixels:
        """The exact edited picture when `after` is the frame of the edited scene, to within the denoiser's noise."""
        if view.turn == 1:
            return after.picture
        from anyedit.world.pair import exact_edit

        return exact_edit(view.frame, after, view.picture).picture

    def kept(self, view: View, params: Any) -> Pixels | None:
        """What an edited photograph should look like outside its mask: the source, unless a type says otherwise."""
        return view.picture

    def visual_prompt(self, view: WorldView, outcome: Outcome, params: Any) -> Pixels | None:
        """The condition picture of the visual types."""
        return None

    # Afterwards.
    def inverse(self, view: View, params: Any, outcome: Outcome) -> Inverse | None:
        """The type and parameters that lead back from the edited picture to the source, when there are such."""
        return None

    @classmethod
    def serves_photographs(cls, played: Container[str] | None = None) -> bool:
        """Whether the type has a pixel pipeline, and (played: roles that have an engine) all engines for it."""
        return cls.edit is not EditType.edit and (played is None or all(role in played for role in cls.asks))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        name = cls.__dict__.get("name")
        if name is None:
            return  # a shared base of several types
        if name not in GROUP_OF and cls.of_group not in GROUPS:
            raise AnyEditError(
                f"{cls.__module__}: no edit type is named '{name}'{nearest(name, EDIT_TYPES)}; a new type says its "
                f"`of_group`: {', '.join(GROUPS)}"
            )
        if name in _REGISTRY and type(_REGISTRY[name]).__qualname__ != cls.__qualname__:
            raise AnyEditError(
                f"{cls.__module__}: edit type '{name}' is already {type(_REGISTRY[name]).__module__}"
            )
        missing = [
            fact
            for fact in ("summary", "example", "phrases", "Params", "gates")
            if not getattr(cls, fact, None)
        ]
        if missing:
            raise AnyEditError(f"{cls.__module__}: edit type '{name}' does not say its {', '.join(missing)}")
        _REGISTRY[name] = cls()


_REGISTRY: dict[str, EditType] = {}


@cache
def _load() -> None:
    import anyedit.edits as package

    for folder in ("local", "global_", "camera", "implicit", "visual"):
        sub = importlib.import_module(f"{package.__name__}.{folder}")
        for module in sorted(info.name for info in pkgutil.iter_modules(sub.__path__)):
            importlib.import_module(f"{sub.__name__}.{module}")
    for point in entry_points(group=ENTRY_POINTS):
        try:
            point.load()
        except Exception as error:  # another package's fault must say whose it is
            raise AnyEditError(
                f"edit type '{point.name}' of {point.value} cannot be loaded: {error}; mend or uninstall that package"
            ) from error
        if point.name not in _REGISTRY:
            raise AnyEditError(
                f"{point.value} adds no edit type named '{point.name}', as its entry point says"
            )


def edit_types() -> dict[str, EditType]:
    """All edit types by name, in canonical order; those of other packages after them."""
    _load()
    order = {name: index for index, name in enumerate(EDIT_TYPES)}
    return dict(sorted(_REGISTRY.items(), key=lambda entry: order.get(entry[0], len(order))))


def type_of(name: str) -> EditType:
    """The edit type of this name or published alias."""
    if "+" in name:
        from anyedit.edits.composition import Composition

        return Composition(*(type_of(part) for part in name.split("+")))
    known = edit_types()
    found = known.get(canonical_type(name) or name)
    if found is None:
        raise AnyEditError(f"no edit type is named '{name}'{nearest(name, known)}")
    return found
