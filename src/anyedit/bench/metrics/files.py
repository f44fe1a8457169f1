"""Weight files of metrics that bring their own: where they are, whether they are the published ones, by SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyedit.bench.items import BenchError
from anyedit.errors import MissingExtra, pip_install

if TYPE_CHECKING:
    from anyedit.bench.features import Features


@dataclass(frozen=True)
class WeightFile:
    """A file of weights in use. published: it is the one that the metric's numbers in papers come from."""

    path: Path
    sha256: str
    published: bool


def torchvision_for(metric: str) -> Any:
    """torchvision, which LPIPS, DreamSim and torch-fidelity build on. Raises MissingExtra where it cannot be used."""
    import torch

    try:
        import torchvision
    except ImportError as error:
        raise MissingExtra(f"{metric} needs torchvision ({error}): {pip_install('metrics')}") from None
    except (RuntimeError, OSError) as error:
        raise MissingExtra(
            f"{metric} needs a torchvision that fits torch {torch.__version__}; the installed one does not "
            f"({str(error).splitlines()[0]}): install torch and torchvision from one index"
        ) from None
    return torchvision


def weight_file(features: Features, name: str, url: str) -> WeightFile:
    """The file that `--weights NAME=FILE` names, else torch hub's copy of `url`, fetched where it is not there yet.

    A published file's name ends in the first digits of its SHA-256 (torch hub's convention), which are checked.
    Raises BenchError when there is none, or when it holds anything but tensors.
    """
    import torch

    digits = url.rpartition("-")[2].partition(".")[0]
    told = features.place(name)
    path = Path(told) if told else Path(torch.hub.get_dir()) / "checkpoints" / url.rpartition("/")[2]
    if not path.is_file() and told is None:
        _fetch(url, path, digits, name)
    if not path.is_file():
        raise BenchError(f"--weights {name}={told}: there is no such file")
    try:
        torch.load(
            path, map_location="cpu", weights_only=True, mmap=True
        )  # the packages themselves do not look
    except (RuntimeError, ValueError, OSError, EOFError, KeyError) as error:
        raise BenchError(f"{path} is no file of weights ({str(error).splitlines()[0][:160]})") from None
    except Exception as error:
        if type(error).__name__ != "UnpicklingError":
            raise
        raise BenchError(f"{path} holds more than tensors, so it is not read") from None
    found = _sha256(path, path.stat().st_mtime_ns)
    return WeightFile(path, found, found.startswith(digits))


def say(features: Features, metric: str, file: WeightFile) -> None:
    """Put the weights into the result, and under the table where they are not the published ones."""
    features.journal.facts[metric] = {"weights": file.path.name, "sha256": file.sha256}
    if not file.published:
        features.journal.notes[metric] = (
            f"on {file.path.name} ({file.sha256[:8]}), not the published weights: no paper's number compares"
        )


def _fetch(url: str, path: Path, digits: str, name: str) -> None:
    import torch

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(url, str(path), hash_prefix=digits, progress=False)
    except (OSError, RuntimeError) as error:  # URLError is an OSError; a wrong hash a RuntimeError
        raise BenchError(
            f"the weights {url} are not here and cannot be fetched ({error}); fetch the file elsewhere and name it: "
            f"--weights {name}=FILE"
        ) from None


@cache
def _sha256(path: Path, changed: int) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
