"""Blind votes between two editors' pictures: who is asked what, in which position, and what is kept.

Every item and pair of runs is shown twice to a voter, in both positions, the second time when all have been shown
once: so a habit of choosing the left one cannot favour an editor, and how often a voter says the same is known.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from anyedit.seeds import rng_of
from anyedit.studio.answers import body_of, desk_of
from anyedit.studio.ballots import Ballot
from anyedit.studio.bench_runs import Compared, compared, output_of
from anyedit.studio.desk import Desk
from anyedit.studio.journal import Journal
from anyedit.studio.pictures import media_type
from anyedit.studio.ranking import Vote, rank, steadiness
from anyedit.studio.roots import StudioError

CHOICES = ("left", "right", "tie", "bad")
FOLDER = Path("studio") / "votes"  # in the given folder of the first run


def schedule(
    voter: str, fingerprint: str, items: Sequence[str], runs: Sequence[str]
) -> list[tuple[str, str, str]]:
    """(item, left, right) in the order in which a voter is asked: all in one position, then all in the other."""
    rng = rng_of("studio", "votes", voter, fingerprint)
    questions = [(item, a, b) for item in items for a, b in combinations(sorted(runs), 2)]
    order = rng.permutation(len(questions))
    turned = rng.random(len(questions)) < 0.5
    first = [(q[0], q[2], q[1]) if turned[k] else q for k, q in enumerate(questions)]
    again = rng.permutation(len(questions))
    return [first[k] for k in order] + [(first[k][0], first[k][2], first[k][1]) for k in again]


def ballot(request: Request) -> Response:
    """The voter's next question: pictures under a secret, without a word on whose they are."""
    desk, asked = desk_of(request), request.query_params
    voter, told, wanted = asked.get("voter", "").strip(), asked.get("runs", ""), asked.get("type", "")
    found = compared(desk, told)
    if len(found.runs) < 2:
        raise StudioError("choose two runs or more to vote between")
    if not voter:
        raise StudioError("votes are kept under a name: say yours")
    journal = journal_of(desk, found)
    cast = {
        (e["item"], e["left"], e["right"])
        for e in journal.entries(voter)
        if e.get("suite") == found.suite.fingerprint
    }
    items = [
        item.id
        for item in found.suite.items
        if wanted in ("", item.edit_type) and all(run.output(item) is not None for _, run in found.runs)
    ]
    waiting = [q for q in schedule(voter, found.suite.fingerprint, items, found.names) if q not in cast]
    if not waiting:
        return JSONResponse({"vote": None, "left": 0, "cast": len(cast)})
    item = found.item(waiting[0][0])
    name = desk.ballots.open(Ballot(voter, told, *waiting[0]))
    shown = {"vote": name, "instruction": item.instruction, "edit_type": item.edit_type, "item": item.id}
    return JSONResponse(
        {**shown, "has_target": item.target is not None, "left": len(waiting), "cast": len(cast)}
    )


def picture(request: Request) -> Response:
    """The picture on one side of an open vote, or its source."""
    desk = desk_of(request)
    ballot = desk.ballots.of(request.query_params.get("vote", ""))
    found = compared(desk, ballot.runs)
    item = found.item(ballot.item)
    side = request.query_params.get("side", "")
    if side not in ("source", "left", "right"):
        raise StudioError(f"no side is named '{side}'")
    shown = item.source if side == "source" else output_of(desk, found.run(getattr(ballot, side)), item)
    if shown is None:
        raise StudioError("the picture is gone")
    data = shown.data()
    return Response(data, media_type=media_type(data), headers={"cache-control": "no-store"})


async def vote(request: Request) -> Response:
    """Cast a vote; the answer, which now tells whose pictures they were, comes when it is on disk."""
    told = await body_of(request)
    return await run_in_threadpool(_vote, desk_of(request), told)


def _vote(desk: Desk, told: dict[str, Any]) -> Response:
    name, choice = str(told.get("vote", "")), str(told.get("choice", ""))
    if choice not in CHOICES:
        raise StudioError(f"a vote is one of {', '.join(CHOICES)}, not '{choice}'")
    ballot = desk.ballots.of(name)
    found = compared(desk, ballot.runs)
    entry = {
        "suite": found.suite.fingerprint,
        "item": ballot.item,
        "type": found.item(ballot.item).edit_type,
        "left": ballot.left,
        "right": ballot.right,
        "choice": choice,
        "at": time.time(),
    }
    journal_of(desk, found).append(ballot.voter, entry)
    desk.ballots.close(name)
    editors = {side: found.run(getattr(ballot, side)).name for side in ("left", "right")}
    return JSONResponse({"saved": choice, "left": ballot.left, "right": ballot.right, "editors": editors})


def ranking(request: Request) -> Response:
    """Bradley-Terry strengths of the runs with intervals, for all types and each, and what is known of the voters."""
    desk = desk_of(request)
    found = compared(desk, request.query_params.get("runs", ""))
    votes = votes_of(journal_of(desk, found), found)
    types = sorted({vote.edit_type for vote in votes if vote.edit_type})
    parts = [("all types", votes), *((name, [v for v in votes if v.edit_type == name]) for name in types)]
    told = [
        {"part": part, "votes": len(of), "ranking": [asdict(one) for one in rank(of, found.names)]}
        for part, of in parts
    ]
    editors = {place.name: run.name for place, run in found.runs}
    return JSONResponse({"parts": told if votes else [], "editors": editors, **asdict(steadiness(votes))})


def journal_of(desk: Desk, found: Compared) -> Journal:
    """Where the votes between these runs are kept."""
    folder = found.runs[0][0].root / FOLDER
    return desk.votes.setdefault(folder, Journal(folder))


def votes_of(journal: Journal, found: Compared) -> list[Vote]:
    """All votes between these runs; the last of a voter on one question in one position counts."""
    names = set(found.names)
    kept: dict[tuple[str, str, str, str], Vote] = {}
    for voter in journal.people():
        for e in journal.entries(voter):
            if (
                e.get("suite") == found.suite.fingerprint
                and e.get("left") in names
                and e.get("right") in names
            ):
                made = Vote(voter, e["item"], e.get("type", ""), e["left"], e["right"], e["choice"])
                kept[voter, made.item, made.left, made.right] = made
    return list(kept.values())
