"""Answers of the Review view: what is next, what was decided, who agrees with whom."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from anyedit.studio import query
from anyedit.studio.answers import body_of, desk_of
from anyedit.studio.browse import reading
from anyedit.studio.decisions import REASONS, Decisions, agreements, export_decisions, together
from anyedit.studio.desk import Desk
from anyedit.studio.roots import StudioError

QUEUES = {
    "new": "not yet decided by me",
    "second": "decided by others, not yet by me (blind)",
    "flagged": "flagged or skipped by me",
    "split": "where I and another differ",
}


def state(request: Request) -> Response:
    """The next pair of a queue (or the one that is asked for), what I said of it, counts and agreement.

    A queue holds what has an edited picture. What is new to me is of the accepted pairs unless a verdict is asked for.
    Nothing of what others said of a pair is told before one has decided it oneself.
    """
    desk, asked = desk_of(request), request.query_params
    me = asked.get("reviewer", "").strip()
    queue = asked.get("queue", "new")
    if queue not in QUEUES:
        raise StudioError(f"no queue is named '{queue}'; {', '.join(QUEUES)} are")
    index = desk.fresh_index(asked.get("set", ""))
    everyone = desk.decisions(index.place).all()
    mine = everyone.get(me, {})
    wanted = query.Filter.of(asked)
    if queue == "new" and not wanted.verdict:
        wanted = replace(wanted, verdict="accepted")
    waiting = [key for key in query.ids_of(index, wanted) if _waits(key, me, everyone, queue)]
    key = asked.get("id") or _next(waiting, asked.get("after", ""))
    others = {name: of[key] for name, of in everyone.items() if name != me and key in of}
    told = {
        "id": key,
        "left": len(waiting),
        "decided": len(mine),
        "mine": mine.get(key or ""),
        "others": others if key in mine else None,
        "queues": QUEUES,
        "reasons": REASONS,
        "people": [{"name": name, "decided": len(of)} for name, of in everyone.items()],
        "agreement": [asdict(one) for one in agreements(everyone)],
        "stamp": index.stamp,
        "reading": reading(index),
    }
    return JSONResponse(told)


def _waits(key: str, me: str, everyone: dict[str, dict[str, dict[str, Any]]], queue: str) -> bool:
    mine = everyone.get(me, {}).get(key)
    others = [of[key]["verdict"] for name, of in everyone.items() if name != me and key in of]
    if queue == "flagged":
        return mine is not None and mine["verdict"] in ("flag", "skip")
    if queue == "split":
        return (
            mine is not None
            and mine["verdict"] in ("accept", "reject")
            and any(verdict in ("accept", "reject") and verdict != mine["verdict"] for verdict in others)
        )
    return mine is None and (queue == "new" or any(v in ("accept", "reject") for v in others))


def _next(waiting: list[str], after: str) -> str | None:
    """The first that waits, or the one after a pair that stays in its queue although it was just decided."""
    if after in waiting:
        at = waiting.index(after) + 1
        return waiting[at] if at < len(waiting) else None
    return waiting[0] if waiting else None


def before(request: Request) -> Response:
    """The pair that I decided before this one."""
    asked = request.query_params
    place = desk_of(request).place(asked.get("set", ""), "pairs")
    found = desk_of(request).decisions(place).before(asked.get("reviewer", ""), asked.get("id", ""))
    return JSONResponse({"id": found})


async def decide(request: Request) -> Response:
    """Keep a decision; the answer comes when it is on disk."""
    told = await body_of(request)
    return await run_in_threadpool(_decide, desk_of(request), told)


def _decide(desk: Desk, told: dict[str, Any]) -> Response:
    index = desk.index(str(told.get("set", "")))
    key = str(told.get("id", ""))
    query.item_of(index, key, None, query.Filter())  # a decision is about a pair that there is
    reasons = told.get("reasons") or []
    if not isinstance(reasons, list):
        raise StudioError("reasons are a list")
    desk.decisions(index.place).decide(
        str(told.get("reviewer", "")), key, str(told.get("verdict", "")), reasons, str(told.get("note", ""))
    )
    return JSONResponse({"saved": key})


async def export(request: Request) -> Response:
    """Write the decisions of all reviewers as Parquet into the set's folder."""
    told = await body_of(request)
    place = desk_of(request).place(str(told.get("set", "")), "pairs")
    path = await run_in_threadpool(export_decisions, place.path)
    rows = together(Decisions(place.path).all())
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("accept", "reject")}
    return JSONResponse({"file": str(path), **counts})


def download(request: Request) -> Response:
    """The exported file."""
    desk = desk_of(request)
    place = desk.place(request.query_params.get("set", ""), "pairs")
    path = desk.roots.checked(export_decisions(place.path))
    return FileResponse(path, filename="decisions.parquet")
