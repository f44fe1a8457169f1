"""Filling by PatchMatch (Barnes et al. 2009; Wexler et al. 2007), by the compiled package pypatchmatch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anyedit.engines.roles import Mask
from anyedit.errors import EditNotPossible, MissingExtra, pip_install, require_extra
from anyedit.records import Pixels


@dataclass(frozen=True)
class PatchMatchFill:
    """See roles.Inpainter. radius: of the compared patches, pixels."""

    radius: int = 3

    @property
    def version(self) -> str:
        """Name and version."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return f"PatchMatch (pypatchmatch {version('pypatchmatch')})"
        except PackageNotFoundError:
            raise MissingExtra(f"PatchMatch needs pypatchmatch: {pip_install('small')}") from None

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter. Raises EditNotPossible when too little of the picture is left to take from."""
        if not hole.any():
            return picture
        with require_extra("small", "PatchMatch"):
            import patchmatch
        # What must not be taken from is left out of the search, but for what is in the hole itself.
        blocked = None if avoid is None else avoid & ~hole
        left = ~hole if blocked is None else ~(hole | blocked)
        if left.sum() < (2 * self.radius + 1) ** 2 * 4:
            raise EditNotPossible("too little of the picture is left to fill the hole from")
        patchmatch.set_random_seed(0)
        made = patchmatch.inpaint(picture, hole, global_mask=blocked, patch_size=self.radius)
        return np.where(hole[..., None], made, picture).astype(np.uint8)
