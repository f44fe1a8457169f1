"""Answers of the Try view: edits by any editor, and tries kept as pairs of our schema."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from anyedit import __version__
from anyedit.pipeline import shards
from anyedit.pipeline.sources.pictures import decode
from anyedit.records import Pixels, png
from anyedit.store.schema import COLUMNS, dataset_schema, image
from anyedit.studio.answers import body_of, desk_of
from anyedit.studio.desk import Desk
from anyedit.studio.drawing import TOOLS, Drawing
from anyedit.studio.editors import Asked
from anyedit.studio.roots import StudioError
from anyedit.types import GROUP_OF, canonical_type

MOST_SIDE = 4096  # pixels of a picture that is edited here
TRIES = Path("studio") / "tries"  # in the first of the given folders
LIMITS = {"steps": (1, 200), "seed": (0, 2**31), "size": (8, 2048)}


def editors(request: Request) -> Response:
    """The editors that can be asked, and which types are told by which tool."""
    desk = desk_of(request)
    return JSONResponse({"editors": list(desk.editors.names(desk.places())), "tools": TOOLS})


async def try_it(request: Request) -> Response:
    """One edit by one editor."""
    told = await body_of(request)
    return await run_in_threadpool(_edited, desk_of(request), told)


def _edited(desk: Desk, told: dict[str, Any]) -> Response:
    asked, drawing = _asked(told)
    made = desk.editors.edit(str(told.get("editor", "")), desk.places(), asked)
    prompt = asked.visual_prompt
    return JSONResponse(
        {
            "picture": _encoded(made.picture),
            "visual_prompt": None if prompt is None else _encoded(prompt),
            "edit_type": made.edit_type,
            "probability": made.probability,
            "experts": [list(pair) for pair in made.experts],
            "worked_at": made.worked_at,
            "flagged": made.flagged,
            "seconds": round(made.seconds, 2),
            "drawn": not drawing.is_empty,
        }
    )


async def save(request: Request) -> Response:
    """Keep a try as a pair of a dataset that Browse shows and `datasets` opens."""
    told = await body_of(request)
    return await run_in_threadpool(_saved, desk_of(request), told)


def _saved(desk: Desk, told: dict[str, Any]) -> Response:
    asked, drawing = _asked(told)
    edited = _picture(told, "edited", "the edited picture")
    if edited is None:
        raise StudioError("there is no edited picture to keep")
    edit_type = canonical_type(str(told.get("edit_type") or told.get("type") or ""))
    if edit_type is None:
        raise StudioError("a pair has an edit type: choose one, the editor told none")
    source = png(np.asarray(asked.source))
    picture = png(edited)
    key = "try-" + hashlib.sha256(source + picture + asked.instruction.encode()).hexdigest()[:12]
    prompt = None if asked.visual_prompt is None else png(np.asarray(asked.visual_prompt))
    mask = None if drawing.is_empty else png(drawing.mask())
    made_by = {"editor": str(told.get("editor", "")), "steps": asked.steps, "scales": list(asked.scales),
               "seed": asked.seed, "size": asked.size}  # fmt: skip
    row: dict[str, Any] = {
        "id": key,
        "source": image(source, f"{key}-source.png"),
        "edited": image(picture, f"{key}-edited.png"),
        "instruction": asked.instruction,
        "edit_type": edit_type,
        "group": GROUP_OF.get(edit_type, "local"),
        "source_caption": "",
        "edited_caption": "",
        "edited_object": drawing.label,
        "params": "{}",
        "mask": image(mask, f"{key}-mask.png"),
        "influence": None,
        "visual_prompt": image(prompt, f"{key}-visual.png"),
        "turn": 1,
        "chain_id": key,
        "relation": "original",
        "made_from": [],
        "phrasings": [],
        "source_id": key,
        "origin": "studio",
        "licence": "unknown",
        "natural": True,
        "scores": [],
        "provenance": json.dumps({"made_in": "anyedit studio", "versions": {"anyedit": __version__},
                                  "engines": [made_by["editor"]], "settings": made_by}, sort_keys=True),
    }  # fmt: skip
    assert set(row) == set(COLUMNS)
    folder = desk.roots.folders[0] / TRIES
    path = folder / "data" / f"train-{time.time_ns()}.parquet"
    shards.write_table(path, pa.Table.from_pylist([row], schema=dataset_schema()))
    name = next((place.name for place in desk.places() if place.path == folder), "")
    return JSONResponse({"id": key, "set": name, "file": str(path)})


def _asked(told: dict[str, Any]) -> tuple[Asked, Drawing]:
    """What the page sent, checked. Raises StudioError, SourceError."""
    source = _picture(told, "source", "the picture")
    if source is None:
        raise StudioError("choose a picture first")
    instruction = str(told.get("instruction", "")).strip()
    if not 1 <= len(instruction) <= 1000:
        raise StudioError("say in 1 to 1000 letters what to do")
    edit_type = None
    if told.get("type"):
        edit_type = canonical_type(str(told["type"]))
        if edit_type is None:
            raise StudioError(f"no edit type is named '{told['type']}'")
    height, width = source.shape[:2]
    boxes = told.get("boxes") or []
    if not isinstance(boxes, list):
        raise StudioError("boxes are a list")
    strokes = _picture(told, "strokes", "the drawing")
    drawing = Drawing.of((width, height), boxes, strokes, str(told.get("label") or "thing")[:60])
    prompt = _picture(told, "prompt", "the visual prompt")
    if prompt is None and not drawing.is_empty and edit_type in TOOLS:
        prompt = drawing.prompt(edit_type)
    scales = [_number(told, name, 0, 50) for name in ("image_scale", "text_scale", "visual_scale")]
    steps, seed, size = (_number(told, name, *LIMITS[name]) for name in LIMITS)
    asked = Asked(
        Image.fromarray(source),
        instruction,
        edit_type,
        None if prompt is None else Image.fromarray(prompt),
        None if steps is None else int(steps),
        (scales[0], scales[1], scales[2]),
        0 if seed is None else int(seed),
        None if size is None else int(size),
    )
    return asked, drawing


def _picture(told: dict[str, Any], name: str, words: str) -> Pixels | None:
    """A picture that was sent, checked as photographs of a source are: uint8 (H, W, 3)."""
    if not told.get(name):
        return None
    try:
        data = base64.b64decode(str(told[name]).partition("base64,")[2] or str(told[name]), validate=True)
    except binascii.Error:
        raise StudioError(f"{words} did not arrive whole") from None
    pixels, _ = decode(data, words)
    if max(pixels.shape[:2]) > MOST_SIDE:
        raise StudioError(
            f"{words} has {pixels.shape[1]} x {pixels.shape[0]} pixels; at most {MOST_SIDE} a side"
        )
    return pixels


def _number(told: dict[str, Any], name: str, low: float, high: float) -> float | None:
    value = told.get(name)
    if value in (None, ""):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise StudioError(f"{name}: '{value}' is not a number") from None
    if not low <= number <= high:
        raise StudioError(f"{name}: {number:g} is not between {low:g} and {high:g}")
    return number


def _encoded(picture: Image.Image) -> str:
    return "data:image/png;base64," + base64.b64encode(png(np.asarray(picture.convert("RGB")))).decode()
