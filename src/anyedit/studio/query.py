"""What the page asks of an index: filters, one page of items, the ways between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from anyedit.pipeline.decisions import REVIEW
from anyedit.studio.index import Index
from anyedit.studio.roots import StudioError

PAGE = 48
EDITED = (
    "",
    "assess",
    REVIEW,
)  # where an item ended that has an edited picture; "": a pair, which ended nowhere
REVIEWABLE = f"step in {EDITED} and verdict != 'other candidate'"  # that lost against one that is there
SHOWN = (
    "number, id, candidate, verdict, step, rule, edit_type, family, split, instruction, source_caption, "
    "edited_caption, source_id, chain_id, turn, relation, made_from"
)


@dataclass(frozen=True)
class Filter:
    """Which items. rule with low and high: a score's range, limits included; sort: "order", "score", "-score"."""

    type: str = ""
    group: str = ""
    split: str = ""
    verdict: str = ""
    rule: str = ""
    low: float | None = None
    high: float | None = None
    text: str = ""
    sort: str = "order"

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Filter:
        """From an address. Raises StudioError for a limit that is no number."""
        values: dict[str, Any] = {f.name: told[f.name] for f in fields(cls) if told.get(f.name)}
        for name in ("low", "high"):
            if name in values:
                try:
                    values[name] = float(values[name])
                except ValueError:
                    raise StudioError(f"the score's limit '{values[name]}' is not a number") from None
        if values.get("sort", "order") not in ("order", "score", "-score"):
            raise StudioError(f"items cannot be sorted by '{values['sort']}'; by order, score or -score")
        return cls(**values)

    @property
    def by_score(self) -> bool:
        """Whether one rule's scores decide order or choice."""
        return bool(self.rule) and (self.low is not None or self.high is not None or self.sort != "order")

    def where(self) -> tuple[str, list[Any]]:
        """SQL conditions and their values."""
        conditions: list[str] = ["shown = 1"]
        values: list[Any] = []
        for column, value in (("family", self.group), ("split", self.split), ("verdict", self.verdict)):
            if value:
                conditions.append(f"{column} = ?")
                values.append(value)
        if self.type:
            conditions.append("edit_type = ?")
            values.append(self.type)
        for word in self.text.lower().split():
            conditions.append("words like ? escape '\\'")
            for sign in "\\%_":
                word = word.replace(sign, "\\" + sign)
            values.append(f"%{word}%")
        if self.rule and not self.by_score:
            conditions.append("(item.rule = ? or number in (select item from score where score.rule = ?))")
            values += [self.rule, self.rule]
        if self.by_score:
            conditions.append("score.rule = ? and value is not null")
            values.append(self.rule)
            for sign, limit in ((">=", self.low), ("<=", self.high)):
                if limit is not None:
                    conditions.append(f"value {sign} ?")
                    values.append(limit)
        return " and ".join(conditions), values

    @property
    def tables(self) -> str:
        """What the conditions look at."""
        return "item join score on score.item = item.number" if self.by_score else "item"

    def order(self, backwards: bool = False) -> str:
        """SQL order."""
        down = backwards
        if self.by_score and self.sort != "order":
            first = (self.sort == "-score") != down
            return f"value {'desc' if first else 'asc'}, number {'desc' if down else 'asc'}"
        return f"number {'desc' if down else 'asc'}"


def page_of(index: Index, wanted: Filter, page: int) -> dict[str, Any]:
    """One page of items with the number of all, and of each verdict. page: from 1."""
    where, values = wanted.where()
    with index.connected() as db:
        verdicts = db.execute(
            f"select verdict, count(*) from {wanted.tables} where {where} group by verdict order by 1", values
        ).fetchall()
        total = sum(count for _, count in verdicts)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 1), pages)
        value = ", value" if wanted.by_score else ""
        rows = db.execute(
            f"select {_shown()}{value} from {wanted.tables} where {where} order by {wanted.order()} limit ? offset ?",
            [*values, PAGE, (page - 1) * PAGE],
        ).fetchall()
    told = {"total": total, "verdicts": [list(row) for row in verdicts], "page": page, "pages": pages}
    return {**told, "items": [_item(row) for row in rows]}


def _shown() -> str:
    return SHOWN.replace("rule,", "item.rule as rule,", 1)


def facets(index: Index) -> dict[str, Any]:
    """What can be chosen: values with counts, and every rule with the range of its scores."""
    return _facets(index, "shown = 1")


def facets_of_review(index: Index) -> dict[str, Any]:
    """The same of the items that a person can judge."""
    return _facets(index, f"shown = 1 and {REVIEWABLE}")


def _facets(index: Index, where: str) -> dict[str, Any]:
    with index.connected() as db:

        def counts(column: str) -> list[list[Any]]:
            found = db.execute(
                f"select {column}, count(*) from item where {where} and {column} != '' group by {column} order by 1"
            )
            return [list(row) for row in found]

        rules = db.execute(
            "select score.rule, count(*), min(value), max(value) from score join item on item.number = score.item "
            f"where {where} group by score.rule order by 1"
        ).fetchall()
        return {
            "type": counts("edit_type"),
            "group": counts("family"),
            "split": counts("split"),
            "verdict": counts("verdict"),
            "rule": [list(row) for row in rules],
            "total": db.execute(f"select count(*) from item where {where}").fetchone()[0],
        }


def item_of(index: Index, key: str, candidate: int | None, wanted: Filter) -> dict[str, Any]:
    """An item with its neighbours in the filter's order, its chain, the candidates beside it, what is made from it."""
    with index.connected() as db:
        rows = db.execute(
            f"select {SHOWN} from item where id = ? and shown = 1 order by candidate", (key,)
        ).fetchall()
        mine = next((row for row in rows if candidate is None or row["candidate"] == candidate), None)
        if mine is None:
            raise StudioError(f"{index.place.name} has no item '{key}'")
        chain: list[sqlite3.Row] = []
        if mine["chain_id"]:
            chain = db.execute(
                f"select {SHOWN} from item where chain_id = ? and shown = 1 and verdict != 'rejected' order by turn, number",
                (mine["chain_id"],),
            ).fetchall()
        derived = db.execute(
            f"select {SHOWN} from item where shown = 1 and made_from like ? escape '\\'",
            (f'%"{_like(key)}"%',),
        ).fetchall()
        parents = json.loads(mine["made_from"])
        marks = ", ".join("?" * len(parents))
        made_from = db.execute(
            f"select {SHOWN} from item where shown = 1 and id in ({marks})", parents
        ).fetchall()
        found = {
            "item": _item(mine),
            "candidates": [_item(row) for row in rows if row["number"] != mine["number"]],
            "chain": [_item(row) for row in chain] if len(chain) > 1 else [],
            "made_from": [_item(row) for row in made_from],
            "derived": [_item(row) for row in derived],
            "previous": _neighbour(db, mine["number"], wanted, True),
            "next": _neighbour(db, mine["number"], wanted, False),
        }
    return found


def _neighbour(db: sqlite3.Connection, number: int, wanted: Filter, backwards: bool) -> dict[str, Any] | None:
    where, values = wanted.where()
    sign = "<" if backwards else ">"
    if wanted.by_score and wanted.sort != "order":
        at = db.execute(
            "select value from score where item = ? and rule = ?", (number, wanted.rule)
        ).fetchone()
        if at is None:
            return None
        further = "<" if (wanted.sort == "-score") != backwards else ">"
        where += f" and (value {further} ? or (value = ? and number {sign} ?))"
        values += [at[0], at[0], number]
    else:
        where += f" and number {sign} ?"
        values.append(number)
    row = db.execute(
        f"select id, candidate from {wanted.tables} where {where} order by {wanted.order(backwards)} limit 1",
        values,
    ).fetchone()
    return None if row is None else {"id": row["id"], "candidate": row["candidate"]}


def latest(index: Index, most: int, rules: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The pairs of the newest shards, newest first; with `rules`, the rows that ended by one of them."""
    condition, values = "file.origin = '05-pairs'", []
    if rules:
        condition = f"file.origin = 'rejected' and item.rule in ({', '.join('?' * len(rules))})"
        values = list(rules)
    columns = ", ".join(f"item.{name.strip()} as {name.strip()}" for name in SHOWN.split(","))
    with index.connected() as db:
        rows = db.execute(
            f"select {columns} from item join file on file.number = item.file where {condition} "
            "order by file.changed desc, item.number desc limit ?",
            [*values, most],
        ).fetchall()
    return [_item(row) for row in rows]


def ids_of(index: Index, wanted: Filter) -> list[str]:
    """The ids of what a filter chooses and a person can judge, in the filter's order."""
    where, values = wanted.where()
    with index.connected() as db:
        rows: Sequence[sqlite3.Row] = db.execute(
            f"select id from {wanted.tables} where {where} and {REVIEWABLE} order by {wanted.order()}",
            values,
        ).fetchall()
    return [row["id"] for row in rows]


def _like(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, "\\" + sign)
    return text


def _item(row: sqlite3.Row) -> dict[str, Any]:
    told = dict(row)
    told["made_from"] = json.loads(told["made_from"])
    told["has_edited"] = told["step"] in EDITED
    return told
