"""The constants of `tone.toned` for each tone, as `python benchmarks/tones.py` fitted them to exact pairs of the world."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Tone:
    """gain: linear RGB. power: of the light. saturation: 1 as it was. haze: optical thickness near, and more at the top.

    veil: the haze's colour. low, high: the sky's at its lower and upper end. kept: share of the sky's own brightness.
    leaves: hue in degrees of Lab and how far it spreads, chroma (least, times the old), lightness (lift, scale).
    """

    gain: Colour = (1.0, 1.0, 1.0)
    power: float = 1.0
    saturation: float = 1.0
    haze: tuple[float, float] = (0.0, 0.0)
    veil: Colour = (0.5, 0.5, 0.5)
    low: Colour | None = None
    high: Colour | None = None
    kept: float = 0.0
    leaves: tuple[float, ...] = ()


# Set by hand, as far as the way to the exact picture stays: the sky's constants (low, high, kept), for hardly a picture of
# the world has sky, and the seasons' leaves (the fit turns grass to straw; trees of photographs should be seen to turn).
TONES: dict[str, Tone] = {
    "morning": Tone(
        gain=(0.965, 0.922, 0.866), power=1.074, saturation=1.038, haze=(0.047, 0.027), veil=(0.240, 0.253, 0.213),
        low=(0.76, 0.58, 0.46), high=(0.44, 0.40, 0.42), kept=0.3,
    ),
    "golden hour": Tone(
        gain=(1.037, 0.895, 0.747), power=1.057, saturation=1.076, haze=(0.048, 0.052), veil=(0.553, 0.368, 0.164),
        low=(0.90, 0.62, 0.32), high=(0.55, 0.50, 0.42), kept=0.5,
    ),
    "sunset": Tone(
        gain=(0.947, 0.708, 0.693), power=1.298, saturation=1.032, haze=(0.040, 0.042), veil=(0.491, 0.229, 0.194),
        low=(0.80, 0.34, 0.14), high=(0.20, 0.16, 0.34), kept=0.4,
    ),
    "night": Tone(
        gain=(0.249, 0.306, 0.513), power=1.500, saturation=1.100, haze=(0.063, 0.043), veil=(0.127, 0.136, 0.156),
        low=(0.050, 0.075, 0.160), high=(0.016, 0.026, 0.070), kept=0.3,
    ),
    "fog": Tone(
        gain=(0.691, 0.678, 0.645), power=0.773, saturation=0.739, haze=(0.016, 0.448), veil=(0.884, 0.895, 0.978),
        low=(0.66, 0.69, 0.72), high=(0.62, 0.65, 0.68), kept=0.0,
    ),
    "autumn": Tone(gain=(0.763, 0.724, 0.747), leaves=(75.0, 20.0, 14.0, 0.750, 3.70, 0.980)),
    "winter": Tone(gain=(0.850, 0.870, 0.950), leaves=(-100, 10.0, 6.0, 0.050, 10.0, 1.400)),
}  # fmt: skip
