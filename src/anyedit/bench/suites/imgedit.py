"""ImgEdit-Bench, basic part (Ye et al. 2025): nine types, judged by a VLM on three 1-5 scales; no targets.

Folder layout: `basic_edit.json` {key: {id, prompt, edit_type}}, the originals under the folder (by `id`), and
optionally `prompts.json` / `judge_prompt.json` {edit_type: judge's prompt}. Hub layout: the same files, the
pictures in a sub-folder or in `Benchmark.tar`, unpacked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from anyedit.bench.items import FilePicture, Item, Suite
from anyedit.errors import StoreError

LICENCE = "see the card of sysuyy/ImgEdit"
LISTS = (
    "basic_edit.json",
    "Basic/basic_edit.json",
    "Benchmark/Basic/basic_edit.json",
    "singleturn/singleturn.json",
)
PROMPTS = ("prompts.json", "judge_prompt.json", "Basic/prompts.json", "singleturn/judge_prompt.json")


def recognises(folder: Path) -> bool:
    """One of the published lists."""
    return folder.is_dir() and _first(folder, LISTS) is not None


def load(folder: Path) -> Suite:
    """The basic part."""
    listed = _first(folder, LISTS)
    if listed is None:
        raise StoreError(f"{folder} holds none of {', '.join(LISTS)}")
    items: list[Item] = []
    for key, told in _json(listed).items():
        items.append(
            Item(
                id=str(key),
                instruction=str(told["prompt"]),
                source=FilePicture(_original(folder, listed, str(told["id"]))),
                edit_type=str(told["edit_type"]),
                session=str(told["id"]),
            )
        )
    return Suite(
        "imgedit-bench",
        tuple(items),
        LICENCE,
        str(folder),
        split="basic",
        warnings=("no targets: only judged metrics and comparison with the source are defined",),
    )


def judge_prompts(folder: Path) -> dict[str, str]:
    """The published prompts by edit type when the folder carries them; the judge of this suite uses them."""
    found = _first(folder, PROMPTS)
    return {} if found is None else {str(k): str(v) for k, v in _json(found).items()}


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _original(folder: Path, listed: Path, name: str) -> Path:
    bases = (
        folder,
        listed.parent,
        folder / "original_images",
        listed.parent / "original_images",
        folder / "singleturn",
    )
    for base in bases:
        if (base / name).is_file():
            return base / name
    raise StoreError(
        f"{listed} names the picture '{name}', which is not in {folder} (nor in original_images/)"
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is not JSON that can be read ({error})") from error
    if not isinstance(told, dict):
        raise StoreError(f"{path} is not a JSON object")
    return told
