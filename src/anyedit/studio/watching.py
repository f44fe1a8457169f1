"""Answers of the Watch view: how far a build or a training is, what it drops and why, what it made last."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from anyedit.errors import AnyEditError
from anyedit.pipeline import shards
from anyedit.pipeline.asked import possible_types
from anyedit.pipeline.finish import STEPS_IN_ORDER
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.task import LEDGER
from anyedit.recipe import Recipe
from anyedit.studio import query
from anyedit.studio.answers import desk_of
from anyedit.studio.browse import row_of
from anyedit.studio.desk import Desk
from anyedit.studio.journal import lines_of
from anyedit.studio.roots import Place, StudioError

POINTS = 500  # of a curve that are sent
LAST = 8  # pairs and faults that are shown
FAULTS = ("error", "engine")  # rules of rows that could not be carried out, rather than judged


def build(request: Request) -> Response:
    """A build: pairs reached of those wanted, rows by step and type, rejections by rule, last pairs, faults."""
    desk = desk_of(request)
    place = desk.place(request.query_params.get("set", ""), "pairs")
    if not place.is_build:
        raise StudioError(f"{place.name} is a dataset without a build: there is nothing to watch")
    folder = place.path
    ledger = Ledger()
    old = {path.stem for path in (folder / shards.STEPS[4]).glob("*.parquet")}
    old -= {path.stem for path in shards.existing(folder, shards.STEPS[4])}  # of another number of pairs
    files = [path for path in sorted((folder / LEDGER).glob("*.json")) if path.stem not in old]
    first = Counter[str]()
    for file in files:
        counts = Ledger.read(file)
        ledger.merge(counts)
        if file.stem.endswith("-p1"):
            for name, of in counts.items():
                first[name] += of["left"].get("assess", 0)
    quotas, fault = _quotas(folder)
    reached = {name: min(first[name], quota) for name, quota in quotas.items()}
    times = sorted(file.stat().st_mtime for file in files)
    finished = (folder / "summary.json").is_file() and _newest(folder / "summary.json", times)
    return JSONResponse(
        {
            "wanted": sum(quotas.values()),
            "reached": sum(reached.values()) if quotas else sum(first.values()),
            "state": _state(folder, finished),
            "shards": len(files),
            "seconds": times[-1] - times[0] if len(times) > 1 else None,
            "quiet_for": time.time() - times[-1] if times else None,
            "types": [
                _type(name, of, quotas.get(name), first[name]) for name, of in sorted(ledger.types.items())
            ],
            "steps": STEPS_IN_ORDER,
            "fault": fault,
            **_last(desk, place),
        }
    )


def _quotas(folder: Path) -> tuple[dict[str, int], str]:
    try:
        recipe = Recipe.model_validate_json((folder / "recipe.json").read_text())
        return recipe.quotas(possible_types(recipe)), ""
    except FileNotFoundError:
        return {}, ""
    except (AnyEditError, ValueError, OSError) as error:
        return {}, f"recipe.json cannot be understood here ({error}); quotas are not shown"


def _type(name: str, of: dict[str, Any], quota: int | None, accepted: int) -> dict[str, Any]:
    entered, left = of["entered"], of["left"]
    tried = max(entered.get("instruct", 0), entered.get("prepare", 0))
    dropped = [
        {"step": step, "rule": rule, "count": count}
        for step, rules in of["dropped"].items()
        for rule, count in rules.items()
    ]
    return {
        "name": name,
        "quota": quota,
        "accepted": accepted,
        "tried": tried,
        "left": {step: left.get(step, 0) for step in STEPS_IN_ORDER},
        "passed": left.get("assess", 0),
        "dropped": sorted(dropped, key=lambda row: -row["count"]),
        "seconds": round(sum(of["seconds"].values()), 1),
    }


def _last(desk: Desk, place: Place) -> dict[str, Any]:
    index = desk.fresh_index(place.name)
    faults = []
    for item in query.latest(index, LAST, FAULTS):
        faults.append({**item, "note": row_of(index, item["number"]).get("note", "")})
    unreadable = [{"file": Path(path).name, "error": error} for path, error in index.unreadable.items()]
    return {
        "stamp": index.stamp,
        "last": query.latest(index, LAST),
        "faults": faults,
        "unreadable": unreadable,
    }


def _newest(summary: Path, times: list[float]) -> bool:
    return not times or summary.stat().st_mtime >= times[-1]


def _state(folder: Path, finished: bool) -> str:
    held = held_lock(folder / ".lock")
    if held:
        return "running"
    if finished:
        return "finished"
    return "stopped" if held is False else "not known to run"


def held_lock(path: Path) -> bool | None:
    """Whether a process of this machine holds the lock; asked of the kernel's list, since trying it would take it.

    None: it cannot be told (another system, or the build runs elsewhere).
    """
    try:
        facts = path.stat()
        table = Path("/proc/locks").read_text()
    except OSError:
        return None
    wanted = str(facts.st_ino)
    return any(
        len(parts) > 5 and parts[1] == "FLOCK" and parts[5].rsplit(":", 1)[-1] == wanted
        for parts in (line.split() for line in table.splitlines())
    )


def training(request: Request) -> Response:
    """A training: steps, curves, losses by kind of edit, load of the experts, warnings, sample grids."""
    place = desk_of(request).place(request.query_params.get("set", ""), "training")
    file = desk_of(request).roots.checked(place.path / "log.jsonl")
    lines = [line for line in lines_of(file.read_bytes()) if isinstance(line.get("step"), int)]
    losses = [line for line in lines if line.get("what") == "loss"]
    checks = [line for line in lines if line.get("what") == "validation"]
    kinds = [line for line in lines if line.get("what") == "types"]
    speeds = sorted(line["pairs_per_second"] for line in losses if "pairs_per_second" in line)
    samples = sorted(path.name for path in (place.path / "samples").glob("step-*.png"))
    return JSONResponse(
        {
            "step": lines[-1]["step"] if lines else 0,
            "steps": _wanted_steps(place.path),
            "quiet_for": time.time() - file.stat().st_mtime,
            "finished": (place.path / "editor" / "model_index.json").is_file(),
            "loss": _points(losses, "loss"),
            "rate": _points(losses, "rate"),
            "validation": _points(checks, "loss"),
            "by_kind": kinds[-1].get("loss", {}) if kinds else {},
            "load": kinds[-1].get("load", {}) if kinds else {},
            "validation_by_kind": checks[-1].get("by_kind", {}) if checks else {},
            "warnings": [line for line in lines if line.get("what") == "warning"][-3:],
            "pairs_per_second": speeds[len(speeds) // 2] if speeds else None,
            "samples": samples[-6:],
        }
    )


def _wanted_steps(folder: Path) -> int | None:
    """How many steps the training will take, as its newest checkpoint tells; None before there is one."""
    for state in sorted((folder / "checkpoints").glob("step-*/state.json"), reverse=True):
        try:
            return int(json.loads(state.read_text())["told"]["steps"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # of another version, or just being replaced
    return None


def _points(lines: list[dict[str, Any]], name: str) -> list[list[float]]:
    """(step, value), means of neighbours when there are more than POINTS."""
    found = [(line["step"], float(line[name])) for line in lines if isinstance(line.get(name), (int, float))]
    span = -(-len(found) // POINTS) or 1
    parts = [found[start : start + span] for start in range(0, len(found), span)]
    return [[part[-1][0], sum(value for _, value in part) / len(part)] for part in parts]


def sample(request: Request) -> Response:
    """A training's grid of samples, by one of the names that `training` told."""
    desk = desk_of(request)
    place = desk.place(request.query_params.get("set", ""), "training")
    wanted = request.query_params.get("name", "")
    for path in (place.path / "samples").glob("step-*.png"):
        if path.name == wanted:
            return FileResponse(desk.roots.checked(path), media_type="image/png")
    raise StudioError(f"{place.name} has no samples named '{wanted}'")


def places_to_watch(desk: Desk) -> list[dict[str, str]]:
    """Builds and trainings, the one that changed last first."""
    found = []
    for place in desk.places():
        if place.kind == "pairs" and place.is_build:
            moved = place.path / LEDGER
        elif place.kind == "training":
            moved = place.path / "log.jsonl"
        else:
            continue
        found.append((moved.stat().st_mtime if moved.exists() else 0.0, place))
    return [{"name": p.name, "kind": p.kind} for _, p in sorted(found, key=lambda pair: -pair[0])]


def places(request: Request) -> Response:
    """What can be watched."""
    return JSONResponse(places_to_watch(desk_of(request)))
