"""Contact sheets of the world: every kind with its states, every material, pattern, finish and environment.

`python -m anyedit.world.sheets OUT [--size 128]` writes JPEG files: what docs/sheets holds, and what to look at
after changing a builder.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from anyedit.errors import StoreError
from anyedit.world import swatches
from anyedit.world.colours import COLOURS
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.finishes import FINISHES
from anyedit.world.kinds import Kind, Surface, kinds
from anyedit.world.layout import sample_scene
from anyedit.world.light import SEASONS, TIMES
from anyedit.world.materials import MATERIALS
from anyedit.world.mesh import joined
from anyedit.world.patterns import PATTERNS
from anyedit.world.render import Bytes, RenderSettings, render
from anyedit.world.scene import Camera, Item, Scene
from anyedit.world.weather import WEATHERS
from anyedit.world.wishes import Wishes

Tile = tuple[str, Bytes]
REACH = 0.42  # metres: every kind is scaled to this diagonal, so that one camera suits all
SEED = 7


def tile_of(kind: Kind, state: str | None, variation: int, settings: RenderSettings) -> Bytes:
    """One object in the studio, filling the picture: uint8 (H, W, 3)."""
    from anyedit.world.kinds import parts_of

    params = kind.sample(SEED, "sheet", kind.name, variation)
    low, high = joined([part.mesh for part in parts_of(kind.name, params, state)]).bounds
    size = REACH / float(np.linalg.norm(high - low))
    eye = np.array([0.75, -1.2, 0.55])  # three quarters from the front
    middle = (0.0, 0.0, float(low[2] + high[2]) * size / 2)  # what flies does not rest on the ground
    origin = np.array(middle) + eye / np.linalg.norm(eye) * REACH * 1.75
    colours = [colour for colour in kind.colours if colour in COLOURS] or ["gray"]
    item = Item(
        id="shown",
        kind=kind.name,
        params=params,
        state=state,
        colour=colours[variation % len(colours)],
        material=kind.materials[0],
        text=kind.text[0] if kind.text else None,
        size=size,
    )
    camera = Camera(origin=(float(origin[0]), float(origin[1]), float(origin[2])), target=middle, fov=34)
    studio = {"scale": "tabletop"}
    scene = Scene(seed=SEED, environment="studio", surroundings=studio, camera=camera, items=(item,))
    return render(scene, settings).picture


def object_tiles(category: str, settings: RenderSettings) -> Iterator[Tile]:
    """Every kind of a category in each of its states; a kind without states in two variations."""
    for kind in kinds().values():
        if kind.category != category:
            continue
        if kind.states:
            for number, state in enumerate(kind.states):
                yield f"{kind.name}: {state}", tile_of(kind, state, number, settings)
        else:
            yield kind.name, tile_of(kind, None, 0, settings)
            yield "", tile_of(kind, None, 1, settings)


def material_tiles(size: int) -> Iterator[Tile]:
    """A ball of every material in its own colour."""
    for material in MATERIALS.values():
        yield material.name, swatches.ball(Surface(material.usual_colour, material.name), size=size)


def pattern_tiles(size: int) -> Iterator[Tile]:
    """A ball of every pattern, and a block of every finish."""
    for name in PATTERNS:
        yield name, swatches.ball(Surface("blue", "ceramic", name, "white"), size=size)
    for name in FINISHES:
        yield name, swatches.block(Surface("blue", "plastic"), name, size)


def environment_tiles(settings: RenderSettings) -> Iterator[Tile]:
    """Every environment by day, at the golden hour and at night, with what a drawn scene puts there."""
    for number, (name, place) in enumerate(ENVIRONMENTS.items()):
        scene = sample_scene(SEED, number, Wishes(environment=name, scale=place.scales[-1]))
        for time in ("noon", "golden hour", "night"):
            shown = scene.but(time=time, weather="clear", season="summer", exposure=None)
            yield f"{name}, {time}", render(shown, settings).picture


def weather_tiles(settings: RenderSettings) -> Iterator[Tile]:
    """One open-air scene at every time, in every weather and season."""
    scene = sample_scene(SEED, 1, Wishes(environment="park", scale="outdoor"))
    plain = scene.but(time="noon", weather="clear", season="summer", exposure=None)
    for time in TIMES:
        yield time, render(plain.but(time=time), settings).picture
    for weather in WEATHERS:
        yield weather, render(plain.but(weather=weather), settings).picture
    for season in SEASONS:
        yield season, render(plain.but(season=season), settings).picture


def sheet(tiles: list[Tile], across: int) -> Image.Image:
    """Square tiles of one size with a line of text under each."""
    side, foot, gap = tiles[0][1].shape[0], 16, 4
    lines = -(-len(tiles) // across)
    page = Image.new("RGB", (across * (side + gap) + gap, lines * (side + foot + gap) + gap), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(10)
    for number, (title, picture) in enumerate(tiles):
        x, y = gap + number % across * (side + gap), gap + number // across * (side + foot + gap)
        page.paste(Image.fromarray(picture), (x, y))
        draw.text((x + 1, y + side + 1), title[: side // 5], (40, 44, 52), font)
    return page


def write_sheets(out: Path, size: int = 128, only: str | None = None) -> list[Path]:
    """Write the sheets as JPEG files into `out`; their paths. `only`: sheets whose name contains this."""
    settings = RenderSettings(size, size, samples=8)
    wanted = {f"objects-{category}": category for category in sorted({k.category for k in kinds().values()})}
    others = {
        "materials": lambda: material_tiles(size),
        "patterns-finishes": lambda: pattern_tiles(size),
        "environments": lambda: environment_tiles(settings),
        "times-weathers-seasons": lambda: weather_tiles(settings),
    }
    written = []
    for name in (*wanted, *others):
        if only and only not in name:
            continue
        tiles = list(others[name]() if name in others else object_tiles(wanted[name], settings))
        path = out / f"{name.replace(' ', '-')}.jpg"
        try:
            out.mkdir(parents=True, exist_ok=True)
            sheet(tiles, {"environments": 6, "times-weathers-seasons": 5}.get(name, 8)).save(path, quality=85)
        except OSError as error:
            raise StoreError(
                f"cannot write {path}: {error.strerror or error}; choose another place"
            ) from error
        written.append(path)
    return written


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m anyedit.world.sheets", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the JPEG files")
    parser.add_argument("--size", type=int, default=128, help="side of a tile in pixels")
    parser.add_argument("--only", help="sheets whose name contains this")
    asked = parser.parse_args()
    for path in write_sheets(asked.out, asked.size, asked.only):
        print(path)


if __name__ == "__main__":
    main()
