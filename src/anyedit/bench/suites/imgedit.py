"""ImgEdit-Bench, basic part (Ye et al. 2025): nine types, judged by a VLM on three 1-5 scales; no targets.

Hub layout: `Benchmark.tar` in the dataset sysuyy/ImgEdit (beside 1.2 million training pairs, which are not fetched),
with `Benchmark/singleturn/singleturn.json` {key: {id, prompt, edit_type}}, the originals beside it (by `id`, as
`animal/000342021.jpg`) and `judge_prompt.json` {edit_type: judge's prompt}; the tar is read as it is, or the folder
it unpacks into. Folder layout (the code repository's readme): the same list as `basic_edit.json`, the originals in
`original_images/`, the prompts in `prompts.json`. The hard and the multi-turn parts are not read.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from anyedit.bench.items import FilePicture, Item, Picture, Suite
from anyedit.errors import StoreError

LICENCE = "see the card of sysuyy/ImgEdit"
ARCHIVE = "Benchmark.tar"
LISTS = (
    "Benchmark/singleturn/singleturn.json",
    "singleturn/singleturn.json",
    "singleturn.json",
    "basic_edit.json",
)
PROMPTS = ("judge_prompt.json", "prompts.json")  # beside the list

Find = Callable[[str], Picture | None]  # a file of the suite by its name; None: it is not there


@dataclass(frozen=True)
class TarPicture:
    """A file inside an uncompressed tar, read where it lies."""

    archive: Path
    name: str
    start: int
    size: int

    def data(self) -> bytes:
        """The member's bytes. Raises StoreError when the archive cannot be read."""
        try:
            with self.archive.open("rb") as opened:
                opened.seek(self.start)
                return opened.read(self.size)
        except OSError as error:
            raise StoreError(f"cannot read {self.name} in {self.archive}: {error}") from error


def recognises(folder: Path) -> bool:
    """One of the published lists, in a folder or in the tar."""
    return _listed(folder) is not None


def load(folder: Path) -> Suite:
    """The basic part, from a folder or from the tar."""
    listed = _listed(folder)
    if listed is None:
        raise StoreError(f"{folder} holds neither {ARCHIVE} nor any of {', '.join(LISTS)}")
    find, name = listed
    items: list[Item] = []
    for key, told in _json(find, name, folder).items():
        items.append(
            Item(
                id=str(key),
                instruction=str(told["prompt"]),
                source=_original(find, name, str(told["id"]), folder),
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
    """The published prompts by edit type when the suite carries them; the judge of this suite uses them."""
    listed = _listed(folder)
    if listed is None:
        return {}
    find, name = listed
    for prompts in PROMPTS:
        beside = str(PurePosixPath(name).with_name(prompts))
        if find(beside) is not None:
            return {str(k): str(v) for k, v in _json(find, beside, folder).items()}
    return {}


def _listed(folder: Path) -> tuple[Find, str] | None:
    """How files are found there, and the name of the list; None: no such suite."""
    archive = folder if folder.is_file() else folder / ARCHIVE
    ways = [_in_folder(folder)] if folder.is_dir() else []
    if archive.is_file() and archive.suffix == ".tar":
        ways.append(_in_tar(archive))
    for find in ways:
        for name in LISTS:
            if find(name) is not None:
                return find, name
    return None


def _in_folder(folder: Path) -> Find:
    def find(name: str) -> Picture | None:
        return FilePicture(folder / name) if (folder / name).is_file() else None

    return find


def _in_tar(archive: Path) -> Find:
    try:
        with tarfile.open(archive, "r:") as opened:
            members: dict[str, Picture] = {
                str(PurePosixPath(m.name)): TarPicture(archive, m.name, m.offset_data, m.size)
                for m in opened
                if m.isfile()
            }
    except (OSError, tarfile.TarError) as error:
        raise StoreError(f"{archive} cannot be read as a tar ({error}); fetch it again") from error
    return members.get


def _original(find: Find, listed: str, name: str, folder: Path) -> Picture:
    home = PurePosixPath(listed).parent
    for place in (home / name, home / "original_images" / name):
        found = find(str(place))
        if found is not None:
            return found
    raise StoreError(
        f"{folder}: {listed} names the picture '{name}', which is neither beside it nor in original_images/"
    )


def _json(find: Find, name: str, folder: Path) -> dict[str, Any]:
    found = find(name)
    assert found is not None
    try:
        told = json.loads(found.data().decode("utf-8"))
    except ValueError as error:
        raise StoreError(f"{folder}: {name} is not JSON that can be read ({error})") from error
    if not isinstance(told, dict):
        raise StoreError(f"{folder}: {name} is not a JSON object")
    return told
