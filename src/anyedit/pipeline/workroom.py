"""What one worker holds while a shard goes through the steps: tools, recent frames, views, outcomes, the ledger."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from anyedit.edits import Case, EditType, Outcome, Rule, type_of
from anyedit.edits.instructed import Instructable
from anyedit.edits.judged import checks_of, gates_of, judgement
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.engines.gathered import gathered, gathering, lane, lanes_of
from anyedit.engines.usage import Meter, Usage
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.plan import Task
from anyedit.recipe import PhotoSource, Recipe
from anyedit.records import Edit, Instruction, Rejected, Source, Verdict, pixels_of
from anyedit.world.render import Frame, RenderSettings, render
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.pipeline.survey import Survey

Item = TypeVar("Item")
Made = TypeVar("Made")
KEPT_FRAMES = 24
PAID = ("write", "describe", "judge", "generate", "follow")  # roles whose engines may count what they use


class Workroom:
    """The state of one shard's run. Nothing in it changes results: what is missing is made again."""

    def __init__(
        self,
        recipe: Recipe,
        task: Task,
        placed: Mapping[str, Any] | None = None,
        out: Path | None = None,
    ) -> None:
        self.recipe, self.task, self.placed, self.out = recipe, task, placed, out
        self.ledger = Ledger()
        self.rejected: list[Rejected] = []
        self._aside: list[list[Rejected]] = []  # of items that are worked on side by side
        self.outcomes: dict[tuple[str, int], Outcome] = {}
        self.verdicts: dict[tuple[str, int], list[Verdict]] = {}  # of candidates that were judged when made
        self.checked: dict[str, list[Verdict]] = {}  # instruction -> what the rules of step 3 said
        self.asked: dict[str, str] = {}  # instruction -> what was asked, where the judge said it anew
        self._frames: OrderedDict[str, Frame] = OrderedDict()
        self._viewed: tuple[Source, WorldView] | None = None  # the scene that was asked for last

    @cached_property
    def tools(self) -> Any:
        """The engines that the recipe names, built on first use."""
        from anyedit.engines.toolbox import tools

        return gathering(tools(self.recipe.engines, self.placed))

    @cached_property
    def lanes(self) -> int:
        """How many items are worked on side by side."""
        # What is rendered is rendered in one thread; only photographs' edits are made by engines.
        return 1 if self.recipe.source.kind == "world" else lanes_of(self.tools)

    def beside(self) -> dict[str, Any]:
        """All draws of the shard where its items share batches, on which a network's last bits hang."""
        if self.lanes == 1 or len(self.task.draws) == 1:
            return {}
        return {"shard": [[d.index, list(d.types), d.natural, list(d.spare)] for d in self.task.draws]}

    def each(self, items: Sequence[Item], do: Callable[[Item], list[Made]]) -> list[Made]:
        """What `do` makes of every item, in order; items whose engines take batches are worked on side by side.

        Nothing but the batches differs from one item after the other: rejected rows are in the items' order too.
        """
        if self.lanes == 1 or len(items) == 1:
            return [made for item in items for made in do(item)]
        self._aside = [[] for _ in items]
        made = gathered([partial(do, item) for item in items], self.lanes)
        self.rejected += [row for rows in self._aside for row in rows]
        return [one for some in made for one in some]

    @cached_property
    def survey(self) -> Survey:
        """What is known of all photographs together; made here only when the build has none (reproduce)."""
        from anyedit.pipeline.survey import survey, surveyed

        assert isinstance(self.recipe.source, PhotoSource)
        return surveyed(self.recipe.source) if self.out is None else survey(self.recipe.source, self.out)

    def tools_of(self, key: str, engines: int, seed: int) -> Any:
        """The tools of one candidate: the recipe's `engines`-th set, and jobs seeded by item and number."""
        from anyedit.engines.seeded import SeededTools
        from anyedit.engines.toolbox import tools

        if engines not in self._further:
            others = self.recipe.candidates.engines[engines - 1]
            # Engines that run elsewhere are those of the first set.
            placed = {role: engine for role, engine in (self.placed or {}).items() if role not in others}
            self._further[engines] = gathering(tools({**self.recipe.engines, **others}, placed))
        return SeededTools(self._further[engines], self.recipe.seed, key, seed)

    @cached_property
    def _further(self) -> dict[int, Any]:
        return {0: self.tools}

    def kind(self, edit_type: str) -> EditType:
        """The type, or the type by way of an instruction editor where the recipe says so."""
        kind = type_of(edit_type)
        return Instructable(kind) if self.recipe.route_of(edit_type) == "instruct" else kind

    def checks(self, kind: EditType) -> tuple[Rule, ...]:
        """The rules of step 3."""
        return checks_of(kind, self.recipe.presets)

    def gates(self, kind: EditType) -> tuple[Rule, ...]:
        """The rules of step 5."""
        return gates_of(kind, self.recipe.presets)

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
            return PhotoView(source, self.tools.roles)
        if self._viewed is None or self._viewed[0] is not source:
            frame = self.frame(Scene.model_validate_json(source.scene))
            picture = pixels_of(source.image)
            view = WorldView(frame, picture, source.caption, self.settings, source.turn)
            self._viewed = (source, view)
        return self._viewed[1]

    def case(self, source: Source, instruction: Instruction, outcome: Outcome | None = None) -> Case:
        """The instruction (and its result) as the rules see it."""
        kind = self.kind(instruction.edit_type)
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
        key = (edit.id, edit.candidate)
        if key not in self.outcomes:
            after = self.frame(Scene.model_validate_json(edit.scene)) if edit.scene else None
            self.outcomes[key] = Outcome(
                picture=pixels_of(edit.image),
                mask=pixels_of(edit.mask) > 127,
                influence=None if edit.influence is None else pixels_of(edit.influence),
                visual_prompt=None if edit.visual_prompt is None else pixels_of(edit.visual_prompt),
                scene=after.scene if after else None,
                after=after,
                engines=edit.engines,
            )
        return self.outcomes[key]

    def said_to_happen(self, source: Source, instruction: Instruction, edit: Edit) -> str:
        """The judge's own instruction for what an edit really did; "" where it has none."""
        found = judgement(self.case(source, instruction, self.outcome(edit)))
        return "" if found is None else found.rewritten

    def caption(self, edit: Edit) -> str:
        """What is seen in an edited picture, by the engine that describes; "" without one."""
        if not self.tools.has("describe"):
            return ""
        (found,) = self.tools.describe.caption([self.outcome(edit).picture])
        return found if isinstance(found, str) else ""

    @contextmanager
    def used(self, edit_types: Sequence[str], tools: Any) -> Iterator[None]:
        """Count what the engines that are paid by use, or run elsewhere, spend inside.

        edit_types: of the items that are worked on inside, one each; every item bears an equal share.
        """
        roles = tuple(dict.fromkeys((*PAID, *(self.placed or {}))))
        before = usage_of(tools, roles)
        try:
            yield
        finally:
            for role, total in usage_of(tools, roles).items():
                counts = (total - before.get(role, Usage())).as_counts()
                for edit_type, items in Counter(edit_types).items():
                    share = items / len(edit_types)
                    self.ledger.used(
                        edit_type, role, {k: v if share == 1 else v * share for k, v in counts.items()}
                    )

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
        scores: Sequence[Verdict] = (),
        candidate: int = 0,
        instead: bool = False,
    ) -> None:
        """Put a row aside with its reason. instead: a candidate that lost against an accepted one; no loss of an item."""
        if not instead:
            self.ledger.dropped(instruction.edit_type, step, verdict.rule)
        here = lane()
        (self.rejected if here is None else self._aside[here.number]).append(
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
                scores=tuple(scores),
                candidate=candidate,
                instead=instead,
            )
        )


def usage_of(tools: Any, roles: Sequence[str] = PAID) -> dict[str, Usage]:
    """Role -> what its engine has used so far, of the engines that count; one that plays several roles counts once."""
    meters: dict[int, tuple[str, Usage]] = {}
    for role in roles:
        meter = getattr(getattr(tools, role), "meter", None) if tools.has(role) else None
        if isinstance(meter, Meter) and id(meter) not in meters:
            meters[id(meter)] = (role, meter.total)
    return dict(meters.values())


def fault(rule: str, note: object) -> Verdict:
    """The verdict of something that could not be done at all."""
    return Verdict(rule, None, None, None, False, str(note))
