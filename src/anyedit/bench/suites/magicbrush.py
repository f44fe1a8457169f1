"""MagicBrush (Zhang et al. 2023, arXiv 2306.10012): manually annotated, multi-turn, with targets and masks.

Folder layout (the test zip): `edit_turns.json` and/or `edit_sessions.json`, `global_descriptions.json`,
`local_descriptions.json`, `images/<img_id>/<img_id>-{input,output1,mask1,...}.png`. Hub layout: Parquet with
img_id, turn_index, source_img, mask_img, instruction, target_img.

Settings: `single-turn`, every turn from its true source (the published "all_turn"); `multi-turn`, the last
picture of a session whose turns continue the editor's own outputs (the published "final_turn"; its earlier turns are
made, not scored);
`multi-turn-independent`, the last turn from its true source.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from PIL import Image

from anyedit.bench.items import BenchError, FilePicture, Item, Picture, Suite, digest_of
from anyedit.bench.suites.tables import columns_of, rows, split_files
from anyedit.errors import StoreError, nearest
from anyedit.records import png

Setting = Literal["single-turn", "multi-turn", "multi-turn-independent"]
LICENCE = "CC-BY-4.0"
PICTURES = ("source_img", "mask_img", "target_img")


@dataclass(frozen=True)
class _Turn:
    session: str
    number: int
    instruction: str
    source: Picture
    target: Picture
    mask: Picture | None
    source_name: str = ""  # file names: what the captions are listed under
    target_name: str = ""


@dataclass(frozen=True)
class ErasedMask:
    """MagicBrush's mask file (the source with the region erased: transparent, else white) as 255 = edited."""

    erased: Picture

    @property
    def digest(self) -> str:
        """Follows from the mask file, which need not be decoded for it."""
        return hashlib.sha256(f"{digest_of(self.erased)} erased".encode()).hexdigest()

    def data(self) -> bytes:
        """A gray PNG. Raises StoreError when the mask file does not decode."""
        try:
            with Image.open(io.BytesIO(self.erased.data())) as opened:
                shown = np.asarray(opened.convert("RGBA"))
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreError(f"{self.erased!r:.200}: the mask does not decode ({error})") from error
        alpha = shown[..., 3]
        edited = alpha < 128 if (alpha < 128).any() else (shown[..., :3] == 255).all(-1)
        return png(edited)


def recognises(folder: Path) -> bool:
    """The test zip's JSON lists, or the hub's columns."""
    return _lists(folder) is not None or {"img_id", "turn_index", "target_img"} <= columns_of(folder)


def load(folder: Path, setting: str = "single-turn", split: str = "") -> Suite:
    """The suite in one of its settings."""
    if setting not in get_args(Setting):
        raise BenchError(f"MagicBrush has no setting '{setting}'{nearest(setting, get_args(Setting))}")
    lists = _lists(folder)
    warnings: list[str] = []
    if lists is not None:
        turns = list(_from_folder(lists))
        captions = {name: _captions(lists / f"{name}_descriptions.json") for name in ("global", "local")}
        for name, known in captions.items():
            if not known:
                warnings.append(f"no {name}_descriptions.json: no caption metric on {name} captions")
        split = split or lists.name
    else:
        files = split_files(folder)
        split = split or (
            "test" if "test" in files else "validation" if "validation" in files else next(iter(files))
        )
        if split not in files:
            raise BenchError(f"{folder} has no split '{split}'{nearest(split, files)}")
        turns = list(_from_hub(files[split]))
        captions = {"global": {}, "local": {}}
        warnings.append("the hub set carries no descriptions: CLIPout and CLIPdir are not measured")
    return Suite(
        name="magicbrush-test",
        items=tuple(_items(turns, captions, setting)),
        licence=LICENCE,
        where=str(folder),
        setting=setting,
        split=split,
        warnings=tuple(warnings),
    )


def _items(turns: list[_Turn], captions: dict[str, dict[str, str]], setting: str) -> Iterable[Item]:
    sessions: dict[str, list[_Turn]] = {}
    for turn in turns:
        sessions.setdefault(turn.session, []).append(turn)
    for session, of in sessions.items():
        of = sorted(of, key=lambda turn: turn.number)
        for index, turn in enumerate(of):
            item = Item(
                id=f"{session}-{turn.number}",
                instruction=turn.instruction,
                source=turn.source,
                target=turn.target,
                source_caption=captions["global"].get(turn.source_name, ""),
                caption=captions["global"].get(turn.target_name, ""),
                local_caption=captions["local"].get(turn.target_name, ""),
                mask=None if turn.mask is None else ErasedMask(turn.mask),
                session=session,
                turn=turn.number,
                final=index == len(of) - 1,
                subsets=("final-turn",) if index == len(of) - 1 else (),
            )
            if setting == "multi-turn" and index > 0:
                item = replace(item, previous=f"{session}-{of[index - 1].number}")
            if setting == "multi-turn" and not item.final:
                item = replace(item, scored=False)
            if setting == "multi-turn-independent" and not item.final:
                continue
            yield item


def _lists(folder: Path) -> Path | None:
    for place in (folder, folder / "test", folder / "dev"):
        if any((place / name).is_file() for name in ("edit_turns.json", "edit_sessions.json")):
            return place
    return None


def _from_folder(folder: Path) -> Iterable[_Turn]:
    sessions: dict[str, list[dict[str, Any]]]
    if (folder / "edit_sessions.json").is_file():
        sessions = _json(folder / "edit_sessions.json")
    else:
        sessions = {}
        for told in _json(folder / "edit_turns.json"):
            sessions.setdefault(str(told["input"]).split("-")[0], []).append(told)
    for session, told_turns in sessions.items():
        for position, told in enumerate(told_turns):
            # the number is in the output's name; a list's order is only the last resort
            output, source = str(told["output"]), str(told["input"])
            tail = "".join(ch for ch in output.rsplit("output", 1)[-1] if ch.isdigit())
            yield _Turn(
                session,
                int(tail) if tail else position + 1,
                str(told["instruction"]),
                _file(folder, session, source),
                _file(folder, session, output),
                _file(folder, session, str(told["mask"])) if told.get("mask") else None,
                source,
                output,
            )


def _file(folder: Path, session: str, name: str) -> FilePicture:
    path = folder / "images" / session / name
    if not path.is_file():
        raise StoreError(f"{path} is named in {folder} but is not there; unpack the whole archive")
    return FilePicture(path)


def _from_hub(files: list[Path]) -> Iterable[_Turn]:
    for row in rows(files, PICTURES):
        source, target = row.picture("source_img"), row.picture("target_img")
        if source is None or target is None:
            raise StoreError(f"{row.file}: row {row.row} has no source_img or target_img")
        told = row.values
        yield _Turn(
            str(told["img_id"]),
            int(told["turn_index"]),
            str(told["instruction"]),
            source,
            target,
            row.picture("mask_img"),
        )


def _captions(path: Path) -> dict[str, str]:
    """File name -> caption, from {img_id: {file name: caption}} (as published) or {file name: caption}."""
    if not path.is_file():
        return {}
    told = _json(path)
    flat: dict[str, str] = {}
    for key, value in told.items():
        flat.update(
            {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {str(key): str(value)}
        )
    return flat


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is not JSON that can be read ({error})") from error
