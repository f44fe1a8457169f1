"""Held-out evaluation of an editor: does it beat doing nothing, type by type?

    python benchmarks/mini_editor.py EDITOR DATASET... --out runs/heldout --per-type 12

Writes scores.csv (one row per pair and answer), table.md, settings.json and grid.png (the first pairs of each
type, unselected). EDITOR "shipped" is the one in the package. What is measured: `anyedit.training.heldout`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path

from anyedit.models.detail import keep_detail
from anyedit.models.editing import restore
from anyedit.models.editor import load_editor
from anyedit.models.shipped import shipped_editor
from anyedit.training.grid import results_grid
from anyedit.training.heldout import (
    Settings,
    edit_pairs,
    markdown,
    read_heldout,
    score_answers,
    table,
    write_scores,
)


def main() -> None:
    """Edit, score, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("editor")
    parser.add_argument("data", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scorer", help="editor whose image encoder measures likeness; default: the same")
    parser.add_argument("--per-type", type=int, default=12)
    parser.add_argument("--split", default="test")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--scales", default="1,2,1", help="picture,text,visual")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--predict-types", action="store_true", help="do not tell the editor the edit type")
    parser.add_argument("--only-edit", action="store_true", help="leave out the answer without instruction")
    told = parser.parse_args()
    image, text, visual = (float(part) for part in told.scales.split(","))
    settings = Settings(told.steps, image, text, visual, told.seed, types_given=not told.predict_types)
    editor = load_editor(shipped_editor() if told.editor == "shipped" else told.editor)
    scorer = editor if told.scorer is None else load_editor(told.scorer)
    pairs = read_heldout(told.data, told.per_type, told.split)
    began = time.perf_counter()
    edits = edit_pairs(editor, pairs, settings, say=print)
    sources = [pair.source for pair in pairs]
    restored = restore(editor, sources)
    answers = {"edit": edits, "source": sources, "autoencoder": restored}
    answers["detailed"] = [keep_detail(*three) for three in zip(sources, edits, restored, strict=True)]
    if not told.only_edit:
        mute = edit_pairs(editor, pairs, settings, with_instruction=False, say=print)
        answers["no_instruction"] = mute
        answers["no_instruction_detailed"] = [
            keep_detail(*three) for three in zip(sources, mute, restored, strict=True)
        ]
    scores = [s for name, made in answers.items() for s in score_answers(pairs, name, made, scorer)]
    told.out.mkdir(parents=True, exist_ok=True)
    write_scores(scores, told.out / "scores.csv")
    text_table = "\n".join(f"{name}\n\n{rows}" for name, rows in markdown(table(scores)).items())
    (told.out / "table.md").write_text(text_table)
    facts = {**dataclasses.asdict(settings), "editor": told.editor, "pairs": len(pairs), "split": told.split}
    (told.out / "settings.json").write_text(json.dumps(facts, indent=1) + "\n")
    results_grid(pairs, answers["detailed"], per_row=min(3, told.per_type)).save(told.out / "grid.png")
    print(text_table)
    print(f"{len(pairs)} pairs, {time.perf_counter() - began:.0f} s, in {told.out}")


if __name__ == "__main__":
    main()
