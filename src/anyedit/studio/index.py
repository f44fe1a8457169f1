"""The small columns of a set of pairs in SQLite, so that 100,000 pairs are filtered without loading a picture.

Each Parquet file is read once, a row group's small columns at a time; what is indexed is known by size and time of
change, so that only new shards of a running build are read. A picture is found by file, row group and row.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import StoreError
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import REVIEW
from anyedit.store.dataset import DATASET, dataset_files, split_of
from anyedit.studio.roots import Place, Roots

VERSION = 2
PAIR = ("id", "instruction", "edit_type", "group", "source_caption", "edited_caption", "source_id", "chain_id",
        "turn", "relation", "made_from", "phrasings", "scores", "split")  # fmt: skip
LOST = (
    "id",
    "step",
    "edit_type",
    "source",
    "instruction",
    "rule",
    "value",
    "note",
    "scores",
    "candidate",
    "instead",
)
TABLES = """
create table file(number integer primary key, path text unique, size integer, changed integer, origin text);
create table item(number integer primary key autoincrement, file integer, row_group integer, row integer, id text,
  candidate integer, verdict text, step text, rule text, edit_type text, family text, split text, instruction text,
  source_caption text, edited_caption text, source_id text, chain_id text, turn integer, relation text,
  made_from text, words text, shown integer default 1);
create table score(item integer, rule text, value real, passed integer);
create index item_id on item(id); create index item_file on item(file); create index item_chain on item(chain_id);
create index item_type on item(edit_type); create index item_verdict on item(verdict);
create index score_rule on score(rule, value); create index score_item on score(item);
create table fact(name text primary key, value text);
"""


@dataclass(frozen=True)
class Cell:
    """Where an item's pictures are."""

    file: Path
    row_group: int
    row: int
    lost: bool  # a rejected row: its columns have other names


class Index:
    """The index of one place. Methods may be called from any thread."""

    def __init__(self, place: Place, roots: Roots, cache: Path) -> None:
        self.place, self.roots = place, roots
        self.path = cache / "index.sqlite"
        self.unreadable: dict[str, str] = {}
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, dict[str, Any]]] = {}
        self.done = self.of = 0
        self.generation = 0  # counts the times that anything changed
        self.complete = False  # whether all files were looked at once
        cache.mkdir(parents=True, exist_ok=True)
        with self.connected() as db:
            try:
                kept = db.execute("select value from fact where name = 'version'").fetchone()
            except sqlite3.DatabaseError:
                kept = None
        if kept is None or kept[0] != str(VERSION):
            self.path.unlink(missing_ok=True)
            with self.connected() as db:
                db.executescript(TABLES)
                told = [
                    ("version", str(VERSION)),
                    ("stamp", secrets.token_hex(4)),
                    ("place", str(place.path)),
                ]
                db.executemany("insert into fact values (?, ?)", told)

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, committed at the end."""
        with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
            db.row_factory = sqlite3.Row
            db.execute("pragma synchronous = off")  # what is lost with the power is read again
            yield db

    @property
    def stamp(self) -> str:
        """Changes when numbers of items may mean others: part of a picture's address."""
        with self.connected() as db:
            return str(db.execute("select value from fact where name = 'stamp'").fetchone()[0])

    def kept(self, answer: Callable[[Index], dict[str, Any]]) -> dict[str, Any]:
        """An answer about the whole set, made once for as long as nothing changes (and anew while it is first read)."""
        known = self._kept.get(answer.__name__)
        if known is None or known[0] != self.generation or not self.complete:
            known = (self.generation, answer(self))
            self._kept[answer.__name__] = known
        return known[1]

    def refresh(self) -> None:
        """Read what is new or changed, forget what is gone. One thread at a time; the others go on with what is there."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            wanted = {str(path): (path, origin) for path, origin in self._files()}
            with self.connected() as db:
                known = {row["path"]: row for row in db.execute("select * from file")}
            gone = [row["number"] for path, row in known.items() if path not in wanted]
            fresh = []
            for name, (path, origin) in wanted.items():
                facts = path.stat()
                row = known.get(name)
                if row is not None and (row["size"], row["changed"]) == (facts.st_size, facts.st_mtime_ns):
                    continue
                if row is not None:
                    gone.append(row["number"])
                fresh.append((path, origin))
            self.done, self.of = 0, len(fresh)
            if gone:
                with self.connected() as db:
                    for number in gone:
                        db.execute(
                            "delete from score where item in (select number from item where file = ?)",
                            (number,),
                        )
                        db.execute("delete from item where file = ?", (number,))
                        db.execute("delete from file where number = ?", (number,))
            for path, origin in fresh:
                self._add(path, origin)
                self.done += 1
            if gone or fresh:
                self._settle()
                self.generation += 1
            self.complete = True
        finally:
            self._lock.release()

    def _files(self) -> Iterator[tuple[Path, str]]:
        folder = self.place.path
        if any((place / "data").is_dir() for place in (folder / DATASET, folder)):
            try:
                found = dataset_files(folder)
            except StoreError:
                found = []  # a build whose dataset is just being replaced
            yield from ((path, "dataset") for path in found if self.roots.holds(path))
        for origin in (shards.STEPS[4], shards.REJECTED):
            yield from ((path, origin) for path in shards.existing(folder, origin) if self.roots.holds(path))

    def _add(self, path: Path, origin: str) -> None:
        facts = path.stat()
        wanted = LOST if origin == shards.REJECTED else PAIR
        try:
            with pq.ParquetFile(path) as parquet, self.connected() as db:
                there = [name for name in wanted if name in parquet.schema_arrow.names]
                file = db.execute(
                    "insert into file(path, size, changed, origin) values (?, ?, ?, ?)",
                    (str(path), facts.st_size, facts.st_mtime_ns, origin),
                ).lastrowid
                for group in range(parquet.num_row_groups):
                    rows = parquet.read_row_group(group, columns=there).to_pylist()
                    for number, row in enumerate(rows):
                        told = _lost(row) if origin == shards.REJECTED else _pair(row, split_of(path), origin)
                        self._insert(db, (file, group, number), told, _scores(row))
            self.unreadable.pop(str(path), None)
        except FileNotFoundError:
            return  # replaced while it was looked at; the next refresh finds the new one
        except (OSError, pa.ArrowException) as error:
            self.unreadable[str(path)] = str(error)

    @staticmethod
    def _insert(
        db: sqlite3.Connection, at: tuple[Any, int, int], told: dict[str, Any], scores: list[tuple[Any, ...]]
    ) -> None:
        values = {"file": at[0], "row_group": at[1], "row": at[2], **told}
        marks = ", ".join("?" * len(values))
        number = db.execute(
            f"insert into item({', '.join(values)}) values ({marks})", list(values.values())
        ).lastrowid
        db.executemany("insert into score values (?, ?, ?, ?)", [(number, *score) for score in scores])

    def _settle(self) -> None:
        """A shard's pair that the dataset holds is shown once; one that it does not hold is surplus, when there is one."""
        with self.connected() as db:
            written = db.execute("select count(*) from file where origin = 'dataset'").fetchone()[0]
            shard = "file in (select number from file where origin = '05-pairs')"
            db.execute(
                f"update item set shown = 1, verdict = ? where {shard}",
                ("surplus" if written else "accepted",),
            )
            if written:
                held = "select id from item where file in (select number from file where origin = 'dataset')"
                db.execute(f"update item set shown = 0 where {shard} and id in ({held})")
            refused = (
                f"select id from item where step = '{REVIEW}'"  # told of by its own row among the rejected
            )
            db.execute(f"update item set shown = 0 where {shard} and id in ({refused})")

    def cell(self, number: int) -> Cell:
        """Where an item's pictures are. Raises StoreError when there is no such item (any more)."""
        with self.connected() as db:
            row = db.execute(
                "select path, origin, row_group, row from item join file on file.number = item.file "
                "where item.number = ?",
                (number,),
            ).fetchone()
        if row is None:
            raise StoreError(f"{self.place.name} has no item number {number} any more; load the page again")
        path = self.roots.checked(Path(row["path"]))
        return Cell(path, row["row_group"], row["row"], row["origin"] == shards.REJECTED)


def _pair(row: dict[str, Any], split: str, origin: str) -> dict[str, Any]:
    words = (
        row["instruction"],
        row["source_caption"],
        row["edited_caption"],
        *(row["phrasings"] or ()),
        row["id"],
    )
    return {
        "id": row["id"],
        "candidate": -1,
        "verdict": "accepted",
        "step": "",
        "rule": "",
        "edit_type": row["edit_type"] or "",
        "family": row["group"] or "",
        "split": row.get("split") or (split if origin == "dataset" else ""),
        "instruction": row["instruction"] or "",
        "source_caption": row["source_caption"] or "",
        "edited_caption": row["edited_caption"] or "",
        "source_id": row["source_id"] or "",
        "chain_id": row["chain_id"] or "",
        "turn": row["turn"] or 1,
        "relation": row["relation"] or "",
        "made_from": json.dumps(row["made_from"] or []),
        "words": "\n".join(word.lower() for word in words if word),
    }


def _lost(row: dict[str, Any]) -> dict[str, Any]:
    from anyedit.types import GROUP_OF

    edit_type = row["edit_type"] or ""
    return {
        "id": row["id"],
        "candidate": row.get("candidate") or 0,
        "verdict": "other candidate" if row.get("instead") else "rejected",
        "step": row["step"],
        "rule": row["rule"],
        "edit_type": edit_type,
        "family": GROUP_OF.get(edit_type.split("+")[0], ""),
        "split": "",
        "instruction": row["instruction"] or "",
        "source_caption": "",
        "edited_caption": "",
        "source_id": row["source"] or "",
        "chain_id": "",
        "turn": 1,
        "relation": "",
        "made_from": "[]",
        "words": "\n".join(word.lower() for word in (row["instruction"], row["note"], row["id"]) if word),
    }


def _scores(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    known = [
        (score.get("name") or score.get("rule"), score["value"], score["passed"])
        for score in row.get("scores") or ()
    ]
    if not known and row.get(
        "rule"
    ):  # rejected before it was judged by all its gates: the one that we know of
        known = [(row["rule"], row.get("value"), False)]
    return [(rule, value, None if passed is None else int(passed)) for rule, value, passed in known]
