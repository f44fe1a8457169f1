"""The suites, one file each: how each layout is recognised and read. `open_suite` finds the right one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from anyedit.bench.items import BenchError, Suite
from anyedit.errors import nearest, pip_install


@dataclass(frozen=True)
class Kind:
    """A suite that is known: where its reader lives, its hub id, and the options that it takes."""

    name: str
    module: str
    hub: str | None
    options: tuple[str, ...]
    about: str
    files: tuple[str, ...] = ()  # what to fetch of its hub dataset; empty: all

    @property
    def recognises(self) -> Callable[[Path], bool]:
        """Whether a folder holds this suite."""
        return importlib.import_module(self.module).recognises  # type: ignore[no-any-return]

    @property
    def load(self) -> Callable[..., Suite]:
        """Reads the suite from a folder."""
        return importlib.import_module(self.module).load  # type: ignore[no-any-return]


_HERE = "anyedit.bench.suites"
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "magicbrush",
            f"{_HERE}.magicbrush",
            "osunlp/MagicBrush",
            ("setting", "split"),
            "MagicBrush test or dev",
        ),
        Kind(
            "emu-edit",
            f"{_HERE}.emu_edit",
            "facebook/emu_edit_test_set_generations",
            ("split",),
            "Emu Edit test set, with or without Emu Edit's generations",
        ),
        Kind("anyedit-test", f"{_HERE}.anyedit_test", "Bin1117/AnyEdit-Test", (), "AnyEdit-Test, 25 types"),
        Kind(
            "gedit-bench",
            f"{_HERE}.gedit",
            "stepfun-ai/GEdit-Bench",
            ("language",),
            "GEdit-Bench, judged by a VLM",
        ),
        Kind(
            "imgedit-bench",
            f"{_HERE}.imgedit",
            "sysuyy/ImgEdit",
            (),
            "ImgEdit-Bench (basic), judged by a VLM",
            files=("Benchmark.tar",),
        ),
        Kind(
            "world-test", f"{_HERE}.world_test", None, ("cache", "size", "per_type"), "the frozen exact suite"
        ),
        Kind("ours", f"{_HERE}.ours", None, ("split", "name"), "any dataset in our schema"),
    )
}


def open_suite(where: str | Path, kind: str | None = None, options: Mapping[str, str] | None = None) -> Suite:
    """A suite from a folder, a hub id, or a name of `KINDS` (its published place).

    kind: the layout, when it is not to be recognised. options: what the suite's reader takes.
    Raises BenchError when nothing fits.
    """
    given = dict(options or {})
    told = str(where)
    if kind is None and told in KINDS:
        kind = told
        if KINDS[told].hub is None and told != "world-test":
            raise BenchError(f"suite '{told}' has no place of its own: name the dataset's folder")
        told = KINDS[told].hub or ""
    if kind is None:
        kind = next((k.name for k in KINDS.values() if k.hub == told), None)
    folder: Path | None = None
    if kind != "world-test" or told:
        files = next((k.files for k in KINDS.values() if k.hub == told), ())
        folder = _folder(told, files)
    if kind is None:
        assert folder is not None
        kind = next((k.name for k in KINDS.values() if k.recognises(folder)), None)
        if kind is None:
            raise BenchError(
                f"{folder} is in no layout that is known ({', '.join(KINDS)}); name one with --layout"
            )
    if kind not in KINDS:
        raise BenchError(f"no suite is named '{kind}'{nearest(kind, KINDS)}")
    for key in given:
        if key not in KINDS[kind].options:
            raise BenchError(
                f"suite {kind} has no option '{key}'{nearest(key, KINDS[kind].options or ('none',))}"
            )
    suite = KINDS[kind].load(folder, **given)
    if not suite.items:
        raise BenchError(f"{told}: the suite {suite.name} holds no items ({suite.split or 'no split'})")
    if len(suite.by_id) != len(suite.items):
        raise BenchError(f"{told}: ids of the suite {suite.name} are not unique")
    return suite


def _folder(told: str, files: tuple[str, ...] = ()) -> Path:
    """A local folder, or the local copy of a hub dataset (fetched by huggingface_hub when it is not here)."""
    path = Path(told).expanduser()
    if path.exists():
        return path
    if told.count("/") != 1 or told.startswith((".", "/", "~")):
        raise BenchError(
            f"{told}: no such folder (nor a hub id like owner/name, nor one of {', '.join(KINDS)})"
        )
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled
    except ImportError:
        raise BenchError(
            f"{told}: a hub id needs huggingface_hub: {pip_install('bench')}, or name a local folder"
        ) from None
    try:
        return Path(snapshot_download(told, repo_type="dataset", allow_patterns=list(files) or None))
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError, ValueError) as error:
        raise BenchError(
            f"{told} cannot be fetched from the hub ({type(error).__name__}: {str(error).splitlines()[0][:160]}); "
            "fetch it elsewhere and name the local folder"
        ) from error
