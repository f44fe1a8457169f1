"""rotation_change: a named object is turned, or the camera goes round the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.camera.second_view import shared_points
from anyedit.edits.evidence import frame_shown, scene_shown, shown
from anyedit.edits.exact import changed_mask
from anyedit.edits.given import Given
from anyedit.edits.placing import aspect_of, clear, extent, seen_after, turned
from anyedit.edits.rules import EVERY, SAID, change_inside, leak, mask_share, world_only
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import EditNotPossible
from anyedit.world import describe
from anyedit.world.assemble import item_parts
from anyedit.world.render import Frame, item_shares
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

OBJECT_ANGLES = (45, 60, 90, 120, 135, 180)
ORBIT_ANGLES = (15, 20, 25, 30, 35)


class RotationParams(Params):
    """angle: degrees, counter-clockwise seen from above. target: what turns; None: the camera orbits."""

    angle: float
    target: str | None = None


def still_visible(case: Case) -> float | None:
    """Share of its visible area that the turned thing keeps; in an orbit, the best kept thing's (world)."""
    if not isinstance(case.view, WorldView):
        return None
    before = case.view.shares
    wanted = [case.params.target] if case.params.target else [item.id for item in case.view.visible]
    found = {item_id: shown(case, item_id) for item_id in wanted}
    kept = [float(mask.mean()) / max(before[key], 1e-9) for key, mask in found.items() if mask is not None]
    return max(kept, default=0.0)


def turned_in_scene(case: Case) -> float | None:
    """1 when the picture shows the scene turned by the asked angle in the asked sense (world)."""
    target = case.params.target
    frame = scene_shown(case) if target is None else frame_shown(case, target)
    if frame is None or not isinstance(case.view, WorldView):
        return None
    before, after = case.view.scene, frame.scene
    if target is not None:
        found = after.item(target).yaw - before.item(target).yaw
    else:
        bearings = [np.subtract(s.camera.origin, s.camera.target) for s in (before, after)]
        angles = [np.degrees(np.arctan2(b[1], b[0])) for b in bearings]
        found = float(angles[1] - angles[0])
    return float(abs((found - case.params.angle + 180) % 360 - 180) < 0.5)


class RotationChange(EditType):
    """Turn a named object about its upright axis, or move the camera round the subject, by a named angle."""

    name = "rotation_change"
    summary = "A named object is turned, or the camera goes round the scene, by a named angle."
    example = "Turn the bag counterclockwise"
    needs = "an object that is not round, or a second view (photographs)"
    given: ClassVar[str] = "views"  # photographs serve it only where their source has these
    Params = RotationParams
    turning = (
        "Turn {object} {sense}",
        "Turn {object} {sense} by {angle} degrees",
        "Rotate {object} {angle} degrees {sense}",
        "Rotate {object} {sense}",
        "Spin {object} {sense} by {angle} degrees",
        "Swivel {object} {angle} degrees {sense}",
        "Change the rotation of {object} by {angle} degrees {sense}",
        "Let {object} face another way: turn it {angle} degrees {sense}",
        "Please turn {object} {angle} degrees {sense}",
        "I want {object} turned {sense} by {angle} degrees",
        "Can you rotate {object} {angle} degrees {sense}?",
        "Could you turn {object} {sense} by {angle} degrees?",
        "What would it look like with {object} turned {angle} degrees {sense}?",
    )
    orbiting = (
        "Rotate the camera {angle} degrees to the {side} around {object}",
        "Move the camera {angle} degrees to the {side} around {object}",
        "Turn the view of {object} by {angle} degrees, with the camera going to the {side}",
        "Show {object} from {angle} degrees further to the {side}",
        "View {object} from an angle {angle} degrees to the {side}",
        "Orbit the camera to the {side} around {object} by {angle} degrees",
        "Change the viewpoint: go {angle} degrees to the {side} around {object}",
        "Walk {angle} degrees to the {side} around {object}",
        "Take the picture from {angle} degrees to the {side} of here, still looking at {object}",
        "Can you rotate the camera around {object} by {angle} degrees to the {side}?",
        "Could you show {object} from {angle} degrees to the {side}?",
        "What does {object} look like from {angle} degrees further to the {side}?",
    )
    phrases = (*turning, *orbiting)
    checks = SAID
    gates = (
        Rule("mask share", mask_share, low=0.005),
        Rule("change inside mask", change_inside, low=0.02),
        Rule("change outside influence", leak, high=0),
        Rule("still visible", still_visible, low=0.4),
        Rule("turned by the angle", turned_in_scene, low=1),
        Rule("one scene in both views", shared_points, low=0.5),
        # Another view of a photograph moves all that is in it: what is to be kept is told by the rule above.
        *(Rule(rule.name, world_only(rule.measure), rule.low, rule.high) for rule in EVERY),
    )

    def propose(self, view: View, rng: np.random.Generator) -> RotationParams | None:
        if not isinstance(view, WorldView):
            second_view = Given.of(view.source).second
            return None if second_view is None else RotationParams(angle=float(round(second_view.angle)))
        first, second = (self._turn, self._orbit) if rng.random() < 0.6 else (self._orbit, self._turn)
        return first(view, rng) or second(view, rng)

    def _turn(self, view: WorldView, rng: np.random.Generator) -> RotationParams | None:
        items = [item for item in view.visible if view.shares[item.id] >= 0.01 and roundness(item) < 0.9]
        for index in rng.permutation(len(items)):
            item = items[index]
            for angle in rng.permutation(OBJECT_ANGLES).tolist()[:3]:
                params = RotationParams(target=item.id, angle=float(angle * rng.choice([-1, 1])))
                scene = self.rewrite(view.scene, params)
                if clear(scene, item.id) and seen_after(view, scene, item.id, least=0.4):
                    return params
        return None

    def _orbit(self, view: WorldView, rng: np.random.Generator) -> RotationParams | None:
        if self._subject(view) is None:
            return None
        for angle in rng.permutation([*ORBIT_ANGLES, *(-a for a in ORBIT_ANGLES)]).tolist()[:3]:
            params = RotationParams(angle=float(angle))
            shares = item_shares(self.rewrite(view.scene, params), aspect=aspect_of(view.frame))
            if all(shares[item.id] >= 0.4 * view.shares[item.id] for item in view.visible):
                return params
        return None

    def _subject(self, view: WorldView) -> str | None:
        """The thing that the camera looks at: the nearest named one to its target, when there is one."""
        target = np.asarray(view.scene.camera.target)
        away = {
            item.id: float(np.linalg.norm(np.mean(extent(item), 0)[:2] - target[:2])) for item in view.visible
        }
        return min(away, key=lambda item_id: away[item_id]) if away else None

    def words(self, view: View, params: RotationParams) -> dict[str, str]:
        target = params.target
        if target is None and isinstance(view, WorldView):
            target = self._subject(view)
        thing = "the scene" if target is None else None
        if target is None and isinstance(view, PhotoView):
            subject = Given.of(view.source).subject
            thing = f"the {subject}" if subject else "the scene"
        if thing is None:
            thing = (
                view.refer(str(target))
                if isinstance(view, WorldView)
                else f"the {view.object(str(target)).name}"
            )
        around = abs(params.angle) == 180
        sense = (
            "around"
            if around and params.target
            else ("counterclockwise" if params.angle > 0 else "clockwise")
        )
        return {
            "object": thing,
            "angle": f"{abs(params.angle):g}",
            "sense": sense,
            "side": "right"
            if params.angle > 0
            else "left",  # the camera's own right, as it looks at the subject
        }

    def usable_phrases(self, view: View, params: RotationParams) -> tuple[str, ...]:
        if params.target is None:
            return self.orbiting
        return self.turning

    def caption_after(self, view: View, params: RotationParams) -> str:
        words = self.words(view, params)
        caption = (
            describe.caption(self.rewrite(view.scene, params))
            if isinstance(view, WorldView)
            else view.caption
        )
        if params.target is None:
            return f"{caption.rstrip('.')}, seen from further to the {words['side']}."
        turn = f"{words['sense']} by {words['angle']} degrees"
        return f"{caption.rstrip('.')}; {words['object']} is turned {turn}."

    def rewrite(self, scene: Scene, params: RotationParams) -> Scene:
        if params.target is not None:
            return turned(scene, params.target, params.angle)
        camera = scene.camera
        c, s = np.cos(np.radians(params.angle)), np.sin(np.radians(params.angle))
        dx, dy, dz = np.subtract(camera.origin, camera.target)
        x, y, z = np.round(np.add(camera.target, (c * dx - s * dy, s * dx + c * dy, dz)), 5).tolist()
        orbited: Scene = scene.but(camera=camera.but(origin=(x, y, z)))
        return orbited

    def edit(self, view: PhotoView, params: RotationParams, tools: Tools) -> Outcome:
        """The capture's photograph from there: what the thing truly looks like from the other side."""
        second = Given.of(view.source).second
        if second is None:
            raise EditNotPossible("rotation_change: the source has no second view of this scene")
        picture = second.pixels()
        return Outcome(
            picture=picture, mask=np.ones(picture.shape[:2], bool), engines=("second view of the capture",)
        )

    def mask_of(self, before: Frame, after: Frame, params: RotationParams) -> Mask:
        if params.target is None:
            return np.ones(after.parts.shape, bool)
        return changed_mask(before, after)

    def inverse(
        self, view: View, params: RotationParams, outcome: object
    ) -> tuple[EditType, RotationParams] | None:
        return self, params.model_copy(update={"angle": -params.angle})


def roundness(item: Item) -> float:
    """How little a turn about the upright axis would show, [0, 1]: 1 for a vase, low for a car.

    Each part's middle off the axis and the inequality of its two ground axes betray the turn.
    """
    whole = max(float(np.linalg.norm(part.mesh.vertices[:, :2], axis=1).max()) for part in item_parts(item))
    worst = 0.0
    for part in item_parts(item):
        points = part.mesh.vertices[:, :2]
        spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(points.T)), 0))
        worst = max(
            worst, float(np.linalg.norm(points.mean(0))) / whole, float(spread[1] - spread[0]) / whole
        )
    return max(0.0, 1 - worst * 2)
