"""appearance_alter: a named object gets a pattern, a cover (rust, moss, dust) or something to wear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from anyedit.edits import covering, photographs
from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import UNLIKE, edited_part, likeness
from anyedit.edits.exact import caption_of_change
from anyedit.edits.rules import LOCAL, SAID, SEEN_BEFORE, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.language import indefinite
from anyedit.world.accessories import ACCESSORIES
from anyedit.world.colours import BASIC, COLOURS
from anyedit.world.finishes import FINISHES
from anyedit.world.materials import MATERIALS
from anyedit.world.patterns import PATTERNS
from anyedit.world.patterns import draw as drawn_pattern
from anyedit.world.render import Frame, ids
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

COVERS = tuple(
    name
    for name in ("rust", "moss", "dust", "frost", "mud", "gold leaf", "paint", "snow", "sand")
    if name in FINISHES
)
WORN_SHARE, WORN_TRIES = 0.0055, 3  # of the picture; what is smaller is no edit that the gates accept
DETAILED = 14.0  # see `detail_under`: a dahlia has 11 and takes a print, a pagoda 20 and does not
SIZE_WORDS = (
    "big", "small", "large", "tall", "huge", "tiny", "bigger", "smaller", "larger", "size",
    "taller", "shorter", "enlarge", "shrink",
)  # fmt: skip


class AppearanceAlterParams(Params):
    """target: id of the object. what: pattern, finish or accessory. value: its name. colour: of a pattern."""

    target: str
    what: Literal["pattern", "finish", "accessory"]
    value: str
    colour: str | None = None


# Patterns that read as printed on a flat photograph of any thing.
PRINTS = tuple(
    name
    for name in ("stripes", "dots", "checks", "stars", "hearts", "flowers", "diamonds", "zigzag")
    if name in PATTERNS
)


def _apart(lab: np.ndarray, colour: tuple[float, float, float]) -> float:
    wanted = cv2.cvtColor(np.array([[colour]], np.float32), cv2.COLOR_RGB2LAB)[0, 0]
    return float(np.linalg.norm(np.median(lab, 0) - wanted))


def _paint(colour: tuple[float, float, float]) -> np.ndarray:
    """A texture of one colour, uint8 (4, 4, 3)."""
    return np.full((4, 4, 3), np.array(colour) * 255 + 0.5).astype(np.uint8)


def pattern_seen(case: Case) -> float | None:
    """Mean Lab distance, before to after, of the printed part of the thing (photographs)."""
    if not isinstance(case.view, PhotoView) or case.done.influence is None:
        return None
    printed = case.done.influence > 0
    both = [
        cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        for p in (case.view.picture, case.done.picture)
    ]
    return float(np.linalg.norm(both[0] - both[1], axis=-1)[printed].mean()) if printed.any() else 0.0


def detail_under(view: View, where: Mask) -> float | None:
    """Fine contrast of a photograph's thing, steps of L in 8 bits: what a flat print goes over (form, tiles, windows)."""
    inside = cv2.erode(where.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if not isinstance(view, PhotoView) or inside.sum() < 30:
        return None
    light = cv2.cvtColor(view.picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    return float(np.abs(light - cv2.GaussianBlur(light, (0, 0), 2))[inside].mean())


def printed_over(case: Case) -> float | None:
    """`detail_under` of the edited thing."""
    return detail_under(case.view, case.done.mask)


def no_size_words(case: Case) -> float:
    """1 when the wording does not speak of size (a rule of the publication)."""
    return float(not any(word.strip(".?!") in SIZE_WORDS for word in case.text.lower().split()))


class AppearanceAlter(EditType):
    """A named object gets a pattern, a cover or something to wear."""

    name = "appearance_alter"
    summary = "A named object gets a pattern, a cover or something to wear."
    example = "Make the horses wearing garlands"
    needs = "an object that can be decorated"
    Params = AppearanceAlterParams
    _pattern = (
        "Give {object} a pattern of {value}",
        "Decorate {object} with {value}",
        "Cover {object} with {value}",
        "Put {value} on {object}",
        "Print {value} on {object}",
        "Paint {value} on {object}",
        "Add {value} to {object}",
        "Make {object} patterned with {value}",
        "Can you put {value} on {object}?",
        "How would {object} look with {value}?",
    )
    _finish = (
        "Make {object} look {value}",
        "Make {object} {value}",
        "Let {object} look {value}",
        "Show {object} {value}",
        "Turn {object} so that it is {value}",
        "I want {object} to look {value}",
        "Can you make {object} look {value}?",
        "How would {object} look {value}?",
        "Could {object} be {value}?",
    )
    _accessory = (
        "Make {object} wearing {value}",
        "Make {object} wear {value}",
        "Put {value} on {object}",
        "Dress {object} with {value}",
        "Give {object} {value}",
        "Let {object} wear {value}",
        "I want {object} to wear {value}",
        "Can you put {value} on {object}?",
        "Could {object} wear {value}?",
    )
    phrases = tuple(dict.fromkeys((*_pattern, *_finish, *_accessory)))  # some fit two of them
    said = (Rule("no words of size", no_size_words, low=1),)
    checks = (*SAID, Rule(SEEN_BEFORE, visible_share("target"), low=0.005, high=0.95), *said)
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.004),
        Rule("look unlike the asked", likeness(edited_part), high=UNLIKE),
        Rule("outline on edges", covering.mask_sure, low=0.6),
        Rule("pattern seen", pattern_seen, low=10),
        Rule("detail under the print", printed_over, high=DETAILED),
    )

    def usable_phrases(self, view: View, params: AppearanceAlterParams) -> tuple[str, ...]:
        return {"pattern": self._pattern, "finish": self._finish, "accessory": self._accessory}[params.what]

    def propose(self, view: View, rng: np.random.Generator) -> AppearanceAlterParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        options = [(item, what) for item in view.visible for what in self._possible(view, item)]
        if not options:
            return None
        item, what = options[int(rng.integers(len(options)))]
        if what == "accessory":
            return self._worn(view, item, rng)
        if what == "finish":
            return AppearanceAlterParams(target=item.id, what="finish", value=str(rng.choice(list(COVERS))))
        colours = [name for name in BASIC if name != item.colour]
        return AppearanceAlterParams(
            target=item.id,
            what="pattern",
            value=str(rng.choice(list(PATTERNS))),
            colour=str(rng.choice(colours)),
        )

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> AppearanceAlterParams | None:
        """A pattern in a colour that stands out on a thing with an even colour of its own."""
        for target in covering.coverable(view, rng):
            lab = cv2.cvtColor(view.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[view.mask(target)]
            colours = [name for name in BASIC if _apart(lab, COLOURS[name]) > 45]
            detail = detail_under(view, view.mask(target))
            if detail is not None and detail > DETAILED:
                continue  # a pagoda's roofs and rails vanish under red checks
            if not colours or float(cv2.blur(lab[None, :, :1], (9, 1)).std()) > 26:
                continue
            return AppearanceAlterParams(
                target=target, what="pattern", value=str(rng.choice(PRINTS)), colour=str(rng.choice(colours))
            )
        return None

    def edit(self, view: PhotoView, params: AppearanceAlterParams, tools: Tools) -> Outcome:
        """Print the pattern on the thing: its shading and what is on it stay."""
        body = covering.body(view, params.target, tools)
        across = max(16, round(float(np.sqrt(body.sum())) / 2.5))
        tile = cv2.resize(drawn_pattern(params.value), (across, across), interpolation=cv2.INTER_AREA)
        rows, columns = np.indices(body.shape) % across
        share = np.where(body, cv2.GaussianBlur(tile[rows, columns], (0, 0), 0.6), 0)
        printed = tools.cover.cover(view.picture, body, _paint(COLOURS[str(params.colour)]))
        mixed = view.picture + (printed.astype(np.float32) - view.picture) * share[..., None] + 0.5
        mask = share > 0
        return Outcome(
            picture=np.where(mask[..., None], np.clip(mixed, 0, 255), view.picture).astype(np.uint8),
            mask=body,
            influence=mask.astype(np.uint8) * 255,
            engines=(tools.version("refine"), tools.version("cover")),
        )

    def _worn(self, view: WorldView, item: Item, rng: np.random.Generator) -> AppearanceAlterParams | None:
        """Something to wear that will be large enough to be seen; the id picture tells without a render."""
        for value in rng.permutation(list(ACCESSORIES))[:WORN_TRIES].tolist():
            params = AppearanceAlterParams(target=item.id, what="accessory", value=value)
            image, names = ids(self.rewrite(view.scene, params), view.settings)
            if _new_parts(image, names, view.frame.names).mean() >= WORN_SHARE:
                return params
        return None

    def _possible(self, view: WorldView, item: Item) -> list[str]:
        kind = view.kind(item)
        possible = []
        if kind.wears is not None and item.accessory is None:
            possible += ["accessory", "accessory"]
        if item.finish is None and view.scene.weather != "snow":
            possible.append("finish")
            if item.pattern is None and MATERIALS[item.material].takes_colour:
                possible.append("pattern")
        return possible

    def words(self, view: View, params: AppearanceAlterParams) -> dict[str, str]:
        value = {
            "pattern": lambda: f"{params.colour} {PATTERN_WORDS.get(params.value, params.value)}",
            "finish": lambda: FINISHES[params.value].phrase,
            "accessory": lambda: indefinite(params.value),
        }[params.what]()
        said = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else photographs.said(view, params.target)
        )
        return {"object": said, "value": value}

    def caption_after(self, view: View, params: AppearanceAlterParams) -> str:
        if not isinstance(view, WorldView):
            words = self.words(view, params)
            return f"{view.caption.rstrip('.')}, with {words['value']} on {words['object']}"
        return caption_of_change(view, self.rewrite(view.scene, params), params.target)

    def rewrite(self, scene: Scene, params: AppearanceAlterParams) -> Scene:
        if params.what == "pattern":
            return scene.changed(params.target, pattern=params.value, pattern_colour=params.colour)
        return scene.changed(params.target, **{params.what: params.value})

    def mask_of(self, before: Frame, after: Frame, params: AppearanceAlterParams) -> Mask:
        """What is worn is the change, not its wearer; so a hat that is out of sight is rejected as too small."""
        if params.what != "accessory":
            return super().mask_of(before, after, params)
        return _new_parts(after.parts, after.names, before.names)


def _new_parts(parts: np.ndarray, names: tuple[str, ...], known: tuple[str, ...]) -> Mask:
    """bool (H, W): the parts that were not there before."""
    worn = [number for number, name in enumerate(names, 1) if name not in set(known)]
    return np.asarray(np.isin(parts, worn))


PATTERN_WORDS = {"plaid": "plaid lines", "zigzag": "zigzag lines", "camouflage": "camouflage spots"}
