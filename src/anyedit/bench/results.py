"""The machine-readable result of a scored run: written, merged with what was scored before, and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyedit.bench.items import BenchError, Suite
from anyedit.bench.runs import Run, put, versions
from anyedit.errors import StoreError

if TYPE_CHECKING:
    from anyedit.bench.scoring import Scored, Scores

RESULTS = "results.json"
FORMAT = 2


def results_of(run: Run, suite: Suite, made: Sequence[Scores], pictures: str, outputs: str) -> dict[str, Any]:
    """The machine-readable result: what was measured how, with versions, hashes, counts, means and intervals.

    pictures, outputs: hashes of the suite's pictures, as scored, and of the run's outputs.
    """
    return {
        "format": FORMAT,
        "editor": {
            "name": run.name,
            "spec": run.editor.spec,
            "settings": run.editor.settings,
            "facts": run.facts,
        },
        "seed": run.seed,
        "suite": {
            "name": suite.name,
            "where": run.suite.where,
            "setting": suite.setting,
            "split": suite.split,
            "licence": suite.licence,
            "items": len(suite.items),
            "fingerprint": suite.fingerprint,
            "pictures": pictures,
            "pictures_when_run": run.pictures,
            "warnings": list(suite.warnings),
            "faults": [asdict(fault) for fault in suite.faults],
        },
        "outputs": outputs,
        "versions": {"run": run.versions, "score": versions()},
        "protocols": {scores.protocol.name: _summary(scores) for scores in made},
    }


def _summary(scores: Scores) -> dict[str, Any]:
    def means(rows: Sequence[Scored] | None = None) -> dict[str, Any]:
        return {c.key: asdict(scores.mean(c.key, rows)) for c in scores.columns}

    def parts(of: Mapping[str, Sequence[Scored]]) -> dict[str, Any]:
        return {name: {"counts": scores.counts(rows), "means": means(rows)} for name, rows in of.items()}

    by: dict[str, dict[str, list[Scored]]] = {"type": {}, "group": {}, "subset": {}}
    for row in scores.rows:
        for kind, names in (
            ("type", (row.item.edit_type,)),
            ("group", (row.item.group,)),
            ("subset", row.item.subsets),
        ):
            for name in names:
                if name:
                    by[kind].setdefault(name, []).append(row)
    return {
        "settings": scores.protocol.settings(),
        "models": scores.models,
        "columns": [asdict(column) for column in scores.columns],
        "counts": scores.counts(),
        "notes": scores.journal.notes,
        "facts": scores.journal.facts,
        "all": means(),
        "by": {kind: parts(of) for kind, of in by.items()},
    }


def write(run: Run, made: Sequence[Scores], results: dict[str, Any]) -> None:
    folder = run.folder / "scores"
    try:
        folder.mkdir(exist_ok=True)
        for scores in made:
            lines = [
                json.dumps(
                    {
                        "item": row.item.id,
                        "type": row.item.edit_type,
                        "group": row.item.group,
                        "session": row.item.session,
                        "state": row.state,
                        "note": row.note,
                        "values": row.values,
                    }
                )
                for row in scores.rows
            ]
            put(folder / f"{scores.protocol.name}.jsonl", "\n".join(lines) + "\n")
            if scores.journal.answers:
                told = "\n".join(json.dumps(answer, ensure_ascii=False) for answer in scores.journal.answers)
                put(folder / f"{scores.protocol.name}.answers.jsonl", told + "\n")
        path = run.folder / RESULTS
        if path.exists():  # protocols that were scored before are kept: one run under many is the point
            old = json.loads(path.read_text())
            if _hashes(old) == _hashes(results):
                results["protocols"] = {**old["protocols"], **results["protocols"]}
        put(path, json.dumps(results, indent=1, sort_keys=True))
    except OSError as error:
        raise StoreError(f"cannot write into {run.folder}: {error.strerror or error}") from error


def _hashes(results: dict[str, Any]) -> tuple[str | None, ...]:
    """What scores are of: the suite's texts and pictures, and the outputs."""
    suite = results["suite"]
    return suite["fingerprint"], suite.get("pictures"), results.get("outputs")


def changed_since_run(results: dict[str, Any]) -> bool:
    """Whether a run was scored on other pictures than it was made on."""
    suite = results["suite"]
    return bool(suite["pictures_when_run"]) and suite["pictures_when_run"] != suite["pictures"]


def read_rows(folder: str | Path, protocol: str) -> list[dict[str, Any]]:
    """The item scores that `score` wrote."""
    path = Path(folder) / "scores" / f"{protocol}.jsonl"
    if not path.exists():
        raise BenchError(
            f"{folder} has no scores under '{protocol}'; make them with 'anyedit bench score {folder}'"
        )
    return [json.loads(line) for line in path.read_text().splitlines()]


def read_results(folder: str | Path) -> dict[str, Any]:
    """A run's results. Raises BenchError when it was not scored."""
    path = Path(folder) / RESULTS
    try:
        told: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        if not Path(folder).is_dir():
            raise BenchError(f"there is no folder {folder}") from None
        raise BenchError(f"{folder} has no {RESULTS}; score it with 'anyedit bench score {folder}'") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error})") from error
    if told.get("format") != FORMAT:
        raise BenchError(f"{path} is of another version; score the run again: 'anyedit bench score {folder}'")
    return told
