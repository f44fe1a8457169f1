"""Randomness as a function of (recipe seed, item id, purpose): one independent stream per purpose.

Two draws never share a stream, so adding or leaving out one draw changes no other, and the same recipe gives
the same bytes on any number of workers.
"""

from __future__ import annotations

import hashlib

import numpy as np


def seed_of(*key: str | int) -> int:
    """A 64-bit integer that depends on every part of the key and on nothing else."""
    joined = "\x1f".join(str(part) for part in key)
    return int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest(), "big")


def rng_of(*key: str | int) -> np.random.Generator:
    """A generator for one purpose, e.g. `rng_of(recipe.seed, source.id, "camera")`."""
    return np.random.Generator(np.random.PCG64(seed_of(*key)))
