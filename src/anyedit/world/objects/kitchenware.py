"""Teapot, kettle and cooking pot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.habitats import DINING
from anyedit.world.objects.vessel_shapes import tube
from anyedit.world.shapes import ellipsoid, lathe, smooth_profile, sweep
from anyedit.world.surfaces import BLACK, BRASS, CHROME


def _teapot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = smooth_profile(
        [
            (r * 0.56, 0),
            (r * 0.6, 0.006),
            (r * 0.94, h * 0.28),
            (r, h * p["belly"]),
            (r * 0.8, h * 0.82),
            (r * 0.5, h),
        ]
    )
    body = lathe([(0, 0), *outside, (0, h)], 52)
    lid = lathe(
        smooth_profile(
            [(r * 0.56, h - 0.003), (r * 0.55, h + 0.006), (r * 0.34, h + 0.022), (0, h + 0.028)], 5
        ),
        40,
    )
    knob = ellipsoid((0.013, 0.013, 0.012), (0, 0, h + 0.036))
    spout = tube(
        [(r * 0.72, 0, h * 0.3, 0.025), (r * 1.2, 0, h * 0.42, 0.018), (r * 1.42, 0, h * 0.74, 0.0125),
         (r * 1.66, 0, h * 0.99, 0.0115)]
    )  # fmt: skip
    mouth = ellipsoid((0.009, 0.009, 0.002), (r * 1.66, 0, h * 0.99 + 0.002), (0, 38, 0), 2)
    handle = tube(
        [(-r * 0.74, 0, h * 0.84, 0.009), (-r * 1.22, 0, h * 0.94, 0.009), (-r * 1.56, 0, h * 0.66, 0.0095),
         (-r * 1.34, 0, h * 0.34, 0.009), (-r * 0.88, 0, h * 0.22, 0.008)], flat=1.35
    )  # fmt: skip
    return settled(
        [
            Part("body", joined([body, spout, handle])),
            Part("lid", lid),
            Part("knob", knob, BRASS),
            Part("mouth", mouth, BLACK),
        ]
    )


def _kettle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = smooth_profile(
        [(r * 0.96, 0.006), (r, 0.02), (r * 0.93, h * 0.45), (r * 0.72, h * 0.82), (r * 0.46, h)]
    )
    body = lathe([(0, 0), (r * 0.94, 0), *outside, (0, h)], 56)
    lid = lathe(
        [(0, h - 0.004), (r * 0.5, h - 0.004), (r * 0.5, h + 0.006), (r * 0.3, h + 0.018), (0, h + 0.02)], 40
    )
    knob = lathe(
        [(0, 0), (0.007, 0), (0.006, 0.01), (0.016, 0.016), (0.014, 0.026), (0, 0.028)],
        24,
        at=(0, 0, h + 0.018),
    )
    spout = tube([(r * 0.62, 0, h * 0.5, 0.03), (r * 1.1, 0, h * 0.72, 0.02), (r * 1.42, 0, h * 1.02, 0.013)])
    t = np.radians(np.linspace(-8, 188, 26))
    grip = np.column_stack([r * 0.78 * np.cos(t), 0 * t, h * 0.86 + p["grip"] * np.sin(t)])
    arch = sweep(grip, 0.006, 12)
    wood = sweep(grip[6:20], 0.0125, 16)
    band = lathe([(r * 1.0, 0.0), (r * 1.012, 0.0), (r * 1.012, 0.012), (r * 1.0, 0.012)], 56)
    return settled(
        [
            Part("body", joined([body, spout])),
            Part("lid", lid),
            Part("bail", joined([arch, band]), CHROME),
            Part("grip", joined([wood, knob]), Surface((0.25, 0.14, 0.08), "dark wood")),
        ]
    )


def _cooking_pot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = [(r * 0.88, 0), (r * 0.95, 0.004), (r * 0.985, 0.014), (r, 0.03), (r, h - 0.004), (r * 1.02, h)]
    body = lathe([(0, 0), *outside, (r * 0.99, h + 0.002), (0, h + 0.002)], 60)
    dome = smooth_profile(
        [(r * 1.0, h + 0.008), (r * 0.86, h + 0.022), (r * 0.46, h + p["dome"]), (0.001, h + p["dome"] * 1.2)]
    )
    lid = lathe([(0, h), (r * 1.035, h + 0.001), (r * 1.04, h + 0.006), *dome], 56)
    rim = lathe(
        [(r * 1.0, h - 0.001), (r * 1.05, h - 0.001), (r * 1.05, h + 0.007), (r * 1.0, h + 0.007)], 60
    )
    top = h + p["dome"] * 1.2
    knob = lathe(
        smooth_profile([(0.012, -0.004), (0.009, 0.008), (0.02, 0.016), (0.021, 0.026), (0.001, 0.031)], 4),
        30,
        at=(0, 0, top),
    )
    t = np.linspace(-1, 1, 15)
    reach = r + 0.045 * np.sqrt(np.maximum(1 - np.abs(t) ** 3.2, 0))
    ear = sweep(np.column_stack([reach - 0.006, r * 0.42 * t, np.full(15, h * 0.76)]), 0.0085, 14)
    return settled(
        [
            Part("body", body),
            Part("lid", lid),
            Part("rim", rim, CHROME),
            Part("handles", joined([both(ear), knob]), BLACK),
        ]
    )


register(
    Kind(
        "teapot",
        "household",
        _teapot,
        params={"radius": (0.068, 0.085), "height": (0.105, 0.135), "belly": (0.4, 0.55)},
        colours=("white", "blue", "teal", "red", "yellow", "green"),
        materials=("ceramic", "porcelain", "copper", "silver", "iron"),
        contexts=DINING,
        topples=True,
    )
)
register(
    Kind(
        "kettle",
        "household",
        _kettle,
        params={"radius": (0.095, 0.115), "height": (0.13, 0.165), "grip": (0.095, 0.12)},
        colours=("red", "teal", "gray", "yellow", "blue", "green"),
        materials=("car paint", "copper", "chrome", "steel"),
        contexts=DINING,
        topples=True,
    )
)
register(
    Kind(
        "cooking pot",
        "household",
        _cooking_pot,
        params={"radius": (0.105, 0.135), "height": (0.11, 0.16), "dome": (0.035, 0.055)},
        colours=("red", "orange", "teal", "blue", "gray", "green"),
        materials=("car paint", "iron", "copper", "brushed metal", "ceramic"),
        contexts=("kitchen", "indoor", "cafe", "studio"),
    )
)
