"""An external program as an editor: `cmd:python my_edit.py {source} {instruction} {out}`.

The command is split once, as a shell would; each placeholder becomes one argument, so an instruction with quotes
or semicolons is only ever text. No shell runs.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.editors import Failure, Outcome, Request
from anyedit.bench.items import BenchError, FilePicture, image_of
from anyedit.errors import StoreError

PLACES = ("source", "instruction", "out", "visual", "seed", "type", "id")
SHOWN = 300  # characters of a failed program's last words


@dataclass(frozen=True)
class CommandEditor:
    """Runs the program once an item. timeout: seconds for one edit."""

    arguments: tuple[str, ...]
    name: str
    timeout: float

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> CommandEditor:
        """settings: timeout (600), name. Raises BenchError for unknown placeholders or a program that is not there."""
        if set(settings) - {"timeout", "name"}:
            raise BenchError(
                f"editor cmd has the settings timeout and name, not {', '.join(sorted(settings))}"
            )
        try:
            arguments = tuple(shlex.split(place))
        except ValueError as error:
            raise BenchError(f"--editor cmd:{place}: cannot be split into arguments ({error})") from None
        told = set(re.findall(r"\{(\w+)\}", place))
        if told - set(PLACES) or not {"source", "instruction", "out"} <= told:
            raise BenchError(
                f"--editor cmd:{place}: needs {{source}}, {{instruction}} and {{out}}; may use "
                f"{', '.join('{' + p + '}' for p in PLACES[3:])}"
            )
        if shutil.which(arguments[0]) is None:
            raise BenchError(f"--editor cmd: there is no program '{arguments[0]}'")
        return cls(arguments, str(settings.get("name", "cmd")), float(settings.get("timeout", 600)))

    @property
    def facts(self) -> dict[str, Any]:
        """The command."""
        return {"command": shlex.join(self.arguments)}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """One run of the program an item; a failure says its exit code and last words."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="anyedit-bench-") as scratch:
            source, out, visual = (Path(scratch) / f"{name}.png" for name in ("source", "out", "visual"))
            request.source.save(source)
            if request.visual_prompt is not None:
                request.visual_prompt.save(visual)
            values = {
                "source": str(source),
                "instruction": request.instruction,
                "out": str(out),
                "visual": str(visual) if request.visual_prompt is not None else "",
                "seed": str(request.seed % 2**31),
                "type": request.item.edit_type,
                "id": request.item.id,
            }
            call = [re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)], part) for part in self.arguments]
            try:
                done = subprocess.run(call, capture_output=True, timeout=self.timeout, check=False)
            except subprocess.TimeoutExpired:
                return Failure(f"the program did not end within {self.timeout:g} s")
            except OSError as error:
                return Failure(f"the program could not be started: {error}")
            if done.returncode != 0:
                words = done.stderr.decode(errors="replace").strip()[-SHOWN:]
                return Failure(f"the program ended with code {done.returncode}: {words}")
            if not out.is_file():
                return Failure("the program ended well but wrote no {out}")
            try:
                return image_of(FilePicture(out))
            except StoreError as error:
                return Failure(str(error))
