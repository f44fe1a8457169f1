"""Built shapes on disk: the same parts to the bit, and built anew when a file is not whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from anyedit.world import kinds as kinds_of_world
from anyedit.world import shelf
from anyedit.world.kinds import Part, kind_of


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    shelf.use(tmp_path / "shapes")
    yield tmp_path / "shapes"
    shelf.use(None)


def parts(name: str) -> tuple[Part, ...]:
    kind = kind_of(name)
    key = tuple(sorted(kind.sample(3).items()))
    return kinds_of_world._built.__wrapped__(name, key, kind.states[0] if kind.states else None)


def same(one: tuple[Part, ...], other: tuple[Part, ...]) -> bool:
    def told(part: Part) -> list[object]:
        arrays = (part.mesh.vertices, part.mesh.faces, part.mesh.normals, part.mesh.uv)
        return [
            part.name,
            part.surface,
            hash(part.surface),
            part.label,
            *((a.dtype, a.tobytes()) for a in arrays),
        ]

    return [told(part) for part in one] == [told(part) for part in other]


@pytest.mark.parametrize("name", ["mug", "dog", "book", "sailboat"])
def test_what_is_read_is_what_was_built(folder: Path, name: str) -> None:
    built = parts(name)
    assert len(list(folder.iterdir())) == 1
    read = parts(name)
    assert read[0].mesh is not built[0].mesh
    assert not read[0].mesh.vertices.flags.writeable  # the file's bytes
    assert same(built, read)


@pytest.mark.parametrize("length", [0, 5, 300, -4])
def test_a_file_that_is_not_whole_is_not_read(folder: Path, length: int) -> None:
    built = parts("mug")
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:length])
    assert same(built, parts("mug"))
    assert same(built, parts("mug"))


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf.use(tmp_path / "file" / "shapes")
    try:
        assert same(parts("book"), parts("book"))
    finally:
        shelf.use(None)
