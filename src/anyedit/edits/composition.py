"""Two edits of one scene in one instruction: built from two types, judged by the gates of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from anyedit.edits.base import Case, EditType, Params, Rule
from anyedit.edits.evidence import Truth, noted, truth
from anyedit.edits.exact import caption_of_change, changed_items
from anyedit.edits.rules import EVERY
from anyedit.edits.views import View
from anyedit.types import Group
from anyedit.world import describe
from anyedit.world.scene import Scene

# Rules that look at everything but one edit, or at the whole way to the exact picture: the other edit is no drift.
OF_THE_WHOLE = frozenset(rule.name for rule in EVERY)


class CompositionParams(Params):
    """The parameters of both edits, each as its type's own JSON object."""

    first: dict[str, Any]
    second: dict[str, Any]


def composable(kind: EditType) -> bool:
    """Whether a type's edit is a rewrite of some items, which another rewrite can follow."""
    cls = type(kind)
    return (
        cls.rewrite is not EditType.rewrite
        and cls.edit_world is EditType.edit_world
        and kind.group in ("local", "camera")
        and kind.name not in ("outpaint", "rotation_change", "counting")
    )


def apart(scene: Scene, first: tuple[EditType, Any], second: tuple[EditType, Any]) -> bool:
    """Whether two edits of one scene change different items."""
    changed = [changed_items(scene, kind.rewrite(scene, params)) for kind, params in (first, second)]
    return not changed[0] & changed[1]


class Composition(EditType):
    """Two types as one: `edit_type` is "first+second"."""

    summary = "Two edits in one instruction."
    example = "Remove the mug and make the chair red"
    phrases = ("{first} and {second}",)
    Params = CompositionParams

    def __init__(self, first: EditType, second: EditType) -> None:
        self.first, self.second = first, second
        self.name = f"{first.name}+{second.name}"  # type: ignore[misc]
        # What compares with the exact edit compares with that of both; each part is also judged for itself.
        together = tuple(rule for rule in first.gates if rule.name in OF_THE_WHOLE)
        self.gates = (*together, *self._rules(first, "first"), *self._rules(second, "second"))  # type: ignore[misc]

    @property
    def group(self) -> Group:
        """The first type's group."""
        return self.first.group

    def _rules(self, kind: EditType, which: str) -> tuple[Rule, ...]:
        def of(rule: Rule) -> Rule:
            def measure(case: Case) -> float | None:
                return rule.measure(_part(case, kind, which))

            return Rule(f"{kind.name}: {rule.name}", measure, rule.low, rule.high)

        return tuple(of(rule) for rule in kind.gates if rule.name not in OF_THE_WHOLE)

    def split(self, params: CompositionParams) -> tuple[Any, Any]:
        """Both edits' own parameters."""
        return self.first.Params.model_validate(params.first), self.second.Params.model_validate(
            params.second
        )

    def propose(self, view: View, rng: np.random.Generator) -> None:
        """Compositions are made from accepted pairs, not proposed."""
        return None

    def words(self, view: View, params: CompositionParams) -> dict[str, str]:
        one, two = self.split(params)
        return {
            "object": f"{self.first.words(view, one)['object']} and {self.second.words(view, two)['object']}"
        }

    def caption_after(self, view: View, params: CompositionParams) -> str:
        from anyedit.edits.views import WorldView

        assert isinstance(view, WorldView)
        after = self.rewrite(view.scene, params)
        old, new = ({item.id: item for item in scene.items} for scene in (view.scene, after))
        kept = [
            name
            for name in sorted(changed_items(view.scene, after) & set(old) & set(new))
            if describe.modifiers(old[name]) != describe.modifiers(new[name])
        ]
        return caption_of_change(view, after, *kept) if kept else describe.caption(after)

    def rewrite(self, scene: Scene, params: CompositionParams) -> Scene:
        one, two = self.split(params)
        return self.second.rewrite(self.first.rewrite(scene, one), two)


def _part(case: Case, kind: EditType, which: str) -> Case:
    """One of the two edits under judgement: its own mask, in the picture and the scene that both have made."""
    params = kind.Params.model_validate(getattr(case.params, which))
    notes = case.notes.setdefault(f"notes of the {which}", {})
    part = replace(case, kind=kind, params=params, notes=notes)
    if case.outcome is None or notes:
        return replace(part, outcome=notes["outcome"]) if "outcome" in notes else part
    own, both = truth(replace(part, outcome=replace(case.outcome, after=None), notes={})), truth(case)
    if own is None or both is None:
        return part
    notes["outcome"] = replace(case.outcome, mask=own.mask)
    part = replace(part, outcome=notes["outcome"])
    noted(part, "truth", lambda: Truth(both.picture, own.mask, both.after), of_picture=False)
    return part
