"""Answers of the Compare view: tables of bench runs and their pictures side by side."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from anyedit.bench.items import BenchError
from anyedit.bench.report import tables
from anyedit.studio.answers import desk_of, number
from anyedit.studio.bench_runs import compared, output_of
from anyedit.studio.pictures import media_type
from anyedit.studio.roots import StudioError

PAGE = 12
WHAT = ("source", "target", "visual_prompt", "output")


def results(request: Request) -> Response:
    """The runs' tables as `anyedit bench table` makes them; for what was not scored, how to score it."""
    asked = request.query_params
    found = compared(desk_of(request), asked.get("runs", ""))
    by = asked.get("by", "all")
    made, unscored = [], []
    scored = []
    for place, run in found.runs:
        if (run.folder / "results.json").is_file():
            scored.append(place.path)
        else:
            unscored.append(f"{place.name} is not scored yet: anyedit bench score {place.path}")
    if scored:
        try:
            made = [asdict(table) for table in tables(scored, by=by)]  # type: ignore[arg-type]
        except BenchError as error:
            unscored.append(str(error))
    types = sorted({item.edit_type for item in found.suite.items if item.edit_type})
    runs = [{"name": place.name, "editor": run.name} for place, run in found.runs]
    return JSONResponse(
        {"runs": runs, "tables": made, "unscored": unscored, "suite": found.suite.name, "types": types}
    )


def items(request: Request) -> Response:
    """One page of the suite's items, of one type when it is asked for, with which runs have a picture."""
    desk, asked = desk_of(request), request.query_params
    found = compared(desk, asked.get("runs", ""))
    chosen = [item for item in found.suite.items if asked.get("type", "") in ("", item.edit_type)]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(number(request, "page", 1), 1), pages)
    told = [
        {
            "id": item.id,
            "instruction": item.instruction,
            "edit_type": item.edit_type,
            "group": item.group,
            "has_target": item.target is not None,
            "has_visual_prompt": item.visual_prompt is not None,
            "failures": {
                place.name: run.failure(item) or "" for place, run in found.runs if run.output(item) is None
            },
        }
        for item in chosen[(page - 1) * PAGE : page * PAGE]
    ]
    return JSONResponse({"items": told, "page": page, "pages": pages, "total": len(chosen)})


def picture(request: Request) -> Response:
    """A picture of an item: of the suite, or a run's output."""
    desk, asked = desk_of(request), request.query_params
    found = compared(desk, asked.get("runs", ""))
    item = found.item(asked.get("item", ""))
    what = asked.get("what", "source")
    if what not in WHAT:
        raise StudioError(f"no picture is named '{what}'; {', '.join(WHAT)} are")
    shown = (
        output_of(desk, found.run(asked.get("run", "")), item) if what == "output" else getattr(item, what)
    )
    if shown is None:
        return PlainTextResponse("no such picture", status_code=404)
    data = shown.data()
    return Response(data, media_type=media_type(data), headers={"cache-control": "private, max-age=60"})
