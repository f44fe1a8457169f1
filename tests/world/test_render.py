"""The renderer's own account of a scene agrees with Mitsuba's, and a variant that cannot run is told by its key."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import anyedit
from anyedit.errors import RecipeError
from anyedit.world import loading
from anyedit.world.albedo import albedo
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.first_hits import FirstHits, first_hits, meshes_of
from anyedit.world.kinds import kind_of
from anyedit.world.layout import sample_scene
from anyedit.world.loading import mitsuba
from anyedit.world.mesh import shaded
from anyedit.world.render import RenderSettings, _parts, render
from anyedit.world.scene import Camera, Item, Scene
from anyedit.world.solids import Solids, solids_of

SIZE = 48
SETTINGS = RenderSettings(SIZE, SIZE, 1, 2)


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A scene with several items and textures."""
    return sample_scene(7, 3)


@pytest.fixture(scope="module")
def solids(scene: Scene) -> Solids:
    """Its solids."""
    return solids_of(scene)


@pytest.fixture(scope="module")
def hits(scene: Scene, solids: Solids) -> FirstHits:
    """Its first hits."""
    return first_hits(tuple(solid.held for solid in solids.all), sharp(scene), SETTINGS, 5)


def sharp(scene: Scene) -> Camera:
    """The scene's camera without a lens."""
    return Camera.model_validate(scene.camera.but(aperture=0.0))


def mitsubas_own(scene: Scene, solids: Solids, aovs: str) -> np.ndarray:
    """The same values from the scene with its shapes and materials, by Mitsuba's integrator for them."""
    mi = mitsuba()
    world = loading.load(scene.but(camera=scene.camera.but(aperture=0.0)), solids, SETTINGS)
    return np.array(mi.render(world, integrator=mi.load_dict({"type": "aov", "aovs": aovs}), spp=1, seed=5))


def test_first_hits_are_those_of_the_scene(scene: Scene, solids: Solids, hits: FirstHits) -> None:
    theirs = mitsubas_own(scene, solids, "depth:depth,shape:shape_index,normal:sh_normal,uv:uv")
    seen = np.isfinite(hits.depth)
    assert seen.mean() > 0.3
    same = seen & (theirs[..., 1] - 1 == hits.solid)  # a ray along an edge may meet either side
    assert same.sum() > 0.99 * seen.sum()
    assert np.allclose(theirs[same][:, 0], hits.depth[same], rtol=1e-4)
    assert np.median(np.abs(theirs[same][:, 2:5] - hits.normal[same])) < 1e-5
    assert np.median(np.abs(theirs[same][:, 5:7] - hits.uv[same])) < 1e-5


def test_a_solid_left_out_is_not_hit(scene: Scene, solids: Solids, hits: FirstHits) -> None:
    numbers, counts = np.unique(hits.solid[hits.solid >= solids.surroundings], return_counts=True)
    gone = int(numbers[counts.argmax()])
    rest = tuple(solid.held for number, solid in enumerate(solids.all) if number != gone)
    behind = first_hits(rest, sharp(scene), SETTINGS, 5)
    there = hits.solid == gone
    assert (behind.depth[there] > hits.depth[there]).mean() > 0.9
    assert np.array_equal(behind.depth[~there], hits.depth[~there])


def test_albedo_of_rough_surfaces_is_that_of_mitsuba(solids: Solids, scene: Scene, hits: FirstHits) -> None:
    mine = albedo(hits, solids, "scalar_rgb")
    theirs = mitsubas_own(scene, solids, "albedo:albedo")
    assert mine.shape == (SIZE, SIZE, 3)
    assert mine.std() > 0.05  # not one even colour
    assert np.median(np.abs(mine - theirs)[np.isfinite(hits.depth)]) < 0.08  # theirs has the gloss in it


def test_a_blend_is_between_its_colours_and_glass_is_white() -> None:
    item = Item(id="a", kind="mug", params=kind_of("mug").sample("test"), colour="red", material="ceramic", pattern="stripes",
                pattern_colour="white")  # fmt: skip
    base = sample_scene(7, 3)
    camera = base.camera.but(origin=(0.0, -0.5, 0.2), target=(0.0, 0.0, 0.05), aperture=0.0)

    def colours(one: Item) -> np.ndarray:
        solids = solids_of(base.but(items=(one,), camera=camera))
        hits = first_hits(tuple(solid.held for solid in solids.all), camera, SETTINGS, 1)
        return albedo(hits, solids, "scalar_rgb")[hits.solid >= solids.surroundings]

    striped = colours(item)
    assert len(striped) > 50
    reds = striped[:, 1] < 0.1
    whites = striped[:, 1] > 0.6
    assert reds.any() and whites.any()
    assert (reds | whites).mean() > 0.6
    assert np.all(colours(item.but(pattern=None, pattern_colour=None, material="glass")) == 1)


def test_a_light_panel_is_hit_and_belongs_to_no_item() -> None:
    scene = next(one for one in (sample_scene(7, index) for index in range(40)) if _lamps(one))
    solids = solids_of(scene)
    meshes = meshes_of(scene, solids, "scalar_rgb")
    assert len(meshes) == len(solids.all) + _lamps(scene)
    assert meshes_of(scene, solids, "scalar_rgb") == meshes  # the same objects, so that hits are remembered
    panel = meshes[-1].mesh
    middle, normal = panel.vertices.mean(0), panel.normals[0]
    reach = float(np.ptp(panel.vertices, axis=0).max())
    camera = Camera(origin=tuple(middle + normal * reach), target=tuple(middle), fov=20)
    hits = first_hits(meshes[-1:], camera, SETTINGS, 1)
    assert hits.depth[SIZE // 2, SIZE // 2] == pytest.approx(reach, rel=0.01)
    assert albedo(hits, Solids((), 0), "scalar_rgb").min() == 1
    both = FirstHits(hits.solid + len(solids.all), hits.depth, hits.normal, hits.uv)
    assert not _parts(both, solids).any()


def _lamps(scene: Scene) -> int:
    mitsuba()
    lights = ENVIRONMENTS[scene.environment].lights(scene).values()
    return sum(light["type"] == "rectangle" for light in lights)


def test_hits_are_cast_again_only_when_a_mesh_or_the_camera_changes(scene: Scene) -> None:
    first = render(scene, SETTINGS)
    repainted = scene.but(time="night" if scene.time != "night" else "noon", exposure=1.0)
    moved = scene.but(camera=scene.camera.but(fov=scene.camera.fov + 1))
    first_hits.cache_clear()
    render(scene, SETTINGS)
    cast = first_hits.cache_info().misses
    item = scene.items[0]
    render(scene.but(items=(item.but(colour="teal"), *scene.items[1:])), SETTINGS)
    assert first_hits.cache_info().misses == cast
    render(moved, SETTINGS)
    assert first_hits.cache_info().misses > cast
    assert np.array_equal(render(scene, SETTINGS).depth, first.depth)
    assert not np.array_equal(render(repainted, SETTINGS).noisy, first.noisy)


def test_packing_a_mesh_keeps_every_triangle() -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    mesh = shaded(corners, np.array([[0, 1, 2], [0, 2, 3]]))
    packed = mesh.packed()
    assert (len(mesh.vertices), len(packed.vertices)) == (6, 4)
    for name in ("vertices", "normals", "uv"):
        assert np.allclose(getattr(packed, name)[packed.faces], getattr(mesh, name)[mesh.faces])
    assert packed.vertices.dtype == np.float32


def test_smooth_normals_stop_at_a_crease() -> None:
    tent = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 1], [0, 1, 1], [1, 2, 0], [0, 2, 0]], float)
    faces = np.array([[0, 1, 2], [0, 2, 3], [3, 2, 4], [3, 4, 5]])
    slopes = np.array([[0, -1, 1], [0, -1, 1], [0, 1, 1], [0, 1, 1]]) / np.sqrt(2)
    hard, soft = shaded(tent, faces, crease=35), shaded(tent, faces, crease=120)
    assert np.allclose(hard.normals, np.repeat(slopes, 3, 0))
    ridge = np.isclose(soft.vertices[:, 2], 1)
    assert np.all(soft.normals[ridge][:, 2] > 0.94)  # between the slopes
    assert np.allclose(soft.normals[~ridge], np.repeat(slopes, 3, 0)[~ridge])


def test_the_same_scene_has_the_same_bytes(scene: Scene) -> None:
    first, second = render(scene, SETTINGS), render(scene, SETTINGS)
    assert np.array_equal(first.picture, second.picture)
    assert np.array_equal(first.parts, second.parts)


@pytest.fixture
def no_device(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which no device variant can be set, whatever this one has."""
    mi = mitsuba()
    real = mi.set_variant

    def set_variant(name: str) -> None:
        if not name.startswith("scalar"):
            raise ImportError("could not find libcuda.so")
        real(name)

    monkeypatch.setattr(mi, "set_variant", set_variant)
    loading._usable.cache_clear()
    yield
    loading._usable.cache_clear()
    mitsuba()


@pytest.mark.usefixtures("no_device")
def test_a_variant_without_its_device_names_the_key_before_any_work(tmp_path) -> None:  # type: ignore[no-untyped-def]
    recipe = {"source": {"kind": "world", "variant": "cuda_ad_rgb"}, "pairs": 1, "types": ["remove"]}
    with pytest.raises(
        RecipeError, match=r"source\.variant: 'cuda_ad_rgb' needs an NVIDIA GPU.*libcuda"
    ) as told:
        anyedit.build(recipe, out=tmp_path / "out", workers=1)
    assert "source.variant=scalar_rgb" in str(told.value)
    assert not (tmp_path / "out").exists()
    assert mitsuba().variant() == "scalar_rgb"  # what comes after still renders


def test_an_unknown_variant_names_the_nearest(tmp_path) -> None:  # type: ignore[no-untyped-def]
    recipe = {"source": {"kind": "world", "variant": "cuda_rgb"}, "pairs": 1, "types": ["remove"]}
    with pytest.raises(
        RecipeError, match=r"source\.variant: Mitsuba has no 'cuda_rgb'; did you mean 'cuda_ad_rgb'"
    ):
        anyedit.build(recipe, out=tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()
