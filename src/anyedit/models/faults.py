"""What can be wrong with a checkpoint, or with what an editor is asked for."""

from __future__ import annotations

from anyedit.errors import AnyEditError


class CheckpointError(AnyEditError):
    """A checkpoint that is not what its layout says; the message names the file and the first key that
    differs."""


class InputError(AnyEditError, ValueError):
    """A call that cannot be carried out. Raised before any network runs; says which item and what would be
    right.

    Also a `ValueError`, which is what users of diffusers expect of `check_inputs`.
    """
