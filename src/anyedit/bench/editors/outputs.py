"""A folder of finished outputs: pictures that another program made, named after the items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.editors import Failure, Outcome, Request
from anyedit.bench.items import BenchError, FilePicture, Item, image_of
from anyedit.bench.runs import file_name
from anyedit.errors import StoreError

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True)
class FinishedOutputs:
    """Reads `<item id>.png` (or .jpg, .webp), MagicBrush's `<session>/<session>_1.png`, `_inde_2.png`, `_iter_2.png`,
    or GEdit-Bench's `fullset/<task>/<language>/<key>.png`."""

    folder: Path
    name: str

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> FinishedOutputs:
        """settings: name, the editor's name in tables (default: the folder's)."""
        folder = Path(place).expanduser()
        if not folder.is_dir():
            raise BenchError(f"--editor folder:{place}: no such folder")
        if set(settings) - {"name"}:
            raise BenchError(f"editor folder has only the setting 'name', not {', '.join(sorted(settings))}")
        return cls(folder, str(settings.get("name", folder.resolve().name)))

    @property
    def facts(self) -> dict[str, Any]:
        """Where the outputs lie."""
        return {"folder": str(self.folder.resolve())}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """The pictures; a failure where there is none or it does not decode."""
        return [self._read(request.item) for request in requests]

    def _read(self, item: Item) -> Outcome:
        names = list(dict.fromkeys((file_name(item.id), item.id, *self._published(item))))
        for name in names:
            for suffix in SUFFIXES:
                path = self.folder / f"{name}{suffix}"
                if path.is_file():
                    try:
                        return image_of(FilePicture(path))
                    except StoreError as error:
                        return Failure(str(error))
        return Failure(
            f"no picture for it in {self.folder} (looked for {', '.join(f'{n}.png' for n in names)})"
        )

    def _published(self, item: Item) -> list[str]:
        session = item.session
        if not session:
            names = []
        elif item.turn == 1:
            names = [f"{session}/{session}_1"]
        else:
            how = "iter" if item.previous else "inde"
            names = [f"{session}/{session}_{how}_{item.turn}"]
        parts = item.id.rsplit("-", 2)
        if len(parts) == 3:
            names.append(f"fullset/{parts[0]}/{parts[1]}/{parts[2]}")
        return names
