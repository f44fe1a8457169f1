"""The user's own models become kinds: size, axes, textures, colours, and errors that name the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import trimesh
import yaml
from PIL import Image

from anyedit.errors import RecipeError, SourceError
from anyedit.world import kinds as registry
from anyedit.world import meshes
from anyedit.world.meshes import Model, kind_from, load_models, model_parts


@pytest.fixture(autouse=True)
def unregistered() -> Iterator[None]:
    """Kinds that a test registers are gone after it."""
    before = set(registry.kinds())
    yield
    for name in set(registry._REGISTRY) - before:
        del registry._REGISTRY[name]
    meshes._loaded.clear()
    registry._built.cache_clear()


def textured_slab(path: Path) -> None:
    """A y-up upright slab of 2 x 4 x 0.1 (x, y, z) whose picture is red above and blue below, front +z."""
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:4], picture[4:] = (230, 20, 20), (20, 20, 230)
    vertices = [[-1, 0, 0.05], [1, 0, 0.05], [1, 4, 0.05], [-1, 4, 0.05], [0, 2, -0.05]]
    faces = [[0, 1, 2], [0, 2, 3], [1, 0, 4], [2, 1, 4], [3, 2, 4], [0, 3, 4]]
    uv = [[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]]
    material = trimesh.visual.material.PBRMaterial(
        baseColorTexture=Image.fromarray(picture), metallicFactor=0
    )
    visual = trimesh.visual.TextureVisuals(uv=uv, material=material)
    trimesh.Trimesh(vertices, faces, visual=visual, process=False).export(path)


def listed(folder: Path, *entries: dict[str, object]) -> None:
    (folder / "models.yaml").write_text(yaml.safe_dump(list(entries)))


def test_a_textured_model_stands_upright_in_its_size(tmp_path: Path) -> None:
    textured_slab(tmp_path / "slab.glb")
    (part,) = model_parts(
        tmp_path / "slab.glb", Model(file="slab.glb", name="slab", height=1.0), tmp_path / "cache"
    )
    np.testing.assert_allclose(part.mesh.bounds, [[-0.25, -0.0125, 0], [0.25, 0.0125, 1.0]], atol=1e-6)
    front = part.mesh.normals[:, 1] < -0.99
    assert front.sum() == 6  # glTF's +z faces the viewer
    np.testing.assert_allclose(
        part.mesh.uv[front][:, 1], part.mesh.vertices[front][:, 2], atol=1e-6
    )  # v is up
    assert part.surface is not None and part.surface.texture is not None
    stored = np.asarray(Image.open(part.surface.texture).convert("RGB"))
    assert stored[0, 0].tolist() == [230, 20, 20] and stored[7, 7].tolist() == [20, 20, 230]


def test_a_texture_is_seen_the_right_way_up(tmp_path: Path) -> None:
    from anyedit.world.render import RenderSettings, render
    from anyedit.world.scene import Camera, Item, Scene

    textured_slab(tmp_path / "slab.glb")
    listed(tmp_path, {"file": "slab.glb", "name": "test slab", "height": 0.3})
    load_models(tmp_path, tmp_path / "cache")
    scene = Scene(
        seed=1,
        environment="studio",
        surroundings={"scale": "tabletop"},
        camera=Camera(origin=(0, -1, 0.2), target=(0, 0, 0.15)),
        items=(Item(id="slab", kind="test slab"),),
    )
    frame = render(scene, RenderSettings(32, 32, samples=4))
    rows = np.nonzero(frame.mask("slab").any(1))[0]
    above, below = rows[2], rows[-3]
    middle = frame.picture[:, 16].astype(int)
    assert middle[above, 0] > middle[above, 2] + 60
    assert middle[below, 2] > middle[below, 0] + 60


def test_length_up_and_turn(tmp_path: Path) -> None:
    trimesh.creation.box((1, 4, 2)).export(tmp_path / "box.obj")
    model = Model(file="box.obj", name="box", length=2.0, up="z", turn=90)
    (part,) = model_parts(tmp_path / "box.obj", model, tmp_path)
    np.testing.assert_allclose(part.mesh.bounds[1] - part.mesh.bounds[0], [2.0, 0.5, 1.0], atol=1e-6)
    assert part.mesh.bounds[0, 2] == pytest.approx(0, abs=1e-9)
    assert kind_from(tmp_path, model, tmp_path).scale == "room"


def test_vertex_colours_are_kept(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=3)
    colours = np.where(ball.vertices[:, 1:2] > 0, [[200, 30, 30, 255]], [[30, 200, 30, 255]]).astype(np.uint8)
    ball.visual = trimesh.visual.ColorVisuals(ball, vertex_colors=colours)
    ball.export(tmp_path / "ball.glb")
    (part,) = model_parts(tmp_path / "ball.glb", Model(file="ball.glb", name="b", height=0.1), tmp_path / "c")
    assert part.surface is not None and part.surface.texture is not None
    image = np.asarray(Image.open(part.surface.texture).convert("RGB"))
    side = len(image)
    column = (part.mesh.uv[:, 0] * side).astype(int)
    row = ((1 - part.mesh.uv[:, 1]) * side).astype(int)
    shown = image[row, column]
    high, low = part.mesh.vertices[:, 2] > 0.07, part.mesh.vertices[:, 2] < 0.03
    assert (shown[high] == [200, 30, 30]).all() and (shown[low] == [30, 200, 30]).all()


def test_more_colours_than_a_palette_holds(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(subdivisions=4)
    shade = ((ball.vertices + 1) * 127).astype(np.uint8)
    ball.visual = trimesh.visual.ColorVisuals(
        ball, vertex_colors=np.column_stack([shade, np.full(len(shade), 255)])
    )
    ball.export(tmp_path / "ball.glb")
    (part,) = model_parts(tmp_path / "ball.glb", Model(file="ball.glb", name="b", height=2), tmp_path / "c")
    assert part.surface is not None and part.surface.texture is not None
    image = np.asarray(Image.open(part.surface.texture).convert("RGB")).astype(int)
    side = len(image)
    shown = image[((1 - part.mesh.uv[:, 1]) * side).astype(int), (part.mesh.uv[:, 0] * side).astype(int)]
    x, y, z = part.mesh.vertices.T  # file's y is our z, file's z our -y
    expected = (np.column_stack([x, z - 1, -y]) + 1) * 127
    assert np.abs(shown - expected).mean() < 14


def test_material_colour_or_the_items_own(tmp_path: Path) -> None:
    box = trimesh.creation.box((1, 1, 1))
    box.visual = trimesh.visual.TextureVisuals(
        material=trimesh.visual.material.PBRMaterial(baseColorFactor=[51, 102, 204, 255])
    )
    box.export(tmp_path / "box.glb")
    plain = Model(file="box.glb", name="b", height=1)
    (part,) = model_parts(tmp_path / "box.glb", plain, tmp_path)
    assert part.surface is not None
    assert part.surface.colour == pytest.approx((0.2, 0.4, 0.8), abs=0.01)
    (painted,) = model_parts(tmp_path / "box.glb", plain.model_copy(update={"colours": ("red",)}), tmp_path)
    assert painted.surface is None


def test_loading_twice_registers_once(tmp_path: Path) -> None:
    trimesh.creation.box((1, 1, 1)).export(tmp_path / "box.glb")
    entry = {
        "file": "box.glb",
        "name": "test crate",
        "height": 0.4,
        "contexts": ["garage"],
        "category": "household",
    }
    listed(tmp_path, entry)
    assert load_models(tmp_path, tmp_path / "c") == ("test crate",)
    assert load_models(tmp_path, tmp_path / "c") == ("test crate",)
    kind = registry.kind_of("test crate")
    assert (kind.category, kind.scale, kind.contexts, kind.colours) == (
        "household",
        "tabletop",
        ("garage",),
        (),
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"file": "m.glb", "name": "x"}, "either height or length"),
        ({"file": "m.glb", "name": "x", "height": 1, "length": 2}, "either height or length"),
        ({"file": "m.glb", "name": "x", "heigth": 1}, "did you mean 'height'"),
        ({"file": "m.glb", "name": "x", "height": -1}, "greater than 0"),
        ({"file": "m.glb", "name": "mug", "height": 1}, "'mug' exists already"),
        ({"file": "m.glb", "name": "x", "height": 1, "colours": ["redd"]}, "did you mean 'red'"),
    ],
)
def test_a_bad_listing(tmp_path: Path, entry: dict[str, object], message: str) -> None:
    listed(tmp_path, entry)
    with pytest.raises(RecipeError, match=message) as error:
        load_models(tmp_path, tmp_path / "c")
    assert "models.yaml" in str(error.value)


def test_no_listing(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"has no models\.yaml"):
        load_models(tmp_path, tmp_path / "c")


def test_bad_files_are_named_and_register_nothing(tmp_path: Path) -> None:
    trimesh.creation.box((1, 1, 1)).export(tmp_path / "good.glb")
    (tmp_path / "broken.glb").write_bytes(b"not a model")
    (tmp_path / "empty.obj").write_text("v 0 0 0\n")
    (tmp_path / "model.fbx").write_bytes(b"")
    flat = trimesh.Trimesh([[0, 0, 0], [1, 0, 0], [0, 0, 1]], [[0, 1, 2]], process=False)
    flat.export(tmp_path / "flat.obj")
    cases = [
        ("broken.glb", "cannot be read"), ("empty.obj", "no triangle mesh|cannot be read"), ("model.fbx", "not a model file"),
        ("missing.glb", "no such model file"), ("flat.obj", "has no height"),
    ]  # fmt: skip
    for name, message in cases:
        good = {"file": "good.glb", "name": "good thing", "height": 1}
        listed(tmp_path, good, {"file": name, "name": "bad thing", "height": 1})
        with pytest.raises(SourceError, match=message) as error:
            load_models(tmp_path, tmp_path / "c")
        assert name in str(error.value)
        assert "good thing" not in registry.kinds()


def test_too_many_triangles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meshes, "MOST_TRIANGLES", 100)
    trimesh.creation.icosphere(subdivisions=3).export(tmp_path / "big.glb")
    with pytest.raises(SourceError, match=r"big\.glb: 1,280 triangles, at most 100"):
        model_parts(tmp_path / "big.glb", Model(file="big.glb", name="b", height=1), tmp_path)
