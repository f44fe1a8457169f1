"""The two references that every table should carry: the source unchanged, and the target itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anyedit.bench.editors import Failure, Outcome, Request, no_settings
from anyedit.bench.items import image_of


@dataclass(frozen=True)
class Identity:
    """Returns the source: what an editor gets that does nothing."""

    name: str = "identity"

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> Identity:
        """Takes nothing."""
        no_settings("identity", settings)
        return cls()

    @property
    def facts(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """The sources."""
        return [request.source for request in requests]


@dataclass(frozen=True)
class Oracle:
    """Returns the target: the best that a metric against it can give. Fails where a suite has no targets."""

    name: str = "oracle"

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> Oracle:
        """Takes nothing."""
        no_settings("oracle", settings)
        return cls()

    @property
    def facts(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """The targets."""
        return [
            Failure("the item has no target")
            if request.item.target is None
            else image_of(request.item.target)
            for request in requests
        ]
