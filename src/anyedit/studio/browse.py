"""Answers of the Browse view: filters, pages, items with their story, pictures."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from anyedit.studio import query
from anyedit.studio.answers import desk_of, number
from anyedit.studio.index import Cell, Index
from anyedit.studio.pictures import COLUMNS, media_type
from anyedit.studio.roots import StudioError

TOLD = ("params", "phrasings", "edited_object", "source_caption", "edited_caption", "origin", "licence", "natural",
        "scores", "provenance", "rule", "step", "value", "low", "high", "note", "source")  # fmt: skip


def facets(request: Request) -> Response:
    """The filters' values of a set, of all items or (`of=review`) those to judge; and how far its index is."""
    index = desk_of(request).fresh_index(request.query_params.get("set", ""))
    unreadable = [{"file": path, "error": error} for path, error in sorted(index.unreadable.items())]
    told = {"stamp": index.stamp, "reading": reading(index), "unreadable": unreadable}
    of_review = request.query_params.get("of") == "review"
    return JSONResponse({**index.kept(query.facets_of_review if of_review else query.facets), **told})


def reading(index: Index) -> dict[str, int] | None:
    """How far the first reading of a set is; None when it is done."""
    return None if index.complete else {"done": index.done, "of": index.of}


def pairs(request: Request) -> Response:
    """One page of the items that a filter chooses."""
    index = desk_of(request).fresh_index(request.query_params.get("set", ""))
    wanted = query.Filter.of(request.query_params)
    page = number(request, "page", 1)
    return JSONResponse({**query.page_of(index, wanted, page), "stamp": index.stamp})


def item(request: Request) -> Response:
    """An item with everything that is known of it but its pictures."""
    index = desk_of(request).fresh_index(request.query_params.get("set", ""))
    asked = request.query_params
    candidate = number(request, "candidate", 0) if "candidate" in asked else None
    found = query.item_of(index, asked.get("id", ""), candidate, query.Filter.of(asked))
    row = row_of(index, found["item"]["number"])
    return JSONResponse({**found, "row": row, "stamp": index.stamp, "is_build": index.place.is_build})


def row_of(index: Index, item_number: int) -> dict[str, Any]:
    """An item's other columns and the names of its pictures; JSON in them decoded."""
    cell = index.cell(item_number)
    with pq.ParquetFile(cell.file) as parquet:
        there = parquet.schema_arrow.names
        names = [name for name in TOLD if name in there and not (name == "source" and not cell.lost)]
        row: dict[str, Any] = (
            parquet.read_row_group(cell.row_group, columns=names).slice(cell.row, 1).to_pylist()[0]
        )
    for name in ("params", "provenance"):
        if row.get(name):
            try:
                row[name] = json.loads(row[name])
            except ValueError:
                continue  # an imported set's own text: shown as it is
    for score in row.get("scores") or ():
        score["name"] = score.get("name") or score.pop("rule", "")
    return row


def pictures_of(request: Request) -> Response:
    """Which pictures an item has."""
    desk = desk_of(request)
    index = desk.index(request.query_params.get("set", ""))
    cell = index.cell(number(request, "n"))
    return JSONResponse([name for name in COLUMNS if desk.pictures.cell(cell, name) is not None])


def why(request: Request) -> Response:
    """`anyedit why` of an item, as text."""
    from anyedit.inspection import why as told

    index = desk_of(request).fresh_index(request.query_params.get("set", ""))
    if not index.place.is_build:
        raise StudioError(f"{index.place.name} is a dataset without its build: what is known is shown above")
    return PlainTextResponse(told(index.place.path, request.query_params.get("id", "")))


def picture(request: Request) -> Response:
    """An item's picture, whole or as a thumbnail of `size` pixels."""
    desk = desk_of(request)
    asked = request.query_params
    index = desk.index(asked.get("set", ""))
    cell: Cell = index.cell(number(request, "n"))
    column = asked.get("column", "source")
    if "size" in asked:
        data = desk.pictures.thumbnail(cell, column, number(request, "size"), desk.cache_of(index.place))
        kind = "image/webp"
    else:
        data = desk.pictures.cell(cell, column)
        kind = media_type(data) if data else ""
    if data is None:
        return PlainTextResponse("no such picture", status_code=404)
    return Response(data, media_type=kind, headers={"cache-control": "private, max-age=86400"})
