"""World pairs read back from a build, with both of their states rendered: what defects are planted into."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.edits import Case, EditType, Outcome, type_of
from anyedit.edits.views import WorldView
from anyedit.errors import StoreError
from anyedit.pipeline import shards
from anyedit.records import Pixels, pixels_of
from anyedit.world.render import Frame, RenderSettings, render
from anyedit.world.scene import Scene

Row = dict[str, Any]
REMEMBERED = 2**20  # pixels of source frames that a process keeps: 64 of 128 x 128, about 75 bytes each
FACTS = ("id", "edit_type", "turn", "relation", "source_id", "origin")


@dataclass(frozen=True)
class Pair:
    """A finished world pair. other: the edited picture of another instruction on the same source, if there is one."""

    id: str
    case: Case  # with the exact outcome
    other: Pixels | None
    other_prompt: Pixels | None

    @property
    def kind(self) -> EditType:
        """The pair's edit type."""
        return self.case.kind

    @property
    def view(self) -> WorldView:
        """The source."""
        assert isinstance(self.case.view, WorldView)
        return self.case.view

    @property
    def settings(self) -> RenderSettings:
        """How it was rendered."""
        return self.view.settings


@dataclass(frozen=True)
class Chosen:
    """Rows of a build to be audited, by type, and the pictures that stand in for a swapped instruction."""

    rows: Mapping[str, Sequence[Row]]
    pictures: Mapping[str, bytes]  # id -> edited picture
    prompts: Mapping[str, bytes]  # id -> visual prompt
    sibling: Mapping[str, str]  # id -> another pair of its source
    namesake: Mapping[str, str]  # id -> another pair of its type


def rows_of(folder: Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """The pairs of a build: of its dataset, or of its shards when it has not ended."""
    from anyedit.store.dataset import DATASET, iter_rows

    if any((folder / DATASET / "data").glob("*.parquet")):
        yield from iter_rows(folder, columns)
        return
    for path in shards.existing(folder, shards.STEPS[4]):
        yield from shards.read_table(path, list(columns) if columns else None).to_pylist()


def choose(folders: Sequence[Path], each: int, types: Sequence[str] | None = None) -> Chosen:
    """The first `each` first-turn world pairs of every type. Raises StoreError when a build holds none."""
    facts = [(at, row) for at, folder in enumerate(folders) for row in rows_of(folder, FACTS)]
    first = [
        (at, row)
        for at, row in facts
        if row["turn"] == 1 and row["relation"] == "original" and row["origin"] == "world"
    ]
    if not first:
        raise StoreError(
            f"no world pairs in {', '.join(map(str, folders))}: gates are audited on builds of world scenes "
            "(`anyedit build recipes/world.yaml`), or leave the folder out to have one built"
        )
    by_type: dict[str, list[tuple[int, str]]] = {}
    by_source: dict[tuple[int, str], list[str]] = {}
    for at, row in first:
        by_source.setdefault((at, row["source_id"]), []).append(row["id"])
        if types is None or row["edit_type"] in types:
            chosen = by_type.setdefault(row["edit_type"], [])
            if len(chosen) < each:
                chosen.append((at, row["id"]))
    source_of = {(at, row["id"]): row["source_id"] for at, row in first}
    wanted: dict[tuple[int, str], str] = {}
    sibling, namesake = {}, {}
    for name, keys in by_type.items():
        for k, (at, key) in enumerate(keys):
            wanted[at, key] = name
            others = [other for other in by_source[at, source_of[at, key]] if other != key]
            if others:
                sibling[_key(at, key)] = _key(at, others[k % len(others)])
            if len(keys) > 1:
                namesake[_key(at, key)] = _key(*keys[(k + 1) % len(keys)])
    pictures_of, prompts_of = set(sibling.values()), set(namesake.values())
    rows: dict[str, list[Row]] = {name: [] for name in by_type}
    pictures: dict[str, bytes] = {}
    prompts: dict[str, bytes] = {}
    for at, folder in enumerate(folders):
        for row in rows_of(folder):
            key = _key(at, row["id"])
            if key in pictures_of:
                pictures[key] = row["edited"]["bytes"]
            if key in prompts_of and row["visual_prompt"] is not None:
                prompts[key] = row["visual_prompt"]["bytes"]
            if (at, row["id"]) in wanted:
                rows[row["edit_type"]].append({**row, "key": key})
    return Chosen(rows, pictures, prompts, sibling, namesake)


def _key(folder: int, item: str) -> str:
    return f"{folder}:{item}"


_RECENT: OrderedDict[tuple[str, RenderSettings], Frame] = OrderedDict()


def rendered(scene: Scene, settings: RenderSettings) -> Frame:
    """The scene's frame; the pairs of one source, whatever their types, share it while it is remembered."""
    key = (scene.model_dump_json(), settings)
    if key not in _RECENT:
        _RECENT[key] = render(scene, settings)
    _RECENT.move_to_end(key)
    while len(_RECENT) > max(1, REMEMBERED // (settings.width * settings.height)):
        _RECENT.popitem(last=False)
    return _RECENT[key]


def load(row: Row, other: bytes | None = None, other_prompt: bytes | None = None) -> Pair:
    """The pair of a dataset row, its two states rendered again."""
    made_of = json.loads(row["provenance"])
    source = made_of["recipe"]["source"]
    settings = RenderSettings(
        source["width"], source["height"], source["samples"], source["depth"], source["variant"]
    )
    before = rendered(Scene.model_validate(made_of["source_scene"]), settings)
    edited = made_of["edited_scene"]
    after = None if edited is None else render(Scene.model_validate(edited), settings)
    kind = type_of(row["edit_type"])
    outcome = Outcome(
        picture=pixels_of(row["edited"]["bytes"]),
        mask=pixels_of(row["mask"]["bytes"]) > 127,
        influence=None if row["influence"] is None else pixels_of(row["influence"]["bytes"]),
        visual_prompt=None if row["visual_prompt"] is None else pixels_of(row["visual_prompt"]["bytes"]),
        scene=None if after is None else after.scene,
        after=after,
    )
    from anyedit.engines.toolbox import tools

    case = Case(
        kind=kind,
        view=WorldView(before, pixels_of(row["source"]["bytes"]), row["source_caption"], settings),
        params=kind.Params.model_validate_json(row["params"]),
        text=row["instruction"],
        edited_caption=row["edited_caption"],
        edited_object=row["edited_object"],
        outcome=outcome,
        tools=tools(),
    )
    return Pair(
        row["id"],
        case,
        None if other is None else pixels_of(other),
        None if other_prompt is None else pixels_of(other_prompt),
    )
