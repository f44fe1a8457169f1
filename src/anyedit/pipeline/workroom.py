"""What one worker holds while a shard goes through the steps: tools, recent frames, views, outcomes, the ledger."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from anyedit.edits import Case, Outcome, type_of
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.plan import Task
from anyedit.recipe import Recipe
from anyedit.records import Edit, Instruction, Rejected, Source, Verdict, pixels_of
from anyedit.world.render import Frame, RenderSettings, render
from anyedit.world.scene import Scene

KEPT_FRAMES = 24


class Workroom:
    """The state of one shard's run. Nothing in it changes results: what is missing is made again."""

    def __init__(self, recipe: Recipe, task: Task, placed: Mapping[str, Any] | None = None) -> None:
        self.recipe, self.task, self.placed = recipe, task, placed
        self.ledger = Ledger()
        self.rejected: list[Rejected] = []
        self.outcomes: dict[str, Outcome] = {}
        self._frames: OrderedDict[str, Frame] = OrderedDict()

    @cached_property
    def tools(self) -> Any:
        """The engines that the recipe names, built on first use."""
        from anyedit.engines.toolbox import tools

        return tools(self.recipe.engines, self.placed)

    @cached_property
    def settings(self) -> RenderSettings:
        """How world scenes are rendered."""
        source: Any = self.recipe.source
        return RenderSettings(source.width, source.height, source.samples, source.depth, source.variant)

    def frame(self, scene: Scene) -> Frame:
        """The scene's frame, rendered once while it is remembered."""
        key = scene.model_dump_json()
        if key not in self._frames:
            self.remember(render(scene, self.settings), key)
        self._frames.move_to_end(key)
        return self._frames[key]

    def remember(self, frame: Frame, *keys: str) -> None:
        """Keep a frame that was rendered elsewhere."""
        for key in (*keys, frame.scene.model_dump_json()):
            self._frames[key] = frame
        while len(self._frames) > KEPT_FRAMES:
            self._frames.popitem(last=False)

    def view(self, source: Source) -> View:
        """What the edit types see of a source."""
        if source.scene is None:
            return PhotoView(source)
        frame = self.frame(Scene.model_validate_json(source.scene))
        return WorldView(frame, pixels_of(source.image), source.caption, self.settings, source.turn)

    def case(self, source: Source, instruction: Instruction, outcome: Outcome | None = None) -> Case:
        """The instruction (and its result) as the rules see it."""
        kind = type_of(instruction.edit_type)
        return Case(
            kind=kind,
            view=self.view(source),
            params=kind.Params.model_validate_json(instruction.params),
            text=instruction.text,
            edited_caption=instruction.edited_caption,
            edited_object=instruction.edited_object,
            outcome=outcome,
            tools=self.tools,
        )

    def outcome(self, edit: Edit) -> Outcome:
        """An edit's outcome: the one just made, or read back from its row (the after frame rendered again)."""
        if edit.id not in self.outcomes:
            after = self.frame(Scene.model_validate_json(edit.scene)) if edit.scene else None
            self.outcomes[edit.id] = Outcome(
                picture=pixels_of(edit.image),
                mask=pixels_of(edit.mask) > 127,
                influence=None if edit.influence is None else pixels_of(edit.influence),
                visual_prompt=None if edit.visual_prompt is None else pixels_of(edit.visual_prompt),
                scene=after.scene if after else None,
                after=after,
                engines=edit.engines,
            )
        return self.outcomes[edit.id]

    def limits(self, edit_type: str) -> dict[str, tuple[float | None, float | None]]:
        """The recipe's own limits for a type's rules."""
        prefix = f"{edit_type}."
        return {
            key[len(prefix) :]: limit for key, limit in self.recipe.gates.items() if key.startswith(prefix)
        }

    def reject(
        self,
        source: Source,
        instruction: Instruction,
        step: str,
        verdict: Verdict,
        image: bytes | None = None,
    ) -> None:
        """Put a row aside with its reason."""
        self.ledger.dropped(instruction.edit_type, step, verdict.rule)
        self.rejected.append(
            Rejected(
                id=instruction.id,
                step=step,
                edit_type=instruction.edit_type,
                source=source.id,
                instruction=instruction.text,
                rule=verdict.rule,
                value=verdict.value,
                low=verdict.low,
                high=verdict.high,
                note=verdict.note,
                image=image,
                source_image=source.image if image is not None else None,
            )
        )


def fault(rule: str, note: object) -> Verdict:
    """The verdict of something that could not be done at all."""
    return Verdict(rule, None, None, None, False, str(note))
