"""tone_transfer: the same place at another time of day, in other weather, in another season."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from anyedit.edits.base import EditType, Mask, Outcome, Params, Rule
from anyedit.edits.global_ import direction
from anyedit.edits.global_.likeness import lab_change, structure
from anyedit.edits.rules import EVERY, SAID
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.light import SEASONS, TIMES
from anyedit.world.render import Frame
from anyedit.world.scene import Scene
from anyedit.world.weather import WEATHERS

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

Aspect = Literal["time", "weather", "season"]
ASPECTS: dict[Aspect, str] = {"time": "time of day", "weather": "weather", "season": "season"}
# value -> ("Change the weather to ...", "Make it ...", "... in this picture")
SAYINGS: dict[str, tuple[str, str, str]] = {
    "morning": ("morning", "look like morning", "in the morning"),
    "noon": ("noon", "look like noon", "at noon"),
    "golden hour": ("golden hour", "look like golden hour", "at golden hour"),
    "sunset": ("sunset", "look like sunset", "at sunset"),
    "night": ("night", "night", "at night"),
    "clear": ("clear and dry", "a clear day", "in clear weather"),
    "cloudy": ("overcast and cloudy", "cloudy", "in cloudy weather"),
    "fog": ("fog", "foggy", "in fog"),
    "rain": ("rain", "rainy", "in the rain"),
    "snow": ("snow", "snowy", "in the snow"),
    "spring": ("spring", "spring", "in spring"),
    "summer": ("summer", "summer", "in summer"),
    "autumn": ("autumn", "autumn", "in autumn"),
    "winter": ("winter", "winter", "in winter"),
}


# Words of a caption that tell of the open air, and of darkness or weather that light alone cannot undo.
OUTDOORS = re.compile(
    r"\b(sky|trees?|garden|street|road|beach|sea|lake|river|mountains?|hills?|field|park|forest|meadow|city|town|grass)\b",
    re.IGNORECASE,
)
DARK = re.compile(
    r"\b(night|evening|dusk|sunset|sunrise|dawn|fog|foggy|indoors|room|snow\w*|rain\w*)\b", re.IGNORECASE
)


DAY = 110  # mean of the sky's 8-bit values from which it is one by day


class ToneParams(Params):
    """aspect: what changes. value: of `light.TIMES`, `weather.WEATHERS` or `light.SEASONS`."""

    aspect: Aspect
    value: str


def possible_tones(view: PhotoView) -> list[tuple[Aspect, str]]:
    """Tones that light alone can give this photograph: outdoors by day, with sky or with leaves.

    Not "cloudy": without its shadows taken away a sunny place is none, and the formula gets no nearer to the exact picture.
    A caption that nobody wrote tells nothing: then a wide sky, or much green, must be seen.
    """
    from anyedit.engines.classical.tone import sky, vegetation

    told = not re.match(r"(a detail of the scene: )?a photograph\b", view.caption, re.IGNORECASE)
    if DARK.search(view.caption) or view.picture.mean() < 40:
        return []
    above = sky(view.picture)
    heaven, green = float(above.mean()), float(vegetation(view.picture).mean())
    if heaven > 0.1 and float(view.picture.mean(-1)[above > 0.5].mean()) < DAY:
        return []  # the sun is down already
    if told and not OUTDOORS.search(view.caption):
        return []
    if not told and heaven < 0.25 and green < 0.3:
        return []
    options: list[tuple[Aspect, str]] = []
    if heaven > 0.1:
        options += [("time", value) for value in ("morning", "golden hour", "sunset", "night")]
        options.append(("weather", "fog"))
    else:
        options += [("time", "golden hour"), ("time", "night")]
    if green > 0.15:
        options += [("season", "autumn"), ("season", "winter")]
    return options


class ToneTransfer(EditType):
    """Change the time of day, the weather or the season; things and camera stay."""

    name = "tone_transfer"
    summary = "The time of day, the weather or the season changes."
    example = "Change the season to autumn"
    needs = "a scene with daylight"
    Params = ToneParams
    phrases = (
        "Change the {aspect} to {tone}",
        "Make it {state}",
        "Set the {aspect} to {tone}",
        "Show this scene {when}",
        "Turn the {aspect} into {tone}",
        "Switch the {aspect} to {tone}",
        "Make the picture look as if it was taken {when}",
        "Alter the {aspect} of the image to {tone}",
        "Let the scene take place {when}",
        "Transfer the tone of the image to {tone}",
        "I want to see this {when}",
        "Can you make it {state}?",
        "What would this look like {when}?",
        "Could you change the {aspect} to {tone}?",
    )
    wishes: ClassVar = {"environment": "outdoor"}
    checks = SAID
    gates = (
        Rule("change in Lab", lab_change, low=5),
        Rule("structure kept", structure(1 / 120, 1 / 50), low=0.25),
        Rule("light as named", lambda case: direction.as_named(case, case.params.value), low=0.5),
        *EVERY,
    )

    def propose(self, view: View, rng: np.random.Generator) -> ToneParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        scene = view.scene
        environment = ENVIRONMENTS[scene.environment]
        options: dict[Aspect, list[str]] = {"time": [time for time in TIMES if time != scene.time]}
        if not environment.indoor:
            options["weather"] = [weather for weather in WEATHERS if _possible(scene, weather)]
            options["season"] = [season for season in SEASONS if season != scene.season]
        if scene.weather in ("rain", "snow"):
            options.pop("season", None)  # rain in summer to rain in spring is hardly seen
        aspect = list(options)[int(rng.integers(len(options)))]
        return ToneParams(aspect=aspect, value=str(rng.choice(options[aspect])))

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ToneParams | None:
        options = possible_tones(view)
        if not options:
            return None
        aspect, value = options[int(rng.integers(len(options)))]
        return ToneParams(aspect=aspect, value=value)

    def edit(self, view: PhotoView, params: ToneParams, tools: Tools) -> Outcome:
        """Light, tint, haze and leaves by the tone engine."""
        shape = view.picture.shape[:2]
        return Outcome(
            picture=tools.tone.tone(view.picture, params.value),
            mask=np.ones(shape, bool),
            influence=np.full(shape, 255, np.uint8),
            engines=(tools.tone.version,),
        )

    def words(self, view: View, params: ToneParams) -> dict[str, str]:
        tone, state, when = SAYINGS[params.value]
        if params.value == "clear" and isinstance(view, WorldView) and view.scene.time == "night":
            state = "a clear night"
        return {"object": tone, "aspect": ASPECTS[params.aspect], "tone": tone, "state": state, "when": when}

    def caption_after(self, view: View, params: ToneParams) -> str:
        if isinstance(view, WorldView):
            return describe.caption(self.rewrite(view.scene, params))
        return f"{view.caption.rstrip('.')}, {SAYINGS[params.value][2]}"

    def rewrite(self, scene: Scene, params: ToneParams) -> Scene:
        changes: dict[str, object] = {params.aspect: params.value, "exposure": None}
        if params.value == "snow" and scene.season == "summer":
            changes["season"] = "winter"  # nobody's trees are green in the snow
        if params.aspect == "season" and params.value != "winter" and scene.weather == "snow":
            changes["weather"] = "clear"
        scene = scene.but(**changes)
        return scene

    def mask_of(self, before: Frame, after: Frame, params: ToneParams) -> Mask:
        return np.ones(before.parts.shape, bool)

    def inverse(self, view: View, params: ToneParams, outcome: object) -> tuple[EditType, ToneParams] | None:
        if not isinstance(view, WorldView):
            return None
        back = ToneParams(aspect=params.aspect, value=getattr(view.scene, params.aspect))
        there_and_back = self.rewrite(self.rewrite(view.scene, params), back).but(
            exposure=view.scene.exposure
        )
        return (self, back) if there_and_back == view.scene else None


def _possible(scene: Scene, weather: str) -> bool:
    """Weather that differs and is not drowned: no rain or snow on top of one another's trace."""
    return weather != scene.weather and not (weather == "cloudy" and scene.time == "night")
