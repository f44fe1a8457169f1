"""Every environment builds sound geometry and lights at every scale, season, time and weather."""

from __future__ import annotations

import numpy as np
import pytest

from anyedit.errors import AnyEditError
from anyedit.world import light, weather
from anyedit.world.environments import ENVIRONMENTS, environment_of, skies
from anyedit.world.scene import Camera, Scene

PLACES = [(name, scale) for name, environment in ENVIRONMENTS.items() for scale in environment.scales]
OUTDOORS = [name for name, environment in ENVIRONMENTS.items() if not environment.indoor]


def scene_in(name: str, scale: str | None = None, key: int = 1, **changes: object) -> Scene:
    environment = ENVIRONMENTS[name]
    reach = {"tabletop": 0.9, "room": 5.0, "outdoor": 13.0}[scale or environment.scales[0]]
    camera = Camera(origin=(0, -reach, reach * 0.4), target=(0, 0, reach * 0.1))
    return Scene(
        seed=5,
        environment=name,
        surroundings=environment.sample(key, "test", scale=scale),
        camera=camera,
        items=(),
    ).but(**changes)


@pytest.fixture(scope="module")
def mitsuba():
    mi = pytest.importorskip("mitsuba")
    mi.set_variant("scalar_rgb")
    return mi


@pytest.mark.parametrize(("name", "scale"), PLACES)
@pytest.mark.parametrize(
    ("season", "time", "sort"),
    [("summer", "noon", "rain"), ("autumn", "night", "clear"), ("winter", "noon", "snow")],
)
def test_geometry_is_sound(name: str, scale: str, season: str, time: str, sort: str) -> None:
    parts = ENVIRONMENTS[name].build(scene_in(name, scale, season=season, time=time, weather=sort))
    assert len({part.name for part in parts}) == len(parts)
    triangles = 0
    for part in parts:
        mesh = part.mesh
        triangles += len(mesh.faces)
        for values in (mesh.vertices, mesh.normals, mesh.uv):
            assert np.isfinite(values).all(), part.name
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3), part.name
        assert len(mesh.uv) == len(mesh.vertices) and mesh.faces.max() < len(mesh.vertices)
    assert 20 < triangles < 12_000


@pytest.mark.parametrize(("name", "scale"), PLACES)
def test_nothing_stands_where_items_stand(name: str, scale: str) -> None:
    """In the area the ground is within a centimetre of z = 0, and nothing rises above it but leaves and blades."""
    environment = ENVIRONMENTS[name]
    x0, y0, x1, y1 = environment.area(scale)
    heights = []
    for part in environment.build(scene_in(name, scale, season="summer")):
        a, b, c = (part.mesh.vertices[part.mesh.faces[:, k]] for k in range(3))
        for x in np.linspace(x0, x1, 5):
            for y in np.linspace(y0, y1, 5):
                heights += list(_heights(a, b, c, x, y))
    near = [h for h in heights if h < 1.2 * {"tabletop": 0.4, "room": 2.0, "outdoor": 4.0}[scale]]
    assert max(near) < 0.02
    assert max(near) > -0.02


def _heights(a: np.ndarray, b: np.ndarray, c: np.ndarray, x: float, y: float) -> np.ndarray:
    """Heights at which the vertical line through (x, y) meets the triangles."""
    u, v = (b - a)[:, :2], (c - a)[:, :2]
    w = np.array([x, y]) - a[:, :2]
    det = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    flat = np.abs(det) > 1e-12
    a, b, c, u, v, w, det = (array[flat] for array in (a, b, c, u, v, w, det))
    s = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / det
    t = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / det
    hit = (s >= 0) & (t >= 0) & (s + t <= 1)
    return (a[:, 2] + s * (b - a)[:, 2] + t * (c - a)[:, 2])[hit]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_at_most_three_emitters(name: str, mitsuba) -> None:
    for time in light.TIMES:
        for off in (False, True):
            scene = scene_in(name, time=time, lights_off=off)
            lights = ENVIRONMENTS[name].lights(scene)
            glowing = [part for part in ENVIRONMENTS[name].build(scene) if part.surface.glow]
            assert 1 <= len(lights) + len(glowing) <= 3


def test_equal_surroundings_share_their_meshes() -> None:
    first, second = (
        ENVIRONMENTS["park"].build(scene_in("park", time=time)) for time in ("noon", "golden hour")
    )
    assert [part.name for part in first] == [part.name for part in second]
    assert all(a.mesh is b.mesh for a, b in zip(first, second, strict=True))


def test_sampling_depends_on_the_key_and_fixing_the_scale_changes_nothing_else() -> None:
    kitchen = ENVIRONMENTS["kitchen"]
    room, table = kitchen.sample(3, "a", scale="room"), kitchen.sample(3, "a", scale="tabletop")
    assert room == kitchen.sample(3, "a", scale="room")
    assert {k: v for k, v in room.items() if k != "scale"} == {k: v for k, v in table.items() if k != "scale"}
    assert len({str(kitchen.sample(seed, "a")) for seed in range(12)}) > 6


def test_unknown_names_are_told() -> None:
    with pytest.raises(AnyEditError, match="did you mean 'kitchen'"):
        environment_of("kitchn")
    with pytest.raises(AnyEditError, match="no scale 'outdoor'"):
        ENVIRONMENTS["kitchen"].sample(1, scale="outdoor")


@pytest.mark.parametrize("name", OUTDOORS)
def test_snow_and_season_change_the_ground(name: str) -> None:
    def ground(**changes: object) -> set[str]:
        return {part.surface.material for part in ENVIRONMENTS[name].build(scene_in(name, "room", **changes))}

    assert "snow" in ground(weather="snow")
    if name not in ("snowfield",):
        assert "snow" not in ground()


def test_autumn_leaves_lie_in_the_park_and_flowers_stand_in_the_meadow() -> None:
    def names(place: str, season: str) -> set[str]:
        return {part.name for part in ENVIRONMENTS[place].build(scene_in(place, "room", season=season))}

    assert "fallen leaves 0" in names("park", "autumn") - names("park", "summer")
    assert "bare trees" in names("park", "winter") - names("park", "summer")
    assert "flowers 0" in names("meadow", "spring") - names("meadow", "autumn")


@pytest.mark.parametrize("time", light.TIMES)
def test_sky_is_brightest_at_its_sun(time: str) -> None:
    scene = scene_in("beach", time=time)
    to_sun = light.to_sun(scene)
    image = skies.sky(time, "clear", to_sun, 1)
    brightest = np.unravel_index(image.sum(-1).argmax(), image.shape[:2])
    assert float(skies.directions()[brightest] @ to_sun) > np.cos(np.radians(3))
    assert image.dtype == np.float32 and np.isfinite(image).all() and image.min() >= 0


def test_the_map_is_turned_the_right_way(mitsuba) -> None:
    """A bright spot towards +x, slightly up, is seen by a camera that looks there."""
    towards = np.array([0.95, 0.2, 0.24])
    towards /= np.linalg.norm(towards)
    image = (skies.directions() @ towards > 0.99).astype(np.float32)[..., None].repeat(3, -1)
    look = mitsuba.ScalarTransform4f().look_at(origin=[0, 0, 0], target=list(towards), up=[0, 0, 1])
    world = mitsuba.load_dict(
        {
            "type": "scene",
            "integrator": {"type": "path"},
            "sky": skies.emitter_map(image),
            "sensor": {
                "type": "perspective",
                "to_world": look,
                "fov": 10,
                "film": {"type": "hdrfilm", "width": 4, "height": 4, "pixel_format": "rgb"},
            },
        }
    )
    assert np.array(mitsuba.render(world, spp=4)).min() > 0.5


def test_night_is_darker_and_snow_lighter() -> None:
    key = {time: light.key_value(scene_in("park", time=time)) for time in light.TIMES}
    assert key["night"] < key["sunset"] < key["golden hour"] < key["noon"] < 0.7
    assert light.key_value(scene_in("park", weather="snow")) > key["noon"]
    off = light.key_value(scene_in("bedroom", time="night", lights_off=True))
    assert 0.05 < off < 0.5 * light.key_value(scene_in("bedroom", time="night"))
    for name in ENVIRONMENTS:
        assert 0.3 < light.key_value(scene_in(name)) < 0.8


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "at noon"),
        ({"time": "golden hour"}, "at golden hour"),
        ({"time": "night"}, "at night"),
        ({"season": "autumn"}, "in autumn"),
        ({"time": "morning", "weather": "fog"}, "on a foggy morning"),
        ({"time": "morning", "season": "autumn"}, "on an autumn morning"),
        ({"time": "night", "weather": "snow", "season": "winter"}, "on a snowy winter night"),
        ({"time": "sunset", "season": "spring"}, "at sunset in spring"),
        ({"time": "sunset", "weather": "rain"}, "on a rainy evening at sunset"),
    ],
)
def test_phrases(changes: dict[str, str], expected: str) -> None:
    assert light.phrase(scene_in("park", **changes)) == expected


def test_indoor_phrases_ignore_the_weather() -> None:
    assert light.phrase(scene_in("kitchen", weather="rain")) == "at noon"
    assert light.phrase(scene_in("kitchen", time="night", lights_off=True)) == "at night with the lights off"


def test_weather_leaves_clear_and_indoor_pictures_alone() -> None:
    picture = np.full((16, 16, 3), 0.2, np.float32)
    depth = np.full((16, 16), 3, np.float32)
    assert weather.apply(picture, depth, scene_in("park")) is picture
    assert weather.apply(picture, depth, scene_in("kitchen", weather="fog")) is picture


def test_fog_hides_what_is_far() -> None:
    scene = scene_in("park", "room", weather="fog")
    picture = np.zeros((3, 1, 3), np.float32)
    shown = weather.apply(picture, np.array([[2.0], [20.0], [np.inf]], np.float32), scene)[:, 0, 0]
    air = light.haze_colour(scene)[0]
    assert shown[0] < 0.1 * air < shown[1] < shown[2]
    assert shown[2] == pytest.approx(air, rel=1e-3)


@pytest.mark.parametrize("sort", ["rain", "snow"])
def test_drops_and_flakes_depend_on_the_seed_alone(sort: str) -> None:
    scene = scene_in("park", "room", weather=sort)
    picture = np.full((96, 128, 3), 0.05, np.float32)
    depth = np.full((96, 128), 4, np.float32)
    first = weather.apply(picture, depth, scene)
    assert first.dtype == np.float32 and first.shape == picture.shape
    assert np.array_equal(first, weather.apply(picture, depth, scene))
    assert not np.array_equal(first, weather.apply(picture, depth, scene.but(seed=6)))
    assert (first >= picture - 1e-6).all() and 0.01 < (first > first.min() + 0.02).mean() < 0.6
