"""What is measured between two lines of the log: loss, loss per kind of edit, load of the experts."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from anyedit.errors import AnyEditError
from anyedit.training.table import KINDS

DEAD = 0.02
"""An expert with less than this share of its fair part (1 / E) of the load counts as dead."""


class LossNotFinite(AnyEditError):
    """The loss or its gradient became NaN or infinite: the run stops before the weights change."""


@dataclass(frozen=True)
class Measured:
    """Means since the last reading. load: per expert, sums to 1, None without experts."""

    loss: float
    by_kind: dict[str, float]
    load: list[float] | None
    balance: float | None
    z: float | None

    def dead(self, names: list[str]) -> list[str]:
        """Experts that get almost nothing."""
        if self.load is None:
            return []
        return [name for name, load in zip(names, self.load, strict=True) if load < DEAD / len(names)]


class Meter:
    """Sums on the device; nothing waits for it until it is read."""

    def __init__(self, experts: int, device: torch.device, learned: bool = False) -> None:
        self.device, self.experts, self.learned = device, experts, learned
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.sums = torch.zeros(2, len(KINDS), device=self.device)
        self.load = torch.zeros(max(1, self.experts) + 3, device=self.device)

    def add(self, items: torch.Tensor, kind: torch.Tensor, router: object) -> None:
        """The losses (B,) of one forward pass, the items' kinds (B,), and what the router said."""
        both = torch.stack([items.detach().float(), torch.ones_like(items, dtype=torch.float32)])
        self.sums.index_add_(1, kind, both)
        if router is not None and self.experts:
            told = torch.stack([router.load_balance, router.z_loss, torch.ones_like(router.z_loss)])  # type: ignore[attr-defined]
            self.load += torch.cat([router.load, told.detach()]).float()  # type: ignore[attr-defined]

    def read(self, reduce: object = None) -> Measured:
        """The means; `reduce` sums a tensor over all processes."""
        sums, load = (self.sums, self.load) if reduce is None else (reduce(self.sums), reduce(self.load))  # type: ignore[operator]
        total, count = sums.cpu().double()
        parts = load.cpu().double()
        by_kind = {KINDS[n]: float(total[n] / count[n]) for n in range(len(KINDS)) if count[n] > 0}
        passes = float(parts[-1])
        shares = parts[:-3] / max(float(parts[:-3].sum()), 1e-12)
        routed = self.experts > 0 and passes > 0
        return Measured(
            float(total.sum() / count.sum().clamp(min=1)),
            by_kind,
            shares.tolist() if routed else None,
            float(parts[-3]) / passes if routed else None,
            float(parts[-2]) / passes if routed else None,
        )
